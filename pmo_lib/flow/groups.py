"""A board's figures by group: what is left, how fast it goes and how long items take, by team, type, epic, class of service and the like."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import NEVER, History, history
from pmo_lib.flow.cycle import cycle_times, observed
from pmo_lib.flow.finished import MONDAY
from pmo_lib.flow.grouping import ONE, SEVERAL, members
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

LATELY = 12  # whole weeks that throughput is told of, fewer on a younger board
SHARES = {"p50": 0.5, "p85": 0.85, "p95": 0.95}
MOST = 200  # groups above which a column names things and does not group them


def groupings(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> list[str]:
    """By what the counted items can be grouped: columns that part them into two groups at least, and into fewer than `MOST` and than there are items."""
    items = history(board, rules, at=at).items
    return [by for by in (*ONE, *SEVERAL) if 1 < _named(items, by) <= min(MOST, items.height - 1)]


def group_figures(
    board: Project | History, rules: FlowRules | None = None, *, by: str, at: datetime | None = None, cycles: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row a group, the largest first (`tables.flow_results.GroupFigures`): its items, throughput and cycle times side by side.

    An item counts in each version, component or label that it names. Throughput is the mean of the latest twelve whole weeks, of all groups the same ones,
    none before the board's first finish. Percentiles are observed values (inverted CDF). `cycles` is `flow.cycle_times` of the same history, where it is
    made already.

    Raises `InvalidInput` for what items cannot be grouped by.
    """
    from pmo_lib.tables.flow_results import GroupFigures

    h = history(board, rules, at=at)
    rows = [pl.DataFrame({"group": [group] * own.size, "row": own}, schema={"group": pl.String, "row": pl.Int64}) for group, own in members(h.items, by)]
    lately, weeks = _lately(h)
    items = h.items.select("item").with_columns(row=pl.int_range(pl.len()), lately=pl.Series(lately))
    known = items.join((cycle_times(h) if cycles is None else cycles).filter(~pl.col("cancelled")), on="item")
    found = pl.concat([pl.DataFrame(schema={"group": pl.String, "row": pl.Int64}), *rows]).join(known, on="row").group_by("group")
    figures = found.agg(
        items=pl.len().cast(pl.Int64),
        left=pl.col("finished").null_count().cast(pl.Int64),
        in_progress=(pl.col("finished").is_null() & pl.col("started").is_not_null()).sum().cast(pl.Int64),
        finished=pl.col("finished").count().cast(pl.Int64),
        weekly=pl.col("lately").sum() / weeks if weeks else pl.lit(None, pl.Float64),
        times=pl.col("cycle_time").drop_nulls().sort(),
    )
    times = [each.to_numpy() for each in figures["times"]]
    shares = {name: [observed(each, share) if each.size else None for each in times] for name, share in SHARES.items()}
    figures = figures.drop("times").with_columns(pl.Series(name, values, pl.Float64) for name, values in shares.items())
    return GroupFigures.validate(figures.sort(["items", "group"], descending=[True, False], nulls_last=True))


def _lately(h: History) -> tuple[np.ndarray, int]:
    """Which items were finished in the latest whole weeks, and how many weeks these are: none before the first finish, as `flow.throughput` counts."""
    finished = h.day(h.crossed[h.done])
    done = (finished != NEVER) & ~h.cancelled
    week = np.where(done, (finished + MONDAY) // 7, -1)
    over = (h.today + MONDAY) // 7  # the week that is not over
    first = max(over - LATELY, int(week[done].min(initial=over)))
    return done & (week >= first) & (week < over), over - first


def _named(items: pl.DataFrame, by: str) -> int:
    """How many groups the items name; those that name none are one more."""
    if by not in items.columns:
        return 0
    named = items[by].explode(empty_as_null=True) if by in SEVERAL else items[by]
    return named.n_unique()
