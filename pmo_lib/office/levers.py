"""What-if for the surfaces: the simulation behind a kept forecast, with risks taken out or ranges narrowed, on the same random numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import risk
from pmo_lib.errors import NotAvailable
from pmo_lib.office.certifying import standard_of
from pmo_lib.office.forecasting import KIND, simulated
from pmo_lib.office.hybrid import joined
from pmo_lib.office.risks_kept import inputs_of
from pmo_lib.office.targets import listing_row, measured, targets_of

if TYPE_CHECKING:
    from pmo_lib.store import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a change would do to a forecast."""

    before: pl.DataFrame  # Percentiles, p = 1…99
    after: pl.DataFrame
    difference: pl.DataFrame  # Difference, of P50 and P80
    target: dict[str, Any] | None  # the target that decides the status, as published
    chance: tuple[float, float, float] | None  # of that target after the change, and its 95 % interval


def simulation_of(ws: Workspace, key: str, as_of: datetime | None = None) -> tuple[risk.Simulation, pl.DataFrame]:
    """The simulation behind the kept forecast of a project's snapshot, run again with the same numbers, and the forecast's targets.

    Raises `NotAvailable` where there is no forecast.
    """
    snapshot = ws.snapshot(key, as_of)
    result = ws.result(snapshot, KIND)
    if result is None or "refusal" in result.payload:
        why = result.payload["refusal"] if result is not None else "none was made"
        raise NotAvailable(f"{key} has no forecast to change: {why}")
    plan, told = ws.project(key, snapshot=snapshot), result.parameters
    target, at = (datetime.fromisoformat(told[name]) if told.get(name) else None for name in ("target", "as_of"))
    aims = targets_of(plan, listing_row(ws, key, snapshot.data_date), given=target)
    begun, standard = at if plan.info.data_date is None else None, standard_of(ws)
    drawn = {"iterations": told.get("iterations"), "seed": told.get("seed"), "as_of": begun, "standard": standard}
    plan, inputs = joined(plan, inputs_of(result), tuple(told.get("waits", ())), key=key, ws=ws, **drawn)
    sim = simulated(
        plan, aims, inputs, standard, iterations=result.payload["iterations"], until=None, seed=result.payload["seed"], as_of=begun,
        replicates=_replicates(result.payload["sampling"]),
    )  # fmt: skip
    return sim, result.frames["targets"]


def _replicates(sampling: str) -> int:
    """How many replicates the forecast ended with, as its sampling says in words."""
    words = sampling.split("hypercube, ")
    return int(words[1].split(" ")[0]) if len(words) > 1 else 10


def what_if(sim: risk.Simulation, targets: pl.DataFrame, *, without: Collection[str] = (), spread: float | Mapping[str, float] = 1.0) -> WhatIf:
    """The forecast with some risks taken out, and ranges narrowed to `spread` of their width. `targets` are the published forecast's."""
    changed, every = risk.what_if(sim, without=without, spread=spread), tuple(range(1, 100))
    target = measured(targets)
    return WhatIf(
        before=risk.percentiles(sim, every),
        after=risk.percentiles(changed, every),
        difference=risk.difference(changed, (50, 80)),
        target=target,
        chance=risk.chance(changed, target["date"]) if target else None,
    )
