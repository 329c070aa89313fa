"""Which relationships drive, between which activities: summary tasks' links passed down, finished work turned into bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from pmo_lib.calendar import Calendar, add, between
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task, earliest
from pmo_lib.schedule.network.clocks import lag_calendar
from pmo_lib.schedule.network.plain import Link, Tasks

NONE: Mapping[str, Task] = {}


def driving(plan: Project, tasks: Tasks, project: Calendar, rows: pl.DataFrame | None = None, carried: Mapping[str, Task] = NONE) -> list[Link]:
    """The links between open activities; those from work that is begun or done become bounds of their successor. `rows`: of these relationships alone.

    Level of effort drives nothing. A link to or from finished work restrains nothing but that, where no point stands for it (`carried`). MS Project:
    what begins with a manually scheduled task does not hold its late dates (task-links, written by Project 2016 and 2019).
    """
    found: list[Link] = []
    begin = earliest(plan)
    for link in linked(plan, tasks, project, rows):
        before, after = tasks[link.predecessor], tasks[link.successor]
        if "level_of_effort" in (before.kind, after.kind):
            continue
        if link.predecessor in carried or after.state == "done":
            found += _through_points(plan, link, before, after, begin, carried)
            continue
        if _overridden(plan, link, before, after):
            continue
        anchor = _anchor(plan, link, before)
        if anchor is not None:
            # P6 trusts no actual date after the data date
            held = anchor if plan.info.application == "msp" else min(anchor, begin)
            after.at_least("es" if link.type in ("FS", "SS") else "ef", add(link.calendar, held, link.lag))
            if before.state == "started" and plan.info.application != "msp":  # MS Project: what has started is held by nothing that waits for its start
                found.append(link._replace(lag=unexpired(link, anchor, begin), backward_only=True))
        elif before.state == "started" and before.started is not None and link.type in ("SS", "SF"):
            found.append(link._replace(lag=unexpired(link, before.started, begin)))
        elif before.state != "done":
            found.append(link._replace(forward_only=before.stands and link.type in ("SS", "SF")))
    return found


def _through_points(plan: Project, link: Link, before: Task, after: Task, begin: datetime, carried: Mapping[str, Task]) -> Iterator[Link]:
    """The links that a relationship from or to finished work is, where points stand for it (`carried`)."""
    from_, to = (carried[name].activity if name in carried else name for name in (link.predecessor, link.successor))
    through = link._replace(predecessor=from_, successor=to)
    if after.state != "done":
        if not _overridden(plan, link, before, after):
            since = before.finished if link.type in ("FS", "FF") else before.started
            yield through._replace(lag=unexpired(link, since or begin, begin))
    elif link.successor not in carried or plan.info.options.out_of_sequence != "retained_logic":
        return
    elif before.state == "done":
        if link.predecessor in carried:
            yield through._replace(lag=0)
    elif before.started is not None and link.type in ("SS", "SF"):
        if _anchor(plan, link, before) is None:
            yield through._replace(lag=0, forward_only=True)
        yield through._replace(lag=unexpired(link, before.started, begin), backward_only=True)
    else:
        yield through


def unexpired(link: Link, since: datetime, begin: datetime) -> int:
    """What of a lag has not run out between an actual date and the data date [minutes of its calendar]; nothing of a lead.

    Captured from P6 23.12: validation summary of cpp-cpm-engine v2.9.47, on eleven probe projects and an export of 1,196 open activities.
    """
    return max(link.lag - max(between(link.calendar, since, begin), 0), 0)


def _anchor(plan: Project, link: Link, before: Task) -> datetime | None:
    """The instant from which the lag runs, where it has already happened."""
    if before.state == "done":
        return before.finished if link.type in ("FS", "FF") else before.started
    if before.state == "started" and link.type in ("SS", "SF"):
        actual = plan.info.application == "msp" or (plan.info.options.lag_from == "actual_start" and link.type == "SS")
        return before.started if actual else None
    return None


def _overridden(plan: Project, link: Link, before: Task, after: Task) -> bool:
    """Whether progress of the successor sets the link aside."""
    if after.state != "started" or link.type not in ("FS", "SS"):
        return False
    retained = plan.info.options.out_of_sequence == "retained_logic"
    return not retained or (link.type == "SS" and before.state == "started")


def linked(plan: Project, tasks: Tasks, project: Calendar, rows: pl.DataFrame | None = None) -> Iterator[Link]:
    """Every relationship between scheduled activities, level of effort included; or those that these `rows` of relationships say."""
    rows = plan.tables.get("relationships") if rows is None else rows
    if rows is None or rows.is_empty():
        return
    columns = ["predecessor", "successor", "type", "lag", "lag_kind"]
    for predecessor, successor, type_, lag, lag_kind in rows.select(columns).iter_rows():
        for before in _hung_on(tasks, predecessor, of_start=type_ in ("SS", "SF")):
            for after in (successor,) if successor in tasks else tasks.waiting.get(successor, ()):
                if before != after:
                    clock = lag_calendar(plan, lag_kind, tasks.lag_calendar(before), tasks.lag_calendar(after), project)
                    yield Link(before, after, type_, lag, clock)


def _hung_on(tasks: Tasks, activity: str, *, of_start: bool) -> Sequence[str]:
    """The scheduled activities whose dates a relationship from this one hangs on."""
    if activity in tasks:
        return (activity,)
    if of_start and activity in tasks.opens:
        first = tasks.opens[activity]
        return () if first is None else (first,)
    return tasks.followed.get(activity, ())
