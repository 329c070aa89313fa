"""What people estimated: a range of the remaining duration, by activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution, ranged
from pmo_lib.risk.distributions.listed import with_lists
from pmo_lib.risk.inputs.accepted import accepted

if TYPE_CHECKING:
    from pmo_lib.project import Project


def estimated(plan: Project, estimates: Any = None) -> dict[str, Distribution]:
    """The distribution of each estimate, in working days: of `estimates` (Polars or pandas), else of the plan's own table."""
    frame = checked(estimates) if estimates is not None else plan.tables.get("estimates")
    if frame is None or frame.is_empty():
        return {}
    known = set(plan.tables["activities"]["activity"])
    strangers = [activity for activity in frame["activity"] if activity not in known]
    if strangers:
        named = strangers[0] if len(strangers) == 1 else f"{len(strangers):,} activities, first {strangers[0]}"
        raise InvalidInput(f"estimates name {named}, which {plan.info.key} lacks; correct the activity id{'s' if len(strangers) > 1 else ''}")
    return {row["activity"]: distribution(row) for row in frame.iter_rows(named=True)}


def checked(estimates: Any) -> pl.DataFrame:
    """The estimates as their table; the first row that breaks a rule is named. `meaning` is minmax and `lam` 4 where the columns are missing.

    `values` and `weights` may be lists, or texts as in "7; 9; 11"; rows whose shape is given by those need neither low nor high.
    """
    from pmo_lib.tables import Estimates

    frame = estimates if isinstance(estimates, pl.DataFrame) else pl.from_pandas(estimates)
    needed = [column for column in ("activity", "shape", *(() if "values" in frame.columns else ("low", "high"))) if column not in frame.columns]
    if needed:
        raise InvalidInput(f"estimates need the column{'s' if len(needed) > 1 else ''} {', '.join(needed)}; they have {', '.join(frame.columns)}")
    number = pl.lit(None, pl.Float64)
    defaults = {"likely": number, "meaning": pl.lit("minmax"), "lam": number}
    frame = with_lists(frame.with_columns(**{name: value for name, value in defaults.items() if name not in frame.columns}))
    return accepted(Estimates, frame, "estimates")


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
