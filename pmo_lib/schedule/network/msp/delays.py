"""Levelling delays: elapsed time from the moment at which logic, of whatever kind, and its calendar would let a task begin.

References: files in the public domain that MS Project saved (a task begins 25 d 7 h after the morning of the working day that follows its predecessor's
finish; the late finish of an FF predecessor is its successor's less the delay, and so is what its free slack is counted to). Microsoft, Early Start (task
field). A course of Microsoft Project 2000: a predecessor's late date is its successor's less the successor's levelling delay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.calendar import ROUND_THE_CLOCK
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.plain import Link, Tasks

if TYPE_CHECKING:
    from pmo_lib.schedule.network.record import Network

WHOLE, STARTS, ENDS = "\n", "\n starts", "\n ends"  # after an activity's id: the hidden tasks that stand for it without its delay


def with_delays(tasks: Tasks, links: list[Link]) -> tuple[list[Task], list[Link]]:
    """Hidden tasks for each delayed activity, and the links with those that led to it leading to them.

    One as long as the activity finds in the forward pass where it would begin. Two points a delay before its late start and finish, wherever on the clock
    that is, hold in the backward pass what leads to either.
    """
    delayed = {task.activity: task for task in tasks.own.values() if task.delay and task.state == "open"}
    if not delayed:
        return [], links
    found: list[Link] = []
    for link in links:
        found += _around(link) if link.successor in delayed else [link]
    hidden = []
    for task in delayed.values():
        hidden += _hidden(task)
        found += _between(task)
    return hidden, found


def _hidden(task: Task) -> list[Task]:
    low = {end: when for end, when in task.low.items() if end in ("es", "ef")}
    whole = Task(task.activity + WHOLE, "task", "open", task.calendar, task.duration, None, None, low=low, hidden=True)
    begin = {"es": task.low["es"]}
    points = [Task(task.activity + end, "finish_milestone", "open", ROUND_THE_CLOCK, 0, None, None, low=begin, hidden=True) for end in (STARTS, ENDS)]
    return [whole, *points]


def _between(task: Task) -> list[Link]:
    """The links between an activity and what stands for it."""
    name = task.activity
    return [
        Link(name + WHOLE, name, "SS", task.delay, ROUND_THE_CLOCK),
        Link(name + STARTS, name, "FS", task.delay, ROUND_THE_CLOCK, backward_only=True),
        Link(name + ENDS, name, "FF", task.delay, ROUND_THE_CLOCK, backward_only=True),
        Link(name + WHOLE, name + STARTS, "SS", 0, ROUND_THE_CLOCK, forward_only=True),
        Link(name + WHOLE, name + ENDS, "FF", 0, ROUND_THE_CLOCK, forward_only=True),
    ]


def _around(link: Link) -> list[Link]:
    """A link to a delayed activity as links to what stands for it; one that only one of the passes has stays so."""
    to_start, name = link.type in ("FS", "SS"), link.successor
    found = []
    if not link.backward_only:
        found.append(link._replace(successor=name + WHOLE, forward_only=link.forward_only or not to_start))
        if not to_start:  # where the activity lasts longer than planned
            found.append(link._replace(forward_only=True))
    if not link.forward_only:
        found.append(link._replace(successor=name + (STARTS if to_start else ENDS), backward_only=True))
    return found


def less_delays(net: Network, es: np.ndarray, ef: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Early dates [activities], of delayed activities' hidden tasks those of the activity less its delay: what free float is counted to."""
    place = {name: i for i, name in enumerate(net.activities) if "\n" in name}
    delayed = [task for task in net.tasks.own.values() if task.activity + WHOLE in place]
    if not delayed:
        return es, ef
    es, ef = es.copy(), ef.copy()
    of = {net.tasks.names[row]: i for i, row in enumerate(net.place.tolist()) if row >= 0}
    for task in delayed:
        i = of[task.activity]
        for end in (WHOLE, STARTS, ENDS):
            node = place[task.activity + end]
            es[node], ef[node] = (ef[i] if end == ENDS else es[i]) - task.delay, ef[i] - task.delay
    return es, ef
