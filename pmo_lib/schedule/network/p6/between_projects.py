"""Relationships with other projects of one file: a predecessor there binds early dates, a successor there late ones and the free float."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np

from pmo_lib.calendar import add, between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.schedule.kernel import FAR
from pmo_lib.schedule.network.bounds import Task, earliest
from pmo_lib.schedule.network.clocks import lag_calendar
from pmo_lib.schedule.network.record import Network


def hold_to_other_projects(plan: Project, tasks: Mapping[str, Task], soften: bool) -> None:
    """Relationships with other projects of the file, as bounds: a predecessor there binds early dates, a successor there late ones.

    The other activity's calendar is not in this project, so a lag that would run on it runs on this activity's.
    """
    if "external_relationships" not in plan.tables or plan.info.options.ignore_external:
        return
    project, begin = project_calendar(plan), earliest(plan)
    for row in plan.tables["external_relationships"].iter_rows(named=True):
        task = tasks.get(row["activity"])
        to_start = row["type"] in ("FS", "SS") if row["other_is"] == "predecessor" else row["type"] in ("SS", "SF")
        when = row["start" if row["type"] in (("SS", "SF") if row["other_is"] == "predecessor" else ("FS", "SS")) else "finish"]
        if task is None or when is None or task.state not in ("open", "started"):
            continue
        clock = lag_calendar(plan, "working", task.calendar, task.calendar, project)
        if row["other_is"] == "predecessor":
            held = min(when, begin) if row["done"] else when
            if task.state == "open" or not to_start or plan.info.options.out_of_sequence == "retained_logic":
                task.at_least("es" if to_start else "ef", add(clock, held, row["lag"]))
        elif not row["done"] and not soften:
            task.at_most("ls" if to_start else "lf", add(clock, when, -row["lag"]))


def free_before_other_projects(plan: Project, net: Network, es: np.ndarray, ef: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Free float [nodes] that ends at the early dates of successors in other projects too; `es` and `ef` on the network's axis.

    P6 20.12 counts so in a file of two projects: an activity that leads to nothing else has what lies before its successor's start, and no total float.
    """
    awaited = list(_awaited(plan, net.tasks))
    if not awaited:
        return free
    place = {name: i for i, name in enumerate(net.activities)}
    held: dict[int, int] = {}
    for activity, of_finish, before in awaited:
        if activity in place:
            i = place[activity]
            from_ = net.instants((ef if of_finish else es)[i], finish=of_finish).item()
            held[i] = min(between(net.tasks[activity].calendar, from_, before), held.get(i, FAR))
    found = free.astype(np.int64)
    for i, least in held.items():
        alone = net.arrays.succ_from[i] == net.arrays.succ_from[i + 1]
        found[i] = least if alone else min(found[i], least)
    return found


def _awaited(plan: Project, tasks: Mapping[str, Task]) -> Iterator[tuple[str, bool, datetime]]:
    """Of each relationship to an open activity of another project: the activity, whether its finish is meant, and the last instant of that end that moves
    nothing. A lag runs as in `hold_to_other_projects`."""
    if "external_relationships" not in plan.tables or plan.info.options.ignore_external:
        return
    project = project_calendar(plan)
    for row in plan.tables["external_relationships"].filter(other_is="successor", done=False).iter_rows(named=True):
        task, when = tasks.get(row["activity"]), row["early_start" if row["type"] in ("FS", "SS") else "early_finish"]
        if task is not None and when is not None:
            clock = lag_calendar(plan, "working", task.calendar, task.calendar, project)
            yield row["activity"], row["type"] in ("FS", "FF"), add(clock, when, -row["lag"])
