"""The certificate: our dates against those that the source tool stored, activity by activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, between, next_working, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.bounds import Task
from pmo_lib.schedule.dates import Run, schedule_once

COMPARED = ("early_start", "early_finish", "late_start", "late_finish")
TOLERANCE = 1  # [working minutes] MS Project keeps tenths of minutes
Same = Callable[[Calendar, datetime | None, datetime | None], bool]


def agreement(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Every activity that both have, our dates beside the stored ones (`tables.results.Agreement`).

    Schedules as the source did. Two instants with no working time of the activity's calendar between them agree. Counted (`compared`) are
    activities that are neither complete nor manually scheduled and have a stored date; a stored date that is missing is not held against us.
    Where the file states days alone (finding `days-only`), the day must be the same. What differs has a cause (`schedule.causes`).
    `run` is `schedule_once(plan)`, where it was made already.

    Raises what `dates` raises.
    """
    from pmo_lib.tables.results import Agreement

    run = run or schedule_once(plan)
    net, ours = run.net, run.rows
    stored_columns = [f"stored_{column}" for column in (*COMPARED, "total_float")]
    theirs = plan.tables["activities"].select("activity", "name", "manual", *stored_columns).iter_rows(named=True)
    same = _same_day if (plan.findings["code"] == "days-only").any() else _same
    rows = [_row(ours[row["activity"]], row, net.tasks[row["activity"]], same) for row in theirs if row["activity"] in ours]
    differing = [row["activity"] for row in rows if row["agrees"] is False]
    if differing:
        from pmo_lib.schedule.causes import causes

        known = {row["activity"]: row for row in rows if row["compared"]}

        def differ(mine: Mapping[str, Any], activity: str, columns: Sequence[str]) -> bool:
            shown = _compared(mine)
            return not all(same(net.tasks[activity].calendar, shown[column], known[activity][f"stored_{column}"]) for column in columns)

        found = causes(plan, run, differing, known, differ)
        rows = [row | {"cause": found.get(row["activity"])} for row in rows]
    frame = {column: [row.get(column) for row in rows] for column in Agreement.column_names()}
    return Agreement.validate(pl.DataFrame(frame, schema=dict(Agreement.create_empty().schema)))


def _row(ours: Mapping[str, Any], stored: Mapping[str, Any], task: Task, same: Same) -> dict[str, Any]:
    mine = _compared(ours)
    differing = [column for column in COMPARED if not same(task.calendar, mine[column], stored[f"stored_{column}"])]
    dated = any(stored[f"stored_{column}"] is not None for column in COMPARED)
    compared = task.state != "done" and not stored["manual"] and dated
    agrees = not differing if compared else None
    return {**stored, **mine, "total_float": ours.get("total_float"), "compared": compared, "agrees": agrees}


def _compared(ours: Mapping[str, Any]) -> dict[str, Any]:
    """Our dates as the source stores them: of what P6 has begun the start of the remaining work."""
    return {column: ours.get(column) for column in COMPARED} | {"early_start": ours.get("remaining_start", ours["early_start"])}


def _same(cal: Calendar, ours: datetime | None, theirs: datetime | None) -> bool:
    """Whether no working time lies between the two; a date that either lacks cannot differ."""
    if ours is None or theirs is None or abs((ours - theirs).total_seconds()) <= 60 * TOLERANCE:
        return True
    return abs(between(cal, ours, theirs)) <= TOLERANCE


def _same_day(cal: Calendar, ours: datetime | None, theirs: datetime | None) -> bool:
    """Whether ours, or the same instant at the other side of a time without work, lies on the day that is stored."""
    if ours is None or theirs is None:
        return True
    return theirs.date() in {ours.date(), next_working(cal, ours).date(), previous_working(cal, ours).date()}
