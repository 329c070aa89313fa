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
    arrays = net.arrays
    by_hand = {task.activity for task in net.tasks.own.values() if task.stands}
    for i in np.flatnonzero(((arrays.es_high < kernel.FAR) | (arrays.ef_high < kernel.FAR)) & ~net.started):
        if net.activities[i] in by_hand:
            continue
        for p in range(arrays.pred_from[i], arrays.pred_from[i + 1]):
            before, kind = arrays.pred[p], arrays.pred_type[p]
            from_ = ef[before] if kind in (kernel.FS, kernel.FF) else es[before]
            to = es[i] if kind in (kernel.FS, kernel.SS) else ef[i]
            total[i] = min(total[i], int(kernel.link_slack(arrays, arrays.pred_lag[p], arrays.pred_calendar[p], arrays.calendar[i], from_, to)))


def _clock(net: Network, times: np.ndarray, finish: bool) -> np.ndarray:
    if not net.single:
        return times.astype(np.int64)
    return net.timelines[0].finish_clock(times) if finish else net.timelines[0].start_clock(times)
