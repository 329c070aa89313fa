"""What a what-if would move: two simulations on the same random numbers, percentile by percentile.

Draws are addressed by name, so what the change does not touch is drawn alike in both, and most of the sampling error cancels. What remains of it is in
`move_error`.

Reference: Glasserman and Yao, Some guidelines and guarantees for common random numbers, Management Science 38 (1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable

if TYPE_CHECKING:
    from pmo_lib.risk.record import Simulation

DEFAULTS = {"iterations": 10_000, "seed": 2026, "sampling": "latin_hypercube", "replicates": 10}  # of `simulate`, where nothing was chosen


def alike(compare: Simulation, given: dict[str, Any], until: Any = None) -> dict[str, Any]:
    """The choices of `compare` that make the random numbers the same, in the order of `given`; those given otherwise are refused."""
    if until is not None:
        raise InvalidInput("compare takes the earlier simulation's iterations, so until has nothing to decide; leave one of them out")
    plain = compare.sampling.startswith("plain")
    own = {
        "iterations": compare.iterations,
        "seed": compare.seed,
        "sampling": "plain" if plain else "latin_hypercube",
        "replicates": DEFAULTS["replicates"] if plain else compare.bounds.size - 1,
    }
    for name, value in given.items():
        if value not in (DEFAULTS[name], own[name]):
            raise InvalidInput(f"compare needs the earlier simulation's random numbers: its {name} is {own[name]!r}, and {value!r} is given; leave {name} out")
    return {name: own[name] for name in given}


def difference(sim: Simulation, p: Sequence[float] = (10, 50, 80, 90), *, milestone: str | None = None) -> pl.DataFrame:
    """What the simulation moves against the one that it was compared with (`tables.risk_results.Difference`).

    Raises `NotAvailable` for a simulation that was not made with `compare`.
    """
    from pmo_lib.risk.results.move_error import half_width, paired
    from pmo_lib.risk.results.percentiles import quantile, times
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Difference

    base = sim.compared
    if base is None:
        raise NotAvailable("risk.difference needs a simulation made with compare=, as in simulate(plan, …, compare=earlier)")
    if not all(0 < one < 100 for one in p):
        raise InvalidInput(f"a percentile lies between 0 and 100, and one of {tuple(p)} does not")
    minutes = times(base, milestone), times(sim, milestone)
    *scale, per_day = _working(base, sim, *minutes)
    ordered, pair = [np.sort(own) for own in minutes], paired(*scale)
    rows = []
    for one in p:
        before, after = (_instant(at, quantile(own, one / 100)) for at, own in zip((base, sim), ordered, strict=True))
        days, half = pair.moves[quantile(np.arange(pair.moves.size), one / 100)], half_width(pair, one / 100, base.bounds)
        rows.append((one, before, after, (after - before).total_seconds() / 86400, days / per_day, (days - half) / per_day, (days + half) / per_day))
    return framed(Difference, rows)


def _working(base: Simulation, sim: Simulation, before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Finishes of both, each [iterations] on its own axis, as working minutes of the project's calendar since one instant, and how many of them a day has."""
    from pmo_lib.risk.results.percentiles import worked

    shift = int((np.datetime64(sim.network.origin, "m") - np.datetime64(base.network.origin, "m")).astype(np.int64))
    later = _clock(sim, after) + shift
    if base.network.single:
        per_day = worked(base.plan, base.network, before[:1])[1]
        return before.astype(np.int64), base.network.timelines[0].working(later), per_day
    earlier, per_day = worked(base.plan, base.network, _clock(base, before))
    return earlier, worked(base.plan, base.network, later)[0], per_day


def _clock(sim: Simulation, minutes: np.ndarray) -> np.ndarray:
    """Finishes as clock minutes since the network's origin."""
    return sim.network.timelines[0].finish_clock(minutes) if sim.network.single else minutes.astype(np.int64)


def _instant(sim: Simulation, minutes: int) -> datetime:
    return sim.network.instants(np.array([minutes]))[0].item()
