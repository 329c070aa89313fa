"""Cycle time and lead time of items, and the service-level expectation that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.coding import parts
from pmo_lib.flow.crossings import DAY, NEVER, History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

if TYPE_CHECKING:
    from datetime import datetime

NO_START = "went to done without a start: it skipped every column of work"
UNTOLD = "the source tells only when it was finished"
BACKWARDS = "was finished before it was created: correct its dates"
REASONS = (None, NO_START, BACKWARDS, UNTOLD)


def cycle_times(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """One row a counted item, in order of its finish, else as the board tells them (`tables.flow_results.CycleTimes`).

    Days are counted inclusively: finish day less start day plus 1 (Vacanti), or elapsed hours / 24 where `rules.days` says so. An item whose start was
    never seen has no cycle time, and none is taken as 0; one that was finished before it was created has no lead time.
    """
    from pmo_lib.tables.flow_results import CycleTimes

    h = history(board, rules, at=at)
    order = np.argsort(h.crossed[h.done], kind="stable")  # what is not finished comes last
    made = [_rows(h, order[rows]) for rows in parts(max(order.size, 1))]
    return CycleTimes.cast(pl.concat(made, rechunk=False))  # valid as it was made; to validate 1.7 million rows takes longer than to make them


def _rows(h: History, rows: np.ndarray) -> pl.DataFrame:
    """Those rows of the items, with their times."""
    began, finished, born, cancelled = h.crossed[h.started, rows], h.crossed[h.done, rows], h.born[rows], h.cancelled[rows]
    done, jumped, untold = (finished != NEVER) & ~cancelled, (finished != NEVER) & (began == finished), born == NEVER
    why = np.where(done & (finished < born) & ~untold, REASONS.index(BACKWARDS), np.where(done & jumped, REASONS.index(NO_START), 0))
    why = np.where(done & jumped & untold, REASONS.index(UNTOLD), why)
    cycle, lead = _spans(h, rows)
    told = h.items.select("item", "name", "type", "created")[rows]
    return told.with_columns(
        _instants("started", np.where(jumped, NEVER, began)),
        _instants("finished", finished),
        pl.Series("cycle_time", cycle).fill_nan(None),
        pl.Series("lead_time", lead).fill_nan(None),
        pl.Series("cancelled", cancelled),
        pl.Series(REASONS, dtype=pl.String).gather(pl.Series(why, dtype=pl.UInt32)).alias("reason"),
    )


def cycle_days(h: History) -> np.ndarray:
    """Cycle times of the items that have one [days], from the shortest."""
    days, count = np.empty(h.items.height), 0
    for rows in parts(h.items.height):
        cycle = _spans(h, rows)[0]
        known = cycle[~np.isnan(cycle)]
        days[count : count + known.size] = known
        count += known.size
    days[:count].sort()
    return days[:count]


def _spans(h: History, rows: slice | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cycle time and lead time of those items [days], as the rules count them; NaN where one has none."""
    began, finished, cancelled = h.crossed[h.started, rows], h.crossed[h.done, rows], h.cancelled[rows]
    created, jumped = h.born[rows], began == finished
    done, forwards = (finished != NEVER) & ~cancelled, finished >= created  # of an item whose creation is not told, never
    if h.rules.days == "inclusive":
        created, began, finished = h.day(created), h.day(began), h.day(finished)
        lead, cycle = finished - created + 1.0, finished - began + 1.0
    else:
        lead, cycle = (finished - created) / DAY, (finished - began) / DAY
    return np.where(done & ~jumped, cycle, np.nan), np.where(done & forwards, lead, np.nan)


def service_level(days: pl.DataFrame | Sequence[float], confidence: Sequence[float] = (0.5, 0.85, 0.95), *, linear: bool = False) -> pl.DataFrame:
    """Within how many days that share of the finished items was done: columns confidence, days, items.

    An observed value with at least that share at or below it (inverted CDF); `linear` interpolates between observations (type 7).

    Raises `NotAvailable` where nothing is finished.
    """
    values = days["cycle_time"].drop_nulls().to_numpy() if isinstance(days, pl.DataFrame) else np.asarray(days, float)
    if not values.size:
        raise NotAvailable("a service-level expectation needs finished items; none has a cycle time")
    if not all(0 < one < 1 for one in confidence):
        raise InvalidInput(f"a confidence lies between 0 and 1, and one of {tuple(confidence)} does not")
    ordered = np.sort(values)
    found = [float(np.quantile(ordered, one)) if linear else observed(ordered, one) for one in confidence]
    return pl.DataFrame({"confidence": list(confidence), "days": found, "items": [ordered.size] * len(found)})


def observed(ordered: np.ndarray, share: float) -> float:
    """The least of the ordered values with at least that share at or below it (inverted CDF)."""
    return float(ordered[max(math.ceil(share * ordered.size - 1e-9), 1) - 1])


def _instants(name: str, values: np.ndarray) -> pl.Series:
    known = values != NEVER
    return pl.Series(name, np.where(known, values, 0)).cast(pl.Datetime("us", "UTC")).set(pl.Series(~known), None)
