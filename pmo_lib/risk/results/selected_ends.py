"""Percentiles of many rows with the ends of their intervals, compiled: `percentiles.interval` for every activity at once.

Only the draws around a percentile are sorted, each with its replicate; what lies below them is counted. Tests hold the ends to `replicate_ends`.
"""

from __future__ import annotations

import math

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.risk.results.replicate_ends import NOTHING, WINDOW
from pmo_lib.risk.results.selecting import counted, of_ranks

BITS = 23  # of the number of a replicate; there are fewer than iterations, which stay below that
OWNER = (1 << BITS) - 1


@kernel
def select_with_ends(values, p, ranks, ends, bounds, student, even, scratch, out):
    """out [3, rows, p] = the values of `ranks` (from 0) of each row, for the shares p, and the ends of their intervals.

    `bounds` part the replicates, whose scatter times `student` is the interval, beside the `even` way of a percentile between two draws; with a single
    replicate the ranks of the ends are `ends` [2, p].
    """
    n, count = values.shape[1], bounds.size - 1
    rank, near, around = np.empty(2 * p.size), np.empty(8 * p.size, np.int64), np.empty(8 * p.size, np.int32)
    keys, reach, parts = np.empty(n, np.int64), np.empty(n), np.empty(n, np.int32)
    for i in range(values.shape[0]):
        row = values[i]
        low, shift = counted(row, scratch.count)
        of_ranks(row, ranks, low, shift, scratch, out[0, i])
        if count == 1:
            of_ranks(row, ends[0], low, shift, scratch, out[1, i])
            of_ranks(row, ends[1], low, shift, scratch, out[2, i])
            continue
        for c in range(p.size):
            rank[2 * c], rank[2 * c + 1] = _ends(row, low, shift, p[c], bounds, student, even, scratch, keys, reach, parts)
        for e in range(2 * p.size):
            rank[e] = min(max(rank[e], 1.0), np.float64(n))
            for k in range(4):
                near[4 * e + k] = min(max(int(rank[e]) - 2 + k, 0), n - 1)
        of_ranks(row, near, low, shift, scratch, around)
        for e in range(2 * p.size):
            own = slice(4 * e, 4 * e + 4)
            out[1 + e % 2, i, e // 2] = _between(around[own], near[own], rank[e], e % 2 == 1)


@inner
def _between(around, near, rank, up):
    """`percentiles.between_draws` of the values around a rank: the one before it and it, and the two after it, at the places `near`."""
    first = int(rank)
    one, other, share = np.int64(around[1]), np.int64(around[2]), rank - first
    if up:
        atom = share > 0 and near[3] > near[2] and around[3] == other
        return other if atom else np.int64(math.floor(one + share * (other - one) + 0.5))
    return one if near[0] < near[1] and around[0] == one else np.int64(math.floor(one + share * (other - one) + 0.5))


@inner
def _ends(row, low, shift, p, bounds, student, even, scratch, keys, reach, parts):
    """`replicate_ends.ends` of a row that is not sorted: ranks (from 1) of the ends."""
    n, middle, width = row.size, row.size * p + 0.5, WINDOW
    at = min(max(math.floor(middle), 1), n - 1)
    while True:
        begin, end = max(at - width, 1), min(at + width, n - 1)
        _deviations(row, low, shift, begin, end, bounds, scratch, keys, reach)
        if width == WINDOW and reach[at - begin] <= NOTHING and _stratified(row, bounds, parts):
            return middle - even, middle + even
        for g in range(end - begin + 1):
            reach[g] = math.hypot(student * reach[g], even)
        first, last = at, at
        while last < end and abs(last + 1.5 - middle) - 0.5 <= reach[last + 1 - begin]:
            last += 1
        while first > begin and abs(first - 0.5 - middle) - 0.5 <= reach[first - 1 - begin]:
            first -= 1
        if (last < end or end == n - 1) and (first > begin or begin == 1):
            return max(middle - reach[first - begin], np.float64(first)), min(middle + reach[last - begin], np.float64(last + 1))
        width *= 2


@inner
def _deviations(row, low, shift, begin, end, bounds, scratch, keys, out):
    """out = `replicate_ends.deviation` at the gaps from `begin` to `end`."""
    count = bounds.size - 1
    below, own, edges = np.zeros(count, np.int64), np.zeros(count, np.int64), np.empty(2, np.int32)
    of_ranks(row, np.array([begin - 1, end - 1]), low, shift, scratch, edges)
    found, weight = _around(row, edges, bounds, keys, below), 1 / (bounds[1:] - bounds[:-1])
    before, k = below.sum(), 0
    while k < found:
        alike, value = k, keys[k] >> BITS
        own[:] = 0
        while alike < found and keys[alike] >> BITS == value:
            own[keys[alike] & OWNER] += 1
            alike += 1
        for g in range(max(before + k + 1, begin), min(before + alike, end) + 1):
            out[g - begin] = _deviation(below, own, (g - before - k) / (alike - k), weight, row.size)
        below += own
        k = alike


@inner
def _around(row, edges, bounds, keys, below):
    """keys = the values between the edges, sorted, each with its replicate in the lowest bits; how many they are. below = those before, by replicate."""
    count, found, least, most = bounds.size - 1, 0, edges[0], edges[1]
    for r in range(count):
        less = np.int32(0)
        for k in range(bounds[r], bounds[r + 1]):
            less = np.int32(less + np.int32(row[k] < least))
        below[r] = less
        for k in range(bounds[r], bounds[r + 1]):
            if least <= row[k] <= most:
                keys[found] = (np.int64(row[k]) - np.int64(least)) << BITS | r
                found += 1
    keys[:found].sort()
    return found


@inner
def _deviation(below, own, passed, weight, n):
    """The standard deviation of the number of draws below, where a part of those in `own` has been passed; `weight` [replicates] makes shares of numbers."""
    count, total, squares = below.size, 0.0, 0.0
    for r in range(count):
        total += (below[r] + passed * own[r]) * weight[r]
    mean = total / count
    for r in range(count):
        away = (below[r] + passed * own[r]) * weight[r] - mean
        squares += away * away
    return n * math.sqrt(squares / (count - 1) / count)


@inner
def _stratified(row, bounds, parts):
    """`replicate_ends.stratified` of a row that is not sorted."""
    count, size = bounds.size - 1, bounds[1] - bounds[0]
    for r in range(count):
        if bounds[r + 1] - bounds[r] != size:
            return False
        parts[bounds[r] : bounds[r + 1]] = row[bounds[r] : bounds[r + 1]]
        parts[bounds[r] : bounds[r + 1]].sort()
    for k in range(size - 1):
        most, least = parts[k], parts[k + 1]
        for r in range(1, count):
            most, least = max(most, parts[bounds[r] + k]), min(least, parts[bounds[r] + k + 1])
        if most > least:
            return False
    return True
