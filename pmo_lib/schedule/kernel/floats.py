"""Floats, the longest path, and what goes as late as its successors allow."""

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
from __future__ import annotations

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.schedule.kernel.axis import (
    FAR,
    FF,
    FINISH_FLOAT,
    FS,
    SMALLEST_FLOAT,
    SS,
    START_FLOAT,
    earlier,
    finish_clock,
    later,
    start_clock,
    to_working,
    working,
)


@kernel
def worked(net, times, out):
    """`times` as working minutes of each activity's own calendar since the origin."""
    at = np.empty(times.shape[1], np.int32)
    for i in range(times.shape[0]):
        if net.grid.size == 0:
            out[i] = times[i]
        else:
            to_working(net, net.calendar[i], times[i], at, out[i])


@kernel
def total_float(net, which, es, ef, ls, lf, out):
    """Total float in working minutes of the activity's own calendar: of the finish, of the start, or the smaller."""
    block = es.shape[1]
    if net.grid.size == 0:
        for i in range(es.shape[0]):
            late, early, row = lf[i], ef[i], out[i]
            for k in range(block):
                row[k] = late[k] - early[k]
        return
    late, early, at = np.empty(block, np.int32), np.empty(block, np.int32), np.empty(block, np.int32)
    for i in range(es.shape[0]):
        row = out[i]
        if which == FINISH_FLOAT or which == SMALLEST_FLOAT:
            to_working(net, net.calendar[i], lf[i], at, late)
            to_working(net, net.calendar[i], ef[i], at, early)
            for k in range(block):
                row[k] = late[k] - early[k]
        if which == START_FLOAT or which == SMALLEST_FLOAT:
            to_working(net, net.calendar[i], ls[i], at, late)
            to_working(net, net.calendar[i], es[i], at, early)
            for k in range(block):
                of_start = late[k] - early[k]
                row[k] = of_start if which == START_FLOAT else min(row[k], of_start)


@kernel
def link_slack(net, lag, lag_calendar, calendar, from_, to):
    """How far the predecessor's end `from_` may move, in minutes of its `calendar`, before the successor's end `to` must."""
    if net.grid.size == 0:
        return np.int32(to - lag - from_)
    return np.int32(working(net, calendar, earlier(net, lag_calendar, to, lag)) - working(net, calendar, from_))


@kernel
def _free(net, i, k, es, ef, finish):
    calendar = net.calendar[i]
    if net.succ_from[i] == net.succ_from[i + 1]:
        return link_slack(net, np.int32(0), calendar, calendar, ef[i, k], finish[k])
    free = np.int32(FAR)
    for s in range(net.succ_from[i], net.succ_from[i + 1]):
        kind = net.succ_type[s]
        j = net.succ[s]
        to = es[j, k] if kind == FS or kind == SS else ef[j, k]
        from_ = ef[i, k] if kind == FS or kind == FF else es[i, k]
        free = min(free, link_slack(net, net.succ_lag[s], net.succ_calendar[s], calendar, from_, to))
    return free


@kernel
def free_float(net, es, ef, finish, out):
    """Free float: the smallest slack of the activity's links to its successors; to the project's finish without any."""
    block = es.shape[1]
    if net.grid.size == 0:
        for i in range(es.shape[0]):
            for k in range(block):
                out[i, k] = _free(net, i, k, es, ef, finish)
        return
    begun, ended, at = np.empty_like(es), np.empty_like(es), np.empty(block, np.int32)
    for i in range(es.shape[0]):
        to_working(net, net.calendar[i], es[i], at, begun[i])
        to_working(net, net.calendar[i], ef[i], at, ended[i])
    for i in range(es.shape[0]):
        calendar = net.calendar[i]
        if net.succ_from[i] == net.succ_from[i + 1]:
            for k in range(block):
                out[i, k] = _free(net, i, k, es, ef, finish)
            continue
        out[i, :] = FAR
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[s], net.succ_lag[s], net.succ[s]
            stays = net.calendar[j] == calendar and (lag == 0 or net.succ_calendar[s] == calendar)
            for k in range(block):
                if stays:
                    to = (begun[j, k] if kind == FS or kind == SS else ended[j, k]) - lag
                else:
                    to = working(net, calendar, earlier(net, net.succ_calendar[s], es[j, k] if kind == FS or kind == SS else ef[j, k], lag))
                out[i, k] = min(out[i, k], np.int32(to - (ended[i, k] if kind == FS or kind == FF else begun[i, k])))


@kernel
def as_late_as_free(net, late, es, ef, finish):
    """Moves the early dates of activities with `late` later by their free float, which delays no successor; last first."""
    for i in range(es.shape[0] - 1, -1, -1):
        if not late[i]:
            continue
        calendar = net.calendar[i]
        for k in range(es.shape[1]):
            free = _free(net, i, k, es, ef, finish)
            if free <= 0:
                continue
            if net.grid.size == 0:
                es[i, k] += free
                ef[i, k] += free
            else:
                begins = working(net, calendar, es[i, k]) + free
                ends = working(net, calendar, ef[i, k]) + free
                es[i, k] = start_clock(net, calendar, begins)
                ef[i, k] = finish_clock(net, calendar, ends)
                if begins == ends:  # a point stands on one side of a time without work
                    es[i, k] = ef[i, k] = es[i, k] if net.point[i] == 1 else ef[i, k]


@kernel
def longest_path(net, es, ef, finish, marked):
    """1 into `marked` (uint8) where the activity lies on the chain of driving links that ends at the project's finish."""
    for i in range(es.shape[0] - 1, -1, -1):
        for k in range(es.shape[1]):
            marked[i, k] = net.drives[i] and ef[i, k] == finish[k]
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, lag_calendar, j = net.succ_type[s], net.succ_lag[s], net.succ_calendar[s], net.succ[s]
            for k in range(es.shape[1]):
                if marked[i, k] or not marked[j, k]:
                    continue
                from_ = ef[i, k] if kind == FS or kind == FF else es[i, k]
                to = es[j, k] if kind == FS or kind == SS else ef[j, k]
                if net.grid.size == 0:
                    marked[i, k] = from_ + lag >= to
                else:
                    calendar = net.calendar[j]
                    marked[i, k] = working(net, calendar, later(net, lag_calendar, from_, lag)) >= working(net, calendar, to)
