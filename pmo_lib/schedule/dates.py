"""When each activity can and must happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.calendar import previous_working, round_minutes
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.schedule.links import Link
    from pmo_lib.schedule.network import Network

INSTANTS = ("early_start", "early_finish", "late_start", "late_finish", "remaining_start")
FLOATS = ("total_float", "free_float")
MARKS = ("critical", "longest_path")


@dataclass(frozen=True, slots=True)
class Passes:
    """One iteration's passes over a network: everything `[activities]`, on the network's time axis, in its order."""

    es: np.ndarray
    ef: np.ndarray
    ls: np.ndarray
    lf: np.ndarray
    total_float: np.ndarray  # [working minutes]
    free_float: np.ndarray  # [working minutes]
    longest_path: np.ndarray  # bool
    first_es: np.ndarray  # where what is as late as possible could begin, if it and all such before it had not been moved
    finish: int  # the project's


@dataclass(frozen=True)
class Run:
    """One scheduling of a plan as its source would, for verbs that look at the same one: made by `schedule_once`."""

    plan: Project
    net: Network
    passes: Passes

    @cached_property
    def columns(self) -> tuple[Mapping[str, np.ndarray], np.ndarray]:
        """As `columns` gives them."""
        return columns(self.plan, self.net, self.passes)

    @cached_property
    def links(self) -> Sequence[Link]:
        """Every relationship between scheduled activities, as `linked` gives them; those between what has not begun first."""
        from pmo_lib.schedule.links import linked
        from pmo_lib.schedule.plain import joined

        project = project_calendar(self.plan)
        plain, others = joined(self.plan, self.net.tasks, project)
        return [*plain.links(self.net.tasks), *linked(self.plan, self.net.tasks, project, others)]

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """For each activity its columns of `Dates`, in the plan's order, with P6's `remaining_start` beside the early start of what has begun."""
        return _rows(self.net, *self.columns)


def schedule_once(plan: Project) -> Run:
    """Both passes over the plan, to be handed to `dates`, `agreement` and `checks`. Raises what `dates` raises."""
    from pmo_lib.schedule.network import lower

    net = lower(plan)
    return Run(plan, net, passes(net))


def dates(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Early and late dates, floats and the critical path, of every activity that the source schedules (`tables.schedule_results.Dates`).

    Floats are working minutes on the activity's own calendar. What is done shows its actual dates and has neither late dates nor float; a started
    activity begins at its actual start. Level of effort takes its dates from its links, and summary and inactive tasks have no row.
    `run` is `schedule_once(plan)`, where it was made already.

    Raises `NotAvailable` without activities, `NotSchedulable` for a loop or a calendar without working time.
    """
    from pmo_lib.tables.schedule_results import Dates

    run = run or schedule_once(plan)
    found, floated = run.columns
    named = plan.tables["activities"].select("activity", "name")
    named = named if named.height == len(run.net.tasks) else named[run.net.tasks.row]
    frame = named.hstack([pl.Series(name, values) for name, values in found.items() if name != "remaining_start"])
    if not floated.all():
        frame = frame.with_columns(pl.when(pl.Series(floated)).then(pl.col(name)).alias(name) for name in FLOATS)
    return Dates.cast(frame if not np.isnat(found["early_start"]).any() else frame.filter(pl.col("early_start").is_not_null()))


def passes(net: Network) -> Passes:
    """Both passes with the planned durations: a simulation with one iteration."""
    from pmo_lib.schedule import kernel
    from pmo_lib.schedule.slack import count_held, count_slack

    n = len(net.activities)
    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, ls, lf, total, free = (np.zeros((n, 1), np.int32) for _ in range(6))
    finish, marked, first = np.zeros(1, np.int32), np.zeros((n, 1), np.uint8), es
    if n:
        kernel.forward(net.arrays, duration, es, ef)
        kernel.latest(net.arrays, ef, finish)
        until = np.maximum(finish, -kernel.FAR if net.ended is None else net.ended).astype(np.int32)
        if net.must_finish is not None:
            until = np.array([net.must_finish], np.int32)
        kernel.backward(net.arrays, duration, ef, until, ls, lf)
        np.minimum.at(ls[:, 0], net.parts[:, 0], ls[net.parts[:, 1], 0])
        if net.floor is not None:
            net = _begun_by_the_latest(net, net.floor, ls)
            kernel.forward(net.arrays, duration, es, ef)
        first = es.copy()
        if net.late.any():
            _as_late(net, duration, es, ef, ls, finish)
            first = _unmoved(net, duration, es) if net.late_by_total_float else first
        kernel.total_float(net.arrays, net.total_float, es, ef, ls, lf, total)
        if net.slack:
            count_slack(net, {"es": es[:, 0], "ef": ef[:, 0], "ls": ls[:, 0], "lf": lf[:, 0]}, total[:, 0])
        if net.late_by_total_float:
            count_held(net, es[:, 0], ef[:, 0], total[:, 0])
            # what has begun shows no late finish before its early one, whatever its slack
            lf = np.where(net.started[:, None], np.maximum(lf, ef), lf)
        kernel.free_float(net.arrays, es, ef, np.maximum(finish, -kernel.FAR if net.ended is None else net.ended).astype(np.int32), free)
        kernel.longest_path(net.arrays, es, ef, finish, marked)
    return Passes(es[:, 0], ef[:, 0], ls[:, 0], lf[:, 0], total[:, 0], free[:, 0], marked[:, 0].astype(bool), first[:, 0], int(finish[0]))


def _begun_by_the_latest(net: Network, floor: datetime, ls: np.ndarray) -> Network:
    """MS Project, scheduled from the finish: the project starts at the earliest late start, and nothing else is bound by the start that the file has."""
    at = ls[net.shown].min() if net.shown.any() else 0
    low = net.arrays.es_low.copy()
    for number, line in enumerate(net.timelines):
        of_line = (net.arrays.calendar == number) & (low == line.working(round_minutes(floor - net.origin)))
        low[of_line] = at if net.single else line.working(at)
    return replace(net, arrays=net.arrays._replace(es_low=low))


def _as_late(net: Network, duration: np.ndarray, es: np.ndarray, ef: np.ndarray, ls: np.ndarray, finish: np.ndarray) -> None:
    """As late as possible. P6 takes the free float, so that no successor moves; MS Project all of the total float, and successors follow."""
    from pmo_lib.schedule import kernel

    if not net.late_by_total_float:
        kernel.as_late_as_free(net.arrays, net.late, es, ef, finish)
        return
    begins = np.empty_like(ls)
    kernel.worked(net.arrays, ls, begins)
    later = np.where(net.late, np.maximum(net.arrays.es_low, begins[:, 0]), net.arrays.es_low).astype(np.int32)
    kernel.forward(net.arrays._replace(es_low=later), duration, es, ef)


def _unmoved(net: Network, duration: np.ndarray, es: np.ndarray) -> np.ndarray:
    """Early starts in which what is as late as possible stays where it could begin, and the rest where that has moved it."""
    from pmo_lib.schedule import kernel

    begins, first = np.empty_like(es), np.empty_like(es)
    kernel.worked(net.arrays, es, begins)
    held = np.where(net.late, net.arrays.es_low, np.maximum(net.arrays.es_low, begins[:, 0])).astype(np.int32)
    kernel.forward(net.arrays._replace(es_low=held), duration, first, np.empty_like(es))
    return first


def unmoved(run: Run) -> dict[str, dict[str, datetime]]:
    """MS Project's early dates of the activities that stand elsewhere: without their own levelling delay, as soon as possible.

    Those of what is as late as possible follow what precedes it where that could end, unless it is moved by something else that is as late as possible.
    """
    net, both = run.net, run.passes
    if run.plan.info.application != "msp":
        return {}
    place = {activity: i for i, activity in enumerate(net.activities)}
    found = {}
    for activity, i in place.items():
        point = place.get(activity + "\n")
        if point is None and not net.late[i]:
            continue
        line = net.timelines[net.arrays.calendar[i]]
        at = both.first_es[i] if point is None else both.first_es[point]
        begins = int(at) if net.single else int(line.working(at))
        clock = int(line.start_clock(begins)), int(line.finish_clock(begins + int(net.duration[i])))
        instants = [net.origin + timedelta(minutes=minutes) for minutes in clock]
        found[activity] = {"early_start": instants[0], "early_finish": instants[1] if net.duration[i] else instants[0]}
    return found


def _rows(net: Network, found: Mapping[str, np.ndarray], floated: np.ndarray) -> dict[str, dict[str, Any]]:
    columns = {name: values.tolist() for name, values in found.items()}
    for name in FLOATS:
        columns[name] = [value if known else None for value, known in zip(columns[name], floated.tolist(), strict=True)]
    rows = {}
    for activity, *values in zip(net.tasks.names, *columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if row["remaining_start"] is None:
            del row["remaining_start"]
        if row["early_start"] is not None:
            rows[activity] = row
    return rows


def columns(plan: Project, net: Network, run: Passes) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The columns of `Dates` and `remaining_start`, [tasks] in the plan's order, NaT where there is nothing; and which tasks have floats."""
    place, count = net.place[net.shown], len(net.tasks)
    found = {name: np.full(count, np.datetime64("NaT"), "datetime64[us]") for name in INSTANTS}
    found |= {name: np.zeros(count, np.int64) for name in FLOATS}
    found |= {name: np.zeros(count, bool) for name in MARKS}
    for name, values in _open(plan, net, run).items():
        found[name][place] = values[net.shown]
    for task in net.tasks.own.values():
        i = net.tasks.place[task.activity]
        if task.state == "done":
            found["early_start"][i], found["early_finish"][i] = task.started, task.finished
        elif task.state == "started":
            if plan.info.application == "msp":  # P6 keeps the early and late start of the remaining work, MS Project those of the whole
                found["late_start"][i] = task.started
            else:
                found["remaining_start"][i] = found["early_start"][i]
            found["early_start"][i] = task.started
    _with_effort(plan, net, found)
    return found, net.tasks.having("open", "started", "level_of_effort")


def _with_effort(plan: Project, net: Network, found: dict[str, np.ndarray]) -> None:
    """Level of effort into the columns."""
    from pmo_lib.schedule.effort import level_of_effort

    if not net.tasks.having("level_of_effort").any():
        return
    ends = {name: found[name].tolist() for name in ("early_start", "early_finish", "late_start", "late_finish")}
    for i in np.flatnonzero(net.shown & (net.duration == 0) & (net.arrays.point == 0)).tolist():  # a lag from its late date begins where work ends
        place = net.place[i]
        ends["late_start"][place] = ends["late_finish"][place] = previous_working(net.calendars[net.arrays.calendar[i]], ends["late_finish"][place])
    rows = {a: {name: ends[name][i] for name in ends} for a, i in net.tasks.place.items() if ends["early_start"][i] is not None}
    for activity, row in level_of_effort(plan, net, rows, _finish(net, found)).items():
        for name, value in row.items():
            if value is not None:
                found[name][net.tasks.place[activity]] = value


def _finish(net: Network, found: dict[str, np.ndarray]) -> datetime:
    """When the last open activity ends, or the last finished one ended."""
    ends = found["early_finish"][net.place[net.shown]] if net.shown.any() else found["early_finish"]
    known = ends[~np.isnat(ends)]
    return known.max().item() if len(known) else net.origin


def _open(plan: Project, net: Network, run: Passes) -> dict[str, np.ndarray]:
    from pmo_lib.schedule.slack import free_as_shown

    milestone = _stands_at_start(net, run)
    pointed = (net.duration == 0) & ~milestone
    late = run.lf if net.single else _shown_as_early(net, run, np.flatnonzero(pointed))
    by_path = plan.info.options.critical == "longest_path"
    return {
        "early_start": np.where(pointed, net.instants(run.ef), net.instants(run.es, finish=False)),
        "early_finish": np.where(milestone, net.instants(run.ef, finish=False), net.instants(run.ef)),
        "late_start": np.where(pointed, net.instants(late), net.instants(run.ls, finish=False)),
        "late_finish": np.where(milestone, net.instants(run.lf, finish=False), net.instants(late)),
        "total_float": run.total_float,
        "free_float": free_as_shown(plan, net, run),
        "critical": run.longest_path if by_path else run.total_float <= net.critical_float,
        "longest_path": run.longest_path,
    }


def _shown_as_early(net: Network, run: Passes, points: np.ndarray) -> np.ndarray:
    """Late dates in which a point that stands at the end of work early does so late too, where the clock has two instants for one."""
    late = run.lf.copy()
    for number, line in enumerate(net.timelines):
        of_line = points[net.arrays.calendar[points] == number]
        ended = of_line[run.ef[of_line] == line.finish_clock(line.working(run.ef[of_line]))]
        late[ended] = line.finish_clock(line.working(late[ended]))
    return late


def _stands_at_start(net: Network, run: Passes) -> np.ndarray:
    """Activities without duration that show the next working moment: start milestones, and points at which nothing has ended before."""
    begins = net.arrays.point == 1
    if net.single:
        held = np.repeat(np.arange(len(run.es)), np.diff(net.arrays.pred_from))[net.arrays.pred_type % 2 == 0]  # by FS and FF
        ended = (np.bincount(held, minlength=len(run.es)) > 0) & (run.es > np.maximum(net.arrays.es_low, net.arrays.ef_low))
        return (net.duration == 0) & (begins | ~ended)
    return (net.duration == 0) & begins
