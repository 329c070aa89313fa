"""The same iterations once more, for what is too large to keep: every number is addressed, so running again gives it exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk import block as blocks_
from pmo_lib.risk.simulation import Simulation, in_tasks

TILE = 48_000_000  # values [activities x iterations] held at a time, some 190 MB
BINS = 4096


def tiles(sim: Simulation, *, durations: bool) -> Iterator[tuple[int, np.ndarray]]:
    """First row and values [rows, iterations] int32, over all rows of the network: the durations, or the early finishes."""
    n = len(sim.network.activities)
    rows = max(TILE // sim.iterations, 1)
    for first in range(0, n, rows):
        yield first, _tile(sim, first, min(rows, n - first), durations)


def _tile(sim: Simulation, first: int, rows: int, durations: bool) -> np.ndarray:
    run, out = sim.run, np.empty((rows, sim.iterations), np.int32)

    def one(part: np.ndarray, scratch: blocks_.Scratch) -> int:
        blocks_.run_again(run.arrays, run.variables, part, durations, first, scratch, out)
        return int(part[:, 2].sum())

    in_tasks(run, one, lambda: blocks_.scratch(run.fixed, both=False), sim.iterations, None, None)
    return out


@kernel
def select(values, ranks, count, out):  # noqa: ANN001, ANN201
    """out [rows, ranks] = the values of those ranks (from 0, ascending) of each row; `count` is scratch, int64 [BINS + 1].

    A histogram finds the bin of each rank, and a sort of that bin's values the value.
    """
    for i in range(values.shape[0]):
        row = values[i]
        low, high = row[0], row[0]
        for k in range(row.size):
            low, high = min(low, row[k]), max(high, row[k])
        shift = 0
        while (np.int64(high) - low) >> shift >= BINS:
            shift += 1
        count[:] = 0
        for k in range(row.size):
            count[(np.int64(row[k]) - low) >> shift] += 1
        bin_, before = 0, np.int64(0)
        for r in range(ranks.size):
            while before + count[bin_] <= ranks[r]:
                before += count[bin_]
                bin_ += 1
            if shift == 0:
                out[i, r] = low + bin_
                continue
            held = np.empty(count[bin_], np.int32)
            at = 0
            for k in range(row.size):
                if (np.int64(row[k]) - low) >> shift == bin_:
                    held[at] = row[k]
                    at += 1
            held.sort()
            out[i, r] = held[ranks[r] - before]


@kernel
def doubled_ranks(values, out):  # noqa: ANN001, ANN201
    """out = twice the average rank (from 1) of each value: whole numbers, ties alike."""
    n = values.size
    low, high = values[0], values[0]
    for k in range(n):
        low, high = min(low, values[k]), max(high, values[k])
    width = np.int64(high) - low + 1
    if width > 8 * n + 65536:
        order = np.argsort(values)
        first = 0
        while first < n:
            last = first
            while last + 1 < n and values[order[last + 1]] == values[order[first]]:
                last += 1
            for k in range(first, last + 1):
                out[order[k]] = first + last + 2
            first = last + 1
        return
    count = np.zeros(width, np.int64)
    for k in range(n):
        count[np.int64(values[k]) - low] += 1
    before = np.int64(0)
    for w in range(width):
        tied = count[w]
        count[w] = 2 * before + tied + 1
        before += tied
    for k in range(n):
        out[k] = count[np.int64(values[k]) - low]


@kernel
def rank_correlations(durations, finish_ranks, out):  # noqa: ANN001, ANN201
    """out[i] = Spearman's coefficient (ties averaged) of row i with the finish; NaN where either does not vary."""
    n = finish_ranks.size
    own = np.empty(n, np.int64)
    middle = np.int64(n + 1)
    total = np.int64(0)
    for k in range(n):
        total += (finish_ranks[k] - middle) ** 2
    for i in range(durations.shape[0]):
        doubled_ranks(durations[i], own)
        squares, products = np.int64(0), np.int64(0)
        for k in range(n):
            squares += (own[k] - middle) ** 2
            products += (own[k] - middle) * (finish_ranks[k] - middle)
        out[i] = products / np.sqrt(np.float64(squares) * np.float64(total)) if squares > 0 and total > 0 else np.nan
