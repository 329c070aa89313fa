"""P6 takes a date that holds a finish for an instant, where the calendar has two for one: the end of work, and its next beginning.

A finish held to a time at which nobody works stands where working time begins again, as it does behind a relationship; what lasts no time, and is held
to the end of work, stands there, and not at the next beginning. On one calendar both are one; what follows or precedes on another sees the difference.

cpp-cpm-engine, 2.9.54, against P6 Professional 23.12.1: constraints of each type on a Saturday, on a holiday and after a close; "a finish constraint dated
on a non-working day resolves to the next working day's opening"; a finish milestone held to Friday 17:00 "drives seven-day work from Saturday".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, next_working, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.clocks import same_time
from pmo_lib.schedule.network.links import linked
from pmo_lib.schedule.network.nodes import Ends, Nodes
from pmo_lib.schedule.network.plain import Link, Tasks
from pmo_lib.schedule.network.record import Network

CLOSED = "\n closed"  # after an activity's id: the point at which its finish is held


def holders(plan: Project, tasks: Tasks) -> tuple[list[Task], list[Link]]:
    """Points that hold finishes to times without work, and those of what lasts no time to the end of work before; and how."""
    if plan.info.application == "msp":
        return [], []
    open_ = [task for task in tasks.made.values() if task.state in ("open", "started") and task.kind != "start_milestone"]
    points = [_point(task, when) for task in open_ if (when := task.finishes_on) is not None and _at_an_edge(task, when)]
    return points, [Link(point.activity, point.activity.removesuffix(CLOSED), "FF", 0, ROUND_THE_CLOCK, forward_only=True) for point in points]


def _at_an_edge(task: Task, when: datetime) -> bool:
    if task.duration and not task.expected:
        return previous_working(task.calendar, when) < when
    return previous_working(task.calendar, when) < next_working(task.calendar, when)


def _point(task: Task, when: datetime) -> Task:
    return Task(task.activity + CLOSED, "finish_milestone", "open", ROUND_THE_CLOCK, 0, None, None, low={"es": when}, hidden=True)


def held_late(plan: Project, nodes: Nodes) -> np.ndarray:
    """[nodes] as `kernel.Arrays.dated`: P6 takes a late date of what lasts no time for the instant that it is, at the end of work as at its beginning."""
    found = np.zeros(len(nodes.names), np.int32)
    for i, task in nodes.own.items() if plan.info.application == "p6" else ():
        when = task.due
        if when is not None:
            found[i] = 1 if next_working(task.calendar, when) > when else 2 if "ls" in task.low or "lf" in task.low else 0
    return found


def by_date_alone(plan: Project, nodes: Nodes, ends: Ends) -> Ends:
    """The links less, forward, what leads to a mandatory date: its finish stands by the date, and no relationship moves it to another opening."""
    dated = [i for i, task in nodes.own.items() if task.state == "open" and not task.high.keys().isdisjoint(("es", "ef"))]
    if plan.info.application != "p6" or not dated:
        return ends
    points = [i for i, name in enumerate(nodes.names) if name.endswith(CLOSED)]
    return replace(ends, backward_only=ends.backward_only | (np.isin(ends.after, dated) & ~np.isin(ends.before, points)))


def efforts_on_other_hours(plan: Project, tasks: Tasks, project: Calendar) -> bool:
    """Whether a level of effort, which is not in the network, keeps other hours than it, or lags to it or from it do."""
    efforts = {task.activity: task.calendar for task in tasks.own.values() if task.state == "level_of_effort"}
    links = linked(plan, tasks, project) if efforts else ()
    lags = [link.calendar for link in links if link.lag and (link.predecessor in efforts or link.successor in efforts)]
    network = next((tasks.calendar(name) for name in tasks.names if name not in efforts), project)
    return not all(same_time(cal, network) for cal in (*efforts.values(), *lags))


def ends_of_work(net: Network, ef: np.ndarray, finish: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Early finishes and the project's, on the axis: as where work ends if all work keeps the same hours, and only points that hold finishes do not."""
    if len(net.timelines) != 2:
        return ef, finish
    held = np.array([name.endswith(CLOSED) for name in net.activities])
    used = np.union1d(net.arrays.calendar[~held], net.arrays.succ_calendar[net.arrays.succ_lag != 0])
    if len(used) != 1 or not held.any():
        return ef, finish
    line = net.timelines[used[0]]
    ended, last = (line.finish_clock(line.working(times)).astype(np.int32) for times in (ef, finish))
    return ended, last
