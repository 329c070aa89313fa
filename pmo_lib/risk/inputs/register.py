"""The risks of a plan as objects: rows of `tables.risks.Risks`, checked, with the network's rows that each touches.

A row that breaks a rule is one error that names it; nothing is swapped, clipped or left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution, ranged
from pmo_lib.risk.distributions.listed import with_lists
from pmo_lib.risk.inputs.accepted import accepted

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.schedule.network import Network

NEEDED = ("risk", "kind", "probability", "low", "high", "activities")
IDS = ("activities", "calendars")  # columns that are lists of ids; a text is cut at its semicolons


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk driver or event."""

    risk: str
    name: str
    kind: str  # driver, event
    probability: float
    unit: str  # factor, days, percent
    impact: Distribution  # in that unit
    parallel: bool
    shared: bool  # one occurrence draw for all its activities
    correlated: bool  # one impact for all its activities
    coupled: str | None  # the word under which risks share their occurrence draw
    rows: tuple[int, ...]  # of the network: open activities that it touches

    @property
    def span(self) -> tuple[float, float]:
        """The least and greatest impact, counting that it may not occur."""
        low, high = self.impact.least, self.impact.greatest
        if self.probability < 1:
            none = 1.0 if self.unit == "factor" else 0.0
            low, high = min(low, none), max(high, none)
        return (low, high) if self.probability > 0 else ((1.0, 1.0) if self.unit == "factor" else (0.0, 0.0))


def register(plan: Project, net: Network, risks: Any = None) -> list[Risk]:
    """The risks that `risks` (Polars or pandas), else the plan's own table, holds.

    What is finished, level of effort or inactive is touched by none.
    Raises `InvalidInput` for a row that breaks a rule, or names an activity that the plan lacks.
    """
    frame = checked(risks) if risks is not None else plan.tables.get("risks")
    if frame is None or frame.is_empty():
        return []
    find = finder(plan, net)
    return [_risk(row, find(row["activities"], f"risk {row['risk']}", rests=row["unit"] == "days")) for row in frame.iter_rows(named=True)]


def checked(risks: Any) -> pl.DataFrame:
    """The risks as their table, the columns that may be missing filled; the first row that breaks a rule is named."""
    from pmo_lib.tables import Risks

    usual = {
        "name": pl.col("risk"),
        "unit": pl.when(pl.col("kind").cast(pl.String) == "driver").then(pl.lit("factor")).otherwise(pl.lit("days")),
        "shape": pl.lit("triangular"),
        "likely": pl.lit(None, pl.Float64),
        "meaning": pl.lit("minmax"),
        "lam": pl.lit(None, pl.Float64),
        "combine": pl.lit("series"),
        "occurrence": pl.lit("shared"),
        "impact": pl.lit("correlated"),
        "coupled": pl.lit(None, pl.String),
    }
    frame = risks if isinstance(risks, pl.DataFrame) else pl.from_pandas(risks)
    needed = [column for column in NEEDED if column not in ("low", "high") or "values" not in frame.columns]
    frame = with_lists(filled(frame, "risks", needed, usual))
    for row in frame.iter_rows(named=True):
        chance(row["probability"], f"risk {row['risk']}")
        if (row["kind"] == "driver") != (row["unit"] == "factor"):
            wanted = "a driver multiplies durations, so its unit is factor" if row["kind"] == "driver" else "an event adds, so its unit is days or percent"
            raise InvalidInput(f"risk {row['risk']}: {wanted}, and is {row['unit']}; correct kind or unit")
        if not row["activities"]:
            raise InvalidInput(f"risk {row['risk']} touches no activity; name some, or * for every open one")
        if row["coupled"] is not None and row["occurrence"] != "shared":
            raise InvalidInput(f"risk {row['risk']}: coupled risks share one occurrence draw, so its occurrence is shared; correct one of the two")
    return accepted(Risks, frame, "risks")


def filled(given: Any, what: str, needed: Iterable[str], usual: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """The frame with what is usual where a column or a value is missing; a text of ids becomes a list of them.

    Raises `InvalidInput` for a column that it may not lack.
    """
    frame = given if isinstance(given, pl.DataFrame) else pl.from_pandas(given)
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise InvalidInput(f"{what} need the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; they have {', '.join(frame.columns)}")
    loose = [name for name in frame.columns if isinstance(frame.schema[name], (pl.Enum, pl.Categorical))]
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in loose)
    frame = frame.with_columns(**{name: pl.coalesce(name, value) if name in frame.columns else value for name, value in usual.items()})
    texts = [name for name in IDS if name in frame.columns and frame.schema[name] == pl.String]
    return frame.with_columns(pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars()).alias(name) for name in texts)


def chance(probability: Any, whose: str) -> None:
    """Refuses what is no probability."""
    if probability is None or not 0 <= probability <= 1:
        raise InvalidInput(f"{whose}: a probability lies between 0 and 1, and is {probability}; correct it")


def finder(plan: Project, net: Network) -> Any:
    """A function from ids to rows of the network: `find(ids, whose, rests=…)`; with `rests` a point without duration counts where it is named itself."""
    from pmo_lib.schedule.network.outline import leaves
    from pmo_lib.tables.risks import EVERY

    known, place = set(plan.tables["activities"]["activity"]), {activity: i for i, activity in enumerate(net.activities)}
    below = leaves(plan, net.tasks)
    working = set(net.uncertain.nonzero()[0].tolist())

    def find(ids: Sequence[str], whose: str, *, rests: bool) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for one in ids:
            if one == EVERY:
                found |= dict.fromkeys(sorted(working))
            elif one not in known:
                several = "," in one and all(part.strip() in known for part in one.split(","))
                remedy = "separate several ids by ;" if several else "correct the id"
                raise InvalidInput(f"{whose} names the activity {one}, which {plan.info.key} lacks; {remedy}")
            elif one in net.tasks:
                found |= dict.fromkeys([place[one]] if one in place and (rests or place[one] in working) else [])
            else:
                found |= dict.fromkeys(place[leaf] for leaf in below.get(one, ()) if leaf in place and place[leaf] in working)
        return tuple(found)

    return find


def _risk(row: Mapping[str, Any], rows: tuple[int, ...]) -> Risk:
    try:
        impact = ranged(row["shape"], row["low"], row["likely"], row["high"], row["meaning"], row["lam"], row.get("values"), row.get("weights"))
    except InvalidInput as error:
        raise InvalidInput(f"risk {row['risk']}: {error}") from error
    if row["unit"] == "factor" and impact.least < 0:
        raise InvalidInput(f"risk {row['risk']}: its least factor would be {impact.least:g}, and a duration is never negative; raise low")
    return Risk(
        risk=row["risk"],
        name=row["name"],
        kind=row["kind"],
        probability=row["probability"],
        unit=row["unit"],
        impact=impact,
        parallel=row["combine"] == "parallel",
        shared=row["occurrence"] == "shared",
        correlated=row["impact"] == "correlated",
        coupled=row["coupled"],
        rows=rows,
    )
