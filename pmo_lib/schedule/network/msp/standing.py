"""MS Project: a manually scheduled summary task stands where somebody put it, whatever belongs to it.

What is linked to it follows its own dates, and a summary task above it spans those. What belongs to it goes on by its own logic, and still waits
for what the summary task waits for.

References: C. Chatfield, T. Johnson, Microsoft Project 2010 Step by Step (Microsoft Press), Scheduling summary tasks manually: a successor is
rescheduled by the manual, not the automatic duration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task, bounded

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
