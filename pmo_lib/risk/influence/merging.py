"""Merge bias: where paths meet, the work that follows waits for the latest of them, so it begins later than any of them alone would say.

Reference: Clark, The greatest of a finite set of random variables, Operations Research 9 (1961); AACE International 57R-09 on merge bias.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.risk.record import Simulation

LOOKED_AT = 100  # merge points that are looked at where none are named: those most often critical


def merge_bias(sim: Simulation, activities: Sequence[str] | None = None, *, most: int = 20) -> pl.DataFrame:
    """What merging costs at each point where paths meet, the largest delay first (`tables.risk_results.MergeBias`).

    A predecessor's path alone would let the activity begin at what its relationship says; the delay is how much later it begins, on average, than the
    predecessor with the latest average alone would let it. Without `activities`, those most often critical are looked at.
    """
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import MergeBias

    arrays = sim.run.arrays
    merging = {
        sim.network.activities[i]: i
        for i in range(len(sim.network.activities))
        if np.unique(arrays.pred[arrays.pred_from[i] : arrays.pred_from[i + 1]]).size > 1
    }
    if activities is None:
        asked = sim.activities.sort("criticality", descending=True, maintain_order=True).filter(pl.col("activity").is_in(list(merging)))
        activities = asked["activity"].head(LOOKED_AT).to_list()
    strangers = [one for one in activities if one not in set(sim.plan.tables["activities"]["activity"])]
    if strangers:
        raise InvalidInput(f"{strangers[0]!r} is not an activity of {sim.plan.info.key}; correct the id")
    chosen = [merging[one] for one in activities if one in merging]
    rows = _rows(sim, chosen)
    found = [_point(sim, i, rows) for i in chosen]
    return framed(MergeBias, found).sort("delay", descending=True, maintain_order=True).head(most)


def _rows(sim: Simulation, chosen: Iterable[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Durations and early finishes [iterations] of the chosen rows and all before them."""
    from pmo_lib.risk.again import tiles

    arrays = sim.run.arrays
    wanted = {int(j) for i in chosen for j in [i, *arrays.pred[arrays.pred_from[i] : arrays.pred_from[i + 1]]]}
    kept: list[dict[int, np.ndarray]] = []
    for durations in (True, False):
        kept.append({})
        for first, values in tiles(sim, durations=durations) if wanted else ():
            kept[-1].update({i: values[i - first].astype(np.int64) for i in wanted if first <= i < first + len(values)})
    return {i: (kept[0][i], kept[1][i]) for i in wanted}


def _point(sim: Simulation, i: int, rows: dict[int, tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    """One merge point, on the working minutes of its own calendar."""
    from pmo_lib.risk.results.percentiles import quantile

    net, arrays = sim.network, sim.run.arrays
    links = range(arrays.pred_from[i], arrays.pred_from[i + 1])
    bounds: dict[int, np.ndarray] = {}
    for link in links:
        before, bound = int(arrays.pred[link]), _bound(sim, i, link, rows)
        bounds[before] = np.maximum(bounds[before], bound) if before in bounds else bound
    merged = np.max(list(bounds.values()), axis=0)
    ordered = {before: np.sort(bound) for before, bound in bounds.items()}
    worst = max(bounds, key=lambda before: (quantile(ordered[before], 0.8), bounds[before].mean()))
    line = net.timelines[0 if net.single else int(arrays.calendar[i])]
    names = dict(sim.plan.tables["activities"].select("activity", "name").iter_rows())
    latest = np.sort(merged)
    at = {f"p{p}": quantile(latest, p / 100) for p in (50, 80)}
    at |= {f"p{p}_worst": max(quantile(one, p / 100) for one in ordered.values()) for p in (50, 80)}
    instants = {name: (np.datetime64(net.origin, "us") + line.finish_clock(value).astype("timedelta64[m]")).item() for name, value in at.items()}
    delay = merged.mean() - max(float(bound.mean()) for bound in bounds.values())
    activity = net.activities[i]
    return {
        "activity": activity,
        "name": names.get(activity, activity),
        "predecessors": len(bounds),
        "worst": net.activities[worst].split("\n")[0],
        "delay": max(float(delay), 0.0) / float(net.minutes_per_day[i]),
        **instants,
    }


def _bound(sim: Simulation, i: int, link: int, rows: dict[int, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """When this relationship alone lets the activity begin [iterations]."""
    from pmo_lib.schedule.kernel import FF, FS, SF, SS

    net, arrays = sim.network, sim.run.arrays
    before, kind, lag = int(arrays.pred[link]), int(arrays.pred_type[link]), int(arrays.pred_lag[link])
    duration, finish = rows[before]
    own = rows[i][0] if kind in (FF, SF) else 0
    if net.single:
        return finish - (duration if kind in (SS, SF) else 0) + lag - own
    line = net.timelines[int(arrays.calendar[before])]
    at = line.start_clock(line.working(finish) - duration) if kind in (SS, SF) else finish
    if lag:
        counted = net.timelines[int(arrays.pred_calendar[link])]
        at = (counted.finish_clock if lag > 0 else counted.start_clock)(counted.working(at) + lag)
    assert kind in (FS, SS, FF, SF)
    return net.timelines[int(arrays.calendar[i])].working(at) - own
