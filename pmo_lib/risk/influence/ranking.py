"""Spread of each duration, and how it goes with the finish: by Pearson, by ranks (Spearman), and by pairs (Kendall). Compiled.

Ranks come from counting: durations are whole minutes. Doubled ranks, ties averaged, are whole numbers, so their sums are exact.
"""

from __future__ import annotations

import math

import numpy as np

from pmo_lib.compiled import kernel

CHUNK = 4096  # products of ranks that are added as whole numbers before they could overflow
PER_VALUE, MORE = 8, 65536  # a range wider than that is counted by its distinct values


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
    """Sums of squares of `own`, of `finish`, and of their products, doubled ranks counted from their middle."""
    middle = np.int64(own.size + 1)
    squares, others, products = 0.0, 0.0, 0.0
    for first in range(0, own.size, CHUNK):
        s, o, p = np.int64(0), np.int64(0), np.int64(0)
        for k in range(first, min(first + CHUNK, own.size)):
            a, b = own[k] - middle, finish[k] - middle
            s += a * a
            o += b * b
            p += a * b
        squares += s
        others += o
        products += p
    return squares, others, products


def ranked(values: np.ndarray) -> np.ndarray:
    """Twice the average rank of each value [n]; a range much wider than n is counted by its distinct values."""
    width = int(values.max()) - int(values.min()) + 1
    if width > PER_VALUE * values.size + MORE:
        values = np.unique(values, return_inverse=True)[1].astype(np.int32)
        width = int(values.max()) + 1
    out = np.empty(values.size, np.int64)
    doubled_ranks(values, np.empty(width, np.int64), out)
    return out


def rank_correlation(own: np.ndarray, finish: np.ndarray) -> float:
    """Spearman's coefficient of two sets of doubled ranks, ties averaged; NaN where either does not vary."""
    squares, others, products = rank_products(own, finish)
    return products / float(squares) ** 0.5 / float(others) ** 0.5 if squares and others else float("nan")


@kernel
def spreads(durations, rows, finish, deviations):
    """Population standard deviation [minutes] and Pearson's coefficient with the finish, of the rows chosen: float64 [rows, 2], NaN where either is certain.

    `deviations` are those of the finish from its mean, float64 [iterations].
    """
    found = np.empty((rows.size, 2))
    n, own = finish.size, 0.0
    for k in range(n):
        own += deviations[k] * deviations[k]
    for r in range(rows.size):
        row = durations[rows[r]]
        low, total, squares, products = row[0], 0.0, 0.0, 0.0
        for k in range(n):
            x = np.float64(row[k] - low)
            total += x
            squares += x * x
            products += x * deviations[k]
        left = max(squares - total * total / n, 0.0)
        found[r, 0] = math.sqrt(left / n)
        found[r, 1] = products / math.sqrt(left * own) if left > 0 and own > 0 else np.nan
    return found


def rank_correlations(durations: np.ndarray, rows: np.ndarray, finish: np.ndarray) -> np.ndarray:
    """Spearman's coefficient of each chosen row with doubled ranks `finish`; NaN where either is certain."""
    room = np.empty(PER_VALUE * finish.size + MORE, np.int64)
    found = counted(durations, rows, finish, room)
    for r in np.flatnonzero(found > 1):
        found[r] = rank_correlation(ranked(durations[rows[r]]), finish)
    return found


@kernel
def counted(durations, rows, finish, count):
    """`rank_correlations` of the rows whose range `count` (scratch) can hold; 2 for the others."""
    found, middle, n = np.empty(rows.size), np.int64(finish.size + 1), finish.size
    others = rank_products(finish, finish)[0]
    for r in range(rows.size):
        row = durations[rows[r]]
        low, high = row[0], row[0]
        for k in range(n):
            low, high = min(low, row[k]), max(high, row[k])
        width = np.int64(high) - low + 1
        if width > count.size:
            found[r] = 2.0
            continue
        count[:width] = 0
        for k in range(n):
            count[row[k] - low] += 1
        before, squares, products = np.int64(0), 0.0, 0.0
        for c in range(width):
            tied = count[c]
            count[c] = 2 * before + tied + 1 - middle
            before += tied
            squares += np.float64(count[c]) * count[c] * tied
        for first in range(0, n, CHUNK):
            p = np.int64(0)
            for k in range(first, min(first + CHUNK, n)):
                p += count[row[k] - low] * (finish[k] - middle)
            products += p
        found[r] = products / math.sqrt(squares) / math.sqrt(others) if squares > 0 and others > 0 else np.nan
    return found


def kendall(a: np.ndarray, b: np.ndarray) -> float:
    """Kendall's tau-b of two sets of whole numbers, ties corrected; NaN where either does not vary. Pairs are counted by merging (Knight).

    References: Kendall, Rank Correlation Methods (1948); Knight, Journal of the American Statistical Association 61 (1966).
    """
    a, b = np.asarray(a), np.unique(np.asarray(b), return_inverse=True)[1]
    order = np.lexsort((b, a))
    x, y = a[order], b[order]
    pairs = len(a) * (len(a) - 1) / 2
    of_a, of_b, of_both = _tied_pairs(x), _tied_pairs(np.sort(y)), _tied_pairs(x, y)
    swaps = _swaps(y.astype(np.int64))
    size = math.sqrt(pairs - of_a) * math.sqrt(pairs - of_b)
    return (pairs - of_a - of_b + of_both - 2 * swaps) / size if size else math.nan


def _tied_pairs(ordered: np.ndarray, also: np.ndarray | None = None) -> float:
    """Pairs of equal neighbours' runs, alike in `also` too."""
    changes = ordered[1:] != ordered[:-1]
    if also is not None:
        changes |= also[1:] != also[:-1]
    runs = np.diff(np.concatenate([[0], np.flatnonzero(changes) + 1, [len(ordered)]])).astype(float)
    return float((runs * (runs - 1) / 2).sum())


@kernel
def _swaps(values):
    """How many pairs stand in the wrong order, by merging from below."""
    n, swaps, width = values.size, np.int64(0), 1
    here, there = values.copy(), np.empty_like(values)
    while width < n:
        for first in range(0, n, 2 * width):
            middle, last = min(first + width, n), min(first + 2 * width, n)
            i, j = first, middle
            for k in range(first, last):
                if j >= last or (i < middle and here[i] <= here[j]):
                    there[k] = here[i]
                    i += 1
                else:
                    there[k] = here[j]
                    j += 1
                    swaps += middle - i
        here, there = there, here
        width *= 2
    return swaps
