"""The forward pass: early dates, and the finish that they lead to."""

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
from __future__ import annotations

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.schedule.axis import FAR, FF, FS, SS, to_clock, to_working


@kernel
def forward(net, duration, es, ef):
    """Early starts and finishes into `es` and `ef`."""
    if net.grid.size == 0:
        _single(net, duration, es, ef)
    else:
        _several(net, duration, es, ef)


@kernel
def _single(net, duration, es, ef):
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
def _several(net, duration, es, ef):
    """Work is done in working minutes of each activity's own calendar; only what crosses from one calendar to another goes over the clock.

    Where something may last no time the clock is asked instead: such a point stands on one side of a time without work.
    """
    block = duration.shape[1]
    begun = np.empty_like(duration)  # early starts in own working minutes
    bounds = np.empty((2, block), np.int32)  # on the clock: of the start, of the finish
    shifted = np.empty((1, block), np.int32)
    done, moved, at = np.empty(block, np.int32), np.empty(block, np.int32), np.empty(block, np.int32)
    for i in range(duration.shape[0]):
        calendar, points = net.calendar[i], lasts_no_time(duration, i)
        bounded = np.int32(0)  # bit s: bounds[s] holds something
        if points:
            bounds[:] = -FAR
        low, low_finish = net.es_low[i], net.ef_low[i]
        for k in range(block):
            done[k] = max(low, np.int32(low_finish - duration[i, k]))
        for p in range(net.pred_from[i], net.pred_from[i + 1]):
            kind, lag, j = net.pred_type[p], net.pred_lag[p], net.pred[p]
            of_finish, side = kind == FS or kind == FF, 0 if kind == FS or kind == SS else 1
            lag_calendar = net.pred_calendar[p] if lag != 0 else net.calendar[j]
            stays = lag_calendar == calendar and not points
            if not stays and not bounded >> side & 1:
                bounded |= 1 << side
                for k in range(block):
                    bounds[side, k] = -FAR
            if lag == 0 and not stays:
                if of_finish:
                    _raise(bounds, side, ef, j)
                else:
                    _raise(bounds, side, es, j)
                continue
            if lag_calendar == net.calendar[j]:
                for k in range(block):
                    moved[k] = np.int32(begun[j, k] + lag)
                if of_finish:
                    for k in range(block):
                        moved[k] = np.int32(moved[k] + duration[j, k])
            else:
                if of_finish:
                    to_working(net, lag_calendar, ef, j, at, moved)
                else:
                    to_working(net, lag_calendar, es, j, at, moved)
                for k in range(block):
                    moved[k] = np.int32(moved[k] + lag)
            if stays:
                _hold(done, moved, duration, i, side)
            else:
                to_clock(net, lag_calendar, moved, lag < 0, at, shifted, 0)
                _raise(bounds, side, shifted, 0)
        for side in range(2):
            if bounded >> side & 1:
                to_working(net, calendar, bounds, side, at, moved)
                _hold(done, moved, duration, i, side)
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(block):
                done[k] = min(done[k], min(high, np.int32(high_finish - duration[i, k])))
        to_clock(net, calendar, done, True, at, es, i)
        for k in range(block):
            begun[i, k] = done[k]
            done[k] = np.int32(done[k] + duration[i, k])
        to_clock(net, calendar, done, False, at, ef, i)
        if points:
            _stand(net.point[i], duration, bounds, es, ef, i)


@kernel
def lasts_no_time(duration, i):
    """Whether an activity has no duration in any iteration."""
    found = np.int32(0)
    for k in range(duration.shape[1]):
        found |= np.int32(duration[i, k] == 0)
    return found != 0


@kernel
def _raise(bounds, side, times, row):
    for k in range(bounds.shape[1]):
        bounds[side, k] = max(bounds[side, k], times[row, k])


@kernel
def _hold(done, moved, duration, i, side):
    """The start is no earlier than that (side 0), or than what leaves the duration until then (side 1)."""
    if side == 0:
        for k in range(done.size):
            done[k] = max(done[k], moved[k])
    else:
        for k in range(done.size):
            done[k] = max(done[k], np.int32(moved[k] - duration[i, k]))


@kernel
def _stand(point, duration, bounds, es, ef, i):
    """Where nothing lasts: at the previous working moment if that is where the bound lies, else at the next."""
    for k in range(duration.shape[1]):
        if duration[i, k] == 0:
            bound = max(bounds[0, k], bounds[1, k])
            stands = ef[i, k] if point == 0 and -FAR < bound <= ef[i, k] else es[i, k]
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
