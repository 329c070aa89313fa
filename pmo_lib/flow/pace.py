"""How old finished items were when they left each column: what the age of work in progress is held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.crossings import DAY, NEVER, History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project


def pace(
    board: Project | History, rules: FlowRules | None = None, *, confidence: Sequence[float] = (0.5, 0.85, 0.95), at: datetime | None = None
) -> pl.DataFrame:
    """Within how many days of its start that share of the finished items had left each column (`tables.flow_results.Pace`).

    One row a column in which work is in progress and a confidence; no rows where nothing with a known start is finished. Days are counted as in the cycle
    time, so the last column's are its percentiles. An observed age with at least that share at or below it (inverted CDF).

    Source: the ageing chart of Vacanti, Actionable Agile Metrics for Predictability, chapter 9.
    """
    from pmo_lib.tables.flow_results import Pace
    from pmo_lib.tables.framing import framed

    if not all(0 < one < 1 for one in confidence):
        raise InvalidInput(f"a confidence lies between 0 and 1, and one of {tuple(confidence)} does not")
    h = history(board, rules, at=at)
    started, finished = h.crossed[h.started], h.crossed[h.done]
    counted = (finished != NEVER) & (started != finished) & ~h.cancelled
    rows = []
    for column in range(h.started, h.done):
        ages = np.sort(_days(h, started[counted], h.crossed[column + 1][counted]))
        rows += [(h.columns[column], one, float(ages[max(math.ceil(one * ages.size - 1e-9), 1) - 1]), ages.size) for one in confidence if ages.size]
    return framed(Pace, rows)


def _days(h: History, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    return (last - first) / DAY if h.rules.days == "elapsed" else (h.day(last) - h.day(first) + 1).astype(float)
