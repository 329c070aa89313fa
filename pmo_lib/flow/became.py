"""What became of a board's items between two looks at it: what came, was begun, was finished, was dropped, was taken up again, is gone."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pmo_lib.flow.crossings import History, history
from pmo_lib.flow.cycle import cycle_times
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

OPEN, FINISHED, CANCELLED = "open", "finished", "cancelled"


def became(older: Project | History, newer: Project | History, rules: FlowRules | None = None) -> pl.DataFrame:
    """One row a counted item and what became of it since the older snapshot (`tables.flow_results.Became`), in the newer board's order.

    Each snapshot is looked at on its own data date, both by the same rules and at the same level. `left` is what a row adds to the number of items that
    are left, so that the older number and all rows together are the newer one: an item that came and was finished between the two has a row of each.

    Raises `NotAvailable` for a project without items or transitions.
    """
    from pmo_lib.tables.flow_results import Became

    now = history(newer, rules, at=None if isinstance(newer, History) else newer.info.data_date)
    level = replace(rules or FlowRules(), level=now.rules.level)
    was = history(older, level, at=None if isinstance(older, History) else older.info.data_date)
    before = _standing(was).rename({"name": "old_name", "type": "old_type", "state": "was", "begun": "begun_before"})
    both = _standing(now).join(before, on="item", how="full", coalesce=True, maintain_order="left_right")
    both = both.with_columns(name=pl.coalesce("name", "old_name"), type=pl.coalesce("type", "old_type"))
    rows = [both.filter(where).select("item", "name", "type", change=pl.lit(change), left=pl.lit(left)) for change, where, left in _CHANGES]
    return Became.validate(pl.concat(rows), cast=True)


def _standing(h: History) -> pl.DataFrame:
    """Of each item its name and type, whether it is open, finished or cancelled, and whether it was ever begun."""
    state = pl.when("cancelled").then(pl.lit(CANCELLED)).when(pl.col("finished").is_not_null()).then(pl.lit(FINISHED)).otherwise(pl.lit(OPEN))
    return cycle_times(h).select("item", "name", "type", state=state, begun=pl.col("started").is_not_null())


_WAS, _IS = pl.col("was"), pl.col("state")
_ENDED = _WAS.is_in([FINISHED, CANCELLED])
_CHANGES = (
    ("new", _WAS.is_null() & _IS.is_in([OPEN, FINISHED]), 1),
    ("reopened", (_ENDED & (_IS == OPEN)) | ((_WAS == CANCELLED) & (_IS == FINISHED)), 1),
    ("begun", (pl.col("begun") & ~pl.col("begun_before").fill_null(value=False)), 0),
    ("finished", (_IS == FINISHED) & (_WAS.is_null() | (_WAS != FINISHED)), -1),
    ("dropped", (_WAS == OPEN) & (_IS == CANCELLED), -1),
    ("gone", (_WAS == OPEN) & _IS.is_null(), -1),
)
