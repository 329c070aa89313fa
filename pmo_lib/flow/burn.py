"""How the scope of an epic, a version or a whole board grew, and how much of it was done: a burn-up.

Source: Cohn, Agile Estimating and Planning, chapter 19 (release burn charts); scope and done are two lines, so that growth is not taken for slowness.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.crossings import EPOCH, NEVER, History, history
from pmo_lib.flow.finished import LENGTH, MONDAY
from pmo_lib.flow.grouping import members, shaped
from pmo_lib.flow.inflow import ended
from pmo_lib.flow.membership import SINCE_EVER, numbers, spells
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

CHANGING = ("epic", "parent", "versions")  # groups whose changes are kept
STATE = ("inside", "done", "points")


def burn_up(
    board: Project | History,
    rules: FlowRules | None = None,
    *,
    per: Literal["day", "week"] = "week",
    by: str | None = None,
    only: str | None = None,
    at: datetime | None = None,
) -> pl.DataFrame:
    """Items and points in scope and done at the end of each period, and what came and went in it (`tables.flow_scope.BurnUp`).

    Each group from its first item to `at`. An item is in the scope of an epic, parent or version while the history says that it belonged there (other
    groups: as it belongs now), from its creation on (from its finish where no creation is told), and leaves it when it is cancelled. Done is told by the
    status at that moment, so that the line falls where items were reopened. Points count as they were then; items without points as 0. `only` is one group
    of `by`.

    Raises `InvalidInput` for a group that no item was ever in.
    """
    from pmo_lib.tables.flow_scope import BurnUp

    if per not in LENGTH:
        raise InvalidInput(f"per is 'day' or 'week', and is {per!r}")
    h = history(board, rules, at=at)
    stays = _stays(h, by)
    if only is not None:
        stays = stays.filter(pl.col("group") == only)
        if stays.is_empty():
            raise InvalidInput(f"no counted item was ever in the {(by or 'group').rstrip('s')} {only!r}; flow.burn_up without `only` tells them all")
    steps = _steps(h, _events(h, stays), per)
    if steps.is_empty():
        return BurnUp.create_empty()
    sums = steps.group_by("group", "period").agg(
        *(pl.col(f"{name}_step").sum().alias(name) for name in _MEASURES),
        *(pl.col(f"{name}_step").clip(lower_bound=0).sum().alias(f"{to}") for name, to in _CAME.items()),
        *((-pl.col(f"{name}_step").clip(upper_bound=0)).sum().alias(f"{to}") for name, to in _LEFT.items()),
    )
    found = _periods(h, sums, per).join(sums, on=["group", "period"], how="left", nulls_equal=True, maintain_order="left")
    found = found.with_columns(pl.col(column).fill_null(0) for column in sums.columns if column not in ("group", "period"))
    found = found.with_columns(pl.col(name).cum_sum().over("group", order_by="period") for name in _MEASURES)
    if not h.items["points"].count():
        found = found.with_columns(pl.lit(None, pl.Float64).alias(column) for column in sums.columns if "points" in column)
    return shaped(_dated(found, per), BurnUp)


def scope_change(
    board: Project | History, rules: FlowRules | None = None, *, by: str | None = None, weeks: int = 12, at: datetime | None = None
) -> pl.DataFrame:
    """One row a group that still has a scope, or had one lately (`tables.flow_scope.ScopeChange`): what it is now, and what came and went in the latest
    whole weeks. Of an epic or a version items that were moved into it, or out of it, count too.

    Raises `InvalidInput` for what items cannot be grouped by.
    """
    from pmo_lib.tables.flow_scope import ScopeChange

    if weeks < 1:
        raise InvalidInput(f"weeks is 1 or more, and is {weeks}")
    h = history(board, rules, at=at)
    found = burn_up(h, by=by)
    over = pl.lit(h.seen_on - timedelta(days=6))
    lately = (pl.col("period") < over) & (pl.col("period") >= pl.col("period").filter(pl.col("period") < over).max() - timedelta(days=7 * (weeks - 1)))
    sums = found.group_by("group", maintain_order=True).agg(
        pl.col("scope", "done").last(),
        came=pl.col("added").filter(lately).sum(),
        went=pl.col("removed").filter(lately).sum(),
        weeks=lately.sum().cast(pl.Int64),
    )
    told = sums.filter((pl.col("scope") > 0) | (pl.col("came") > 0) | (pl.col("went") > 0))
    return shaped(told.sort(["scope", "group"], descending=[True, False], nulls_last=True), ScopeChange)


_MEASURES = ("scope", "done", "scope_points", "done_points")
_CAME = {"scope": "added", "scope_points": "added_points"}
_LEFT = {"scope": "removed", "scope_points": "removed_points"}


def _stays(h: History, by: str | None) -> pl.DataFrame:
    """When each item belonged to each group: code, group, since, until."""
    if by in CHANGING:
        return spells(h, by)
    whole = {"since": pl.lit(SINCE_EVER), "until": pl.lit(NEVER)}
    codes = pl.DataFrame({"code": pl.int_range(h.items.height, dtype=pl.UInt32, eager=True)})
    if by is None:
        return codes.with_columns(group=pl.lit(None, pl.String), **whole)
    parts = [codes[rows].with_columns(group=pl.lit(group, pl.String), **whole) for group, rows in members(h.items, by)]
    return pl.concat([codes.clear().with_columns(group=pl.lit(None, pl.String), **whole), *parts])


def _events(h: History, stays: pl.DataFrame) -> pl.DataFrame:
    """Changes of what an item is to a group, in order: group, code, at, and of inside, done and points those that changed."""
    edges = (
        pl.DataFrame({"born": np.minimum(np.where(h.born == NEVER, h.crossed[0], h.born), h.now)}).with_row_index("code").with_columns(gone=pl.Series(ended(h)))
    )
    clipped = stays.join(edges, on="code").with_columns(since=pl.max_horizontal("since", "born"), until=pl.min_horizontal("until", "gone"))
    clipped = clipped.filter(pl.col("since") < pl.col("until"))
    pairs = clipped.select("group", "code").unique()
    comes = clipped.select("group", "code", at="since", inside=pl.lit(value=True))
    goes = clipped.filter(pl.col("until") != NEVER).select("group", "code", at="until", inside=pl.lit(value=False))
    moves = pl.DataFrame({"code": h.codes, "at": h.moments, "done": h.place[h.after] >= h.done}).with_columns(pl.col("code").cast(pl.UInt32))
    sizes = numbers(h, "points").select("code", at="since", points=pl.col("value").fill_null(0.0))
    rows = [goes, comes, pairs.join(moves, on="code"), pairs.join(sizes, on="code")]
    return pl.concat(rows, how="diagonal").filter(pl.col("at") <= h.now).sort("group", "code", "at", maintain_order=True)


def _steps(h: History, events: pl.DataFrame, per: str) -> pl.DataFrame:
    """How much each event added to the group's sums, with the period in which it did."""
    own = ("group", "code")
    known = events.with_columns(pl.col(name).forward_fill().over(own) for name in STATE)
    inside, done = pl.col("inside").fill_null(value=False), pl.col("done").fill_null(value=False)
    size = pl.col("points").fill_null(0.0)
    now = {"scope": inside.cast(pl.Int64), "done": (inside & done).cast(pl.Int64), "scope_points": inside * size, "done_points": (inside & done) * size}
    held = known.with_columns(**now)
    steps = held.with_columns((pl.col(name) - pl.col(name).shift(1).over(own).fill_null(0)).alias(f"{name}_step") for name in now)
    steps = steps.filter(pl.any_horizontal(pl.col(f"{name}_step") != 0 for name in now))
    return steps.with_columns(period=pl.Series((h.day(steps["at"].to_numpy()) + (MONDAY if per == "week" else 0)) // LENGTH[per]))


def _periods(h: History, sums: pl.DataFrame, per: str) -> pl.DataFrame:
    """Every period of each group, from its first to that of `at`."""
    last = (h.today + (MONDAY if per == "week" else 0)) // LENGTH[per]
    firsts = sums.group_by("group").agg(pl.col("period").min()).sort("group", nulls_last=True)
    return firsts.select("group", period=pl.int_ranges("period", last + 1)).explode("period")


def _dated(found: pl.DataFrame, per: str) -> pl.DataFrame:
    first = pl.lit(EPOCH - timedelta(days=MONDAY if per == "week" else 0))
    return found.with_columns(period=first + pl.duration(days=pl.col("period") * LENGTH[per]))
