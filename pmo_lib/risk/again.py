"""The same iterations once more, for what is too large to keep: every number is addressed, so running again gives it exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from pmo_lib.risk.engine.running import output, run_into
from pmo_lib.risk.record import Simulation

TILE = 48_000_000  # values [activities x iterations] held at a time, some 190 MB


def tiles(sim: Simulation, *, durations: bool) -> Iterator[tuple[int, np.ndarray]]:
    """First row and values [rows, iterations] int32, over all rows of the network: the durations, or the early finishes.

    The next tile takes the place of the one before.
    """
    n = len(sim.network.activities)
    size = min(max(TILE // sim.iterations, 1), n)
    out = output(sim.iterations, rows=range(size), durations=durations)
    for first in range(0, n, size):
        tile = out._replace(begin=first, kept=out.kept[: n - first])
        run_into(sim.run, tile, marks=False)
        yield first, tile.kept


def in_shares(sim: Simulation, rows: int, work: Callable[[slice], None]) -> None:
    """Calls `work` for an equal share of the rows on each of the simulation's threads."""
    count = max(1, min(sim.run.threads, rows))
    ends = [rows * i // count for i in range(count + 1)]
    with ThreadPoolExecutor(count, thread_name_prefix="pmo-risk") as pool:
        for done in [pool.submit(work, slice(a, b)) for a, b in pairwise(ends)]:
            done.result()
