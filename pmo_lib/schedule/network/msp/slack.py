"""MS Project counts slack on the task's own calendar, or else the project's, whenever its resources work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from pmo_lib.calendar import Calendar, Timeline, timeline
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.schedule import kernel
from pmo_lib.schedule.network.clocks import same_time
from pmo_lib.schedule.network.record import Lines, Network


def slack_lines(plan: Project, names: Sequence[str], of_nodes: Sequence[int], lines: Sequence[Timeline], kept: Sequence[Calendar]) -> Lines:
    """The nodes whose slack runs on another calendar than their work; `kept` are the network's calendars, `of_nodes` which one each node has."""
    if plan.info.application != "msp":
        return ()
    known = calendars(plan)
    default = project_calendar(plan, known)
    rows = plan.tables["activities"].select("activity", "calendar", "elapsed").iter_rows()
    own = {activity: (known.get(key) if key else None, elapsed) for activity, key, elapsed in rows}
    found: dict[int, tuple[Calendar, list[int]]] = {}
    for i, name in enumerate(names):
        cal, elapsed = own.get(name, (None, True))
        counts = cal or default
        if not elapsed and counts.works and not same_time(counts, kept[of_nodes[i]]):
            found.setdefault(id(counts), (counts, []))[1].append(i)
    first = lines[0].origin
    last = first + timedelta(minutes=int(max(line.ends[-1] for line in lines)))
    return tuple((np.array(nodes, np.int64), timeline(cal, first.date(), last.date())) for cal, nodes in found.values())


def count_slack(net: Network, times: dict[str, np.ndarray], total: np.ndarray) -> None:
    """Total float of those nodes into `total` [activities]; `times` are es, ef, ls, lf on the network's axis. What has begun has that of its finish."""
    for nodes, line in net.slack:
        clock = {name: _clock(net, values[nodes], name in ("ef", "lf")) for name, values in times.items()}
        of_start = line.working(clock["ls"]) - line.working(clock["es"])
        of_finish = line.working(clock["lf"]) - line.working(clock["ef"])
        total[nodes] = np.where(net.started[nodes], of_finish, np.minimum(of_start, of_finish))


def count_held(net: Network, es: np.ndarray, ef: np.ndarray, total: np.ndarray) -> None:
    """Into `total`: what its date holds before a predecessor is done has that much negative slack (MS Project: must start or finish on, and the like).

    Not so what is manually scheduled, whose slack is that of its late dates alone (task-links, written by Project 2016 and 2019).
    """
    arrays, lines = net.arrays, _line_of(net)
    by_hand = {task.activity for task in net.tasks.own.values() if task.stands}
    for i in np.flatnonzero(((arrays.es_high < kernel.FAR) | (arrays.ef_high < kernel.FAR)) & ~net.started).tolist():
        if net.activities[i] in by_hand:
            continue
        for p in range(arrays.pred_from[i], arrays.pred_from[i + 1]):
            before, kind = arrays.pred[p], arrays.pred_type[p]
            to_start = kind in (kernel.FS, kernel.SS)
            from_, to = (ef if kind in (kernel.FS, kernel.FF) else es)[before], (es if to_start else ef)[i]
            total[i] = min(total[i], _slack(net, lines.get(i), i, (arrays.pred_lag[p], arrays.pred_calendar[p]), int(from_), int(to)))


def count_free(net: Network, es: np.ndarray, ef: np.ndarray, free: np.ndarray) -> None:
    """Free float into `free` [activities] of those whose slack runs on another calendar than their work, on that calendar."""
    arrays = net.arrays
    for i, line in _line_of(net).items():
        slacks = []
        for s in range(arrays.succ_from[i], arrays.succ_from[i + 1]):
            after, kind = arrays.succ[s], arrays.succ_type[s]
            from_, to = (ef if kind in (kernel.FS, kernel.FF) else es)[i], (es if kind in (kernel.FS, kernel.SS) else ef)[after]
            slacks.append(_slack(net, line, i, (arrays.succ_lag[s], arrays.succ_calendar[s]), int(from_), int(to)))
        if slacks:
            free[i] = min(slacks)


def count_by_hand(net: Network, es: np.ndarray, ef: np.ndarray, free: np.ndarray) -> None:
    """Into `free`: what begins with a manually scheduled task, which does not hold its late dates, limits its free float (task-links, as above)."""
    arrays = net.arrays
    written = {task.activity for task in (*net.tasks.own.values(), *net.tasks.standing.values()) if task.stands}
    by_hand = [i for i, name in enumerate(net.activities) if name in written] if written else []
    from_start = np.isin(arrays.pred, by_hand) & np.isin(arrays.pred_type, (kernel.SS, kernel.SF)) if by_hand else np.zeros(0, bool)
    lines = _line_of(net)
    for link in np.flatnonzero(from_start).tolist():
        before, after = int(arrays.pred[link]), int(np.searchsorted(arrays.pred_from, link, "right")) - 1
        to = (es if arrays.pred_type[link] == kernel.SS else ef)[after]
        lag = (int(arrays.pred_lag[link]), int(arrays.pred_calendar[link]))
        free[before] = min(free[before], _slack(net, lines.get(before), before, lag, int(es[before]), int(to)))


def _line_of(net: Network) -> dict[int, Timeline]:
    return {int(node): line for nodes, line in net.slack for node in nodes}


def _slack(net: Network, line: Timeline | None, i: int, lag: tuple[int, int], from_: int, to: int) -> int:
    """How far the end `from_` of a link may move before the end `to` must [working minutes of the line, or else of activity i's calendar]."""
    arrays = net.arrays
    if line is None:
        return int(kernel.link_slack(arrays, lag[0], lag[1], arrays.calendar[i], from_, to))
    if net.single:
        only = net.timelines[0]
        return int(line.working(only.start_clock(to - lag[0])) - line.working(only.start_clock(from_)))
    return int(line.working(kernel.earlier(arrays, lag[1], to, lag[0])) - line.working(from_))


def _clock(net: Network, times: np.ndarray, finish: bool) -> np.ndarray:
    if not net.single:
        return times.astype(np.int64)
    return net.timelines[0].finish_clock(times) if finish else net.timelines[0].start_clock(times)
