"""Days lost to weather, compiled: drawn for every calendar day, shared by all work of an iteration that the weather stops, and added to durations.

Days are a Markov chain: a day of chance p is lost with p where the day before was not drawn, else so that p stays the share of lost days and a lost day is
followed by another with the stated persistence. An activity's duration grows by the working minutes that it loses from its start on until its work is
done. Starts hang on finishes, so activities are stretched level by level, each level after the pass that dates its starts.

Where a relationship bounds the finish (FF, SF) the days are counted from the start that the bound leaves without weather.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.sampling import places_of, spread
from pmo_lib.schedule.kernel.axis import working


class LostDays(NamedTuple):
    """w kinds of weather over d days, m sets of kinds that stop some work together, r rows that are stopped."""

    seed: np.uint64
    latin: bool
    address: np.ndarray  # [w, d] uint64: variable ids of the days
    keys: np.ndarray  # [w, d, replicates, 8] uint32
    first: np.ndarray  # [w] float64: chance that the first day is lost
    calm: np.ndarray  # [w, d] float64: chance of loss after a day that was not lost
    again: np.ndarray  # [w, d] float64: chance of loss after a lost day
    member: np.ndarray  # [m, w] uint8: which kinds a set holds
    row: np.ndarray  # [r] int32: rows of the network
    set: np.ndarray  # [r] int32: which set stops it
    level: np.ndarray  # [r] int32: after which pass its start is known, from 0
    levels: int
    midnight: np.ndarray  # [calendars, d + 1] int32: working minutes before each of the days, by calendar


class LostScratch(NamedTuple):
    """What one thread needs for lost days."""

    lost: np.ndarray  # uint8 [m, d, lanes]
    before: np.ndarray  # uint8 [lanes]: whether the day before was lost
    base: np.ndarray  # int32 [r, lanes]: durations without what was lost
    stretched: np.ndarray  # uint8 [1]: durations hold what was lost
    beyond: np.ndarray  # int64 [1]: activities and iterations whose work goes on after the last day


def none_lost() -> LostDays:
    """No weather."""
    ids, nobody, chances = np.empty((0, 0), np.uint64), np.empty(0, np.int32), np.empty((0, 0))
    keys, member, midnight = np.empty((0, 0, 0, 8), np.uint32), np.empty((0, 0), np.uint8), np.empty((0, 0), np.int32)
    return LostDays(np.uint64(0), False, ids, keys, np.empty(0), chances, chances, member, nobody, nobody, nobody, 0, midnight)


def lost_scratch(days: LostDays, lanes: int) -> LostScratch:
    """Fresh scratch."""
    lost = np.zeros((days.member.shape[0], days.calm.shape[1], lanes), np.uint8)
    base = np.zeros((days.row.size, lanes), np.int32)
    return LostScratch(lost, np.zeros(lanes, np.uint8), base, np.zeros(1, np.uint8), np.zeros(1, np.int64))


@inner
def draw_days(days, block, s, e):
    """e.lost = which days are lost in each of the block's iterations."""
    e.stretched[0] = 0
    e.lost[:] = 0
    for w in range(days.first.size):
        for d in range(days.calm.shape[1]):
            places = places_of(days.seed, days.address[w, d], days.keys[w, d], days.latin, block[0], block[1], block[3], s.words, s.strata)
            spread(s.words, 1.0 / places, s.u)
            calm, again = days.calm[w, d], days.again[w, d]
            if d == 0:
                calm = again = days.first[w]
            for k in range(s.u.size):
                e.before[k] = np.uint8(s.u[k] < (again if e.before[k] != 0 and d > 0 else calm))
            for m in range(days.member.shape[0]):
                if days.member[m, w]:
                    row = e.lost[m, d]
                    for k in range(row.size):
                        row[k] |= e.before[k]


@kernel
def unstretch(row, stretched, base, duration):
    """Durations without what was lost, for what changes them next."""
    if stretched[0]:
        for r in range(row.size):
            duration[row[r], :] = base[r]
        stretched[0] = 0


@kernel
def stretch(net, days, level, s, e):
    """Adds what is lost to the durations of one level, whose starts the last pass has found."""
    e.stretched[0] = 1
    for r in range(days.row.size):
        if days.level[r] != level:
            continue
        i = days.row[r]
        own, midnight, lost = s.duration[i], days.midnight[net.calendar[i]], e.lost[days.set[r]]
        for k in range(own.size):
            e.base[r, k] = own[k]
            if s.es.shape[0] == 0:
                start = np.int64(s.ef[i, k]) - own[k]
            elif net.grid.size == 0:
                start = np.int64(s.es[i, k])
            else:
                start = np.int64(working(net, net.calendar[i], s.es[i, k]))
            own[k] = np.int32(own[k] + _lost(start, own[k], midnight, lost, k, e))


@inner
def _lost(start, duration, midnight, lost, k, e):
    """Working minutes lost between the start and the end of the work in iteration k."""
    left, extra, at = np.int64(duration), np.int64(0), np.int64(start)
    if left == 0 or at < midnight[0]:
        return extra
    d = np.searchsorted(midnight, at, side="right") - 1
    last = midnight.size - 1
    while d < last:
        room = midnight[d + 1] - at
        if lost[d, k]:
            extra += room
        elif left <= room:
            return extra
        else:
            left -= room
        at = np.int64(midnight[d + 1])
        d += 1
    e.beyond[0] += 1
    return extra
