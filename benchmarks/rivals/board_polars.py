"""Cycle times, cumulative flow and ageing of a board as one writes them in plain Polars: group by item, shift over item."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

CANCELLED = ("Won't Do",)


def measures(items: pl.DataFrame, moves: pl.DataFrame, columns: tuple[str, ...], started: int, done: int, at: dt.datetime) -> tuple[Any, Any, Any]:
    """Frames of cycle times (item, started, finished, cycle_time), of arrivals a day and column, and of ages (item, age, in_column)."""
    place = {name: n for n, name in enumerate(columns)}
    way = moves.select("item", "at", to=pl.col("after").replace_strict(place, return_dtype=pl.Int8))
    way = way.with_columns(was=pl.col("to").shift(1).over("item").fill_null(-1), last=pl.col("to").last().over("item"))
    first = [pl.col("at").filter(pl.col("to") >= c).min().alias(name) for name, c in place.items() if c <= started]
    later = [
        pl.col("at").filter((pl.col("to") >= c) & (pl.col("was") < c) & (pl.col("last") >= c)).max().alias(name) for name, c in place.items() if c > started
    ]
    crossed = way.group_by("item").agg(*first, *later, moved=pl.col("at").filter(pl.col("to") != pl.col("was")).last(), column=pl.col("to").last())
    own = items.select("item", "name", "type", "created", cancelled=pl.col("resolution").is_in(CANCELLED).fill_null(value=False)).join(crossed, on="item")
    begun, ended = pl.col(columns[started]), pl.col(columns[done])
    jumped = (begun == ended).fill_null(value=False)
    days = (ended.dt.date() - begun.dt.date()).dt.total_days() + 1.0
    lead = (ended.dt.date() - pl.col("created").dt.date()).dt.total_days() + 1.0
    cycle = own.select(
        "item", "name", "type", "created", "cancelled",
        started=pl.when(~jumped).then(begun),
        finished=ended,
        cycle_time=pl.when(~jumped & ~pl.col("cancelled")).then(days),
        lead_time=pl.when(~pl.col("cancelled")).then(lead),
    ).sort("finished", nulls_last=True)  # fmt: skip
    kept = own.filter(~pl.col("cancelled"))
    span = pl.date_range(kept[columns[0]].min().date(), at.date(), eager=True).alias("day")  # type: ignore[union-attr]
    flow = span.to_frame()
    for name in columns:
        counts = kept.select(day=pl.col(name).dt.date()).drop_nulls().group_by("day").len(name)
        flow = flow.join(counts, on="day", how="left").with_columns(pl.col(name).fill_null(0).cum_sum())
    past = cycle["cycle_time"].drop_nulls().sort()
    open_ = kept.filter(begun.is_not_null(), ended.is_null())
    ages = open_.select(
        "item", "name", "type", "column",
        started=begun,
        age=(pl.lit(at.date()) - begun.dt.date()).dt.total_days() + 1.0,
        in_column=(pl.lit(at.date()) - pl.col("moved").dt.date()).dt.total_days() + 1.0,
    ).sort("age", "item", descending=[True, False])  # fmt: skip
    older = past.search_sorted(ages["age"], side="left") / past.len()
    return cycle, flow, ages.with_columns(older_than=older)
