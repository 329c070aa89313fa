"""Blocks of iterations on threads: where a run writes, and how it is called off."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import Any

import numpy as np

from pmo_lib.errors import PMOError
from pmo_lib.risk.engine import block
from pmo_lib.risk.engine.effects import EffectScratch, effect_scratch
from pmo_lib.risk.engine.run import Run
from pmo_lib.risk.engine.steps import iterate

Progress = Callable[[int, int, str], None]  # done, total, what
Cancel = Callable[[], bool]  # asked now and then, from the calling thread
SPARED = 5_000  # activities up to which scratch is kept: 20 MB a thread
TASK = 8  # blocks that one task runs before it reports
CRITICALITY = ("longest_path", "float")


class Cancelled(PMOError):
    """The simulation was called off before its last iteration; nothing of it is kept."""


def available() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def output(iterations: int, groups: Sequence[tuple[list[int], int]] = (), *, rows: range = range(0), durations: bool = False) -> block.Output:
    """Room for the project's finish, the latest finish of each group (its rows, and the earliest that it can be), and of `rows` their durations or finishes."""
    latest = [np.full(iterations, floor, np.int32) for _, floor in groups]
    return block.Output(
        finish=np.empty(iterations, np.int32),
        watched_from=np.cumsum([0, *(len(watched) for watched, _ in groups)]).astype(np.int64),
        watched=np.array([row for watched, _ in groups for row in watched], np.int32),
        latest=np.array(latest, np.int32).reshape(len(groups), iterations),
        durations=durations,
        begin=rows.start,
        kept=np.empty((len(rows), iterations), np.int32),
    )


def run_into(
    run: Run,
    out: block.Output,
    criticality: str = "longest_path",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    tally: list[EffectScratch] | None = None,
    *,
    marks: bool = True,
) -> np.ndarray:
    """Every iteration into `out`; back comes in how many each row was critical [n]. `tally` receives what each thread counted of risks and branches.

    Without `marks` nothing is counted where that can be spared.

    The scratch of a small network is kept for the next time: fresh memory costs a tenth of such a run.
    """
    by_float = criticality == "float"
    spare, latents = run.spare[by_float], run.variables.latent.size
    single = not len(run.arrays.grid) and not (by_float and run.effects is not None and run.effects.loose.size)
    counts: list[np.ndarray] = []
    taken: list[block.Scratch] = []

    def one(rows: np.ndarray, own: tuple[block.Scratch, EffectScratch | None, np.ndarray]) -> int:
        for row in rows:
            iterate(run, row, by_float, *own, out)
        return int(rows[:, 2].sum())

    def fresh() -> tuple[block.Scratch, EffectScratch | None, np.ndarray]:
        counts.append(np.zeros(run.fixed.size if marks or by_float else 0, np.int64))
        taken.append(spare.pop() if spare else block.scratch(run.fixed, single=single, by_float=by_float, latents=latents, lanes=run.lanes))
        more = None if run.effects is None else effect_scratch(run.effects, run.lanes)
        if more is not None and tally is not None:
            tally.append(more)
        return taken[-1], more, counts[-1]

    in_tasks(run, one, fresh, out.finish.size, progress, cancel)
    if run.fixed.size <= SPARED:
        spare.extend(taken)
    return np.sum(counts, axis=0)


def in_tasks(
    run: Run, one: Callable[[np.ndarray, Any], int], fresh: Callable[[], Any], iterations: int, progress: Progress | None = None, cancel: Cancel | None = None
) -> None:
    """Runs `one` over the blocks, a few at a time, on `run.threads` threads, each with its own scratch from `fresh`."""
    size = min(TASK, max(1, len(run.blocks) // (4 * run.threads)))  # some tasks for each thread, so that none ends long before another
    tasks = [run.blocks[first : first + size] for first in range(0, len(run.blocks), size)]
    workers = min(run.threads, len(tasks))
    free: SimpleQueue[Any] = SimpleQueue()
    for _ in range(workers):
        free.put(fresh())
    called_off = False

    def work(rows: np.ndarray) -> int:
        if called_off:
            return 0
        scratch = free.get()
        try:
            return one(rows, scratch)
        finally:
            free.put(scratch)

    with ThreadPoolExecutor(workers, thread_name_prefix="pmo-risk") as pool:
        left, done = {pool.submit(work, rows) for rows in tasks}, 0
        while left:
            ended, left = wait(left, timeout=0.2 if cancel else None, return_when=FIRST_COMPLETED)
            done += sum(task.result() for task in ended)
            if progress is not None and ended and not called_off:
                progress(done, iterations, "iterations")
            called_off = called_off or (cancel is not None and cancel())
    if called_off and done < iterations:
        raise Cancelled(f"the simulation was called off after {done:,} of {iterations:,} iterations")
