"""Most activities of a big plan say nothing but how long they last, and most relationships join two such.

Those go through scheduling as columns. A `Task` or `Link` is made of one only where somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import COLUMNS, Task, bounded, earliest
from pmo_lib.schedule.network.clocks import Clocks
from pmo_lib.schedule.network.index import index
from pmo_lib.schedule.network.outline import followed, leaves
from pmo_lib.tables import Relationships
from pmo_lib.tables.plan import ACTIVITY_KINDS, LAG_KINDS

TYPES = ("FS", "SS", "FF", "SF")  # as the tables' enumeration and the kernel count them
KIND = {kind: number for number, kind in enumerate(ACTIVITY_KINDS)}
ELAPSED = [number for number, kind in enumerate(LAG_KINDS) if kind.startswith("elapsed")]
OWN = ["actual_start", "actual_finish", "constraint", "constraint_2", "deadline", "external_early_start", "external_late_finish", "expected_finish"]


def plain(plan: Project, kinds: np.ndarray) -> np.ndarray:
    """[activities] whether each has nothing but a duration. MS Project's rules look at more, so its activities never are."""
    activities = plan.tables["activities"]
    if plan.info.application == "msp":
        return np.zeros(activities.height, bool)
    quiet = ~activities["manual"].to_numpy() & (activities["levelling_delay"].to_numpy() == 0) & (kinds != KIND["level_of_effort"])
    for column in OWN:
        if activities[column].null_count() < activities.height:
            quiet &= activities[column].is_null().to_numpy()
    return quiet


class Tasks(Mapping[str, Task]):
    """Every activity that the source schedules, in the plan's order. What a plain one is made of stands in columns until it is asked for."""

    def __init__(self, plan: Project, row: np.ndarray, kinds: np.ndarray, clocks: Clocks, begin: datetime, own: Sequence[Task]) -> None:
        self._plan = plan
        every = list(clocks.place)
        whole = len(row) == len(every)
        self.names: list[str] = every if whole else list(map(every.__getitem__, row.tolist()))
        self.place = clocks.place if whole else dict(zip(self.names, range(len(self.names)), strict=True))
        self.row = row  # [n] in the table of activities
        self.kinds = kinds[row]  # [n] as `KIND` counts them
        duration = plan.tables["activities"]["remaining_duration" if plan.info.application == "p6" else "duration"]
        self.duration = duration.to_numpy()[row]  # [n] of the plain ones; what is made says its own
        self.calendars, self.number = clocks.calendars, clocks.number[self.row]  # [n] which of the calendars
        self.of_lags = clocks.of_lags[self.row]  # [n] on which of them a lag runs that follows the activity's calendar
        self.begin = begin
        self.own = {task.activity: task for task in own}  # those that are not plain
        self.made = dict(self.own)
        self.opens: Mapping[str, str | None] = {}  # with which activity a summary begins, where that matters (`openings`)
        self.standing: Mapping[str, Task] = {}  # by summary task the point that stands where somebody put it (`standing`)
        self.by_work = False  # what follows such a summary task waits for what belongs to it too

    def __getitem__(self, activity: str) -> Task:
        if activity in self._points:
            return self._points[activity]
        if activity not in self.made:
            i = self.place[activity]
            cal = self.calendars[self.number[i]]
            self.made[activity] = Task(activity, ACTIVITY_KINDS[self.kinds[i]], "open", cal, int(self.duration[i]), None, None, low={"es": self.begin})
        return self.made[activity]

    def calendar(self, activity: str) -> Calendar:
        """An activity's calendar, without making anything of it."""
        if activity in self._points:
            return self._points[activity].calendar
        return self.own[activity].calendar if activity in self.own else self.calendars[self.number[self.place[activity]]]

    def lag_calendar(self, activity: str) -> Calendar:
        """The calendar on which a lag runs that follows the activity's."""
        return self._points[activity].calendar if activity in self._points else self.calendars[self.of_lags[self.place[activity]]]

    def by_calendar(self, activities: Sequence[str]) -> Iterator[tuple[Calendar, np.ndarray]]:
        """Each calendar with the positions among these activities of those that follow it."""
        found: dict[int, tuple[Calendar, list[int]]] = {}
        for i, activity in enumerate(activities):
            cal = self.calendar(activity)
            found.setdefault(id(cal), (cal, []))[1].append(i)
        return ((cal, np.array(places, np.int64)) for cal, places in found.values())

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, activity: object) -> bool:
        return activity in self.place

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """For each summary task its scheduled activities, however deep."""
        return leaves(self._plan, self)

    @cached_property
    def followed(self) -> Mapping[str, Sequence[str]]:
        """For each summary task what a relationship from it hangs on."""
        return followed(self._plan, self, self.standing, by_work=self.by_work) if self.standing else self.below

    @cached_property
    def waiting(self) -> Mapping[str, Sequence[str]]:
        """For each summary task what waits for what it waits for."""
        return followed(self._plan, self, self.standing, by_work=True) if self.standing else self.below

    @cached_property
    def _points(self) -> Mapping[str, Task]:
        return {point.activity: point for point in self.standing.values()}

    def having(self, *states: str) -> np.ndarray:
        """[n] whether an activity is in one of these states; plain ones are open."""
        found = np.full(len(self.names), "open" in states)
        for name, task in self.own.items():
            found[self.place[name]] = task.state in states
        return found


def tasks(plan: Project, clocks: Clocks, move_to: datetime | None = None, soften: bool = False) -> Tasks:
    """Every activity that the source schedules, in the plan's order; summaries and inactive tasks are left out."""
    activities = plan.tables["activities"]
    kinds = activities["kind"].to_physical().to_numpy()
    scheduled = (kinds != KIND["summary"]) & activities["active"].to_numpy()
    special = activities.select(COLUMNS)[np.flatnonzero(scheduled & ~plain(plan, kinds))]
    own = bounded(plan, special, clocks, move_to, soften) if special.height else []
    return Tasks(plan, np.flatnonzero(scheduled), kinds, clocks, earliest(plan, move_to), own)


class Link(NamedTuple):
    """A relationship between two activities that are scheduled."""

    predecessor: str
    successor: str
    type: str
    lag: int  # [minutes] of the calendar
    calendar: Calendar
    backward_only: bool = False  # the forward pass has it as a bound already
    forward_only: bool = False  # something else stands for it in the backward pass


FROM_START = (TYPES.index("SS"), TYPES.index("SF"))


@dataclass(frozen=True, slots=True)
class Joined:
    """Relationships as columns: [m] each, ends as places among the tasks, the calendar of the lag as its number."""

    before: np.ndarray
    after: np.ndarray
    type: np.ndarray
    lag: np.ndarray
    calendar: np.ndarray
    calendars: list[Calendar]

    def links(self, tasks: Tasks) -> Iterator[Link]:
        """Each as the `Link` that it stands for."""
        columns = (self.before.tolist(), self.after.tolist(), self.type.tolist(), self.lag.tolist(), self.calendar.tolist())
        for before, after, kind, lag, calendar in zip(*columns, strict=True):
            yield Link(tasks.names[before], tasks.names[after], TYPES[kind], lag, self.calendars[calendar])


def joined(plan: Project, tasks: Tasks, project: Calendar) -> tuple[Joined, pl.DataFrame]:
    """The relationships between activities that have not begun, which hold just as they are; and the rest, which progress or summaries change."""
    rows, found = plan.tables["relationships"] if "relationships" in plan.tables else Relationships.create_empty(), index(plan)
    place = np.full(len(found.row) + 1, -1)  # the last for ids that no activity has
    place[tasks.row] = np.arange(len(tasks))
    before, after = place[found.predecessor], place[found.successor]
    waits = np.append(tasks.having("open"), False)  # the last for those that are no task
    delayed = np.zeros(len(waits), bool)
    delayed[[tasks.place[task.activity] for task in tasks.own.values() if task.delay]] = True
    stands = np.zeros(len(waits), bool)
    stands[[tasks.place[task.activity] for task in tasks.own.values() if task.stands]] = True
    kinds = rows["type"].to_physical().to_numpy()
    through = waits[before] & waits[after] & ~delayed[after] & (before != after) & ~(stands[before] & np.isin(kinds, FROM_START))
    before, after = before[through], after[through]
    clocks = [*tasks.calendars, project, ROUND_THE_CLOCK]
    of_project, round_the_clock = (np.full(len(before), len(clocks) - 2), np.full(len(before), len(clocks) - 1))
    by_option = {"predecessor": tasks.of_lags[before], "successor": tasks.of_lags[after], "project": of_project, "24h": round_the_clock}
    elapsed = np.isin(rows["lag_kind"].to_physical().to_numpy(), ELAPSED)[through]
    clock = np.where(elapsed, round_the_clock, by_option[plan.info.options.lag_calendar])
    return Joined(before, after, kinds[through].astype(np.int32), rows["lag"].to_numpy()[through], clock, clocks), rows[np.flatnonzero(~through)]
