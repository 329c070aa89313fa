"""Dask beside one process: 50,000 activities by 10,000 iterations, on a local cluster of one worker a processor, warm, in alternating runs.

Goal: at most 1.3 times the clock of one process with as many threads. Both run what `simulate` runs; lowering the plan is left out, being the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

import pmo_lib as pmo
from benchmarks import engine
from pmo_lib.risk.cluster import connected, run_on
from pmo_lib.risk.engine.block import Output
from pmo_lib.risk.engine.running import output, run_into

ACTIVITIES, ITERATIONS, ROUNDS = 50_000, 10_000, 3
LIMIT = 1.3
HERE, THERE = "one process", "Dask, local cluster"


def main() -> bool:
    """Prints the times; whether the goal is met."""
    sim = pmo.risk.simulate(pmo.make_plan(engine.entries(ACTIVITIES)), rule=engine.RULE, iterations=ITERATIONS)
    taken: dict[str, list[tuple[float, float]]] = {HERE: [], THERE: []}
    with connected("local") as client:

        def processors() -> float:
            return time.process_time() + sum(client.run(time.process_time).values())

        def there(out: Output) -> np.ndarray:
            return run_on(client, sim.run, out)

        there(output(ITERATIONS))  # every worker loads its kernels before anything is timed
        for _ in range(ROUNDS):
            for name, run in ((HERE, lambda out: run_into(sim.run, out)), (THERE, there)):
                found = _timed(run, processors)
                if not np.array_equal(found[0].finish, sim.finish_minutes):
                    raise AssertionError(f"{name} draws other finishes")
                taken[name].append(found[1:])
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
    least = {name: [min(each) for each in zip(*found, strict=True)] for name, found in taken.items()}
    print(f"  {ACTIVITIES:,} x {ITERATIONS:,}; {workers} workers of one thread, {sim.run.threads} threads in one process; least of {ROUNDS} alternating runs")
    for name, (clock, busy) in least.items():
        print(f"  {name:22} {clock:6.2f} s by the clock  {busy:6.2f} s of processors")
    ratios = [there / here for here, there in zip(least[HERE], least[THERE], strict=True)]
    print(f"  {ratios[0]:.2f} times by the clock (limit {LIMIT}), {ratios[1]:.2f} times by processor time")
    return ratios[0] <= LIMIT


def _timed(run: Callable[[Output], np.ndarray], processors: Callable[[], float]) -> tuple[Output, float, float]:
    out, busy, begin = output(ITERATIONS), processors(), time.perf_counter()
    run(out)
    clock = time.perf_counter() - begin
    return out, clock, processors() - busy


if __name__ == "__main__":
    raise SystemExit(not main())
