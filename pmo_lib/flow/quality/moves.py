"""How items went over the board: whether its columns tell what was done."""

from __future__ import annotations

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import NEVER
from pmo_lib.flow.quality.facts import Facts, share
from pmo_lib.schedule.quality.check import Check, Measured, Missing

NOTHING_DONE = "nothing is finished"
NO_COLUMNS = "the source tells no board with columns"


def _done_without_start(facts: Facts) -> Measured | Missing:
    if facts.h.started == facts.h.done:
        return Missing("the board has no column of work")
    return share(facts, facts.jumped, facts.delivered, NOTHING_DONE)


def _skipped_columns(facts: Facts) -> Measured | Missing:
    if facts.board is None:
        return Missing(NO_COLUMNS)
    stood, _ = facts.trodden
    used = [c for c in range(facts.h.started, facts.h.done) if facts.h.columns[c] in set(facts.board["column"]) and stood[c].any()]
    begun = facts.delivered & ~facts.jumped
    if not used:
        return Missing("no column between start and done was ever used")
    return share(facts, np.asarray(~stood[used].all(axis=0)), begun, "no finished item has a known start")


def _backward_moves(facts: Facts) -> Measured | Missing:
    _, back = facts.trodden
    return share(facts, back > 0, facts.h.column >= 0, "no item has moved")


def _broken_history(facts: Facts) -> Measured | Missing:
    h = facts.h
    known = h.items.lazy().with_row_index("code").select("item", "code", "status")
    rows = h.board.tables["transitions"].lazy().filter(pl.col("at").dt.replace_time_zone(None) <= h.at)
    rows = rows.join(known, on="item", maintain_order="left").sort("at", maintain_order=True)
    told = rows.select("code", "before", "after", "status", was=pl.col("after").shift(1).over("code"), last=pl.col("code").is_last_distinct()).collect()
    broken = (pl.col("was").is_not_null() & (pl.col("before") != pl.col("was"))) | (
        pl.lit(facts.latest) & pl.col("last") & (pl.col("after") != pl.col("status"))
    )
    offending = np.zeros(h.items.height, bool)
    offending[told.filter(broken)["code"].to_numpy()] = True
    return share(facts, offending, h.column >= 0, "no item has moved")


def _off_board(facts: Facts) -> Measured | Missing:
    if facts.board is None:
        return Missing(NO_COLUMNS)
    on = np.isin(np.array(facts.h.columns), facts.board["column"].to_numpy())
    return share(facts, ~np.where(facts.h.column >= 0, on[facts.h.column], True), facts.in_progress, "nothing is in progress")


def _beyond_limits(facts: Facts) -> Measured | Missing:
    limits = dict(facts.board.filter(pl.col("limit").is_not_null()).select("column", "limit").iter_rows()) if facts.board is not None else {}
    if not limits:
        return Missing("no column of the board has a limit")
    h = facts.h
    inside = np.zeros(h.items.height, bool)
    beyond = np.zeros(h.items.height, bool)
    for column, most in limits.items():
        here = np.flatnonzero((h.column == h.columns.index(column)) & ~h.cancelled)
        inside[here] = True
        beyond[here[np.argsort(h.moved[here], kind="stable")][most:]] = True
    return share(facts, beyond, inside, "the columns with a limit are empty")


def _missing_moments(facts: Facts) -> Measured | Missing:
    if not facts.latest:
        return Missing("the board is looked at as it was, and the source tells only where items stand now")
    category = facts.h.items["category"].cast(pl.String).to_numpy()
    started, done = facts.h.crossed[facts.h.started], facts.h.crossed[facts.h.done]
    missing = ((category == "done") & (done == NEVER)) | ((category == "in_progress") & (started == NEVER))
    return share(facts, missing, category != "to_do", "every item is still to do")


CHECKS = [
    Check(
        name="done_without_start",
        title="Done without start",
        group="moves",
        definition="Finished items that came to done without having stood in any column of work, of all finished items: they have no cycle time",
        measure=_done_without_start,
    ),
    Check(
        name="skipped_columns",
        title="Skipped columns",
        group="moves",
        definition="Finished items with a start that never stood in one of the board's columns between start and done (columns that no item used do not count)",
        measure=_skipped_columns,
    ),
    Check(
        name="backward_moves",
        title="Backward moves",
        group="moves",
        definition="Items that moved to the left at least once, or were reopened, of all that moved",
        measure=_backward_moves,
    ),
    Check(
        name="broken_history",
        title="Broken history",
        group="moves",
        definition="Items with a transition that begins in another status than the one before ended in, or whose last one does not lead to where they stand, "
        "of all that moved",
        measure=_broken_history,
    ),
    Check(
        name="missing_moments",
        title="Missing moments",
        group="moves",
        definition="Items whose status counts as in progress or done, while no transition says when they came there, of all such items",
        measure=_missing_moments,
    ),
    Check(
        name="off_board",
        title="Off the board",
        group="moves",
        definition="Items in progress in a status that is on none of the board's columns, of all in progress: nobody sees them there",
        measure=_off_board,
    ),
    Check(
        name="beyond_limits",
        title="Beyond the limit",
        group="moves",
        definition="Items in a column beyond its limit of work in progress, the latest to come, of all in columns with a limit",
        measure=_beyond_limits,
    ),
]
