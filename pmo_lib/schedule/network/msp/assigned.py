"""MS Project: several people on one task, each in their own time. The task may start no later than each of them must to be done with their part.

The early dates need no such thing: the work goes on while any of them works. Late, the task is done when the last of them is, and the one who is away
before that must begin first (NBIA 4.2, task 2139: its late start is that of the person on leave for the three weeks before its late finish).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from pmo_lib.calendar import Calendar, between
from pmo_lib.plan_calendars import calendars
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.clocks import same_time
from pmo_lib.schedule.network.msp.begun import MARK
from pmo_lib.schedule.network.plain import Link, Tasks

Part = tuple[Calendar, datetime, datetime]  # of one assignment: whose time, from, to
Lasting = tuple[Calendar, int]  # whose time, and how long of it [working minutes]


def parts_and_links(plan: Project, tasks: Tasks, links: Sequence[Link]) -> tuple[dict[str, str], list[Task], list[Link]]:
    """For each part of such a task a hidden point of the backward pass alone: whose part it is, the points, and their links, taken from `links`."""
    shared = _shared(plan, tasks) | _written(plan, tasks)
    points: list[Task] = []
    owner: dict[str, str] = {}
    for activity, parts in shared.items():
        task = tasks[activity]
        for number, (cal, minutes) in enumerate(parts):
            name = f"{activity}\n{number}{MARK}"
            high = {side: when for side, when in task.high.items() if side in ("ls", "lf")}
            points.append(Task(name, "finish_milestone", "open", cal, minutes, None, None, low={"es": task.low["es"]}, high=high, hidden=True))
            owner[name] = activity
    by_owner: dict[str, list[str]] = {}
    for name, activity in owner.items():
        by_owner.setdefault(activity, []).append(name)
    found = []
    for link in links:
        if link.type in ("FS", "SS"):
            found += [link._replace(successor=name, backward_only=True) for name in by_owner.get(link.successor, ())]
        if link.type in ("FS", "FF"):
            found += [link._replace(predecessor=name, backward_only=True) for name in by_owner.get(link.predecessor, ())]
    return owner, points, found


def _written(plan: Project, tasks: Tasks) -> dict[str, list[Lasting]]:
    """Manually scheduled tasks that lie in part in time without work: they need their whole duration before their late finish all the same."""
    if plan.info.application != "msp":
        return {}
    return {name: [(task.calendar, task.lasts)] for name, task in tasks.own.items() if task.stands and task.state == "open" and task.lasts > task.duration}


def _shared(plan: Project, tasks: Tasks) -> dict[str, list[Lasting]]:
    """The parts of each task whose people keep different times, where the stored assignments are those of the task as it is."""
    if plan.info.application != "msp" or "assignments" not in plan.tables or "resources" not in plan.tables:
        return {}
    known = calendars(plan)
    own_time = (pl.col("task_type").cast(pl.String) != "fixed_duration").fill_null(True) & ~pl.col("ignore_resource_calendars") & ~pl.col("elapsed")
    free = plan.tables["activities"].filter(own_time, pl.col("calendar").is_null(), ~pl.col("manual"))
    people = plan.tables["resources"].filter(pl.col("kind").cast(pl.String).is_in(["labour", "equipment"]))
    calendar_of = dict(people.select("resource", "calendar").iter_rows())
    rows = plan.tables["assignments"].filter(
        pl.col("activity").is_in(free["activity"].implode()), pl.col("start").is_not_null(), pl.col("finish").is_not_null()
    )
    found: dict[str, list[Part]] = {}
    for activity, resource, start, finish in rows.select("activity", "resource", "start", "finish").iter_rows():
        cal = known.get(calendar_of.get(resource) or "")
        if cal is not None and cal.works and activity in tasks:
            found.setdefault(activity, []).append((cal, start, finish))
    return {
        activity: [(cal, between(cal, start, finish)) for cal, start, finish in parts] for activity, parts in found.items() if _apart(tasks[activity], parts)
    }


def _apart(task: Task, parts: Sequence[Part]) -> bool:
    """Whether its people keep different times, and their parts make up the task: one that waits, and that no date holds against logic."""
    if task.state != "open" or not task.duration or task.rest or task.delay or task.late or {"ls", "lf"} & task.low.keys():
        return False
    if all(same_time(parts[0][0], cal) for cal, _, _ in parts):
        return False
    whole = between(task.calendar, min(start for _, start, _ in parts), max(finish for _, _, finish in parts))
    return abs(whole - task.duration) <= 1
