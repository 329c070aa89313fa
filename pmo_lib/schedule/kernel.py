"""Forward and backward pass over a block of iterations.

Every block array is int32 `[activities, iterations]`, C-contiguous, activities in the network's topological order. The functions know links, lags,
calendars and bounds, and nothing else; `network.lower` turns a source's rules into those.

The time axis depends on the network:

- **one calendar** (`net.grid` is empty): working minutes of that calendar since the network's origin. Finish and next start are the same number.
- **several calendars**: clock minutes since the origin. A start stands at the beginning of its first working minute, a finish at the end of its last.

`Network.instants` turns either into dates. Durations are working minutes of the activity's own calendar, always.

Calling order for a block: `forward(net, duration, es, ef)`; `latest(net, ef, finish)`; `backward(net, duration, ef, finish, ls, lf)`;
`total_float(net, which, es, ef, ls, lf, out)`; `longest_path(net, es, ef, finish, marked)`; `free_float(net, es, ef, finish, out)`.
Any number of threads may call them at once, each with its own block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import kernel

FS, SS, FF, SF = 0, 1, 2, 3
FAR = 1 << 30  # no bound: beyond every minute of a network, whose range `network.lower` proves
FINISH_FLOAT, START_FLOAT, SMALLEST_FLOAT = 0, 1, 2


class Arrays(NamedTuple):
    """A network as the kernel sees it. n activities in topological order, m links, c calendars. All int32, but for `inverse`.

    Bounds are working minutes on the activity's own calendar since the origin; -FAR and FAR where there is none.
    """

    calendar: np.ndarray  # [n] the activity's calendar
    point: np.ndarray  # [n] 1: without duration it stands at the next working moment (start milestone); 0: at the previous one
    loose: np.ndarray  # [n] 1: its late finish starts from its own early finish (open ends made critical)
    drives: np.ndarray  # [n] 1: it counts for the project's finish
    es_low: np.ndarray  # [n] earliest early start: start constraints, data date, project start
    es_high: np.ndarray  # [n] latest early start: mandatory and honoured constraints
    ef_low: np.ndarray  # [n] earliest early finish
    ef_high: np.ndarray  # [n]
    ls_low: np.ndarray  # [n] mandatory: the late start against logic
    ls_high: np.ndarray  # [n] latest late start
    lf_low: np.ndarray  # [n]
    lf_high: np.ndarray  # [n] latest late finish: deadline, finish constraints
    pred_from: np.ndarray  # [n + 1] activity i's incoming links are pred_from[i] : pred_from[i + 1]
    pred: np.ndarray  # [m] the predecessor
    pred_type: np.ndarray  # [m] FS, SS, FF, SF
    pred_lag: np.ndarray  # [m] minutes on the link's calendar
    pred_calendar: np.ndarray  # [m]
    succ_from: np.ndarray  # [n + 1] the same links by their predecessor
    succ: np.ndarray  # [m]
    succ_type: np.ndarray  # [m]
    succ_lag: np.ndarray  # [m]
    succ_calendar: np.ndarray  # [m]
    grid: np.ndarray  # [c] minutes of a cell: every cell of the calendar works throughout or not at all; empty: one calendar
    inverse: np.ndarray  # [c] float64, 1 / grid
    work_from: np.ndarray  # [c + 1] calendar k's table of work begins here
    work: np.ndarray  # working minutes before each cell of the horizon; one more entry than cells
    cell_from: np.ndarray  # [c + 1]
    cell: np.ndarray  # clock minute at which the k-th working cell begins; the last entry is the horizon's end


@kernel
def _working(net, calendar, clock):
    """Working minutes of the calendar before a clock minute."""
    grid = net.grid[calendar]
    first = net.work_from[calendar]
    last = net.work_from[calendar + 1] - first - 1
    at = min(max(np.int32((clock + 0.5) * net.inverse[calendar]), np.int32(0)), last - 1)
    before = net.work[first + at]
    inside = min(max(clock - at * grid, np.int32(0)), grid)
    return np.int32(before + (inside if net.work[first + at + 1] > before else 0))


@kernel
def _start_clock(net, calendar, working):
    """The clock minute at which the working minute after `working` begins."""
    first = net.cell_from[calendar]
    last = net.cell_from[calendar + 1] - first - 1
    at = min(max(np.int32((working + 0.5) * net.inverse[calendar]), np.int32(0)), last)
    return np.int32(net.cell[first + at] + working - at * net.grid[calendar])


@kernel
def _finish_clock(net, calendar, working):
    """The clock minute at which `working` minutes are done."""
    return np.int32(_start_clock(net, calendar, working - 1) + 1)


@kernel
def _later(net, calendar, clock, lag):
    """`lag` after a clock minute, counted on the calendar."""
    if lag == 0:
        return np.int32(clock)
    worked = np.int32(_working(net, calendar, clock) + lag)
    return _finish_clock(net, calendar, worked) if lag > 0 else _start_clock(net, calendar, worked)


@kernel
def _earlier(net, calendar, clock, lag):
    """The latest clock minute from which `lag` leads to no later than `clock`."""
    if lag == 0:
        return np.int32(clock)
    return _start_clock(net, calendar, np.int32(_working(net, calendar, clock) - lag))


@kernel
def forward(net, duration, es, ef):
    """Early starts and finishes into `es` and `ef`."""
    if net.grid.size == 0:
        _forward_single(net, duration, es, ef)
    else:
        _forward_several(net, duration, es, ef)


@kernel
def _forward_single(net, duration, es, ef):
    block = duration.shape[1]
    for i in range(duration.shape[0]):
        own, start, finish = duration[i], es[i], ef[i]
        low, low_finish = net.es_low[i], net.ef_low[i]
        if low_finish > -FAR:
            for k in range(block):
                start[k] = max(low, low_finish - own[k])
        else:
            for k in range(block):
                start[k] = low
        for p in range(net.pred_from[i], net.pred_from[i + 1]):
            kind, lag = net.pred_type[p], net.pred_lag[p]
            # SS and SF hang on the predecessor's start; FF and SF move the successor's finish
            other = ef[net.pred[p]] if kind == FS or kind == FF else es[net.pred[p]]
            if kind == FS or kind == SS:
                for k in range(block):
                    start[k] = max(start[k], other[k] + lag)
            else:
                for k in range(block):
                    start[k] = max(start[k], other[k] + lag - own[k])
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(block):
                start[k] = min(start[k], min(high, high_finish - own[k]))
        for k in range(block):
            finish[k] = start[k] + own[k]


@kernel
def _forward_several(net, duration, es, ef):
    block = duration.shape[1]
    start_bound = np.empty(block, np.int32)
    finish_bound = np.empty(block, np.int32)
    for i in range(duration.shape[0]):
        finish_bounds = False
        start_bound[:] = -FAR
        finish_bound[:] = -FAR
        for p in range(net.pred_from[i], net.pred_from[i + 1]):
            kind, lag, lag_calendar = net.pred_type[p], net.pred_lag[p], net.pred_calendar[p]
            other = ef[net.pred[p]] if kind == FS or kind == FF else es[net.pred[p]]
            bound = start_bound
            if kind == FF or kind == SF:
                bound = finish_bound
                finish_bounds = True
            if lag == 0:
                for k in range(block):
                    bound[k] = max(bound[k], other[k])
            else:
                for k in range(block):
                    bound[k] = max(bound[k], _later(net, lag_calendar, other[k], lag))
        calendar = net.calendar[i]
        for k in range(block):
            own = duration[i, k]
            worked = max(net.es_low[i], net.ef_low[i] - own)
            if start_bound[k] > -FAR:
                worked = max(worked, _working(net, calendar, start_bound[k]))
            if finish_bounds:
                worked = max(worked, _working(net, calendar, finish_bound[k]) - own)
            worked = min(worked, min(net.es_high[i], net.ef_high[i] - own))
            begins = _start_clock(net, calendar, worked)
            if own > 0:
                es[i, k] = begins
                ef[i, k] = _finish_clock(net, calendar, worked + own)
            else:
                bound_there = max(start_bound[k], finish_bound[k])
                ended = _finish_clock(net, calendar, worked)
                stands = ended if net.point[i] == 0 and -FAR < bound_there <= ended else begins
                es[i, k] = stands
                ef[i, k] = stands


@kernel
def latest(net, ef, finish):
    """The project's finish in each iteration into `finish` [iterations]: the latest early finish of what counts for it."""
    finish[:] = -FAR
    for i in range(ef.shape[0]):
        if net.drives[i]:
            row = ef[i]
            for k in range(ef.shape[1]):
                finish[k] = max(finish[k], row[k])


@kernel
def backward(net, duration, ef, finish, ls, lf):
    """Late starts and finishes into `ls` and `lf`, from the project's `finish` [iterations] (or its must-finish date)."""
    if net.grid.size == 0:
        _backward_single(net, duration, ef, finish, ls, lf)
    else:
        _backward_several(net, duration, ef, finish, ls, lf)


@kernel
def _backward_single(net, duration, ef, finish, ls, lf):
    block = duration.shape[1]
    for i in range(duration.shape[0] - 1, -1, -1):
        own, begins, ends = duration[i], ls[i], lf[i]
        if net.loose[i]:
            for k in range(block):
                ends[k] = min(ef[i, k], finish[k])
        else:
            for k in range(block):
                ends[k] = finish[k]
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag = net.succ_type[s], net.succ_lag[s]
            other = ls[net.succ[s]] if kind == FS or kind == SS else lf[net.succ[s]]
            if kind == FS or kind == FF:
                for k in range(block):
                    ends[k] = min(ends[k], other[k] - lag)
            else:
                for k in range(block):
                    ends[k] = min(ends[k], other[k] - lag + own[k])
        high, high_start = net.lf_high[i], net.ls_high[i]
        if high < FAR or high_start < FAR:
            for k in range(block):
                ends[k] = min(ends[k], min(high, high_start + own[k]))
        low, low_start = net.lf_low[i], net.ls_low[i]
        if low > -FAR or low_start > -FAR:
            for k in range(block):
                ends[k] = max(ends[k], max(low, low_start + own[k]))
        for k in range(block):
            begins[k] = ends[k] - own[k]


@kernel
def _backward_several(net, duration, ef, finish, ls, lf):
    block = duration.shape[1]
    start_bound = np.empty(block, np.int32)
    finish_bound = np.empty(block, np.int32)
    for i in range(duration.shape[0] - 1, -1, -1):
        start_bounds = False
        start_bound[:] = FAR
        for k in range(block):
            finish_bound[k] = min(ef[i, k], finish[k]) if net.loose[i] else finish[k]
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, lag_calendar = net.succ_type[s], net.succ_lag[s], net.succ_calendar[s]
            other = ls[net.succ[s]] if kind == FS or kind == SS else lf[net.succ[s]]
            bound = finish_bound
            if kind == SS or kind == SF:
                bound = start_bound
                start_bounds = True
            if lag == 0:
                for k in range(block):
                    bound[k] = min(bound[k], other[k])
            else:
                for k in range(block):
                    bound[k] = min(bound[k], _earlier(net, lag_calendar, other[k], lag))
        calendar = net.calendar[i]
        for k in range(block):
            own = duration[i, k]
            worked = min(_working(net, calendar, finish_bound[k]), min(net.lf_high[i], net.ls_high[i] + own))
            if start_bounds:
                worked = min(worked, _working(net, calendar, start_bound[k]) + own)
            worked = max(worked, max(net.lf_low[i], net.ls_low[i] + own))
            begins = _start_clock(net, calendar, worked - own)
            if own > 0:
                ls[i, k] = begins
                lf[i, k] = _finish_clock(net, calendar, worked)
            else:
                stands = begins if net.point[i] == 1 or min(start_bound[k], finish_bound[k]) >= begins else _finish_clock(net, calendar, worked)
                ls[i, k] = stands
                lf[i, k] = stands


@kernel
def worked(net, times, out):
    """`times` as working minutes of each activity's own calendar since the origin."""
    for i in range(times.shape[0]):
        for k in range(times.shape[1]):
            out[i, k] = times[i, k] if net.grid.size == 0 else _working(net, net.calendar[i], times[i, k])


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
    for i in range(es.shape[0]):
        calendar = net.calendar[i]
        for k in range(block):
            of_finish = _working(net, calendar, lf[i, k]) - _working(net, calendar, ef[i, k])
            if which == FINISH_FLOAT:
                out[i, k] = of_finish
            else:
                of_start = _working(net, calendar, ls[i, k]) - _working(net, calendar, es[i, k])
                out[i, k] = of_start if which == START_FLOAT else min(of_start, of_finish)


@kernel
def _slack(net, lag, lag_calendar, calendar, from_, to):
    """How far the predecessor's end `from_` may move, in minutes of its `calendar`, before the successor's end `to` must."""
    if net.grid.size == 0:
        return np.int32(to - lag - from_)
    return np.int32(_working(net, calendar, _earlier(net, lag_calendar, to, lag)) - _working(net, calendar, from_))


@kernel
def _free(net, i, k, es, ef, finish):
    calendar = net.calendar[i]
    if net.succ_from[i] == net.succ_from[i + 1]:
        return _slack(net, np.int32(0), calendar, calendar, ef[i, k], finish[k])
    free = np.int32(FAR)
    for s in range(net.succ_from[i], net.succ_from[i + 1]):
        kind = net.succ_type[s]
        j = net.succ[s]
        to = es[j, k] if kind == FS or kind == SS else ef[j, k]
        from_ = ef[i, k] if kind == FS or kind == FF else es[i, k]
        free = min(free, _slack(net, net.succ_lag[s], net.succ_calendar[s], calendar, from_, to))
    return free


@kernel
def free_float(net, es, ef, finish, out):
    """Free float: the smallest slack of the activity's links to its successors; to the project's finish without any."""
    for i in range(es.shape[0]):
        for k in range(es.shape[1]):
            out[i, k] = _free(net, i, k, es, ef, finish)


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
                begins = _working(net, calendar, es[i, k]) + free
                ends = _working(net, calendar, ef[i, k]) + free
                es[i, k] = _start_clock(net, calendar, begins)
                ef[i, k] = _finish_clock(net, calendar, ends)


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
                    marked[i, k] = _working(net, calendar, _later(net, lag_calendar, from_, lag)) >= _working(net, calendar, to)
