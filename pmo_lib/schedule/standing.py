"""MS Project: a manually scheduled summary task stands where somebody put it, whatever belongs to it.

What is linked to it follows its own dates, and a summary task above it spans those. What belongs to it goes on by its own logic, and still waits
for what the summary task waits for.

References: C. Chatfield, T. Johnson, Microsoft Project 2010 Step by Step (Microsoft Press), Scheduling summary tasks manually: a successor is
rescheduled by the manual, not the automatic duration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.project import Project
from pmo_lib.schedule.bounds import Task, bounded

STANDS = "\n manual"  # after a summary task's id: the point that stands where it was put


def standing(plan: Project, clocks: Mapping[str, Calendar]) -> dict[str, Task]:
    """For each manually scheduled summary task that has dates the point that stands for it."""
    if plan.info.application != "msp":
        return {}
    dated = pl.col("stored_start").is_not_null() & pl.col("stored_finish").is_not_null()
    rows = plan.tables["activities"].filter(pl.col("kind").cast(pl.String) == "summary", "active", "manual", dated)
    if rows.is_empty():
        return {}
    tasks = bounded(plan, rows, clocks, None, soften=False)
    return {task.activity: replace(task, activity=task.activity + STANDS, hidden=True) for task in tasks}


def followed(memberships: Iterator[tuple[str, str]], scheduled: Mapping[str, Task], points: Mapping[str, Task], by_work: bool) -> dict[str, list[str]]:
    """For each summary task what a link from it hangs on: its activities, however deep, and in place of those below a standing one its point.

    `by_work`: beside them, as in a forecast, where a date that somebody wrote does not do the work.
    """
    found = {summary: [point.activity] for summary, point in points.items()}
    hidden: set[str] = set()
    for activity, summary in memberships:
        if summary in points and not by_work:
            hidden.add(activity)
        if activity not in hidden and (activity in points or activity in scheduled):
            found.setdefault(summary, []).append(points[activity].activity if activity in points else activity)
    return found
