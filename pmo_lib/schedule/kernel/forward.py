"""The forward pass: early dates, and the finish that they lead to."""

# ruff: noqa: SIM109  plain comparisons compile to plain comparisons
from __future__ import annotations

import numpy as np

from pmo_lib.compiled import inlined, kernel, lean
from pmo_lib.schedule.kernel.axis import FAR, FF, FS, SS, to_clock, to_working


@kernel
def forward(net, duration, es, ef):
    """Early starts and finishes into `es` and `ef`."""
    if net.grid.size == 0:
        _single(net, duration, es, ef)
    else:
        own, rows = np.empty((2, *duration.shape), np.int32), np.empty((6, duration.shape[1]), np.int32)
        _several(net, duration, es, ef, own, rows, np.zeros(duration.shape[0], np.uint8))


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


@lean
def _several(net, duration, es, ef, own, rows, stood):
    """Work is done in working minutes of each activity's own calendar; only what crosses from one calendar to another goes over the clock.

    Where something may last no time the clock is asked instead: such a point stands on one side of a time without work.

    `own` [2, activities, iterations], `rows` [6, iterations] and `stood` [activities] are scratch; the first becomes starts and finishes in own working
    minutes, the last 1 where some finish may stand at the beginning of working time.
    """
    block = duration.shape[1]
    moved, shifted, at, led, bounds = rows[0], rows[1], rows[2], rows[3], rows[4:]  # the last two on the clock: of the start, of the finish
    for i in range(duration.shape[0]):
        calendar, length, start, finish = net.calendar[i], duration[i], own[0, i], own[1, i]
        points = lasts_no_time(length)
        bounded, stays = np.int32(0), net.stays[i] == 1  # bit s: bounds[s] holds something; bit 2: led, where leads on its own calendar end
        if points:
            bounds[0, :] = -FAR
            bounds[1, :] = -FAR
        low, low_finish = net.es_low[i], net.ef_low[i]
        for k in range(block):
            start[k] = low
        if low_finish > -FAR:
            for k in range(block):
                start[k] = max(low, np.int32(low_finish - length[k]))
        for p in range(net.pred_from[i], net.pred_from[i + 1]):
            kind, lag, j = net.pred_type[p], net.pred_lag[p], net.pred[p]
            end, side = 1 if kind == FS or kind == FF else 0, 0 if kind == FS or kind == SS else 1
            theirs = net.calendar[j]
            lag_calendar = net.pred_calendar[p] if lag != 0 else theirs
            at_start = stays and side == 1 and lag == 0 and stood[j]  # where that stands the clock alone tells
            leads = stays and side == 1 and (lag < 0 or (lag == 0 and end == 0))  # what it holds ends at the beginning of working time
            if lag_calendar == calendar and theirs == calendar and not points and not at_start:
                _hold(start, own[end, j], lag, length, side)
                if leads:
                    _lead(led, bounded, own[end, j], lag)
                    bounded |= np.int32(4)
                continue
            hung = ef[j] if end else es[j]
            if lag == 0:
                _raise(bounds, bounded, side, hung)
                bounded |= np.int32(1 << side)
                continue
            if lag_calendar == theirs:
                ran = own[end, j]
            else:
                to_working(net, lag_calendar, hung, at, shifted)
                ran = shifted
                if lag_calendar == calendar and not points:
                    _hold(start, ran, lag, length, side)
                    if leads:
                        _lead(led, bounded, ran, lag)
                        bounded |= np.int32(4)
                    continue
            for k in range(block):
                moved[k] = np.int32(ran[k] + lag)
            to_clock(net, lag_calendar, moved, lag < 0, at, moved)
            _raise(bounds, bounded, side, moved)
            bounded |= np.int32(1 << side)
        for side in range(2):
            if bounded >> side & 1:
                to_working(net, calendar, bounds[side], at, moved)
                _hold(start, moved, np.int32(0), length, side)
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(block):
                start[k] = min(start[k], min(high, np.int32(high_finish - length[k])))
        for k in range(block):
            finish[k] = np.int32(start[k] + length[k])
        to_clock(net, calendar, start, True, at, es[i])
        to_clock(net, calendar, finish, False, at, ef[i])
        if stays and bounded >> 1:
            stood[i] = _stay(net, calendar, finish, bounds[1], led, bounded, ef[i], moved, at)
        if points:
            _stand(net.point[i], stays, length, bounds, es[i], ef[i])
            stood[i] = np.uint8(1)


@inlined
def lasts_no_time(length):
    """Whether an activity has no duration in any iteration."""
    least = np.int32(FAR)  # of the ways to ask a row, minima and maxima make the shortest vector instructions
    for k in range(length.size):
        least = min(least, length[k])
    return least == 0


@inlined
def _raise(bounds, bounded, side, hung):
    """The bound of that side is no earlier than what a link hangs on."""
    bound = bounds[side]
    if bounded >> side & 1:
        for k in range(bound.size):
            bound[k] = max(bound[k], hung[k])
    else:
        for k in range(bound.size):
            bound[k] = hung[k]


@inlined
def _hold(start, ran, lag, length, side):
    """The start is no earlier than `ran` and the lag (side 0), or than what leaves the duration until then (side 1)."""
    if side == 0:
        for k in range(start.size):
            start[k] = max(start[k], np.int32(ran[k] + lag))
    else:
        for k in range(start.size):
            start[k] = max(start[k], np.int32(ran[k] + lag - length[k]))


@inlined
def _lead(led, bounded, ran, lag):
    """Where the lead ends, in working minutes: at the beginning of working time."""
    if bounded & 4:
        for k in range(led.size):
            led[k] = max(led[k], np.int32(ran[k] + lag))
    else:
        for k in range(led.size):
            led[k] = np.int32(ran[k] + lag)


@inlined
def _stay(net, calendar, finish, held, led, bounded, ef, moved, at):
    """P6 keeps no finish before what holds it: one held beyond the end of working time is at the beginning of the next. Whether there is such."""
    beyond, reached = np.int32(-FAR), np.int32(-FAR)
    if bounded & 2:
        for k in range(at.size):
            beyond = max(beyond, np.int32(held[k] - ef[k]))
    if bounded & 4:
        for k in range(at.size):
            reached = max(reached, np.int32(led[k] - finish[k]))
    if beyond <= 0 and reached < 0:
        return np.uint8(0)
    to_clock(net, calendar, finish, True, at, moved)
    if bounded & 4:
        for k in range(at.size):
            ef[k] = moved[k] if led[k] == finish[k] else ef[k]
    if bounded & 2:
        for k in range(at.size):
            moved[k] = moved[k] if held[k] <= moved[k] else ef[k]  # a mandatory date leaves it before what holds it
        for k in range(at.size):
            ef[k] = moved[k] if held[k] > ef[k] else ef[k]
    return np.uint8(1)


@inlined
def _stand(point, stays, length, bounds, es, ef):
    """Where nothing lasts: at the previous working moment if that is where the bound lies, else at the next. P6 has nothing stand before the data date."""
    for k in range(length.size):
        if length[k] == 0:
            bound = max(bounds[0, k], bounds[1, k])
            ended = bound == ef[k] or (not stays and -FAR < bound < ef[k])
            stands = ef[k] if ended and point == 0 else es[k]
            es[k] = stands
            ef[k] = stands


@kernel
def latest(net, ef, finish):
    """The project's finish in each iteration into `finish` [iterations]: the latest early finish of what counts for it."""
    finish[:] = -FAR
    for i in range(ef.shape[0]):
        if net.drives[i]:
            row = ef[i]
            for k in range(ef.shape[1]):
                finish[k] = max(finish[k], row[k])
