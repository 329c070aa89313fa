"""A simulation reduced to what surfaces show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.risk.record import Simulation

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
    from pmo_lib.tables.framing import types
    from pmo_lib.tables.risk_results import ActivityForecast

    found = np.empty((len(sim.network.activities), len(FORECAST)), np.int32)
    for first, finishes in tiles(sim, durations=False):
        into = found[first : first + len(finishes)]
        in_shares(sim, len(finishes), lambda at: select(finishes[at], _ranks(sim, FORECAST), room(sim.iterations), into[at]))  # noqa: B023  called at once
    columns = {f"p{p}": row for p, row in zip(FORECAST, sim.network.instants(found[_rows(sim)].T), strict=True)}
    shown = {"activity": sim.activities["activity"], **columns, "criticality": sim.activities["criticality"]}
    return pl.DataFrame(shown, schema=dict(types(ActivityForecast)))


def activity_percentiles(sim: Simulation, p: Sequence[float] = (10, 50, 80, 90)) -> pl.DataFrame:
    """The finish of every open activity at each percentile, with its 95 % interval (`tables.risk_results.ActivityPercentiles`), in the plan's order."""
    from pmo_lib.risk.again import in_shares, tiles
    from pmo_lib.tables.framing import types
    from pmo_lib.tables.risk_results import ActivityPercentiles

    if not all(0 < one < 100 for one in p):
        raise InvalidInput(f"a percentile lies between 0 and 100, and one of {tuple(p)} does not")
    names = sim.network.activities
    found = np.empty((3, len(names), len(p)), np.int32)
    for first, finishes in tiles(sim, durations=False):
        into = found[:, first : first + len(finishes)]
        in_shares(sim, len(finishes), lambda at: _with_ends(sim, finishes[at], p, into[:, at]))  # noqa: B023  called at once
    shown = sim.activities["activity"]
    finish, low, high = sim.network.instants(found[:, _rows(sim)].reshape(3, -1))
    each = np.tile(np.asarray(p, np.float64), len(shown))
    told = {"activity": shown.gather(np.repeat(np.arange(len(shown)), len(p))), "p": each, "finish": finish, "finish_low": low, "finish_high": high}
    return pl.DataFrame(told, schema=dict(types(ActivityPercentiles)))


def _rows(sim: Simulation) -> np.ndarray:
    """The network's row of each open activity, in the plan's order."""
    place = {activity: i for i, activity in enumerate(sim.network.activities)}
    return np.array([place[activity] for activity in sim.activities["activity"]], np.int64)


def _ranks(sim: Simulation, p: Sequence[float]) -> np.ndarray:
    """The rank (from 0) of each percentile among the iterations."""
    return np.array([max(math.ceil(one / 100 * sim.iterations - 1e-9), 1) - 1 for one in p], np.int64)


def _with_ends(sim: Simulation, finishes: np.ndarray, p: Sequence[float], out: np.ndarray) -> None:
    from pmo_lib.risk.results.percentiles import CONFIDENCE, order_statistics, replicates
    from pmo_lib.risk.results.replicate_ends import student
    from pmo_lib.risk.results.selected_ends import select_with_ends
    from pmo_lib.risk.results.selecting import room

    bounds = sim.bounds if replicates(sim, sim.finish_minutes) else sim.bounds[[0, -1]]
    ends = np.array([order_statistics(sim.iterations, one / 100) for one in p], np.int64).T - 1
    ranks, shares = _ranks(sim, p), np.asarray(p, np.float64) / 100
    factor, even = student(max(bounds.size - 1, 2), CONFIDENCE), CONFIDENCE / 2
    select_with_ends(finishes, shares, ranks, np.ascontiguousarray(ends), bounds, factor, even, room(sim.iterations), out)
