"""MS Project: a milestone stands at the very moment at which what drives it ends, be it at night or on a Sunday; late, where what follows must begin.

It has no work to do, so no calendar moves it: after people who work in shifts it stands where their shift ended, and what follows begins there. Files of
the public domain that MS Project saved hold such milestones at 23:00 on a calendar that ends at 17:00, and late ones on a Saturday, a levelling delay
before their successor. Slack is counted on its own or the project's calendar all the same.
"""

from __future__ import annotations

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.clocks import same_time
from pmo_lib.schedule.network.plain import Tasks


def mark_moments(plan: Project, tasks: Tasks) -> None:
    """Marks the milestones that no calendar moves: of plans in which work runs on several calendars, for on one alone it is all the same."""
    if plan.info.application != "msp":
        return
    waiting = [task for task in tasks.own.values() if task.state == "open" and not task.duration and not task.stands]
    if not waiting or not _several(tasks):
        return
    rows = plan.tables["activities"].filter(pl.col("calendar").is_not_null() | pl.col("elapsed"))
    dated = set(rows["activity"])
    for task in waiting:
        task.moment = task.activity not in dated


def _several(tasks: Tasks) -> bool:
    """Whether the work still to be done runs on calendars that differ in their time."""
    first: Calendar | None = None
    for cal in {id(task.calendar): task.calendar for task in tasks.own.values() if _works(task)}.values():
        if first is not None and not same_time(first, cal):
            return True
        first = first or cal
    return False


def _works(task: Task) -> bool:
    return task.state in ("open", "started") and task.duration > 0
