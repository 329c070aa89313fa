"""Durations alone, drawn again without any pass: some rows of the network at a time, with all their iterations.

Every number is addressed, so drawing some rows costs no more than those rows: each is drawn once, and little is held at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.engine.block import scratch
from pmo_lib.risk.engine.effects import effect_scratch
from pmo_lib.risk.engine.parts import effects_of, variables_of
from pmo_lib.risk.engine.steps import durations
from pmo_lib.sampling import blocks

if TYPE_CHECKING:
    from pmo_lib.risk.engine.run import Run
    from pmo_lib.risk.record import Simulation

PART = 2_000_000  # durations that a thread holds at a time, 8 MB


def over_durations(sim: Simulation, work: Callable[[int, np.ndarray], None]) -> None:
    """Calls `work(first row, durations [rows, iterations])` for every part of the network's rows once, on the simulation's threads.

    The durations are `work`'s until it returns: the next part takes their place, since memory given back and taken anew grows.
    """
    from pmo_lib.risk.again import tiles

    run, n = sim.run, sim.run.fixed.size
    if waits(run):
        for first, durations in tiles(sim, durations=True):
            work(first, durations)
        return
    size, at = max(min(PART // sim.iterations, -(-n // run.threads)), 1), blocks(sim.bounds)

    free: SimpleQueue[np.ndarray] = SimpleQueue()
    for _ in range(run.threads):
        free.put(np.empty((size, sim.iterations), np.int32))

    def one(first: int) -> None:
        room = free.get()
        try:
            work(first, drawn(run, at, first, room[: n - first]))
        finally:
            free.put(room)

    with ThreadPoolExecutor(run.threads, thread_name_prefix="pmo-risk") as pool:
        for done in [pool.submit(one, first) for first in range(0, n, size)]:
            done.result()


def row_of(sim: Simulation, row: int) -> np.ndarray:
    """The durations of one row of the network [iterations]."""
    from pmo_lib.risk.engine.running import output, run_into

    if not waits(sim.run):
        return drawn(sim.run, blocks(sim.bounds), row, np.empty((1, sim.iterations), np.int32))[0]
    out = output(sim.iterations, rows=range(row, row + 1), durations=True)
    run_into(sim.run, out, marks=False)
    return out.kept[0]


def waits(run: Run) -> bool:
    """Whether some durations are known only after a pass."""
    return run.effects is not None and (run.effects.lost.row.size > 0 or bool((run.effects.level > 0).any()))


def drawn(run: Run, at: np.ndarray, first: int, out: np.ndarray) -> np.ndarray:
    """out [rows, iterations] = the durations of the rows from `first`; `at` are whole blocks."""
    last = first + len(out)
    own = variables_of(run.variables, first, last)
    s = scratch(run.fixed[first:last], single=True, by_float=True, latents=own.latent.size)
    effects = None if run.effects is None else effects_of(run.effects, first, last)
    e = None if effects is None else effect_scratch(effects)
    for block in at:
        durations(own, effects, block, s, e)
        _copied(block, s, out)
    return out


@kernel
def _copied(block, s, out):
    """out [rows, iterations] receives the block's durations."""
    for i in range(out.shape[0]):
        row, into = s.duration[i], out[i]
        for k in range(block[2]):
            into[block[4] + k] = row[k]
