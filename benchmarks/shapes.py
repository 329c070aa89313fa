"""What richer questions cost, in the time of the plain one: PERT with a copula of twenty factors, twenty risk drivers, exact percentiles of every activity.

1,000 activities, 10,000 iterations, one core, processor time, alternating runs; the plain one is triangular with both passes and criticality.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

import pmo_lib as pmo
from benchmarks import engine
from pmo_lib.risk.engine.running import output, run_into
from pmo_lib.risk.record import Simulation
from pmo_lib.risk.results.summary import activity_forecast

FACTORS, DRIVERS, ROUNDS = 20, 20, 5
GOALS = {"PERT with a copula of 20 factors": 3.0, "with 20 risk drivers": 1.5, "with exact percentiles of every activity": 3.0}


def simulated(shape: str, loadings: pl.DataFrame | None = None, risks: pl.DataFrame | None = None, activities: int = engine.ACTIVITIES) -> Simulation:
    """The benchmark's network with estimates of that shape."""
    plan = pmo.make_plan(engine.entries(activities))
    days = plan.tables["activities"]["duration"].to_numpy() / 480
    low, likely, high = engine.POINTS
    estimates = pl.DataFrame(
        {"activity": plan.tables["activities"]["activity"], "shape": shape, "low": low * days, "likely": likely * days, "high": high * days}
    )
    return pmo.risk.simulate(plan, estimates, risks, correlation=loadings, iterations=engine.ITERATIONS, threads=1, criticality="float")


def factors(activities: int = engine.ACTIVITIES) -> pl.DataFrame:
    """Loadings of every activity on every factor."""
    drawn = np.random.default_rng(0).uniform(0, 0.2, (activities, FACTORS))
    names = [f"A{i}" for i in range(activities)]
    columns = {"group": np.tile([f"F{k}" for k in range(FACTORS)], activities), "activity": np.repeat(names, FACTORS), "loading": drawn.ravel()}
    return pl.DataFrame(columns)


def drivers(activities: int = engine.ACTIVITIES) -> pl.DataFrame:
    """Risk drivers, each of every twentieth activity and of those beside them: two drivers an activity."""
    touched = [[f"A{i}" for i in range(activities) if i % DRIVERS in (k, (k + 1) % DRIVERS)] for k in range(DRIVERS)]
    rows = [{"risk": f"D{k}", "kind": "driver", "probability": 0.5, "low": 0.9, "likely": 1.05, "high": 1.3, "activities": touched[k]} for k in range(DRIVERS)]
    return pl.DataFrame(rows)


def main() -> bool:
    """Prints the ratios; whether the goals are met."""
    plain, pert, bound, driven = simulated("triangular"), simulated("pert"), simulated("pert", factors()), simulated("triangular", risks=drivers())

    def run(sim: Simulation) -> Callable[[], Any]:
        return lambda: run_into(sim.run, output(sim.iterations), "float")

    def with_percentiles() -> None:
        run(plain)()
        activity_forecast(plain)

    runs = {
        "triangular": run(plain),
        "PERT": run(pert),
        "PERT with a copula of 20 factors": run(bound),
        "with 20 risk drivers": run(driven),
        "with exact percentiles of every activity": with_percentiles,
    }
    least = dict.fromkeys(runs, float("inf"))
    for each in runs.values():
        each()
    for _ in range(ROUNDS):
        for name, each in runs.items():
            begin = time.process_time()
            each()
            least[name] = min(least[name], time.process_time() - begin)
    met = True
    for name, seconds in least.items():
        ratio, goal = seconds / least["triangular"], GOALS.get(name)
        met &= goal is None or ratio <= goal
        told = f"  {ratio:5.2f} times triangular" + (f" (limit {goal:g})" if goal else "")
        print(f"  {name:42} {seconds / engine.ACTIVITIES / engine.ITERATIONS * 1e9:6.2f} ns{told}")
    return met


if __name__ == "__main__":
    raise SystemExit(not main())
