"""The backward pass: late dates, from where the project must be done."""

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
from __future__ import annotations

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.schedule.axis import FAR, FF, FS, SS, to_clock, to_working
from pmo_lib.schedule.forward import lasts_no_time


@kernel
def backward(net, duration, ef, finish, ls, lf):
    """Late starts and finishes into `ls` and `lf`, from the project's `finish` [iterations] (or its must-finish date)."""
    if net.grid.size == 0:
        _single(net, duration, ef, finish, ls, lf)
    else:
        _several(net, duration, ef, finish, ls, lf)


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


@kernel
def _several(net, duration, ef, finish, ls, lf):
    """As the forward pass: own working minutes, and the clock where one calendar crosses to another."""
    block = duration.shape[1]
    ended = np.empty_like(duration)  # late finishes in own working minutes
    bounds = np.empty((2, block), np.int32)  # on the clock: of the start, of the finish
    shifted = np.empty((1, block), np.int32)
    done, moved, at = np.empty(block, np.int32), np.empty(block, np.int32), np.empty(block, np.int32)
    for i in range(duration.shape[0] - 1, -1, -1):
        calendar, points = net.calendar[i], lasts_no_time(duration, i)
        bounded = np.int32(2)  # bit s: bounds[s] holds something
        for k in range(block):
            bounds[1, k] = min(ef[i, k], finish[k]) if net.loose[i] else finish[k]
        if points:
            bounds[0] = FAR
        for k in range(block):
            done[k] = FAR
        for s in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[s], net.succ_lag[s], net.succ[s]
            of_start, side = kind == FS or kind == SS, 1 if kind == FS or kind == FF else 0
            lag_calendar = net.succ_calendar[s] if lag != 0 else net.calendar[j]
            stays = lag_calendar == calendar and not points
            if not stays and not bounded >> side & 1:
                bounded |= 1 << side
                for k in range(block):
                    bounds[side, k] = FAR
            if lag == 0 and not stays:
                if of_start:
                    _lower(bounds, side, ls, j)
                else:
                    _lower(bounds, side, lf, j)
                continue
            if lag_calendar == net.calendar[j]:
                for k in range(block):
                    moved[k] = np.int32(ended[j, k] - lag)
                if of_start:
                    for k in range(block):
                        moved[k] = np.int32(moved[k] - duration[j, k])
            else:
                if of_start:
                    to_working(net, lag_calendar, ls, j, at, moved)
                else:
                    to_working(net, lag_calendar, lf, j, at, moved)
                for k in range(block):
                    moved[k] = np.int32(moved[k] - lag)
            if stays:
                _hold(done, moved, duration, i, side)
            else:
                to_clock(net, lag_calendar, moved, True, at, shifted, 0)
                _lower(bounds, side, shifted, 0)
        for side in range(2):
            if bounded >> side & 1:
                to_working(net, calendar, bounds, side, at, moved)
                _hold(done, moved, duration, i, side)
        high, high_start = net.lf_high[i], net.ls_high[i]
        low, low_start = net.lf_low[i], net.ls_low[i]
        for k in range(block):
            least = min(done[k], min(high, np.int32(high_start + duration[i, k])))
            done[k] = max(least, max(low, np.int32(low_start + duration[i, k])))
        to_clock(net, calendar, done, False, at, lf, i)
        for k in range(block):
            ended[i, k] = done[k]
            done[k] = np.int32(done[k] - duration[i, k])
        to_clock(net, calendar, done, True, at, ls, i)
        if points:
            _stand(net.point[i], duration, bounds, ls, lf, i)


@kernel
def _lower(bounds, side, times, row):
    for k in range(bounds.shape[1]):
        bounds[side, k] = min(bounds[side, k], times[row, k])


@kernel
def _hold(done, moved, duration, i, side):
    """The finish is no later than that (side 1), or than what a start by then (side 0) leads to."""
    if side == 1:
        for k in range(done.size):
            done[k] = min(done[k], moved[k])
    else:
        for k in range(done.size):
            done[k] = min(done[k], np.int32(moved[k] + duration[i, k]))


@kernel
def _stand(point, duration, bounds, ls, lf, i):
    for k in range(duration.shape[1]):
        if duration[i, k] == 0:
            stands = ls[i, k] if point == 1 or min(bounds[0, k], bounds[1, k]) >= ls[i, k] else lf[i, k]
            ls[i, k] = stands
            lf[i, k] = stands
