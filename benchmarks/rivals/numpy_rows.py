"""Monte Carlo on a network with NumPy, an activity's iterations as one row: what a careful person writes with it.

Blocks of iterations keep the rows in the cache, and every operation writes into an array that is there already.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FS, SS, FF, SF = 0, 1, 2, 3
Link = tuple[int, int, int]  # other activity, type, lag


def simulate(
    points: Sequence[tuple[float, float, float]],
    incoming: Sequence[Sequence[Link]],
    outgoing: Sequence[Sequence[Link]],
    iterations: int,
    seed: int,
    block: int = 1_000,
) -> tuple[np.ndarray, np.ndarray]:
    """The finish of each iteration, and in how many each activity had no float. Activities in topological order, triangular durations."""
    n, rng = len(points), np.random.Generator(np.random.SFC64(seed))
    critical, finishes = np.zeros(n, np.int64), []
    duration, start, finish, late_start, late_finish = (np.empty((n, block), np.int32) for _ in range(5))
    bound, uniform, below, above = np.empty(block, np.int32), np.empty(block), np.empty(block), np.empty(block)
    low, likely, high = (np.array(column) for column in zip(*points, strict=True))
    mode, rise, fall = (likely - low) / (high - low), (high - low) * (likely - low), (high - low) * (high - likely)
    for first in range(0, iterations, block):
        used = min(block, iterations - first)
        for i in range(n):
            own, at = duration[i], start[i]
            rng.random(out=uniform)
            np.multiply(uniform, rise[i], out=below)
            np.sqrt(below, out=below)
            below += low[i] + 0.5
            np.subtract(1.0, uniform, out=above)
            above *= fall[i]
            np.sqrt(above, out=above)
            np.subtract(high[i] + 0.5, above, out=above)
            np.copyto(above, below, where=uniform < mode[i])
            own[:] = above
            at.fill(0)
            for j, kind, lag in incoming[i]:
                np.add(finish[j] if kind in (FS, FF) else start[j], lag, out=bound)
                if kind in (FF, SF):
                    np.subtract(bound, own, out=bound)
                np.maximum(at, bound, out=at)
            np.add(at, own, out=finish[i])
        end = finish.max(axis=0)
        finishes.append(end[:used].copy())
        for i in range(n - 1, -1, -1):
            own, at = duration[i], late_finish[i]
            at[:] = end
            for j, kind, lag in outgoing[i]:
                np.subtract(late_start[j] if kind in (FS, SS) else late_finish[j], lag, out=bound)
                if kind in (SS, SF):
                    np.add(bound, own, out=bound)
                np.minimum(at, bound, out=at)
            np.subtract(at, own, out=late_start[i])
            critical[i] += np.count_nonzero(at[:used] <= finish[i][:used])
    return np.concatenate(finishes), critical
