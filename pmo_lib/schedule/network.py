"""Lowers a Project to the arrays of the kernel: every rule of P6 and MS Project is applied here or in what this module calls.

`lower(plan)` gives a `Network`; `net.arrays` is what the kernel's functions take, `net.duration` the planned durations `[activities]`.
The network holds open activities only: what is done has dates already, and level of effort never drives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, Timeline, project_calendar, round_minutes
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project, table
from pmo_lib.schedule import horizon
from pmo_lib.schedule.bounds import Task, earliest, tasks
from pmo_lib.schedule.clocks import activity_calendars
from pmo_lib.schedule.kernel import FAR, FF, FINISH_FLOAT, FS, SF, SMALLEST_FLOAT, SS, START_FLOAT, Arrays, backward, forward
from pmo_lib.schedule.links import Link, driving, hold_before_begun_summaries, hold_to_other_projects
from pmo_lib.schedule.order import grouped, topological

TYPES = {"FS": FS, "SS": SS, "FF": FF, "SF": SF}
FLOATS = {"finish": FINISH_FLOAT, "start": START_FLOAT, "smallest": SMALLEST_FLOAT}
BOUNDS = ("es_low", "es_high", "ef_low", "ef_high", "ls_low", "ls_high", "lf_low", "lf_high")
SPARE = 400  # days kept free at either end of the horizon
LONGEST = 400_000  # days, some 1,100 years: as far as int32 minutes and the tables' memory carry with ease


@dataclass(frozen=True, slots=True)
class Network:
    """Open activities in topological order, as arrays.

    `activities` are ids; a levelling delay is an extra point, whose id ends in a line feed and which `shown` leaves out.
    """

    activities: tuple[str, ...]  # [n]
    shown: np.ndarray  # [n] bool: activities of the plan
    started: np.ndarray  # [n] bool: in progress; its early start is that of the remaining work
    uncertain: np.ndarray  # [n] bool: incomplete, task or resource-dependent, with duration: what a simulation may sample
    late: np.ndarray  # [n] bool: as late as possible
    duration: np.ndarray  # [n] int32, working minutes still to be done, as planned
    done: np.ndarray  # [n] int32, working minutes that the certificate's backward pass adds: MS Project takes the whole of a started task
    minutes_per_day: np.ndarray  # [n] int32, of each activity's calendar
    arrays: Arrays
    origin: datetime
    calendars: tuple[Calendar, ...]  # by `arrays.calendar`
    timelines: tuple[Timeline, ...]
    must_finish: int | None  # on the time axis: where the backward pass starts instead of the project's finish
    total_float: int  # which float, as `kernel.total_float` takes it
    critical_float: int  # [working minutes]
    late_by_total_float: bool  # as late as possible by MS Project's rule instead of P6's
    tasks: Mapping[str, Task]  # every activity that the source schedules, the done and level of effort too, in the plan's order
    links: tuple[Link, ...]

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


def lower(plan: Project, *, move_to: datetime | None = None, soften: bool = False, longest: Mapping[str, int] | None = None) -> Network:
    """The network of the plan's open activities, as its source schedules them.

    A forecast differs: `move_to` lets no open work be scheduled before that instant, `soften` turns mandatory dates into "on or after" and drops
    late constraints, deadlines and must-finish. `longest` gives, by activity id, the longest duration [working minutes] that a simulation may
    put in place of the planned one; the range of the time axis is proved for it.

    Raises `NotSchedulable` for a loop, a calendar without working time, or a pass that leaves the range; `NotAvailable` without activities.
    """
    table(plan, "activities", "schedule")
    default = project_calendar(plan)
    every = tasks(plan, activity_calendars(plan), move_to, soften)
    if not soften:
        hold_before_begun_summaries(plan, every)
    hold_to_other_projects(plan, every, soften)
    links = driving(plan, every, default)
    nodes, links = _with_delays([t for t in every.values() if t.state in ("open", "started")], links)
    numbers = {task.activity: i for i, task in enumerate(nodes)}
    before = np.array([numbers[link.predecessor] for link in links], np.int64)
    after = np.array([numbers[link.successor] for link in links], np.int64)
    order = topological(len(nodes), before, after, [task.activity.rstrip("\n") for task in nodes])
    place = np.empty(len(nodes), np.int64)
    place[order] = np.arange(len(nodes))
    nodes = [nodes[i] for i in order]
    clocks, of_task, of_link = _distinct([t.calendar for t in nodes], [link.calendar for link in links], [link.lag for link in links], default)
    structure = {"calendar": of_task, **_flags(plan, nodes, place[before]), **_csr(len(nodes), place[before], place[after], links, of_link)}
    duration = np.array([t.duration for t in nodes], np.int64)
    most = np.array([max(t.duration, int((longest or {}).get(t.activity, 0))) for t in nodes], np.int64)
    must_finish = None if soften else plan.info.must_finish
    first, lines, arrays = _laid_out(nodes, clocks, structure, most, must_finish, earliest(plan, move_to))
    origin = datetime(first.year, first.month, first.day)
    net = Network(
        activities=tuple(t.activity for t in nodes),
        shown=np.array([not t.activity.endswith("\n") for t in nodes], bool),
        started=np.array([t.state == "started" for t in nodes], bool),
        uncertain=np.array([t.kind in ("task", "resource_dependent") and t.duration > 0 for t in nodes], bool),
        late=np.array([t.late for t in nodes], bool),
        duration=duration.astype(np.int32),
        done=np.array([t.done for t in nodes], np.int32),
        minutes_per_day=np.array([t.calendar.minutes_per_day for t in nodes], np.int32),
        arrays=arrays,
        origin=origin,
        calendars=tuple(clocks),
        timelines=tuple(lines),
        must_finish=None,
        total_float=FLOATS[plan.info.options.total_float],
        critical_float=plan.info.options.critical_float,
        late_by_total_float=plan.info.application == "msp",
        tasks=every,
        links=tuple(links),
    )
    if must_finish is not None:
        object.__setattr__(net, "must_finish", net.axis(must_finish))
    return net


def _with_delays(nodes: list[Task], links: list[Link]) -> tuple[list[Task], list[Link]]:
    """A levelling delay is a point at which the activity could begin, followed by a lag on the clock."""
    points = {}
    for task in nodes:
        if task.delay:
            low = {"es": task.low["es"]}
            points[task.activity] = Task(task.activity + "\n", "finish_milestone", "open", task.calendar, 0, None, None, low=low)
    if not points:
        return nodes, links
    moved = [
        Link(link.predecessor, points[link.successor].activity, link.type, link.lag, link.calendar)
        if link.successor in points and link.type in ("FS", "SS")
        else link
        for link in links
    ]
    delays = [Link(points[task.activity].activity, task.activity, "FS", task.delay, ROUND_THE_CLOCK) for task in nodes if task.activity in points]
    return [*points.values(), *nodes], moved + delays


def _distinct(of_tasks: list[Calendar], of_links: list[Calendar], lags: list[int], default: Calendar) -> tuple[list[Calendar], np.ndarray, np.ndarray]:
    """The calendars that differ in their time, and which one each activity and link has. A link without lag needs none of its own."""
    numbers: dict[object, int] = {}
    clocks: list[Calendar] = []
    met: dict[int, int] = {}

    def number(cal: Calendar) -> int:
        if id(cal) not in met:
            key = (cal.week, cal.weeks, cal.exceptions)
            if key not in numbers:
                numbers[key] = len(clocks)
                clocks.append(cal)
            met[id(cal)] = numbers[key]
        return met[id(cal)]

    tasks_ = np.array([number(cal) for cal in of_tasks], np.int32)
    links_ = np.array([number(cal) if lag else 0 for cal, lag in zip(of_links, lags, strict=True)], np.int32)
    return clocks or [default], tasks_, links_


def _flags(plan: Project, nodes: Sequence[Task], predecessors: np.ndarray) -> dict[str, np.ndarray]:
    has_successor = np.bincount(predecessors, minlength=len(nodes)) > 0 if len(nodes) else np.zeros(0, bool)
    loose = ~has_successor if plan.info.options.open_ends_critical else np.zeros(len(nodes), bool)
    return {
        "point": np.array([t.kind == "start_milestone" for t in nodes], np.int32),
        "loose": loose.astype(np.int32),
        "drives": np.ones(len(nodes), np.int32),
    }


def _csr(count: int, before: np.ndarray, after: np.ndarray, links: Sequence[Link], clocks: np.ndarray) -> dict[str, np.ndarray]:
    """The links by successor and by predecessor."""
    kind = np.array([TYPES[link.type] for link in links], np.int32)
    lag = np.array([link.lag for link in links], np.int64)
    if len(lag) and np.abs(lag).max() >= FAR:
        raise NotSchedulable(f"a lag of {np.abs(lag).max():,} minutes is longer than any schedule; shorten it")
    found = {}
    both = np.array([not link.backward_only for link in links], bool)
    for name, end, other, kept in (("pred", after, before, np.flatnonzero(both)), ("succ", before, after, np.arange(len(links)))):
        first, order = grouped(end[kept], count)
        order = kept[order]
        found |= {
            f"{name}_from": first.astype(np.int32),
            name: other[order].astype(np.int32),
            f"{name}_type": kind[order],
            f"{name}_lag": lag[order].astype(np.int32),
            f"{name}_calendar": clocks[order],
        }
    return found


def _laid_out(
    nodes: Sequence[Task], clocks: list[Calendar], structure: dict[str, np.ndarray], most: np.ndarray, must_finish: datetime | None, begin: datetime
) -> tuple[date, list[Timeline], Arrays]:
    """The first of the days that hold every pass with durations up to `most`, the calendars over them, and the network's arrays.

    The proof: a pass in which links only add (FF and SF bind starts, without subtracting the successor's duration) is monotone in every duration
    and lag, so it bounds every iteration. The horizon is widened until that pass ends inside it.
    """
    named = [when for t in nodes for when in (*t.low.values(), *t.high.values())] + [when for when in (must_finish, begin) if when is not None]
    first, last = horizon.padded(min(named).date(), -SPARE), horizon.padded(max(named).date(), SPARE)
    limited = must_finish is not None or any(t.high for t in nodes)
    while True:
        days = (last - first).days
        if days > LONGEST or most.max(initial=0) >= FAR:
            longest = nodes[int(most.argmax())].activity if len(nodes) else ""
            raise NotSchedulable(
                f"the durations reach beyond {LONGEST // 365:,} years (the longest is {longest}'s, {most.max(initial=0):,} working minutes); correct it"
            )
        lines, arrays = _arrays(nodes, clocks, structure, first, last)
        late, early = _reach(arrays, lines, most, must_finish, first, limited)
        if not late and not early:
            return first, lines, arrays
        first, last = horizon.padded(first, -days if early else 0), horizon.padded(last, days if late else 0)


def _arrays(nodes: Sequence[Task], clocks: list[Calendar], structure: dict[str, np.ndarray], first: date, last: date) -> tuple[list[Timeline], Arrays]:
    lines, arrays = horizon.tables(clocks, first, last)
    if len(clocks) == 1:
        arrays = horizon.no_tables()
    return lines, Arrays(**structure, **arrays, **_bounds(nodes, structure["calendar"], lines))


def _bounds(nodes: Sequence[Task], clocks: np.ndarray, lines: Sequence[Timeline]) -> dict[str, np.ndarray]:
    """Each bound on its activity's own calendar."""
    found = {name: np.full(len(nodes), FAR if name.endswith("high") else -FAR, np.int32) for name in BOUNDS}
    held: dict[tuple[str, int], list[tuple[int, int]]] = {}  # by bound and calendar: activities, clock minutes
    for i, (task, clock) in enumerate(zip(nodes, clocks.tolist(), strict=True)):
        for side, bounds in (("low", task.low), ("high", task.high)):
            for what, when in bounds.items():
                held.setdefault((f"{what}_{side}", clock), []).append((i, round_minutes(when - lines[0].origin)))
    for (name, clock), places in held.items():
        at, minutes = np.array(places, np.int64).T
        found[name][at] = lines[clock].working(minutes)
    return found


def _reach(arrays: Arrays, lines: Sequence[Timeline], most: np.ndarray, must_finish: datetime | None, first: date, limited: bool) -> tuple[bool, bool]:
    """Whether the longest pass comes too near the end of the horizon, and the backward pass from the earliest limit too near its beginning."""
    if not len(most):
        return False, False
    spare = SPARE * 1440 // 4
    end = int(min(line.ends[-1] for line in lines))
    duration = most.astype(np.int32)[:, None]
    es, ef = np.empty_like(duration), np.empty_like(duration)
    binding = {FF: FS, SF: SS, FS: FS, SS: SS}
    free = {name: np.full_like(arrays.es_high, FAR) for name in ("es_high", "ef_high")}
    forward(arrays._replace(pred_type=_mapped(arrays.pred_type, binding), **free), duration, es, ef)
    clock = lines[0].finish_clock(ef) if not len(arrays.grid) else ef
    over = len(arrays.grid) == 0 and int(ef.max()) >= int(lines[0].before[-1])
    late = over or int(np.max(clock)) > end - spare
    if not limited:
        return late, False
    limits = [int(bound[bound < FAR].min(initial=FAR)) for bound in (arrays.es_high, arrays.ef_high, arrays.ls_high, arrays.lf_high)]
    # bounds stand on each activity's own calendar: the least of them all is below every one on the clock
    finish = np.array([min(int(line.start_clock(min(limit, int(line.before[-1])))) for line in lines for limit in limits)], np.int32)
    if must_finish is not None:
        finish = np.minimum(finish, np.int32(round_minutes(must_finish - lines[0].origin)))
    if not len(arrays.grid):
        finish = lines[0].working(finish).astype(np.int32)
    ls, lf = np.empty_like(duration), np.empty_like(duration)
    backward(arrays._replace(succ_type=_mapped(arrays.succ_type, {SS: FS, SF: FF, FS: FS, FF: FF})), duration, ef, finish, ls, lf)
    begins = int(ls.min())
    return late, begins < spare // 4 if not len(arrays.grid) else begins < spare


def _mapped(types: np.ndarray, to: Mapping[int, int]) -> np.ndarray:
    return np.array([to[i] for i in range(4)], np.int32)[types]
