"""The open activities of a plan and the links between them, numbered in topological order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.clocks import same_time
from pmo_lib.schedule.network.order import topological
from pmo_lib.schedule.network.plain import KIND, TYPES, Joined, Link, Tasks


@dataclass(frozen=True, slots=True)
class Nodes:
    """What the network knows of each open activity, [n] in topological order, and of what stands for something else: a delayed one without its delay."""

    names: list[str]
    place: np.ndarray  # among the tasks; -1 for a point
    own: Mapping[int, Task]  # those that have more than a duration
    calendar: np.ndarray  # int32, number among `calendars`
    calendars: tuple[Calendar, ...]  # that differ in their time and are needed
    duration: np.ndarray
    rest: np.ndarray
    started: np.ndarray  # bool
    late: np.ndarray  # bool
    working: np.ndarray  # bool: task or resource-dependent
    starts: np.ndarray  # bool: start milestone

    def most(self, longest: Mapping[str, int]) -> np.ndarray:
        """The longest duration that each may have."""
        if not longest:
            return self.duration
        return np.array([max(planned, int(longest.get(name, 0))) for name, planned in zip(self.names, self.duration.tolist(), strict=True)], np.int64)


@dataclass(frozen=True, slots=True)
class Ends:
    """Links, [m], between the numbers of nodes."""

    before: np.ndarray
    after: np.ndarray
    type: np.ndarray
    lag: np.ndarray
    calendar: np.ndarray
    backward_only: np.ndarray  # bool
    forward_only: np.ndarray  # bool


def in_order(tasks: Tasks, points: Sequence[Task], plain: Joined, links: Sequence[Link], default: Calendar) -> tuple[Nodes, Ends]:
    """The nodes and their links. Raises `NotSchedulable` naming a loop."""
    clocks = _Clocks(plain.calendars)
    place = np.concatenate([np.full(len(points), -1), np.flatnonzero(tasks.having("open", "started"))]).astype(np.int64)
    names = [*(point.activity for point in points), *map(tasks.names.__getitem__, place[len(points) :].tolist())]
    node = np.full(len(tasks) + 1, -1)
    node[place[len(points) :]] = np.arange(len(points), len(place))
    own = dict(enumerate(points)) | {int(node[tasks.place[name]]): task for name, task in tasks.made.items()}
    own.pop(-1, None)  # what is done, or level of effort
    calendar = np.where(place < 0, 0, tasks.number[np.maximum(place, 0)])
    for i, task in own.items():
        cal = ROUND_THE_CLOCK if task.moment else task.calendar
        if cal is not clocks.calendars[calendar[i]]:
            calendar[i] = clocks.number(cal)
    ends = _ends(node, tasks, points, plain, links, clocks)
    order = topological(len(names), ends.before, ends.after, names)
    number = np.empty(len(names), np.int64)
    number[order] = np.arange(len(names))
    distinct, of_node, of_link = clocks.distinct(calendar, np.where(ends.lag != 0, ends.calendar, -1), default)
    kinds = np.append(tasks.kinds.astype(np.int64), KIND["finish_milestone"])[place]
    told = _told(tasks, place, own)
    nodes = Nodes(
        names=list(map(names.__getitem__, order.tolist())),
        place=place[order],
        own={int(number[i]): task for i, task in own.items()},
        calendar=of_node[order],
        calendars=distinct,
        working=np.isin(kinds, (KIND["task"], KIND["resource_dependent"]))[order],
        starts=(kinds == KIND["start_milestone"])[order],
        **{name: values[order] for name, values in told.items()},
    )
    return nodes, Ends(number[ends.before], number[ends.after], ends.type, ends.lag, of_link, ends.backward_only, ends.forward_only)


def _told(tasks: Tasks, place: np.ndarray, own: Mapping[int, Task]) -> dict[str, np.ndarray]:
    """Durations and marks: those of the columns, but what a task of its own says."""
    found = {
        "duration": np.where(place < 0, 0, tasks.duration[np.maximum(place, 0)]).astype(np.int64),
        "rest": np.zeros(len(place), np.int64),
        "started": np.zeros(len(place), bool),
        "late": np.zeros(len(place), bool),
    }
    for i, task in own.items():
        found["duration"][i], found["rest"][i], found["late"][i] = task.duration, task.rest, task.late
        found["started"][i] = task.state == "started"
    return found


def _ends(node: np.ndarray, tasks: Tasks, points: Sequence[Task], plain: Joined, links: Sequence[Link], clocks: _Clocks) -> Ends:
    at = {point.activity: i for i, point in enumerate(points)}
    numbers = [[at[name] if name in at else int(node[tasks.place[name]]) for name in (link.predecessor, link.successor)] for link in links]
    others = [(*ends, TYPES.index(link.type), link.lag, clocks.number(link.calendar)) for ends, link in zip(numbers, links, strict=True)]
    columns = np.array([node[plain.before], node[plain.after], plain.type, plain.lag, plain.calendar], np.int64)
    before, after, kind, lag, calendar = np.concatenate([columns, np.array(others, np.int64).reshape(-1, 5).T], axis=1)
    backward, forward = (np.array([getattr(link, only) for link in links], bool) for only in ("backward_only", "forward_only"))
    both = np.zeros(len(plain.lag), bool)
    return Ends(before, after, kind, lag, calendar, np.concatenate([both, backward]), np.concatenate([both, forward]))


class _Clocks:
    """Calendars by number; more are added as they are met."""

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        self.calendars = list(calendars)
        self._numbers = {id(cal): i for i, cal in enumerate(self.calendars)}

    def number(self, cal: Calendar) -> int:
        if id(cal) not in self._numbers:
            self._numbers[id(cal)] = len(self.calendars)
            self.calendars.append(cal)
        return self._numbers[id(cal)]

    def distinct(self, of_nodes: np.ndarray, of_links: np.ndarray, default: Calendar) -> tuple[tuple[Calendar, ...], np.ndarray, np.ndarray]:
        """The calendars that differ in their time, and which of them each node and link has. A link without one (-1) gets the first."""
        alike: dict[object, list[int]] = {}  # those that may be the same: exceptions by the hundred are compared where they must be, and never hashed
        kept: list[Calendar] = []
        to = np.zeros(len(self.calendars) + 1, np.int32)
        used = np.bincount(of_nodes, minlength=len(to)) + np.bincount(of_links + 1, minlength=len(to) + 1)[1:]
        for i in np.flatnonzero(used).tolist():
            cal = self.calendars[i]
            others = alike.setdefault((cal.week, len(cal.weeks), len(cal.exceptions)), [])
            same = next((number for number in others if same_time(kept[number], cal)), None)
            if same is None:
                same = len(kept)
                others.append(same)
                kept.append(cal)
            to[i] = same
        return tuple(kept) or (default,), to[of_nodes], to[of_links]
