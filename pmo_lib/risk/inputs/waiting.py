"""Activities that wait for work outside the plan, whose finish was simulated elsewhere: an epic of a board, say.

What is waited for becomes an activity of the plan, from the status date to its drawn finish by the clock, and drives the one that waits. So it has
criticality, and a contribution to the P80: what waiting adds. Planned it takes a minute, since the plan itself knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.sampled import Sampled

if TYPE_CHECKING:
    from pmo_lib.project import Project

CALENDAR = "waiting:24h"  # key of the calendar by which it is waited
DAY = 1440  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One activity of the plan that cannot begin before something else is done."""

    activity: str  # of the plan
    on: str  # id of what it waits for, which no activity of the plan may have
    name: str
    finish: np.ndarray  # [draws] datetime64[us]: drawn instants of its finish, each as likely as another
    source: str  # where it was drawn: what comes from one source is drawn together, the same draw for all


@dataclass(frozen=True, slots=True)
class Waiting:
    """Estimates, and beside them what is waited for: how long it still takes [days of 24 hours], by its id."""

    estimates: Any
    drawn: Mapping[str, Sampled]


def waiting(plan: Project, waits: Sequence[Wait], estimates: Any = None, *, as_of: datetime | None = None) -> tuple[Project, Waiting]:
    """The plan with what is waited for, and the estimates that `risk.simulate` takes with it.

    Raises `InvalidInput` for an activity that the plan lacks, a summary, one that has begun, an id that the plan has, and draws that do not belong together.
    """
    from pmo_lib.project import Project

    begin = _begin(plan, as_of)
    rows = {row["activity"]: row for row in plan.tables["activities"].iter_rows(named=True)}
    drawn: dict[str, Sampled] = {}
    for wait in waits:
        _check(wait, rows, plan.info.key)
        days = (wait.finish - np.datetime64(begin, "us")) / np.timedelta64(1, "D")
        known = drawn.setdefault(wait.on, Sampled(np.maximum(days, 0.0), f"wait:{wait.source}"))
        sizes = {one.values.size for one in drawn.values() if one.source == known.source}
        if len(sizes) > 1:
            raise InvalidInput(f"{wait.on} has {wait.finish.size:,} draws, and others of {wait.source} have not as many; draw them together")
    return Project(plan.info, {**plan.tables, **_tables(plan, waits, begin)}, plan.findings), Waiting(estimates, drawn)


def _begin(plan: Project, as_of: datetime | None) -> datetime:
    """From when is waited: the status date, or the start of a plan that has none."""
    from pmo_lib.risk.prepared import status_date
    from pmo_lib.schedule import dates

    status = status_date(plan, as_of) or plan.info.planned_start
    if status is None:
        earliest = dates(plan)["early_start"].min()
        assert isinstance(earliest, datetime)
        status = earliest
    return status.replace(second=0, microsecond=0)


def _check(wait: Wait, rows: Mapping[str, Mapping[str, Any]], plan: str) -> None:
    if wait.activity not in rows:
        raise InvalidInput(f"{wait.activity!r} waits for {wait.on}, and is not an activity of {plan}; correct the id")
    row = rows[wait.activity]
    if row["kind"] == "summary":
        raise InvalidInput(f"{wait.activity} waits for {wait.on}, and is a summary; name an activity below it")
    if row["actual_start"] is not None or row["actual_finish"] is not None:
        raise InvalidInput(f"{wait.activity} waits for {wait.on}, and has begun: it waits for nothing any more; take it out")
    if wait.on in rows:
        raise InvalidInput(f"{wait.on} is an activity of {plan} already; it cannot be waited for as something outside the plan")
    if not wait.finish.size or np.isnat(wait.finish).any():
        raise InvalidInput(f"{wait.on}: its finish needs draws, and has none, or some that are no instant")


def _tables(plan: Project, waits: Sequence[Wait], begin: datetime) -> dict[str, pl.DataFrame]:
    """The tables that change: an activity for each that is waited for, its link, and the calendar of all hours."""
    from pmo_lib.by_hand import calendar_tables, make_plan
    from pmo_lib.plan_calendars import calendar_from_rule
    from pmo_lib.standards import standards
    from pmo_lib.tables import TABLES
    from pmo_lib.tables.framing import framed

    names = {wait.on: wait.name for wait in waits}
    detail = {"constraint": "start_on_or_after", "constraint_date": begin, "calendar": CALENDAR}
    given = {on: {**detail, "name": name} for on, name in names.items()}
    outside = make_plan(dict.fromkeys(names, 1 / DAY), start=begin, calendar="24h", details=given).tables["activities"]
    first = int(plan.tables["activities"]["row"].max() or 0)  # type: ignore[arg-type]
    outside = outside.with_columns(row=pl.col("row") + first)
    bound = [{"predecessor": wait.on, "successor": wait.activity, "type": "FS", "lag": 0, "lag_kind": "working"} for wait in waits]
    changed = {
        "activities": outside,
        "relationships": framed(TABLES["relationships"], bound),
        **calendar_tables({CALENDAR: calendar_from_rule("24h", standards().calendars["24h"])}),
    }
    return {name: pl.concat([plan.tables[name], rows]) if name in plan.tables else rows for name, rows in changed.items()}
