"""What lowering makes of a plan, and the engine and every simulation of it read: the open activities and what binds them, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from pmo_lib.calendar import Calendar, Timeline, round_minutes
from pmo_lib.schedule.kernel import Arrays
from pmo_lib.schedule.network.plain import Joined, Link, Tasks

Lines = tuple[tuple[np.ndarray, Timeline], ...]  # nodes, and the calendar on which their slack runs


@dataclass(frozen=True, slots=True)
class Network:
    """Open activities in topological order, as arrays: what is done has dates already, and level of effort never drives.

    `activities` are ids; what stands for an activity, as for a delayed one without its delay, has its id and a line feed, and `shown` leaves it out.
    """

    activities: tuple[str, ...]  # [n]
    place: np.ndarray  # [n] among `tasks`; -1 for what stands for something else
    shown: np.ndarray  # [n] bool: activities of the plan
    started: np.ndarray  # [n] bool: in progress; its early start is that of the remaining work
    uncertain: np.ndarray  # [n] bool: incomplete, task or resource-dependent, with duration: what a simulation may sample
    late: np.ndarray  # [n] bool: as late as possible
    parts: np.ndarray  # [k, 2] an activity, and the point that stands for one person's part in it: it may start no later than that
    duration: np.ndarray  # [n] int32, working minutes still to be done, as planned
    rest: np.ndarray  # [n] int32, working minutes of `duration` that are planned rest between the parts of a split task
    minutes_per_day: np.ndarray  # [n] int32, of each activity's calendar
    arrays: Arrays
    origin: datetime
    calendars: tuple[Calendar, ...]  # by `arrays.calendar`
    timelines: tuple[Timeline, ...]
    must_finish: int | None  # on the time axis: where the backward pass starts instead of the project's finish
    ended: int | None  # on the time axis: what MS Project has done last, which may be later than all that is open; the late dates count from there
    total_float: int  # which float, as `kernel.total_float` takes it
    critical_float: int  # [working minutes]
    floor: datetime | None  # scheduled from the finish: the bound that stands for the project's start until the backward pass has found it
    slack: Lines  # on which other calendar than its own the total float of which activities runs
    late_by_total_float: bool  # as late as possible by MS Project's rule instead of P6's
    tasks: Tasks  # every activity that the source schedules, the done and level of effort too, in the plan's order
    plain_links: Joined  # between activities that have not begun
    other_links: tuple[Link, ...]
    expected: frozenset[str] = frozenset()  # activities whose duration P6's expected finish has set

    @property
    def links(self) -> tuple[Link, ...]:
        """The relationships that drive."""
        return (*self.plain_links.links(self.tasks), *self.other_links)

    @property
    def single(self) -> bool:
        """Whether the time axis is one calendar's working minutes."""
        return not len(self.arrays.grid)

    def instants(self, times: np.ndarray, *, finish: bool = True) -> np.ndarray:
        """Times of the axis as datetime64[us]; `finish` chooses between Friday 17:00 and Monday 08:00 where the axis has one number for both."""
        clock = np.asarray(times, np.int64)
        if self.single:
            clock = self.timelines[0].finish_clock(clock) if finish else self.timelines[0].start_clock(clock)
        return np.datetime64(self.origin, "us") + clock.astype("timedelta64[m]")

    def axis(self, when: datetime) -> int:
        """An instant on the time axis."""
        clock = round_minutes(when - self.origin)
        return int(self.timelines[0].working(clock)) if self.single else clock
