"""What the passes found, as the source tool shows it: instants at the end or the beginning of work, floats, what has begun and what is done."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.calendar import next_working, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.effort import level_of_effort
from pmo_lib.schedule.network import Network
from pmo_lib.schedule.network.p6.between_projects import free_before_other_projects
from pmo_lib.schedule.passes import Passes

INSTANTS = ("early_start", "early_finish", "late_start", "late_finish", "remaining_start")
FLOATS = ("total_float", "free_float")
MARKS = ("critical", "longest_path")


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
        if task.shows is not None:
            found["early_start"][i], found["early_finish"][i] = task.shows
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


def _open(plan: Project, net: Network, run: Passes) -> dict[str, np.ndarray]:
    milestone = _stands_at_start(net, run)
    pointed = (net.duration == 0) & ~milestone
    late = run.lf if net.single else _shown_as_early(net, run, np.flatnonzero(pointed))
    closed = pointed | _closed_by_date(net, run) if net.single else pointed
    by_path = plan.info.options.critical == "longest_path"
    return {
        "early_start": np.where(pointed, net.instants(run.ef), net.instants(run.es, finish=False)),
        "early_finish": np.where(milestone, net.instants(run.ef, finish=False), net.instants(run.ef)),
        "late_start": np.where(closed, net.instants(late), net.instants(run.ls, finish=False)),
        "late_finish": np.where(milestone & ~closed, net.instants(run.lf, finish=False), net.instants(late)),
        "total_float": run.total_float,
        "free_float": free_as_shown(plan, net, run),
        "critical": run.longest_path if by_path else run.total_float <= net.critical_float,
        "longest_path": run.longest_path,
    }


def free_as_shown(plan: Project, net: Network, run: Passes) -> np.ndarray:
    """Free float [nodes] as the source tool shows it.

    Neither P6 nor MS Project shows less than nothing, as where a successor's date is held before its predecessor ends (P6 23.12: jaggelas, A1340). P6
    shows none where an expected finish sets the duration, whatever lies before the successors (an update by 23.12, where two weeks do). MS Project
    shows no more than the total slack, and all of that where the task itself leads to nothing that is still to be done, whatever its summary tasks
    lead to (new-product, tasks 9 and 14; slack9, tasks 11 and 14; NBIA 4.2, task 2258).
    """
    application = plan.info.application
    if application == "msp":
        free = np.where(_leading(plan, net), run.free_float, run.total_float)
        return np.clip(free, 0, np.maximum(run.total_float, 0))
    if application != "p6":
        return run.free_float
    free = free_before_other_projects(plan, net, run.es, run.ef, run.free_float)
    return np.where([name in net.expected for name in net.activities], 0, np.maximum(free, 0)) if net.expected else np.maximum(free, 0)


def _leading(plan: Project, net: Network) -> np.ndarray:
    """[nodes] which of them have a relationship of their own to what is still to be done."""
    rows = plan.tables.get("relationships")
    if rows is None:
        return np.zeros(len(net.activities), bool)
    done = plan.tables["activities"].filter(pl.col("actual_finish").is_not_null() | ~pl.col("active"))["activity"]
    leading = set(rows.filter(~pl.col("successor").is_in(done.implode()))["predecessor"].to_list())
    return np.array([name in leading for name in net.activities], bool)


def _shown_as_early(net: Network, run: Passes, points: np.ndarray) -> np.ndarray:
    """Late dates in which a point that stands at the end of work early does so late too, where the clock has two instants for one."""
    late = run.lf.copy()
    for number, line in enumerate(net.timelines):
        of_line = points[net.arrays.calendar[points] == number]
        ended = of_line[run.ef[of_line] == line.finish_clock(line.working(run.ef[of_line]))]
        late[ended] = line.finish_clock(line.working(late[ended]))
    return late


def _stands_at_start(net: Network, run: Passes) -> np.ndarray:
    """Activities without duration that show the next working moment: start milestones, and points before which nothing has ended.

    What is as late as possible and could have been earlier stands where the time that it gave up ends, and what a date holds at the end of work there.
    """
    begins = net.arrays.point == 1
    if net.single:
        held = np.repeat(np.arange(len(run.es)), np.diff(net.arrays.pred_from))[net.arrays.pred_type % 2 == 0]  # by FS and FF
        ended = (np.bincount(held, minlength=len(run.es)) > 0) & (run.es > np.maximum(net.arrays.es_low, net.arrays.ef_low))
        return (net.duration == 0) & (begins | ~(ended | (run.es > run.first_es) | _ended_by_date(net, run)))
    return (net.duration == 0) & begins


def _ended_by_date(net: Network, run: Passes) -> np.ndarray:
    """[nodes] what lasts no time and is held early by a date of its own that is the end of work (P6 23.12.1; MS Project: slack9, task 11)."""
    found = np.zeros(len(run.ef), bool)
    for i in np.flatnonzero((net.duration == 0) & ((net.arrays.ef_low == run.ef) | (net.arrays.ef_high == run.ef))).tolist():
        task = net.tasks.made.get(net.activities[i])
        found[i] = task is not None and task.finishes_on is not None and np.datetime64(task.finishes_on, "us") <= net.instants(run.ef[i])
    return found


def _closed_by_date(net: Network, run: Passes) -> np.ndarray:
    """[nodes] what lasts no time and is held late by a date of its own that is no beginning of work."""
    bounds = (net.arrays.ls_low, net.arrays.lf_low, net.arrays.ls_high, net.arrays.lf_high)
    found = np.zeros(len(run.lf), bool)
    for i in np.flatnonzero((net.duration == 0) & np.any([bound == run.lf for bound in bounds], axis=0)).tolist():
        task = net.tasks.made.get(net.activities[i])
        found[i] = task is not None and task.due is not None and np.datetime64(task.due, "us") < net.instants(run.lf[i], finish=False)
    return found


def _with_effort(plan: Project, net: Network, found: dict[str, np.ndarray]) -> None:
    """Level of effort into the columns."""
    if not net.tasks.having("level_of_effort").any():
        return
    ends = {name: found[name].tolist() for name in ("early_start", "early_finish", "late_start", "late_finish")}
    for i in np.flatnonzero(net.shown & (net.duration == 0)).tolist():  # a lag from a late date begins where work ends, or begins after a start milestone
        place, edge = net.place[i], next_working if net.arrays.point[i] else previous_working
        ends["late_start"][place] = ends["late_finish"][place] = edge(net.calendars[net.arrays.calendar[i]], ends["late_finish"][place])
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
