"""Values of given ranks out of many rows, compiled: a histogram finds the bins in which the ranks lie, and only what lies in those is sorted."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inner, kernel

BINS = 4096


class Room(NamedTuple):
    """Scratch of one thread."""

    count: np.ndarray  # int32 [bins]: values up to and with the bin
    slot: np.ndarray  # int32 [bins]: where a bin's values are gathered; -1: nowhere
    values: np.ndarray  # int32 [row]: those gathered


def room(length: int) -> Room:
    """Scratch for rows of so many values."""
    return Room(np.empty(BINS, np.int32), np.full(BINS, -1, np.int32), np.empty(length, np.int32))


@kernel
def select(values, ranks, scratch, out):
    """out [rows, ranks] = the values of those ranks (from 0) of each row."""
    for i in range(values.shape[0]):
        low, shift = _counted(values[i], scratch.count)
        _of_ranks(values[i], ranks, low, shift, scratch, out[i])


@kernel
def select_with_ends(values, p, ranks, ends, bounds, student, least, scratch, out):
    """out [3, rows, p] = the values of `ranks` (from 0) of each row, for the shares p, and the ends of their intervals, as `percentiles.interval` has them.

    `bounds` part the replicates, whose scatter times `student` is the interval, beside the `least` way of a percentile between two draws; with a single
    replicate the ranks of the ends are `ends` [2, p].
    """
    n, count = values.shape[1], bounds.size - 1
    rank, near, around = np.empty(2 * p.size), np.empty(8 * p.size, np.int64), np.empty(8 * p.size, np.int32)
    for i in range(values.shape[0]):
        row = values[i]
        low, shift = _counted(row, scratch.count)
        _of_ranks(row, ranks, low, shift, scratch, out[0, i])
        if count == 1:
            _of_ranks(row, ends[0], low, shift, scratch, out[1, i])
            _of_ranks(row, ends[1], low, shift, scratch, out[2, i])
            continue
        for c in range(p.size):
            half = n * student * _scatter(row, out[0, i, c], bounds) / math.sqrt(count)
            reach = math.hypot(half, least)
            for side in range(2):
                e = 2 * c + side
                rank[e] = min(max(n * p[c] + 0.5 + (reach if side else -reach), 1.0), np.float64(n))
                for k in range(4):
                    near[4 * e + k] = min(max(int(rank[e]) - 2 + k, 0), n - 1)
        _of_ranks(row, near, low, shift, scratch, around)
        for e in range(2 * p.size):
            own = slice(4 * e, 4 * e + 4)
            out[1 + e % 2, i, e // 2] = _between(around[own], near[own], rank[e], e % 2 == 1)


@kernel
def _between(around, near, rank, up):
    """`percentiles.between_draws` of the values around a rank: the one before it and it, and the two after it, at the places `near`."""
    first = int(rank)
    one, other, share = np.int64(around[1]), np.int64(around[2]), rank - first
    if up:
        atom = share > 0 and near[3] > near[2] and around[3] == other
        return other if atom else np.int64(math.floor(one + share * (other - one) + 0.5))
    return one if near[0] < near[1] and around[0] == one else np.int64(math.floor(one + share * (other - one) + 0.5))


@inner
def _scatter(row, limit, bounds):
    """The standard deviation, over the replicates, of the share of values at or below the limit."""
    count = bounds.size - 1
    shares = np.empty(count)
    for r in range(count):
        below = np.int32(0)
        for k in range(bounds[r], bounds[r + 1]):
            below = np.int32(below + np.int32(row[k] <= limit))
        shares[r] = below / (bounds[r + 1] - bounds[r])
    mean, squares = shares.sum() / count, 0.0
    for r in range(count):
        squares += (shares[r] - mean) ** 2
    return math.sqrt(squares / (count - 1))


@inner
def _counted(row, count):
    """The least value and the width of a bin as a shift; count = how many values lie up to and with each bin."""
    least, most = row[0], row[0]
    for k in range(row.size):
        least, most = min(least, row[k]), max(most, row[k])
    shift, low = 0, np.int64(least)
    while (np.int64(most) - low) >> shift >= count.size:
        shift += 1
    count[:] = 0
    for k in range(row.size):
        count[np.uint32(row[k] - least) >> np.uint32(shift)] += 1
    for c in range(1, count.size):
        count[c] += count[c - 1]
    return low, shift


@inner
def _of_ranks(row, ranks, low, shift, scratch, out):
    """out [ranks] = the row's values of those ranks. Bins one value wide need no gathering."""
    count, slot, values = scratch.count, scratch.slot, scratch.values
    if shift == 0:
        for r in range(ranks.size):
            out[r] = low + np.searchsorted(count, ranks[r], side="right")
        return
    begin = 0
    for r in range(ranks.size):
        at = np.searchsorted(count, ranks[r], side="right")
        if slot[at] < 0:
            slot[at] = begin
            begin += count[at] - (count[at - 1] if at > 0 else 0)
    least, by = np.int32(low), np.uint32(shift)
    for k in range(row.size):
        place = np.uint32(row[k] - least) >> by
        if slot[place] >= 0:
            values[slot[place]] = row[k]
            slot[place] += 1
    for r in range(ranks.size):
        at = np.searchsorted(count, ranks[r], side="right")
        before = count[at - 1] if at > 0 else 0
        end = slot[at]
        out[r] = _ranked(values[end - (count[at] - before) : end], ranks[r] - before)
    for r in range(ranks.size):
        slot[np.searchsorted(count, ranks[r], side="right")] = -1


@inner
def _ranked(values, rank):
    """The value of that rank among a few: by insertion where they are very few, which leaves them sorted for the next rank."""
    if values.size > 48:
        values.sort()
        return values[rank]
    for i in range(1, values.size):
        held, j = values[i], i
        while j > 0 and values[j - 1] > held:
            values[j] = values[j - 1]
            j -= 1
        values[j] = held
    return values[rank]
