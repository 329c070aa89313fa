"""Flow efficiency and blocked time: how much of the time in progress was work.

Source: Modig and Åhlström, This is Lean; Anderson, Kanban, on blockers. Time is elapsed [days of 24 hours], by the clock and not by the calendar.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.crossings import DAY, NEVER, History, history
from pmo_lib.flow.grouping import grouped
from pmo_lib.flow.rules import FlowRules
from pmo_lib.flow.stays import chosen, marks, stays
from pmo_lib.project import Project

UNTOLD = "nobody has said in which statuses an item waits; name them as `waiting` in the rules"
NOTHING = "no finished item has a known start"


def efficiency(board: Project | History, rules: FlowRules | None = None, *, by: str | None = None, at: datetime | None = None) -> pl.DataFrame:
    """Active time over all time in progress of the finished items (`tables.flow_results.Efficiency`), one row a group.

    The group's share is the sum of active time over the sum of all time, not the mean of the items' shares. An item waits in the statuses that the rules
    call waiting, while it is blocked, and while it was taken for done before it was reopened; what is several of these counts once. Where the rules name
    none, there is no share, and `reason` says so.

    Raises `InvalidInput` for a waiting status that the board does not have.
    """
    from pmo_lib.tables.flow_results import Efficiency

    h = history(board, rules, at=at)
    _known(h)
    return grouped(h, by, lambda own: [_row(own)], Efficiency)


def item_efficiency(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """One row a finished item with a known start, the least efficient first (`tables.flow_results.ItemEfficiency`); null as in `efficiency`."""
    from pmo_lib.tables.flow_results import ItemEfficiency

    h = history(board, rules, at=at)
    _known(h)
    counted, total, waiting, blocked = _split(h)
    told = h.rules.waiting is not None
    frame = h.items.filter(pl.Series(counted)).select("item", "name", "type")
    frame = frame.with_columns(pl.Series("total", total), pl.Series("waiting", waiting), pl.Series("blocked", blocked))
    active = pl.col("total") - pl.col("waiting")
    frame = frame.with_columns(active=active, efficiency=pl.when(pl.col("total") > 0).then(active / pl.col("total")))
    if not told:
        frame = frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("active", "waiting", "efficiency"))
    return ItemEfficiency.validate(frame.select(ItemEfficiency.column_names()).sort("efficiency", "item", nulls_last=True))


def blocked_time(board: Project | History, rules: FlowRules | None = None, *, by: str | None = None, at: datetime | None = None) -> pl.DataFrame:
    """One row an item that was ever blocked while it was in progress, the longest first in each group (`tables.flow_results.Blocked`).

    Blocked is what the source's own mark says, and the statuses that the rules call blocked. The clock runs from the start to the finish, or to `at`.

    Raises `NotAvailable` for a board that has no mark and no such status.
    """
    from pmo_lib.tables.flow_results import Blocked

    h = history(board, rules, at=at)
    blocks = chosen(h, h.rules.blocked)
    if not blocks.any() and h.items["blocked"].null_count() == h.items.height and marks(h).is_empty():
        raise NotAvailable(f"{h.board.info.key} marks no item as blocked and has no such status; name the statuses as `blocked` in the rules")
    return grouped(h, by, lambda own: _blocked(own, chosen(own, own.rules.blocked)), Blocked)


def _blocked(h: History, blocks: np.ndarray) -> pl.DataFrame:
    since, until = _clock(h)
    _, blocked, spells = stays(h, np.zeros(blocks.size, bool), blocks, since, until)
    now = marked_now(h) | np.where(h.after.size > 0, _in(h, blocks), False)
    frame = h.items.select("item", "name", "type").with_columns(
        pl.Series("blocked", blocked / DAY),
        pl.Series("spells", spells),
        pl.Series("share", np.divide(blocked, until - since, out=np.zeros(blocked.size), where=until > since)),
        pl.Series("now", now & (h.crossed[h.done] == NEVER) & ~h.cancelled),
    )
    return frame.filter(pl.Series(spells > 0)).sort(["blocked", "item"], descending=[True, False])


def marked_now(h: History) -> np.ndarray:
    """Items whose blocked mark is set."""
    found = np.zeros(h.items.height, bool)
    last = marks(h).group_by("code", maintain_order=True).last()
    found[last.filter("on")["code"].to_numpy()] = True
    return found


def _in(h: History, statuses: np.ndarray) -> np.ndarray:
    """Items that stand in one of the statuses."""
    status = np.full(h.items.height, -1, np.int32)
    status[h.codes] = h.after  # the last assignment stays
    return np.where(status >= 0, statuses[status], False)


def _clock(h: History) -> tuple[np.ndarray, np.ndarray]:
    """When the clock of each item ran; an empty stretch where it never did."""
    started, finished = h.crossed[h.started], h.crossed[h.done]
    ran = (started != NEVER) & (started != finished)
    end = np.minimum(np.where(finished == NEVER, h.now, finished), h.now)
    return np.where(ran, started, end), end


def _split(h: History) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The finished items that count, and their total, waiting and blocked time [days]."""
    since, until = _clock(h)
    counted = (h.crossed[h.done] != NEVER) & (h.crossed[h.started] != h.crossed[h.done]) & ~h.cancelled
    waiting, blocked, _ = stays(h, chosen(h, h.rules.waiting or ()) | (h.place >= h.done), chosen(h, h.rules.blocked), since, until)
    return counted, (until - since)[counted] / DAY, waiting[counted] / DAY, blocked[counted] / DAY


def _row(h: History) -> tuple[object, ...]:
    counted, total, waiting, blocked = _split(h)
    items, whole = int(np.count_nonzero(counted)), float(total.sum())
    if h.rules.waiting is None:
        return items, whole, None, None, float(blocked.sum()), None, UNTOLD
    if not whole:
        return items, whole, float(waiting.sum()), whole, float(blocked.sum()), None, NOTHING
    active = whole - float(waiting.sum())
    return items, whole, float(waiting.sum()), active, float(blocked.sum()), active / whole, None


def _known(h: History) -> None:
    known = {name.casefold() for name in (*h.statuses, *h.columns)}
    for name in h.rules.waiting or ():
        if name.casefold() not in known:
            raise InvalidInput(
                f"the board has no status {name!r} to wait in; it has {', '.join(sorted(h.statuses, key=lambda one: h.place[h.statuses.index(one)]))}"
            )
