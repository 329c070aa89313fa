"""Arrivals against departures: what came, what was begun, what left, and what was left over, each period.

Source: Reinertsen, The Principles of Product Development Flow, on cumulative flow; the Kanban Guide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.crossings import EPOCH, NEVER, History, history
from pmo_lib.flow.finished import LENGTH, MONDAY
from pmo_lib.flow.grouping import grouped
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project


def arrivals(
    board: Project | History,
    rules: FlowRules | None = None,
    *,
    per: Literal["day", "week"] = "week",
    by: str | None = None,
    at: datetime | None = None,
) -> pl.DataFrame:
    """One row a period and group (`tables.flow_results.Arrivals`), from the first item to `at`; the last period may not be over.

    Work in progress at the end is what it was before, plus what was started, less what was finished and dropped; in the backlog what it was, plus what was
    created, less what was started and declined. An item that jumped to done was started and finished at once. An item that was reopened is counted where
    it finished last. Where items were finished and no start was ever seen, what was begun is not known; where a creation is not told, what was asked for.
    """
    from pmo_lib.tables.flow_results import Arrivals

    if per not in LENGTH:
        raise InvalidInput(f"per is 'day' or 'week', and is {per!r}")
    h = history(board, rules, at=at)
    came = _moments(h)[0]
    if not came.size:
        return Arrivals.create_empty()
    first, last = _period(h, np.array([came.min()]), per)[0], _period(h, np.array([h.now]), per)[0]
    untold = _starts_untold(h)  # of the whole board: a group whose items all jumped is told of like the others
    return grouped(h, by, lambda own: _counts(own, per, int(first), int(last), untold), Arrivals)


def ended(h: History) -> np.ndarray:
    """When cancelled items left: when they came to done, else when the source resolved them, else their last move; `NEVER` for the others."""
    resolved = h.items["resolved"].dt.timestamp("us").fill_null(NEVER).to_numpy()
    gone = np.where(h.crossed[h.done] != NEVER, h.crossed[h.done], np.where(resolved <= h.now, resolved, h.moved))
    return np.where(h.cancelled, np.minimum(gone, h.now), NEVER)


def _moments(h: History) -> tuple[np.ndarray, ...]:
    """When each item came, was started, finished, dropped and declined."""
    dropped = ended(h)
    started = np.where(h.crossed[h.started] <= dropped, h.crossed[h.started], NEVER)
    jumped = h.cancelled & (started == dropped)  # straight from the backlog to done: it was declined, not begun
    started = np.where(jumped, NEVER, started)
    created = np.minimum(np.minimum(h.born, h.crossed[0]), np.minimum(started, dropped))
    finished = np.where(h.cancelled, NEVER, h.crossed[h.done])
    begun = started != NEVER
    return created, started, finished, np.where(begun, dropped, NEVER), np.where(begun, NEVER, dropped)


def _period(h: History, moments: np.ndarray, per: str) -> np.ndarray:
    return (h.day(moments) + (MONDAY if per == "week" else 0)) // LENGTH[per]


def _counts(h: History, per: str, first: int, last: int, untold: bool) -> pl.DataFrame:
    columns = ("created", "started", "finished", "dropped", "declined")
    counts = {
        name: np.bincount(_period(h, moments[moments != NEVER], per) - first, minlength=last - first + 1)
        for name, moments in zip(columns, _moments(h), strict=True)
    }
    offset = MONDAY if per == "week" else 0
    frame = pl.DataFrame({"period": [EPOCH + timedelta(days=(first + i) * LENGTH[per] - offset) for i in range(last - first + 1)], **counts})
    if (h.born == NEVER).any():
        frame = frame.with_columns(created=pl.lit(None, pl.Int64))
    if untold:
        frame = frame.with_columns(started=pl.lit(None, pl.Int64))
    return frame.with_columns(
        in_progress=(pl.col("started") - pl.col("finished") - pl.col("dropped")).cum_sum(),
        backlog=(pl.col("created") - pl.col("started") - pl.col("declined")).cum_sum(),
    )


def _starts_untold(h: History) -> bool:
    """Whether items were finished and none is known to have begun: the source tells no starts, and a count of them would be made up."""
    started, finished = h.crossed[h.started], h.crossed[h.done]
    return bool(((finished != NEVER) & ~h.cancelled).any()) and not ((started != NEVER) & (started != finished)).any()
