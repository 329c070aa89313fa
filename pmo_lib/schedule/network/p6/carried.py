"""P6 schedules finished work like any other, with nothing left to do: what it still waits for goes on to what follows it.

Captured from P6 23.12 (validation of cpp-cpm-engine, v2.9.46 to v2.9.50, cases 16 to 21): finished activities have early dates too, the data date
or where the work was to resume, and under retained logic the latest that unfinished predecessors hand them. Only such ones are in the network,
each as a point; of the others the data date is all that they could hand on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pmo_lib.calendar import ROUND_THE_CLOCK
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task, earliest
from pmo_lib.schedule.network.plain import Tasks

DONE = "\n done"  # after an activity's id: the point at which it hands on what it waits for


def carriers(plan: Project, tasks: Tasks) -> dict[str, Task]:
    """For each finished activity that hands on more than the data date the point that stands for it."""
    done = {name: task for name, task in tasks.own.items() if task.state == "done" and task.kind != "level_of_effort"}
    if plan.info.application == "msp" or not done or not tasks.having("open", "started").any():
        return {}
    begin = earliest(plan)
    rows = plan.tables["activities"].filter(pl.col("actual_finish").is_not_null(), pl.col("resumed") > begin)
    resumed: dict[str, datetime] = dict(rows.select("activity", "resumed").iter_rows())
    links = _links(plan, done)
    waiting = {after for before, after in links if before in tasks and before not in done and not _effort(tasks, before)}
    found = {name for name in resumed if name in done} | waiting
    follow = _followers(links, done)
    pending = list(found)
    while pending:
        more = follow.get(pending.pop(), set()) - found
        found |= more
        pending += more
    return {name: _point(done[name], resumed.get(name, begin)) for name in done if name in found}


def _point(task: Task, begin: datetime) -> Task:
    return Task(task.activity + DONE, "finish_milestone", "open", ROUND_THE_CLOCK, 0, None, None, low={"es": begin}, hidden=True)


def _followers(links: list[tuple[str, str]], done: Mapping[str, Task]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for before, after in links:
        if before in done:
            found.setdefault(before, set()).add(after)
    return found


def _links(plan: Project, done: Mapping[str, Task]) -> list[tuple[str, str]]:
    """Links into finished activities; progress of the successor sets them aside, unless logic is retained."""
    if "relationships" not in plan.tables or plan.info.options.out_of_sequence != "retained_logic":
        return []
    rows = plan.tables["relationships"].filter(pl.col("successor").is_in(list(done)), pl.col("predecessor") != pl.col("successor"))
    return list(rows.select("predecessor", "successor").iter_rows())


def _effort(tasks: Tasks, activity: str) -> bool:
    return activity in tasks.own and tasks.own[activity].kind == "level_of_effort"
