"""What the checks of a board look at, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.compiled import kernel
from pmo_lib.flow.crossings import DAY, NEVER, History
from pmo_lib.schedule.quality.check import Measured, Missing

if TYPE_CHECKING:
    from pmo_lib.standards import BoardThresholds

Mask = np.ndarray  # [items] bool


@dataclass(frozen=True)
class Facts:
    """A board's history and what it is measured against."""

    h: History
    limits: BoardThresholds

    @cached_property
    def delivered(self) -> Mask:
        """Finished, and not cancelled."""
        return (self.h.crossed[self.h.done] != NEVER) & ~self.h.cancelled

    @cached_property
    def jumped(self) -> Mask:
        """Finished without having been begun."""
        return self.delivered & (self.h.crossed[self.h.started] == self.h.crossed[self.h.done])

    @cached_property
    def in_progress(self) -> Mask:
        """Begun, and neither finished nor cancelled."""
        return (self.h.crossed[self.h.started] != NEVER) & (self.h.crossed[self.h.done] == NEVER) & ~self.h.cancelled

    @cached_property
    def waiting(self) -> Mask:
        """Not begun, and neither finished nor cancelled."""
        return (self.h.crossed[self.h.started] == NEVER) & (self.h.crossed[self.h.done] == NEVER) & ~self.h.cancelled

    @cached_property
    def touched(self) -> np.ndarray:
        """When anything of the item changed last, as far as it was known at the history's moment [microseconds]."""
        updated = self.h.items["updated"].dt.timestamp("us").fill_null(0).to_numpy()
        moved = np.where(self.h.moved == NEVER, self.h.born, self.h.moved)
        return np.where((updated > moved) & (updated <= self.h.now), updated, moved)

    @cached_property
    def trodden(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns that each item stood in [columns, items], and how often it moved to the left."""
        return trodden(self.h.codes, self.h.after, self.h.place, self.h.items.height, len(self.h.columns))

    @cached_property
    def board(self) -> pl.DataFrame | None:
        """The board's own columns: status, column, limit, of the statuses that are on one; None: the source tells no board."""
        statuses = self.h.board.tables.get("statuses")
        if statuses is None or statuses["position"].null_count() == statuses.height:
            return None
        return statuses.filter(pl.col("position").is_not_null()).select("status", pl.coalesce("column", "status").alias("column"), "limit")

    @cached_property
    def latest(self) -> bool:
        """Whether the history ends with the snapshot, so that what the source says of now is comparable."""
        known = [self.h.board.tables["transitions"]["at"].max(), self.h.items["updated"].max()]
        return all(when.replace(tzinfo=None) <= self.h.at for when in known if isinstance(when, datetime))

    def column(self, name: str) -> Mask:
        """A column of instants of the items [microseconds], `NEVER` for null."""
        return self.h.items[name].dt.timestamp("us").fill_null(NEVER).to_numpy()

    def idle(self, since: np.ndarray, days: float) -> Mask:
        """Nothing for more than that many days."""
        return (self.h.now - since) > days * DAY


def share(facts: Facts, offending: Mask, of: Mask, nothing: str) -> Measured | Missing:
    """The share of offending items among `of`; `nothing` says why there is none."""
    count = int(np.count_nonzero(of))
    if not count:
        return Missing(nothing)
    found = facts.h.items["item"].filter(pl.Series(offending & of)).to_list()
    return Measured(len(found) / count, len(found), count, found)


@kernel
def trodden(codes, after, place, items, columns):
    """Rows in order of time. Columns that each item stood in, and how often it moved to the left."""
    stood = np.zeros((columns, items), np.bool_)
    back = np.zeros(items, np.int32)
    column = np.full(items, -1, np.int32)
    for row in range(codes.size):
        item, now = codes[row], place[after[row]]
        stood[now, item] = True
        back[item] += now < column[item]
        column[item] = now
    return stood, back
