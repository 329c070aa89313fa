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

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
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
    work_from: np.ndarray  # [c + 1] calendar k's table of cells begins here
    work: np.ndarray  # [cells, 2] working minutes at clock minute t: work[cell, 0] + (t & work[cell, 1]); the mask is -1 in a working cell, else 0
    cell_from: np.ndarray  # [c + 1] calendar k's table of working cells begins here
    cell: np.ndarray  # [working cells] what to add to a working minute of that cell for its clock minute; the last entry stands for the horizon's end


@kernel
def _working(net, calendar, clock):
    """Working minutes of the calendar before a clock minute."""
    first = net.work_from[calendar]
    last = net.work_from[calendar + 1] - first - 1
    at = first + min(max(np.int32((clock + 0.5) * net.inverse[calendar]), np.int32(0)), last)
    return np.int32(net.work[at, 0] + (clock & net.work[at, 1]))


@kernel
def _start_clock(net, calendar, working):
    """The clock minute at which the working minute after `working` begins."""
    first = net.cell_from[calendar]
    last = net.cell_from[calendar + 1] - first - 1
    at = min(max(np.int32((working + 0.5) * net.inverse[calendar]), np.int32(0)), last)
    return np.int32(net.cell[first + at] + working)


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
def _to_working(net, calendar, clock, at, out):
    """`_working` of a row. The cells are found in a loop of their own, which the compiler turns into vector instructions; `at` is scratch."""
    inverse = net.inverse[calendar]
    work = net.work[net.work_from[calendar] : net.work_from[calendar + 1]]
    last = np.int32(work.shape[0] - 1)
    for k in range(clock.size):
        at[k] = min(max(np.int32((np.float64(clock[k]) + 0.5) * inverse), np.int32(0)), last)
    for k in range(clock.size):
        cell = np.uint32(at[k])
        out[k] = work[cell, 0] + (clock[k] & work[cell, 1])


@kernel
def _to_clock(net, calendar, working, of_start, at, out):
    """`_start_clock` of a row, or else `_finish_clock`; `at` is scratch."""
    inverse = net.inverse[calendar]
    cell = net.cell[net.cell_from[calendar] : net.cell_from[calendar + 1]]
    last = np.int32(cell.size - 1)
    half = 0.5 if of_start else -0.5
    for k in range(working.size):
        at[k] = min(max(np.int32((np.float64(working[k]) + half) * inverse), np.int32(0)), last)
    for k in range(working.size):
        out[k] = cell[np.uint32(at[k])] + working[k]


@kernel
def _lagged(net, calendar, clock, lag, later, at, out):
    """`lag` after (or before) each clock minute of a row, as `_later` and `_earlier` count it."""
    _to_working(net, calendar, clock, at, out)
    step = lag if later else -lag
    for k in range(clock.size):
        out[k] += step
    _to_clock(net, calendar, out, not (later and lag > 0), at, out)


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
    done = np.empty(block, np.int32)
    shifted = np.empty(block, np.int32)
    at = np.empty(block, np.int32)
    for i in range(duration.shape[0]):
        own, calendar = duration[i], net.calendar[i]
        start_bounds = finish_bounds = False
        start_bound[:] = -FAR
        finish_bound[:] = -FAR
        for p in range(net.pred_from[i], net.pred_from[i + 1]):
            kind, lag = net.pred_type[p], net.pred_lag[p]
            other = ef[net.pred[p]] if kind == FS or kind == FF else es[net.pred[p]]
            if kind == FS or kind == SS:
                start_bounds = True
                bound = start_bound
            else:
                finish_bounds = True
                bound = finish_bound
            if lag != 0:
                _lagged(net, net.pred_calendar[p], other, lag, True, at, shifted)
                other = shifted
            for k in range(block):
                bound[k] = max(bound[k], other[k])
        low, low_finish = net.es_low[i], net.ef_low[i]
        if start_bounds:
            _to_working(net, calendar, start_bound, at, done)
            for k in range(block):
                done[k] = max(done[k], max(low, low_finish - own[k]))
        else:
            for k in range(block):
                done[k] = max(low, low_finish - own[k])
        if finish_bounds:
            _to_working(net, calendar, finish_bound, at, shifted)
            for k in range(block):
                done[k] = max(done[k], shifted[k] - own[k])
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(block):
                done[k] = min(done[k], min(high, high_finish - own[k]))
        _to_clock(net, calendar, done, True, at, es[i])
        points = False
        for k in range(block):
            done[k] += own[k]
            points |= own[k] == 0
        _to_clock(net, calendar, done, False, at, ef[i])
        if points:
            _stand_forward(net.point[i], own, start_bound, finish_bound, es[i], ef[i])


@kernel
def _stand_forward(point, own, start_bound, finish_bound, begins, ends):
    """Where nothing lasts: at the previous working moment if that is where the bound lies, else at the next."""
    for k in range(own.size):
        if own[k] == 0:
            bound = max(start_bound[k], finish_bound[k])
            stands = ends[k] if point == 0 and -FAR < bound <= ends[k] else begins[k]
            begins[k] = stands
            ends[k] = stands


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
    done = np.empty(block, np.int32)
    shifted = np.empty(block, np.int32)
    at = np.empty(block, np.int32)
    for i in range(duration.shape[0] - 1, -1, -1):
        own, calendar = duration[i], net.calendar[i]
        start_bounds = False
        start_bound[:] = FAR
        if net.loose[i]:
            for k in range(block):
                finish_bound[k] = min(ef[i, k], finish[k])
        else:
            finish_bound[:] = finish
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag = net.succ_type[s], net.succ_lag[s]
            other = ls[net.succ[s]] if kind == FS or kind == SS else lf[net.succ[s]]
            if kind == FS or kind == FF:
                bound = finish_bound
            else:
                start_bounds = True
                bound = start_bound
            if lag != 0:
                _lagged(net, net.succ_calendar[s], other, lag, False, at, shifted)
                other = shifted
            for k in range(block):
                bound[k] = min(bound[k], other[k])
        _to_working(net, calendar, finish_bound, at, done)
        if start_bounds:
            _to_working(net, calendar, start_bound, at, shifted)
            for k in range(block):
                done[k] = min(done[k], shifted[k] + own[k])
        high, high_start = net.lf_high[i], net.ls_high[i]
        low, low_start = net.lf_low[i], net.ls_low[i]
        points = False
        for k in range(block):
            done[k] = max(min(done[k], min(high, high_start + own[k])), max(low, low_start + own[k]))
            points |= own[k] == 0
        _to_clock(net, calendar, done, False, at, lf[i])
        for k in range(block):
            done[k] -= own[k]
        _to_clock(net, calendar, done, True, at, ls[i])
        if points:
            _stand_backward(net.point[i], own, start_bound, finish_bound, ls[i], lf[i])


@kernel
def _stand_backward(point, own, start_bound, finish_bound, begins, ends):
    for k in range(own.size):
        if own[k] == 0:
            stands = begins[k] if point == 1 or min(start_bound[k], finish_bound[k]) >= begins[k] else ends[k]
            begins[k] = stands
            ends[k] = stands


@kernel
def worked(net, times, out):
    """`times` as working minutes of each activity's own calendar since the origin."""
    at = np.empty(times.shape[1], np.int32)
    for i in range(times.shape[0]):
        if net.grid.size == 0:
            out[i] = times[i]
        else:
            _to_working(net, net.calendar[i], times[i], at, out[i])


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
            _to_working(net, net.calendar[i], lf[i], at, late)
            _to_working(net, net.calendar[i], ef[i], at, early)
            for k in range(block):
                row[k] = late[k] - early[k]
        if which == START_FLOAT or which == SMALLEST_FLOAT:
            _to_working(net, net.calendar[i], ls[i], at, late)
            _to_working(net, net.calendar[i], es[i], at, early)
            for k in range(block):
                of_start = late[k] - early[k]
                row[k] = of_start if which == START_FLOAT else min(row[k], of_start)


@kernel
def link_slack(net, lag, lag_calendar, calendar, from_, to):
    """How far the predecessor's end `from_` may move, in minutes of its `calendar`, before the successor's end `to` must."""
    if net.grid.size == 0:
        return np.int32(to - lag - from_)
    return np.int32(_working(net, calendar, _earlier(net, lag_calendar, to, lag)) - _working(net, calendar, from_))


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
                    marked[i, k] = _working(net, calendar, _later(net, lag_calendar, from_, lag)) >= _working(net, calendar, to)
