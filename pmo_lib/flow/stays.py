"""How long items stayed: in waiting statuses, and blocked. One pass over changes of status and of the blocked mark, in order of time."""

from __future__ import annotations

import numpy as np
import polars as pl

from pmo_lib.compiled import kernel
from pmo_lib.flow.crossings import History

NO = ("", "0", "false", "no", "none", "off", "unblocked", "not blocked")  # what the mark says where it is not set
SAME, OFF, ON = -1, 0, 1


def stays(h: History, waits: np.ndarray, blocks: np.ndarray, since: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each item between `since` and `until` [microseconds]: waiting or blocked (never counted twice), blocked, and how many spells of being blocked.

    `waits` and `blocks` say of each status whether an item in it waits or is blocked.
    """
    codes, moments, after, mark = _events(h)
    return stayed(codes, moments, after, mark, waits | blocks, blocks, since, until)


@kernel
def stayed(codes, moments, after, mark, waits, blocks, since, until):
    """Rows in order of time: `after` a status or -1 (unchanged), `mark` the blocked mark or -1. Items begin unblocked and in no status."""
    items = since.size
    waited, blocked, spells = np.zeros(items, np.int64), np.zeros(items, np.int64), np.zeros(items, np.int64)
    status, marked, last = np.full(items, -1, np.int32), np.zeros(items, np.bool_), np.zeros(items, np.int64)
    open_ = np.zeros(items, np.bool_)  # in a spell that was counted
    rows = codes.size
    for row in range(rows + items):
        item = codes[row] if row < rows else row - rows
        now = moments[row] if row < rows else until[item]
        gone = min(now, until[item]) - max(last[item], since[item])
        stopped = marked[item] or (status[item] >= 0 and blocks[status[item]])
        if gone > 0:
            if stopped:
                blocked[item] += gone
                spells[item] += not open_[item]
            if stopped or (status[item] >= 0 and waits[status[item]]):
                waited[item] += gone
            open_[item] = stopped
        elif not stopped:
            open_[item] = False
        if row < rows:
            last[item] = now
            if after[row] >= 0:
                status[item] = after[row]
            if mark[row] >= 0:
                marked[item] = mark[row] == 1
    return waited, blocked, spells


def chosen(h: History, names: tuple[str, ...]) -> np.ndarray:
    """Of each status, whether it or its column is among the names, in any case."""
    wanted = {name.casefold() for name in names}
    return np.array([status.casefold() in wanted or h.columns[place].casefold() in wanted for status, place in zip(h.statuses, h.place, strict=True)], bool)


def marks(h: History) -> pl.DataFrame:
    """Changes of the blocked mark of counted items: code, at [microseconds], on. An item that is marked and whose mark never changed was born with it."""
    numbered = h.items.select("item", "created", "blocked").with_row_index("code")
    empty = pl.DataFrame(schema={"item": pl.String, "at": pl.Datetime("us", "UTC"), "field": pl.String, "before": pl.String, "after": pl.String})
    changes = h.board.tables.get("item_changes", empty).filter(pl.col("field").cast(pl.String) == "blocked").join(numbered, on="item")
    first = changes.sort("at", maintain_order=True).group_by("code", maintain_order=True).first()
    never = numbered.filter(pl.col("blocked").fill_null(value=False), ~pl.col("code").is_in(changes["code"].implode()))
    born = pl.concat([first.filter(_set("before")).select("code", "created"), never.select("code", "created")])
    rows = pl.concat([born.select("code", at="created", on=pl.lit(value=True)), changes.select("code", "at", on=_set("after"))])
    return rows.select("code", pl.col("at").dt.timestamp("us"), "on").filter(pl.col("at") <= h.now).sort("at", maintain_order=True)


def _set(column: str) -> pl.Expr:
    return ~pl.col(column).fill_null("").str.strip_chars().str.to_lowercase().is_in(NO)


def _events(h: History) -> tuple[np.ndarray, ...]:
    found = marks(h)
    if found.is_empty():
        return h.codes, h.moments, h.after, np.full(h.codes.size, SAME, np.int8)
    codes = np.concatenate([h.codes, found["code"].to_numpy().astype(np.int32)])
    moments = np.concatenate([h.moments, found["at"].to_numpy()])
    after = np.concatenate([h.after, np.full(found.height, SAME, h.after.dtype)])
    mark = np.concatenate([np.full(h.codes.size, SAME, np.int8), found["on"].to_numpy().astype(np.int8)])
    order = np.argsort(moments, kind="stable")
    return codes[order], moments[order], after[order], mark[order]
