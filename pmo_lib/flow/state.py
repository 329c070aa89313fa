"""How the board stood on each day: cumulative flow and work in progress."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from pmo_lib.flow.coding import parts
from pmo_lib.flow.crossings import EPOCH, NEVER, History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project


def cumulative_flow(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """Rows: days, from the first arrival to `at`, in the board's time zone; columns: `day`, then one for each column of the board from the left:
    how many items had come to it or beyond by the end of that day. No line ever falls.

    The height between two neighbours is the work in the left one; items that were cancelled are left out.
    """
    h = history(board, rules, at=at)
    first, arrived = _arrivals(h)
    days = pl.Series("day", [EPOCH + timedelta(days=first + i) for i in range(arrived.shape[1])], pl.Date)
    return pl.DataFrame([days, *(pl.Series(name, counts) for name, counts in zip(h.columns, arrived, strict=True))])


def work_in_progress(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """Items started and not finished at some time of each day: columns day, wip. An item counts on its first and on its last day too, as in its cycle time."""
    h = history(board, rules, at=at)
    kept = ~h.cancelled & (h.crossed[h.started] != NEVER) & (h.crossed[h.started] != h.crossed[h.done])
    begin, end = h.day(h.crossed[h.started][kept]), h.day(h.crossed[h.done][kept])
    if not begin.size:
        return pl.DataFrame(schema={"day": pl.Date, "wip": pl.Int64})
    first, last = int(begin.min()), h.today
    entered = np.bincount(begin - first, minlength=last - first + 1)
    left = np.bincount(end[end < last] - first + 1, minlength=last - first + 1)
    wip = np.cumsum(entered) - np.cumsum(left[: last - first + 1])
    return pl.DataFrame({"day": [EPOCH + timedelta(days=first + i) for i in range(wip.size)], "wip": wip.astype(np.int64)})


def _arrivals(h: History) -> tuple[int, np.ndarray]:
    """The first day, and arrivals so far [columns, days]."""
    came = h.crossed[0][~h.cancelled & (h.crossed[0] != NEVER)]
    if not came.size:
        return h.today, np.zeros((len(h.columns), 1), np.int64)
    first, last = int(h.day(np.array([came.min()]))[0]), h.today
    counts = np.zeros((len(h.columns), last - first + 1), np.int64)
    for rows in parts(h.items.height):
        for column, crossed in enumerate(h.crossed[:, rows]):
            days = h.day(crossed[~h.cancelled[rows] & (crossed != NEVER)]) - first
            counts[column] += np.bincount(days, minlength=last - first + 1)
    return first, np.cumsum(counts, axis=1)
