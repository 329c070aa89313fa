"""What a board has left, epic by epic, and what of it waits for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotFound
from pmo_lib.flow.crossings import NEVER, History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.flow.work import Range, Work
from pmo_lib.project import Project

NO_EPIC = "no epic"  # the name of items that belong to none


def remaining(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """Open, finished and cancelled items of each epic, in the order of the board (`tables.flow_forecasts.Remaining`); what belongs to none comes last.

    An item that stands in a done column, or which the source calls done and of which no transition is known, is not open.
    """
    from pmo_lib.tables.flow_forecasts import Remaining

    h = history(board, rules, at=at)
    done = h.crossed[h.done] != NEVER
    done |= (h.column < 0) & (h.items["category"].cast(pl.String) == "done").to_numpy()
    begun = (h.crossed[h.started] != NEVER) & ~done
    rows = h.items.select("epic", order=pl.int_range(pl.len())).with_columns(
        open=pl.Series(~done & ~h.cancelled), begun=pl.Series(begun & ~h.cancelled), done=pl.Series(done & ~h.cancelled), cancelled=pl.Series(h.cancelled)
    )
    sums = rows.group_by("epic").agg(pl.col("open", "begun", "done", "cancelled").sum().cast(pl.Int64), pl.col("order").min())
    names = h.board.tables["items"].select(epic="item", name="name")
    ordered = sums.join(names, on="epic", how="left").sort(pl.col("epic").is_null(), "order")
    waits = _waits(h.board, ordered.filter(pl.col("open") > 0)["epic"].drop_nulls().to_list())
    frame = ordered.with_columns(after=pl.Series([waits.get(epic, []) for epic in ordered["epic"]], dtype=pl.List(pl.String)))
    return Remaining.validate(frame.select(Remaining.column_names()))


def work_left(left: pl.DataFrame, *, first: Sequence[str] = (), split: Range = 0.0, growth: Range = 0.0) -> list[Work]:
    """Each epic of `remaining` that has open items as `Work`, in that order, those of `first` before the others.

    `growth` is of all of it together and is spread over the epics by their open items. Raises `NotFound` for an epic that the board lacks.
    """
    rows = left.filter(pl.col("open") > 0)
    for name in first:
        if name not in left["epic"].fill_null(NO_EPIC):
            raise NotFound(f"the board has no epic {name!r} with items that are counted; it has {', '.join(left['epic'].fill_null(NO_EPIC).head(12))}")
    whole = int(rows["open"].sum())
    made = {}
    for epic, items, after in rows.select("epic", "open", "after").iter_rows():
        share = items / whole
        grown = tuple(end * share for end in growth) if isinstance(growth, tuple) else growth * share
        made[epic or NO_EPIC] = Work(name=epic or NO_EPIC, items=items, split=split, growth=grown, after=tuple(after))  # type: ignore[arg-type]
    return [*(made[name] for name in first if name in made), *(one for name, one in made.items() if name not in first)]


def finished_on(board: Project | History, epic: str, rules: FlowRules | None = None) -> datetime | None:
    """When the last counted item of an epic was finished, naive UTC; None: none of them is. Raises `InvalidInput` for an epic without counted items."""
    h = history(board, rules)
    own = (h.items["epic"] == epic).fill_null(value=False).to_numpy()
    if not own.any():
        raise InvalidInput(f"{h.board.info.key} has no epic {epic!r} with items that are counted; pmo flow {h.board.info.key} lists its epics")
    ends = h.crossed[h.done][own & ~h.cancelled]
    known = ends[ends != NEVER]
    return np.datetime64(int(known.max()), "us").item() if known.size else None


def _waits(board: Project, epics: Sequence[str]) -> dict[str, list[str]]:
    """Which open epics each open epic waits for: by links between the epics themselves."""
    if "item_links" not in board.tables:
        return {}
    known = set(epics)
    links = board.tables["item_links"].filter(pl.col("kind").cast(pl.String) == "blocks").select("item", "other").unique(maintain_order=True)
    found: dict[str, list[str]] = {}
    for before, after in links.iter_rows():
        if before in known and after in known and before != after:
            found.setdefault(after, []).append(before)
    return found
