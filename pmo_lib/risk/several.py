"""Simulations of several plans, here or on the workers of a scheduler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pmo_lib.project import Project
from pmo_lib.risk.cluster import connected
from pmo_lib.risk.record import Simulation
from pmo_lib.risk.simulation import simulate


def simulate_all(
    plans: Mapping[str, Project], *, scheduler: Any = None, progress: Callable[[int, int, str], None] | None = None, **options: Any
) -> dict[str, Simulation]:
    """A simulation of each plan, under its key: one after another, or as many at once as the scheduler has workers. `options` are those of `simulate`.

    Each result is that of `simulate` alone, bit by bit.
    """
    made: dict[str, Simulation] = {}
    if scheduler is None:
        for key, plan in plans.items():
            made[key] = simulate(plan, **options)
            if progress is not None:
                progress(len(made), len(plans), "projects")
        return made
    with connected(scheduler) as client:
        from distributed import as_completed

        tasks = {client.submit(simulate, plan, **{"threads": 1, **options}, pure=False): key for key, plan in plans.items()}
        with client.as_current():
            for task in as_completed(list(tasks)):
                made[tasks[task]] = task.result()
                if progress is not None:
                    progress(len(made), len(plans), "projects")
    return {key: made[key] for key in plans}
