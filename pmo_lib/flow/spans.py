"""Lead time beside cycle time: percentiles of both, and of the wait before the start. Source: the Kanban Guide; Vacanti."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.crossings import History, history
from pmo_lib.flow.cycle import cycle_times, observed
from pmo_lib.flow.grouping import grouped
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

MEASURES = ("cycle_time", "lead_time", "wait")


def times(
    board: Project | History,
    rules: FlowRules | None = None,
    *,
    confidence: Sequence[float] = (0.5, 0.85, 0.95),
    by: str | None = None,
    at: datetime | None = None,
) -> pl.DataFrame:
    """Within how many days that share of the finished items was done: from their start, from their creation, and how long they waited before the start.

    One row a group, measure and confidence (`tables.flow_results.Times`): observed values (inverted CDF); null where no item has the measure. Waiting is
    lead time less cycle time, so it needs a known start.
    """
    from pmo_lib.tables.flow_results import Times

    if not all(0 < one < 1 for one in confidence):
        raise InvalidInput(f"a confidence lies between 0 and 1, and one of {tuple(confidence)} does not")
    return grouped(history(board, rules, at=at), by, lambda own: _rows(own, confidence), Times)


def _rows(h: History, confidence: Sequence[float]) -> list[tuple[object, ...]]:
    found = cycle_times(h).with_columns(wait=pl.col("lead_time") - pl.col("cycle_time"))
    rows = []
    for measure in MEASURES:
        values = np.sort(found[measure].drop_nulls().to_numpy())
        rows += [(measure, one, observed(values, one) if values.size else None, values.size) for one in confidence]
    return rows
