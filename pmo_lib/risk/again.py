"""The same iterations once more, for what is too large to keep: every number is addressed, so running again gives it exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.running import output, run_into
from pmo_lib.risk.simulation import Simulation

TILE = 48_000_000  # values [activities x iterations] held at a time, some 190 MB
BINS, FINE = 4096, 4096  # of the histogram, and values within one of its bins that are counted one by one


def tiles(sim: Simulation, *, durations: bool) -> Iterator[tuple[int, np.ndarray]]:
    """First row and values [rows, iterations] int32, over all rows of the network: the durations, or the early finishes."""
    n = len(sim.network.activities)
    size = max(TILE // sim.iterations, 1)
    for first in range(0, n, size):
        out = output(sim.iterations, rows=range(first, min(first + size, n)), durations=durations)
        run_into(sim.run, out, marks=False)
        yield first, out.kept


@kernel
def select(values, ranks, count, out):
    """out [rows, ranks] = the values of those ranks (from 0) of each row; `count` is scratch, int64 [BINS].

    A histogram finds the bins in which the ranks lie; one more pass counts the values of those bins one by one.
    """
    bins, fine, slot = np.empty(ranks.size, np.int64), np.empty((ranks.size, FINE), np.int64), np.empty(count.size, np.int32)
    for i in range(values.shape[0]):
        row = values[i]
        least, most = row[0], row[0]
        for k in range(row.size):
            least, most = min(least, row[k]), max(most, row[k])
        shift, low = 0, np.int64(least)
        while (np.int64(most) - low) >> shift >= count.size:
            shift += 1
        count[:] = 0
        for k in range(row.size):
            count[(row[k] - low) >> shift] += 1
        for c in range(1, count.size):
            count[c] += count[c - 1]
        for r in range(ranks.size):
            bins[r] = np.searchsorted(count, ranks[r], side="right")
            out[i, r] = low + (bins[r] << shift)
        if shift == 0:
            continue
        if (1 << shift) > FINE:
            _refined(row, ranks, count, bins, low, shift, out[i])
            continue
        slot[:] = -1
        fine[:] = 0
        for r in range(ranks.size):
            slot[bins[r]] = r  # ranks of one bin share the last one's counts
        for k in range(row.size):
            at = slot[(row[k] - low) >> shift]
            if at >= 0:
                fine[at, (row[k] - low) & ((1 << shift) - 1)] += 1
        for r in range(ranks.size):
            left, c = ranks[r] - (count[bins[r] - 1] if bins[r] > 0 else 0), 0
            counted = fine[slot[bins[r]]]
            while counted[c] <= left:
                left -= counted[c]
                c += 1
            out[i, r] = low + (bins[r] << shift) + c


@kernel
def _refined(row, ranks, count, bins, low, shift, out):
    """`select` where a bin is wider than can be counted one by one: the values of each rank's bin are sorted."""
    for r in range(ranks.size):
        inside = np.sort(row[((row - low) >> shift) == bins[r]])
        out[r] = inside[ranks[r] - (count[bins[r] - 1] if bins[r] > 0 else 0)]


@kernel
def doubled_ranks(values, count, out):
    """out = twice the average rank (from 1) of each value: whole numbers, ties alike. `count` is scratch, int64, as long as the values' range."""
    low = np.int64(values[0])
    for k in range(values.size):
        low = min(low, np.int64(values[k]))
    for c in range(count.size):
        count[c] = 0
    for k in range(values.size):
        count[values[k] - low] += 1
    before = np.int64(0)
    for c in range(count.size):
        tied = count[c]
        count[c] = 2 * before + tied + 1
        before += tied
    for k in range(values.size):
        out[k] = count[values[k] - low]


@kernel
def rank_products(own, finish):
    """Sums of squares of `own`, of `finish`, and of their products, doubled ranks counted from their middle: exact."""
    middle = np.int64(own.size + 1)
    squares, others, products = np.int64(0), np.int64(0), np.int64(0)
    for k in range(own.size):
        a, b = own[k] - middle, finish[k] - middle
        squares += a * a
        others += b * b
        products += a * b
    return squares, others, products


def ranked(values: np.ndarray) -> np.ndarray:
    """Twice the average rank of each value [n]; a range much wider than n is counted by its distinct values."""
    width = int(values.max()) - int(values.min()) + 1
    if width > 8 * values.size + 65536:
        values = np.unique(values, return_inverse=True)[1].astype(np.int32)
        width = int(values.max()) + 1
    out = np.empty(values.size, np.int64)
    doubled_ranks(values, np.empty(width, np.int64), out)
    return out


def rank_correlation(own: np.ndarray, finish: np.ndarray) -> float:
    """Spearman's coefficient of two sets of doubled ranks, ties averaged; NaN where either does not vary."""
    squares, others, products = rank_products(own, finish)
    return products / float(squares) ** 0.5 / float(others) ** 0.5 if squares and others else float("nan")
