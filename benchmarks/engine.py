"""The engine against its rivals: 1,000 activities, triangular, sampling, both passes and criticality, warm, in alternating runs.

Two comparisons. *As people run it*: our default (Latin hypercube, all cores) by the clock. *Like for like*: one core, plain sampling as the rivals draw,
processor time; the goals are held against this one. Pure Python runs fewer iterations and is scaled. C sums durations too, which ours does not.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import pmo_lib as pmo
from benchmarks.rivals import c_kernel, numpy_rows, pure_python
from pmo_lib.risk.engine.run import Run
from pmo_lib.risk.engine.running import output, run_into
from pmo_lib.risk.inputs.ranges import ranges
from pmo_lib.risk.iterated import for_iterations
from pmo_lib.risk.lowering.variables import variables
from pmo_lib.sampling import blocks, replicate_bounds
from pmo_lib.schedule.network import Network, lower
from pmo_lib.standards import RangeRule

ACTIVITIES, ITERATIONS, ROUNDS = 1_000, 10_000, 5
SCALED = 100  # iterations that pure Python runs
GOALS = {"pure Python": 400, "NumPy by rows": 15, "C": 0.5}  # times as fast as the rival, like for like
RULE = RangeRule("triangular", 0.9, 1.0, 1.2, 1.0, 1.0, 1.0)
DEFAULT, PLAIN = "ours, default, all cores", "ours, one core, plain"
POINTS = (0.9, 1.0, 1.2)
TYPES = ("FS", "FS", "FS", "FS", "FS", "FS", "FS", "SS", "FF", "FS+1d")


def entries(activities: int = ACTIVITIES, seed: int = 7) -> dict[str, Any]:
    """Activities with two relationships each on average, four in five of them plain finish-start."""
    rng = random.Random(seed)
    made: dict[str, Any] = {}
    for i in range(activities):
        before = sorted({rng.randrange(max(0, i - 60), i) for _ in range(rng.choice((1, 2, 2, 3)))}) if i else []
        made[f"A{i}"] = (rng.randint(1, 40), "; ".join(f"A{j} {rng.choice(TYPES)}" for j in before))
    return made


def network(activities: int = ACTIVITIES) -> Network:
    """Those activities as our kernel takes them."""
    return lower(pmo.make_plan(entries(activities)))


def ours(net: Network, sampling: str, criticality: str, iterations: int = ITERATIONS, threads: int = 1) -> Callable[[], Any]:
    """Our engine on that network, ready to run."""
    bounds = replicate_bounds(iterations, 10, sampling)
    plan = pmo.make_plan({name: int(minutes) / 480 for name, minutes in zip(net.activities, net.duration, strict=True)})
    found = variables(net.activities, ranges(plan, net, None, RULE), 1, bounds.size - 1, latin=sampling == "latin_hypercube")
    run = Run(arrays=for_iterations(net.arrays), variables=found, fixed=net.duration, blocks=blocks(bounds), threads=threads, effects=None)

    def go() -> Any:
        out = output(iterations)
        return out, run_into(run, out, criticality)

    return go


def rival(net: Network) -> dict[str, Any]:
    """The same network as the rivals take it."""
    a, n = net.arrays, len(net.duration)
    before = list(zip(a.pred.tolist(), a.pred_type.tolist(), a.pred_lag.tolist(), strict=True))
    after = list(zip(a.succ.tolist(), a.succ_type.tolist(), a.succ_lag.tolist(), strict=True))
    return {
        "points": [tuple(factor * int(d) for factor in POINTS) for d in net.duration],
        "incoming": [before[a.pred_from[i] : a.pred_from[i + 1]] for i in range(n)],
        "outgoing": [after[a.succ_from[i] : a.succ_from[i + 1]] for i in range(n)],
        "seed": 1,
    }


def main() -> bool:
    """Prints the ratios; whether the goals are met."""
    net = network()
    given = rival(net)
    cores = os.cpu_count() or 1
    runs: dict[str, tuple[Callable[[], Any], float]] = {
        DEFAULT: (ours(net, "latin_hypercube", "float", threads=cores), 1.0),
        "ours, one core": (ours(net, "latin_hypercube", "float"), 1.0),
        PLAIN: (ours(net, "plain", "float"), 1.0),
        "ours, longest path": (ours(net, "latin_hypercube", "longest_path"), 1.0),
        "NumPy by rows": (lambda: numpy_rows.simulate(**given, iterations=ITERATIONS), 1.0),
        "pure Python": (lambda: pure_python.simulate(**given, iterations=SCALED), ITERATIONS / SCALED),
    }
    if c_kernel.available():
        points = np.array(given["points"])
        for lanes in c_kernel.LANES:
            runs[f"C, blocks of {lanes}"] = (partial(c_kernel.simulate, c_kernel.compiled(lanes), points, net.arrays, ITERATIONS), 1.0)
    results = {name: run() for name, (run, _) in runs.items()}
    _agree(results, int(net.arrays.es_low.min()))
    clock: dict[str, float] = dict.fromkeys(runs, float("inf"))
    processor = dict(clock)
    for _ in range(ROUNDS):
        for name, (run, scale) in runs.items():
            seconds, busy = _timed(run)
            clock[name], processor[name] = min(clock[name], seconds * scale), min(processor[name], busy * scale)
    print(f"{ACTIVITIES:,} activities, {len(net.arrays.pred):,} relationships, {ITERATIONS:,} iterations, triangular")
    print(f"least of {ROUNDS} alternating runs, {cores} cores; ns: processor time an activity and iteration")
    for name in runs:
        scaled = f" (scaled from {SCALED} iterations)" if name == "pure Python" else ""
        each = processor[name] / ACTIVITIES / ITERATIONS * 1e9
        print(f"  {name:28} {clock[name]:9.4f} s by the clock  {each:9.2f} ns{scaled}")
    met = True
    for name, goal in GOALS.items():
        same = [run for run in runs if run.startswith(name)]
        if not same:
            print(f"  {name}: its compiler is not on this machine, so the goal {goal} is not measured")
            continue
        like, default = (min(times[run] for run in same) / times[own] for times, own in ((processor, PLAIN), (clock, DEFAULT)))
        met &= like >= goal
        print(f"  like for like, on one core, {like:,.1f} times as fast as {name}, goal {goal}; as people run it {default:,.1f} times")
    return met


def _timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's threads on processors."""
    clock, busy = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - busy


def _agree(results: dict[str, Any], begin: int) -> None:
    """The rivals do the same work: their mean finish is ours, counted from the project's start."""
    ours_ = results[DEFAULT][0].finish.mean() - begin
    for name in [name for name in results if not name.startswith("ours")]:
        other = np.mean(results[name][0])
        if abs(other / ours_ - 1) > 0.005:
            raise AssertionError(f"{name} finds a mean finish of {other:,.0f}, ours is {ours_:,.0f}")


if __name__ == "__main__":
    raise SystemExit(not main())
