"""P6: a finish that is held to a time at which nobody works stands where working time begins again, as it does behind a relationship.

cpp-cpm-engine, 2.9.54, against P6 Professional 23.12.1: constraints of each type on a Saturday, on a holiday and after a close; "a finish constraint dated
on a non-working day resolves to the next working day's opening". On one calendar that is the end of work the day before; what follows on another sees it.
"""

from __future__ import annotations

from pmo_lib.calendar import ROUND_THE_CLOCK, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.plain import Link, Tasks

CLOSED = "\n closed"  # after an activity's id: the point at which its finish is held


def holders(plan: Project, tasks: Tasks) -> tuple[list[Task], list[Link]]:
    """Points that hold finishes to times without work, and how."""
    held = [task for task in tasks.own.values() if task.duration and "ef" in task.low and task.state in ("open", "started")]
    if plan.info.application == "msp":
        return [], []
    points = [_point(task) for task in held if previous_working(task.calendar, task.low["ef"]) < task.low["ef"]]
    return points, [Link(point.activity, point.activity.removesuffix(CLOSED), "FF", 0, ROUND_THE_CLOCK, forward_only=True) for point in points]


def _point(task: Task) -> Task:
    return Task(task.activity + CLOSED, "finish_milestone", "open", ROUND_THE_CLOCK, 0, None, None, low={"es": task.low["ef"]}, hidden=True)
