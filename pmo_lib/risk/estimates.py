"""Which durations are uncertain and by how much: what people estimated, and the standard's rule for what nobody did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions import LISTED, Distribution, ranged
from pmo_lib.risk.shapes import Triangular
from pmo_lib.standards import RangeRule, standards

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.schedule.network import Network

SYSTEMIC = "systemic"  # name of the factor that all assumed ranges share


@dataclass(frozen=True, slots=True)
class Ranges:
    """The uncertain activities of a network: `own[activity]` in working minutes of remaining duration, before any shared factor."""

    own: Mapping[str, Distribution]
    assumed: frozenset[str]  # those whose range comes from the rule, and which the systemic factor multiplies
    systemic: Distribution | None
    indicative: str | None  # what to print beside every figure; None: every range was estimated

    def longest(self) -> dict[str, int]:
        """The longest duration that a draw can give, by activity [working minutes]."""
        most = self.systemic.greatest if self.systemic else 1.0
        return {activity: int(own.greatest * (most if activity in self.assumed else 1.0)) + 1 for activity, own in self.own.items()}


def ranges(plan: Project, net: Network, estimates: Any = None, rule: RangeRule | str | None = None) -> Ranges:
    """Each uncertain activity of the network with its range.

    Only incomplete activities with work of their own are uncertain; estimates for others (finished since, say) are left aside.
    Raises `InvalidInput` for an estimate of an activity that the plan lacks, or one that breaks its shape's rule.
    """
    name, applied = named_rule(rule)
    given = estimated(plan, estimates)
    own: dict[str, Distribution] = {}
    assumed = []
    for activity, uncertain, minutes, day in zip(net.activities, net.uncertain, net.duration.tolist(), net.minutes_per_day.tolist(), strict=True):
        if not uncertain:
            continue
        if activity in given:
            own[activity] = given[activity].times(day)
        else:
            own[activity] = ranged(applied.shape, applied.low * minutes, applied.likely * minutes, applied.high * minutes)
            assumed.append(activity)
    systemic = Triangular(applied.systemic_low, applied.systemic_likely, applied.systemic_high) if assumed else None
    return Ranges(own, frozenset(assumed), systemic, sentence(name, applied, len(own), len(assumed)))


def named_rule(rule: RangeRule | str | None) -> tuple[str, RangeRule]:
    """The rule and its name; by default the standard's."""
    forecast = standards().forecast
    if isinstance(rule, RangeRule):
        return next((name for name, known in forecast.rules.items() if known == rule), "of the organisation"), rule
    name = rule or forecast.rule
    if name not in forecast.rules:
        raise InvalidInput(f"no range rule is called {name!r}; the standards have {', '.join(forecast.rules)}")
    return name, forecast.rules[name]


def sentence(name: str, rule: RangeRule, uncertain: int, assumed: int) -> str | None:
    """What stands beside every figure where ranges are assumed."""
    if not assumed:
        return None
    own = f"{rule.low:.0%} to {rule.high:.0%} of the remaining duration".replace("%", " %")
    shared = f"{rule.systemic_low:.0%} to {rule.systemic_high:.0%} shared by all".replace("%", " %")
    told = f"rule '{name}', {rule.shape}, {own}, and {shared}"
    if assumed == uncertain:
        return f"Indicative: ranges assumed ({told}), nobody estimated them"
    return f"Indicative: {assumed:,} of {uncertain:,} ranges assumed ({told}), the others estimated"


def estimated(plan: Project, estimates: Any = None) -> dict[str, Distribution]:
    """The distribution of each estimate, in working days: of `estimates` (Polars or pandas), else of the plan's own table."""
    frame = checked(estimates) if estimates is not None else plan.tables.get("estimates")
    if frame is None or frame.is_empty():
        return {}
    known = set(plan.tables["activities"]["activity"])
    strangers = [activity for activity in frame["activity"] if activity not in known]
    if strangers:
        raise InvalidInput(f"estimates name {len(strangers)} activities that {plan.info.key} lacks, first {strangers[0]}; correct the activity ids")
    return {row["activity"]: distribution(row) for row in frame.iter_rows(named=True)}


def checked(estimates: Any) -> pl.DataFrame:
    """The estimates as their table; the first row that breaks a rule is named. `meaning` is minmax and `lam` 4 where the columns are missing.

    `values` and `weights` may be lists, or texts as in "7; 9; 11"; rows whose shape is given by those need neither low nor high.
    """
    from pmo_lib.tables import Estimates, part

    frame = estimates if isinstance(estimates, pl.DataFrame) else pl.from_pandas(estimates)
    needed = [column for column in ("activity", "shape", *(() if "values" in frame.columns else ("low", "high"))) if column not in frame.columns]
    if needed:
        raise InvalidInput(f"estimates need the column{'s' if len(needed) > 1 else ''} {', '.join(needed)}; they have {', '.join(frame.columns)}")
    number, numbers = pl.lit(None, pl.Float64), pl.lit(None, pl.List(pl.Float64))
    defaults = {"low": number, "likely": number, "high": number, "meaning": pl.lit("minmax"), "lam": number, "values": numbers, "weights": numbers}
    frame = frame.with_columns(**{name: value for name, value in defaults.items() if name not in frame.columns})
    frame = frame.with_columns(_listed(frame, "values"), _listed(frame, "weights"))
    by_list = pl.col("shape").cast(pl.String).is_in(LISTED)
    ends = {name: pl.when(by_list).then(pl.coalesce(name, end)).otherwise(name) for name, end in _ENDS.items()}
    good, refused = part(Estimates, frame.with_columns(**ends).select(Estimates.column_names()), "estimates")
    if refused:
        raise InvalidInput(f"estimates: {len(refused)} rows break a rule, first {refused[0]['place']}: {refused[0]['message']}")
    return good


_ENDS = {"low": pl.col("values").list.min(), "high": pl.col("values").list.max()}


def _listed(frame: pl.DataFrame, name: str) -> pl.Expr:
    """A column of lists from one of lists, of texts or of single numbers; what is no number stays as null, for the shape to refuse."""
    kind = frame.schema[name]
    if isinstance(kind, pl.List):
        return pl.col(name).cast(pl.List(pl.Float64))
    each = pl.col(name).cast(pl.String).str.strip_chars()
    numbers = each.str.split(";").list.eval(pl.element().str.strip_chars().cast(pl.Float64, strict=False))
    return pl.when(each.is_null() | (each == "")).then(None).otherwise(numbers).alias(name)


def read_estimates(path: str | Path) -> pl.DataFrame:
    """Estimates from a CSV or Excel file whose columns are those of the table `Estimates`.

    Raises `InvalidInput` where the file cannot be read or a row breaks a rule.
    """
    try:
        frame = pl.read_excel(path) if str(path).lower().endswith((".xlsx", ".xlsm", ".xls")) else pl.read_csv(path, schema_overrides={"activity": pl.String})
    except (OSError, pl.exceptions.PolarsError, ValueError) as error:
        why = str(error).splitlines()[0]
        raise InvalidInput(f"{path}: cannot be read as estimates ({why}); give a CSV or Excel file with activity, shape, low, likely, high, meaning") from error
    return checked(frame.with_columns(pl.col("activity").cast(pl.String)) if "activity" in frame.columns else frame)


def distribution(row: Mapping[str, Any]) -> Distribution:
    """One estimate's distribution [working days], its activity named where it cannot be."""
    try:
        points = row["shape"], row["low"], row["likely"], row["high"], row["meaning"], row["lam"]
        found = ranged(*points, row.get("values"), row.get("weights"))
    except InvalidInput as error:
        raise InvalidInput(f"estimate of {row['activity']}: {error}") from error
    if found.least < 0:
        short = f"its shortest duration would be {found.least:.1f} days".replace("-", "−")
        raise InvalidInput(f"estimate of {row['activity']}: {short}, and none is negative; raise low, say minmax or take lognormal")
    return found
