"""How old the work in progress is, beside the cycle times of what was finished."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import DAY, NEVER, History, history
from pmo_lib.flow.cycle import cycle_days
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project


def ageing(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """One row an item in progress, oldest first (`tables.flow_results.Ageing`). Age is counted like cycle time, as if the item ended at `at`."""
    from pmo_lib.tables.flow_results import Ageing

    h = history(board, rules, at=at)
    open_ = (h.crossed[h.started] != NEVER) & (h.crossed[h.done] == NEVER) & ~h.cancelled
    past = cycle_days(h)
    age = _days(h, h.crossed[h.started][open_])
    frame = h.items.select("item", "name", "type").filter(pl.Series(open_))
    frame = frame.with_columns(
        pl.Series("column", h.columns, pl.String).gather(pl.Series(h.column[open_])),
        pl.Series("started", h.crossed[h.started][open_]).cast(pl.Datetime("us", "UTC")),
        pl.Series("age", age),
        pl.Series("in_column", _days(h, h.moved[open_])),
        pl.Series("older_than", np.searchsorted(past, age, side="left") / past.size if past.size else [None] * len(age), pl.Float64),
    )
    return Ageing.cast(frame.sort(["age", "item"], descending=[True, False]))  # valid as it was made; to validate it takes as much memory as it


def _days(h: History, since: np.ndarray) -> np.ndarray:
    if h.rules.days == "elapsed":
        return (h.now - since) / DAY
    return (h.today - h.day(since) + 1).astype(float)
