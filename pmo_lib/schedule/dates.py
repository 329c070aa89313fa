"""When each activity can and must happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network


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
    finish: int  # the project's


@dataclass(frozen=True, slots=True)
class Run:
    """One scheduling of a plan as its source would, for verbs that look at the same one: made by `schedule_once`."""

    net: Network
    passes: Passes
    rows: Mapping[str, Mapping[str, Any]]  # by activity, as `scheduled` gives them


def schedule_once(plan: Project) -> Run:
    """Both passes over the plan, to be handed to `dates`, `agreement` and `checks`. Raises what `dates` raises."""
    from pmo_lib.schedule.network import lower

    net = lower(plan)
    both = passes(net)
    return Run(net, both, scheduled(plan, net, both))


def dates(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Early and late dates, floats and the critical path, of every activity that the source schedules (`tables.results.Dates`).

    Floats are working minutes on the activity's own calendar. What is done shows its actual dates and has neither late dates nor float; a started
    activity begins at its actual start. Level of effort takes its dates from its links, and summary and inactive tasks have no row.
    `run` is `schedule_once(plan)`, where it was made already.

    Raises `NotAvailable` without activities, `NotSchedulable` for a loop or a calendar without working time.
    """
    from pmo_lib.tables.results import Dates

    rows = (run or schedule_once(plan)).rows
    names = dict(plan.tables["activities"].select("activity", "name").iter_rows())
    columns = {column: [rows[activity].get(column) for activity in rows] for column in Dates.column_names() if column not in ("activity", "name")}
    frame = {"activity": list(rows), "name": [names[activity] for activity in rows], **columns}
    return Dates.validate(pl.DataFrame(frame, schema=dict(Dates.create_empty().schema)))


def passes(net: Network) -> Passes:
    """Both passes with the planned durations: a simulation with one iteration."""
    from pmo_lib.schedule import kernel

    n = len(net.activities)
    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, ls, lf, total, free = (np.zeros((n, 1), np.int32) for _ in range(6))
    finish, marked = np.zeros(1, np.int32), np.zeros((n, 1), np.uint8)
    if n:
        kernel.forward(net.arrays, duration, es, ef)
        kernel.latest(net.arrays, ef, finish)
        until = finish if net.must_finish is None else np.array([net.must_finish], np.int32)
        kernel.backward(net.arrays, duration + net.done[:, None], ef, until, ls, lf)
        if net.late.any():
            _as_late(net, duration, es, ef, ls, finish)
        kernel.total_float(net.arrays, net.total_float, es, ef, ls, lf, total)
        if net.done.any():  # early starts are those of the remaining work, late starts those of the whole
            of_finish = np.empty_like(total)
            kernel.total_float(net.arrays, kernel.FINISH_FLOAT, es, ef, ls, lf, of_finish)
            total = np.where(net.done[:, None] > 0, of_finish, total)
        kernel.free_float(net.arrays, es, ef, finish, free)
        kernel.longest_path(net.arrays, es, ef, finish, marked)
    return Passes(es[:, 0], ef[:, 0], ls[:, 0], lf[:, 0], total[:, 0], free[:, 0], marked[:, 0].astype(bool), int(finish[0]))


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


def scheduled(plan: Project, net: Network, run: Passes) -> dict[str, dict[str, Any]]:
    """For each activity its columns of `Dates`, in the plan's order, with P6's `remaining_start` beside the early start of what has begun."""
    open_ = _open(plan, net, run)
    rows = {}
    for activity, task in net.tasks.items():
        if task.state == "done":
            rows[activity] = {"early_start": task.started, "early_finish": task.finished, "critical": False, "longest_path": False}
        elif task.state != "level_of_effort":
            rows[activity] = open_[activity]
    from pmo_lib.schedule.effort import level_of_effort

    rows |= level_of_effort(plan, net, rows, _finish(plan, net, run))
    return {activity: rows[activity] for activity in net.tasks if activity in rows}


def _finish(plan: Project, net: Network, run: Passes) -> datetime:
    if not net.activities:
        return max((t.finished for t in net.tasks.values() if t.finished), default=net.origin)
    return net.instants(np.array(run.finish)).item()


def _open(plan: Project, net: Network, run: Passes) -> dict[str, dict[str, Any]]:
    milestone = _stands_at_start(net, run)
    pointed = (net.duration == 0) & ~milestone
    early_start = np.where(pointed, net.instants(run.ef), net.instants(run.es, finish=False))
    early_finish = np.where(milestone, net.instants(run.ef, finish=False), net.instants(run.ef))
    late = run.lf if net.single else _shown_as_early(net, run, np.flatnonzero(pointed))
    late_start = np.where(pointed, net.instants(late), net.instants(run.ls, finish=False))
    late_finish = np.where(milestone, net.instants(run.lf, finish=False), net.instants(late))
    by_path = plan.info.options.critical == "longest_path"
    critical = run.longest_path if by_path else run.total_float <= net.critical_float
    rows: dict[str, dict[str, Any]] = {}
    columns: Mapping[str, list[Any]] = {
        "early_start": early_start.tolist(), "early_finish": early_finish.tolist(),
        "late_start": late_start.tolist(), "late_finish": late_finish.tolist(),
        "total_float": run.total_float.tolist(), "free_float": run.free_float.tolist(),
        "critical": critical.tolist(), "longest_path": run.longest_path.tolist(),
    }  # fmt: skip
    for i, activity in enumerate(net.activities):
        if net.shown[i]:
            row = {column: values[i] for column, values in columns.items()}
            rows[activity] = _begun(plan, row, net.tasks[activity].started) if net.started[i] else row
    return rows


def _shown_as_early(net: Network, run: Passes, points: np.ndarray) -> np.ndarray:
    """Late dates in which a point that stands at the end of work early does so late too, where the clock has two instants for one."""
    late = run.lf.copy()
    for i in points:
        line = net.timelines[net.arrays.calendar[i]]
        if run.ef[i] == line.finish_clock(line.working(run.ef[i])):
            late[i] = line.finish_clock(line.working(late[i]))
    return late


def _begun(plan: Project, row: dict[str, Any], started: datetime | None) -> dict[str, Any]:
    """A started activity: P6 keeps the early and late start of the remaining work, MS Project those of the whole."""
    if plan.info.application == "msp":
        return row | {"early_start": started, "late_start": started}
    return row | {"early_start": started, "remaining_start": row["early_start"]}


def _stands_at_start(net: Network, run: Passes) -> np.ndarray:
    """Activities without duration that show the next working moment: start milestones, and points at which nothing has ended before."""
    begins = net.arrays.point == 1
    if net.single:
        fixed = np.maximum(net.arrays.es_low, net.arrays.ef_low)
        ended = np.zeros(len(run.es), bool)
        for i in range(len(run.es)):
            span = slice(net.arrays.pred_from[i], net.arrays.pred_from[i + 1])
            ended[i] = bool(np.any(net.arrays.pred_type[span] % 2 == 0)) and run.es[i] > fixed[i]
        return (net.duration == 0) & (begins | ~ended)
    return (net.duration == 0) & begins
