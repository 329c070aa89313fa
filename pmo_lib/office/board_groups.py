"""A board's figures by group: what is left, how fast it goes and how long items take, by team, type, epic, class of service and the like."""

from __future__ import annotations

import numpy as np
import polars as pl

from pmo_lib.flow import History
from pmo_lib.flow.crossings import NEVER
from pmo_lib.flow.cycle import observed
from pmo_lib.flow.finished import MONDAY
from pmo_lib.flow.grouping import ONE, SEVERAL, members

LATELY = 12  # whole weeks that throughput is told of, fewer on a younger board
SHARES = {"p50": 0.5, "p85": 0.85, "p95": 0.95}
MOST = 200  # groups above which a column names things and does not group them


def groupings(h: History) -> list[str]:
    """By what the counted items can be grouped: columns that part them into two groups at least, and into fewer than `MOST` and than there are items."""
    return [by for by in (*ONE, *SEVERAL) if 1 < _named(h.items, by) <= min(MOST, h.items.height - 1)]


def by_group(h: History, cycles: pl.DataFrame, by: str) -> pl.DataFrame:
    """A row a group, the largest first: group (null: none is named), items (cancelled ones left out), left, in_progress, finished, weekly (finished in each of
    the latest whole weeks, on average; null where none is over), p50, p85, p95 [days]: the cycle time within which that share of the finished was done.

    `cycles` is `flow.cycle_times(h)`. An item counts in each version, component or label that it names.
    """
    rows = [pl.DataFrame({"group": [group] * own.size, "row": own}, schema={"group": pl.String, "row": pl.Int64}) for group, own in members(h.items, by)]
    lately, weeks = _lately(h)
    items = h.items.select("item").with_columns(row=pl.int_range(pl.len()), lately=pl.Series(lately))
    known = items.join(cycles.filter(~pl.col("cancelled")), on="item")
    found = pl.concat(rows).join(known, on="row").group_by("group")
    figures = found.agg(
        items=pl.len(),
        left=pl.col("finished").null_count(),
        in_progress=(pl.col("finished").is_null() & pl.col("started").is_not_null()).sum(),
        finished=pl.col("finished").count(),
        weekly=pl.col("lately").sum() / weeks if weeks else pl.lit(None, pl.Float64),
        times=pl.col("cycle_time").drop_nulls().sort(),
    )
    times = [each.to_numpy() for each in figures["times"]]
    shares = {name: [observed(each, share) if each.size else None for each in times] for name, share in SHARES.items()}
    figures = figures.drop("times").with_columns(pl.Series(name, values, pl.Float64) for name, values in shares.items())
    return figures.sort(["items", "group"], descending=[True, False], nulls_last=True)


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
