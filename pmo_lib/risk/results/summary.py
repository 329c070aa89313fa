"""A simulation reduced to what surfaces show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.risk.simulation import Simulation

FORECAST = (10, 50, 80, 90)
BINS = 40


def histogram(sim: Simulation, bins: int = BINS) -> pl.DataFrame:
    """The finish in bins of equal width on the calendar: start, finish [instants], share (they add up to 1).

    Bins are whole days wide, so that nights leave no gaps; whole hours or minutes where the finish spreads over less than a week.
    """
    at = sim.finish.astype("datetime64[m]").astype(np.int64)
    low, high = int(at.min()), int(at.max())
    step = next((unit for unit in (1440, 60) if high - low >= 7 * unit), 1)
    width = step * max(math.ceil((high - low + 1) / bins / step), 1)
    first = (low - 1) // step * step  # a finish belongs to the bin that ends with it
    count = max(math.ceil((high - first) / width), 1)
    shares = np.bincount((at - first - 1) // width, minlength=count) / at.size
    edges = (first + width * np.arange(count + 1)).astype("datetime64[m]").astype("datetime64[us]")
    return pl.DataFrame({"start": edges[:-1], "finish": edges[1:], "share": shares})


def activity_forecast(sim: Simulation) -> pl.DataFrame:
    """P10, P50, P80 and P90 of the finish of each open activity, and its criticality (`tables.risk_results.ActivityForecast`), in the plan's order."""
    from pmo_lib.risk.again import in_shares, tiles
    from pmo_lib.risk.results.selecting import room, select
    from pmo_lib.tables.risk_results import ActivityForecast

    found = np.empty((len(sim.network.activities), len(FORECAST)), np.int32)
    for first, finishes in tiles(sim, durations=False):
        into = found[first : first + len(finishes)]
        in_shares(sim, len(finishes), lambda at: select(finishes[at], _ranks(sim, FORECAST), room(sim.iterations), into[at]))  # noqa: B023  called at once
    instants = sim.network.instants(found.T)
    columns = {f"p{p}": row for p, row in zip(FORECAST, instants, strict=True)}
    frame = pl.DataFrame({"activity": list(sim.network.activities), **columns})
    told = sim.activities.select("activity", "criticality").join(frame, on="activity", maintain_order="left")
    return ActivityForecast.validate(told.select("activity", *columns, "criticality"))


def activity_percentiles(sim: Simulation, p: Sequence[float] = (10, 50, 80, 90)) -> pl.DataFrame:
    """The finish of every open activity at each percentile, with its 95 % interval (`tables.risk_results.ActivityPercentiles`), in the plan's order."""
    from pmo_lib.risk.again import in_shares, tiles
    from pmo_lib.tables.risk_results import ActivityPercentiles

    if not all(0 < one < 100 for one in p):
        raise InvalidInput(f"a percentile lies between 0 and 100, and one of {tuple(p)} does not")
    names = sim.network.activities
    found = np.empty((3, len(names), len(p)), np.int32)
    for first, finishes in tiles(sim, durations=False):
        into = found[:, first : first + len(finishes)]
        in_shares(sim, len(finishes), lambda at: _with_ends(sim, finishes[at], p, into[:, at]))  # noqa: B023  called at once
    finish, low, high = sim.network.instants(found.reshape(3, -1))
    told = {"activity": np.repeat(names, len(p)), "p": np.tile([float(one) for one in p], len(names)), "finish": finish, "finish_low": low, "finish_high": high}
    shown = sim.activities.select("activity").join(pl.DataFrame(told), on="activity", maintain_order="left_right")
    return ActivityPercentiles.validate(shown)


def _ranks(sim: Simulation, p: Sequence[float]) -> np.ndarray:
    """The rank (from 0) of each percentile among the iterations."""
    return np.array([max(math.ceil(one / 100 * sim.iterations - 1e-9), 1) - 1 for one in p], np.int64)


def _with_ends(sim: Simulation, finishes: np.ndarray, p: Sequence[float], out: np.ndarray) -> None:
    from pmo_lib.risk.results.percentiles import CONFIDENCE, order_statistics, replicates, student
    from pmo_lib.risk.results.selecting import room, select_with_ends

    bounds = sim.bounds if replicates(sim, sim.finish_minutes) else sim.bounds[[0, -1]]
    ends = np.array([order_statistics(sim.iterations, one / 100) for one in p], np.int64).T - 1
    ranks, shares = _ranks(sim, p), np.asarray(p, np.float64) / 100
    factor, least = student(max(bounds.size - 1, 2)), CONFIDENCE / 2
    select_with_ends(finishes, shares, ranks, np.ascontiguousarray(ends), bounds, factor, least, room(sim.iterations), out)
