"""How many items are finished in each period. Periods without any are kept; one that is not over is not counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.crossings import EPOCH, NEVER, History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

LENGTH = {"day": 1, "week": 7}
MONDAY = 3  # 1 January 1970 was a Thursday


def throughput(
    board: Project | History | pl.DataFrame,
    rules: FlowRules | None = None,
    *,
    per: Literal["day", "week"] = "week",
    by: str | None = None,
    at: datetime | None = None,
) -> pl.DataFrame:
    """Items finished in each whole period, from the first finish to `at` (`tables.flow_results.Throughput`).

    Weeks begin on Monday. `by` is a column of the items (type, team, epic, service). In place of a board, a frame with one column of finish dates
    is taken as it is; its last period counts as over where its last day is reached.
    """
    from pmo_lib.tables.flow_results import Throughput
    from pmo_lib.tables.framing import framed

    if per not in LENGTH:
        raise InvalidInput(f"per is 'day' or 'week', and is {per!r}")
    days, groups, end = _dated(board, at) if isinstance(board, pl.DataFrame) else _finished(history(board, rules, at=at), by)
    if not days.size:
        return Throughput.create_empty()
    offset = MONDAY if per == "week" else 0
    first, over = (int(days.min()) + offset) // LENGTH[per], (end + 1 + offset) // LENGTH[per]  # periods before `over` are whole
    rows = []
    for group in sorted(set(groups), key=lambda name: (name is None, name)):
        own = (days[[name == group for name in groups]] + offset) // LENGTH[per]
        counts = np.bincount(own[own < over] - first, minlength=max(over - first, 0))
        rows += [(EPOCH + timedelta(days=(first + i) * LENGTH[per] - offset), group, int(count)) for i, count in enumerate(counts)]
    return framed(Throughput, rows)


def _finished(h: History, by: str | None) -> tuple[np.ndarray, list[str | None], int]:
    counted = (h.crossed[h.done] != NEVER) & ~h.cancelled
    days = h.day(h.crossed[h.done][counted])
    if by is None:
        return days, [None] * days.size, h.today - 1  # the day of the snapshot itself is not over
    if by not in h.items.columns:
        raise InvalidInput(f"items have no column {by!r}; group by type, team, epic, service, assignee or priority")
    return days, h.items[by].cast(pl.String).filter(pl.Series(counted)).to_list(), h.today - 1


def _dated(frame: pl.DataFrame, at: datetime | None) -> tuple[np.ndarray, list[str | None], int]:
    if frame.width != 1 or not frame.dtypes[0].is_temporal():
        raise InvalidInput("throughput takes a board, or a frame with one column of finish dates")
    days = frame.to_series().drop_nulls().cast(pl.Date).to_physical().to_numpy().astype(np.int64)
    end = (at.date() - EPOCH).days - 1 if at else int(days.max(initial=0))
    return days, [None] * days.size, end
