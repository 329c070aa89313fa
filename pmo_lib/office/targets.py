"""What a forecast is held against: targets from the project list, the plan and its baseline, and the one that decides the status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

Target = tuple[str, str, str | None, datetime | None]  # name, kind, activity (None: the project), instant (None: only its percentiles)


def targets_of(plan: Project, listing: Mapping[str, Any] | None, *, given: datetime | None = None) -> list[Target]:
    """What the forecast is held against, the first being the one that decides the status; then the key milestones."""
    listing = listing or {}
    aims: list[Target] = []
    if given is not None:
        aims.append(("Given target", "given", None, given))
    if listing.get("approved_finish"):
        aims.append(("Approved finish", "approved", None, _end_of(listing["approved_finish"])))
    if plan.info.must_finish:
        aims.append(("Must finish by", "must_finish", None, plan.info.must_finish))
    aims.extend(_deadlines(plan))
    if (finish := _baseline_finish(plan)) is not None:
        aims.append(("Baseline finish", "baseline", None, finish))
    return aims + _milestones(plan, listing.get("milestones"))


def listing_row(ws: Workspace, key: str, as_of: datetime | None = None) -> dict[str, Any] | None:
    """This project's row of the project list as it stood at the status date, or as it stands where it began later."""
    for moment in (as_of, None):
        rows = ws.listing(moment).filter(pl.col("key") == key)
        if rows.height:
            return rows.row(0, named=True)
    return None


def measured(targets: pl.DataFrame) -> dict[str, Any] | None:
    """The target that decides the status: the first of the project's own finish that has a chance."""
    own = targets.filter(pl.col("chance").is_not_null() & pl.col("activity").is_null())
    return own.row(0, named=True) if own.height else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59))


def _deadlines(plan: Project) -> list[Target]:
    """Deadlines of open activities; the one on the last activity stands for the project."""
    open_ones = plan.tables["activities"].filter(pl.col("deadline").is_not_null() & pl.col("actual_finish").is_null() & pl.col("active"))
    return [(f"Deadline of {row['name']}", "deadline", row["activity"], row["deadline"]) for row in open_ones.sort("deadline").iter_rows(named=True)]


def _baseline_finish(plan: Project) -> datetime | None:
    if "baselines" not in plan.tables:
        return None
    finish = plan.tables["baselines"].filter(pl.col("baseline") == 0)["finish"].max()
    return finish if isinstance(finish, datetime) else None


def _milestones(plan: Project, listed: str | None) -> list[Target]:
    """The key milestones on the project list that the plan has, with their baseline date where there is one."""
    names = dict(plan.tables["activities"].select("activity", "name").iter_rows())
    wanted = [one.strip() for one in (listed or "").split(";")]
    based: dict[str, datetime] = {}
    if "baselines" in plan.tables:
        based = dict(plan.tables["baselines"].filter(pl.col("baseline") == 0).select("activity", "finish").iter_rows())
    return [(names[one], "milestone", one, based.get(one)) for one in wanted if one in names]
