"""MS Project: what is set on a summary task holds for everything that belongs to it."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task, earliest
from pmo_lib.schedule.network.plain import Tasks


def bind_below(plan: Project, tasks: Tasks) -> None:
    """Passes a summary's start-no-earlier-than, finish-no-later-than and deadline down; the other kinds MS Project refuses on a summary.

    What a summary lets begin before the project's start may do so.
    """
    if plan.info.application != "msp":
        return
    dated = pl.col("deadline").is_not_null() | pl.col("constraint_date").is_not_null()
    summaries = plan.tables["activities"].filter(pl.col("kind").cast(pl.String) == "summary", pl.col("active"), ~pl.col("manual"), dated)
    if summaries.is_empty():
        return
    below, begin = tasks.below, earliest(plan)
    for summary, kind, when, deadline in summaries.select("activity", "constraint", "constraint_date", "deadline").iter_rows():
        for leaf in below.get(summary, ()):
            if tasks[leaf].state in ("open", "started") and "es" in tasks[leaf].low:
                _bind(tasks[leaf], kind, when, deadline, begin, plan.info.options.honour_constraints)


def _bind(task: Task, kind: str | None, when: datetime | None, deadline: datetime | None, begin: datetime, honoured: bool) -> None:
    if kind == "start_on_or_after" and when is not None and task.state == "open" and not task.fixed:
        if when < begin and task.low["es"] == begin:
            task.low["es"] = when
        task.at_least("es", when)
    late = [limit for limit in (deadline, when if kind == "finish_on_or_before" else None) if limit is not None]
    for limit in late:
        task.at_most("lf", limit)
    if kind == "finish_on_or_before" and when is not None and honoured and task.state == "open" and not task.fixed:
        task.at_most("ef", when)
