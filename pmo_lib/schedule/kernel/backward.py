"""The backward pass: late dates, from where the project must be done."""

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
from __future__ import annotations

import numpy as np

from pmo_lib.compiled import inlined, kernel, lean
from pmo_lib.schedule.kernel.axis import FAR, FF, FS, SS, to_clock, to_working
from pmo_lib.schedule.kernel.forward import lasts_no_time


@kernel
def backward(net, duration, ef, finish, ls, lf):
    """Late starts and finishes into `ls` and `lf`, from the project's `finish` [iterations] (or its must-finish date)."""
    if net.grid.size == 0:
        _single(net, duration, ef, finish, ls, lf)
    else:
        ends, rows = np.empty((net.grid.size, finish.size), np.int32), np.empty((5, finish.size), np.int32)
        _several(net, duration, ef, finish, ls, lf, np.empty((2, *duration.shape), np.int32), ends, rows)


@kernel
def _single(net, duration, ef, finish, ls, lf):
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


@lean
def _several(net, duration, ef, finish, ls, lf, own, ends, rows):
    """As the forward pass: own working minutes, and the clock where one calendar crosses to another.

    `own`, `rows` and `ends` [calendars, iterations] are scratch; the last becomes the project's finish in each calendar's working minutes.
    """
    block = duration.shape[1]
    moved, shifted, at, bounds = rows[0], rows[1], rows[2], rows[3:]  # the last two on the clock: of the start, of the finish
    for calendar in range(net.grid.size):
        to_working(net, calendar, finish, at, ends[calendar])
    last = duration.shape[0] - 1
    for back in range(last + 1):
        i = last - back  # a loop that counts down keeps the loops inside it from vectors
        calendar, length, begins, done = net.calendar[i], duration[i], own[0, i], own[1, i]
        points = lasts_no_time(length)
        bounded = np.int32(0)  # bit s: bounds[s] holds something
        if net.loose[i] or points:
            bounded = np.int32(2)
            for k in range(block):
                bounds[1, k] = min(ef[i, k], finish[k]) if net.loose[i] else finish[k]
            bounds[0, :] = FAR
            done[:] = FAR
        else:
            for k in range(block):
                done[k] = ends[calendar, k]
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[s], net.succ_lag[s], net.succ[s]
            end, side = 0 if kind == FS or kind == SS else 1, 1 if kind == FS or kind == FF else 0
            theirs = net.calendar[j]
            lag_calendar = net.succ_calendar[s] if lag != 0 else theirs
            if lag_calendar == calendar and theirs == calendar and not points:
                _hold(done, own[end, j], lag, length, side)
                continue
            led = lf[j] if end else ls[j]
            if lag == 0:
                _lower(bounds, bounded, side, led)
                bounded |= np.int32(1 << side)
                continue
            if lag_calendar == theirs:
                ran = own[end, j]
            else:
                to_working(net, lag_calendar, led, at, shifted)
                ran = shifted
                if lag_calendar == calendar and not points:
                    _hold(done, ran, lag, length, side)
                    continue
            for k in range(block):
                moved[k] = np.int32(ran[k] - lag)
            to_clock(net, lag_calendar, moved, True, at, moved)
            _lower(bounds, bounded, side, moved)
            bounded |= np.int32(1 << side)
        for side in range(2):
            if bounded >> side & 1:
                to_working(net, calendar, bounds[side], at, moved)
                _hold(done, moved, np.int32(0), length, side)
        high, high_start = net.lf_high[i], net.ls_high[i]
        if high < FAR or high_start < FAR:
            for k in range(block):
                done[k] = min(done[k], min(high, np.int32(high_start + length[k])))
        low, low_start = net.lf_low[i], net.ls_low[i]
        if low > -FAR or low_start > -FAR:
            for k in range(block):
                done[k] = max(done[k], max(low, np.int32(low_start + length[k])))
        for k in range(block):
            begins[k] = np.int32(done[k] - length[k])
        to_clock(net, calendar, begins, True, at, ls[i])
        to_clock(net, calendar, done, False, at, lf[i])
        if points:
            _stand(net.dated[i], min(high, high_start), length, bounds, done, ls[i], lf[i])


@inlined
def _lower(bounds, bounded, side, led):
    """The bound of that side is no later than what a link leads to."""
    bound = bounds[side]
    if bounded >> side & 1:
        for k in range(bound.size):
            bound[k] = min(bound[k], led[k])
    else:
        for k in range(bound.size):
            bound[k] = led[k]


@inlined
def _hold(done, ran, lag, length, side):
    """The finish is no later than `ran` less the lag (side 1), or than what a start by then (side 0) leads to."""
    if side == 1:
        for k in range(done.size):
            done[k] = min(done[k], np.int32(ran[k] - lag))
    else:
        for k in range(done.size):
            done[k] = min(done[k], np.int32(ran[k] - lag + length[k]))


@inlined
def _stand(dated, high, length, bounds, done, ls, lf):
    """Where nothing lasts: at the next working moment if what follows lets it or its own date lies there, else at the end of work before that."""
    for k in range(length.size):
        if length[k] == 0:
            follows = dated == 2 if dated != 0 and done[k] >= high else min(bounds[0, k], bounds[1, k]) >= ls[k]
            stands = ls[k] if follows else lf[k]
            ls[k] = stands
            lf[k] = stands
