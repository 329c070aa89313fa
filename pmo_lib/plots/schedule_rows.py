"""What a Gantt chart shows: which activities, in which order and groups, over which stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pmo_lib.plots import words

MOST = 18  # rows
FINISHED = 3  # finished activities on the driving chain that are kept for context
MILESTONES = ("start_milestone", "finish_milestone")
NO_BAR = ("summary", "level_of_effort")


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that a Gantt chart shows."""

    start: datetime
    end: datetime


def gantt_rows(
    dates: pl.DataFrame, tables: Mapping[str, pl.DataFrame], forecast: pl.DataFrame | None = None, *, data_date: datetime | None = None, most: int = MOST
) -> pl.DataFrame:
    """What a Gantt chart shows: one row a bar, drivers first chosen, then in order of time within their WBS element.

    `dates` is `schedule.dates`; `tables` are the plan's; `forecast` is `ActivityForecast`. Columns: those of `dates`, and row (position from the top,
    headings take one), heading (WBS element, on the first of its group), kind, started, finished, split (where done ends and to come begins),
    baseline_start, baseline_finish, p10, p80, p90, criticality.
    """
    rows = _joined(dates, tables, forecast, data_date)
    return _placed(_chosen(rows, most), tables)


def _joined(dates: pl.DataFrame, tables: Mapping[str, pl.DataFrame], forecast: pl.DataFrame | None, data_date: datetime | None) -> pl.DataFrame:
    plan = tables["activities"].select("activity", "kind", "wbs", "actual_start", "actual_finish", "percent_complete", "active")
    rows = dates.join(plan, on="activity", how="inner").filter(pl.col("active") & ~pl.col("kind").cast(pl.String).is_in(NO_BAR))
    if "baselines" in tables:
        kept = tables["baselines"].filter(pl.col("baseline") == 0).select("activity", baseline_start="start", baseline_finish="finish")
        rows = rows.join(kept, on="activity", how="left")
    else:
        rows = rows.with_columns(baseline_start=pl.lit(None, pl.Datetime("us")), baseline_finish=pl.lit(None, pl.Datetime("us")))
    if forecast is not None:
        rows = rows.join(forecast.select("activity", "p10", "p80", "p90", "criticality"), on="activity", how="left")
    else:
        rows = rows.with_columns(*(pl.lit(None, pl.Datetime("us")).alias(name) for name in ("p10", "p80", "p90")), criticality=pl.lit(None, pl.Float64))
    finished, started = pl.col("actual_finish").is_not_null(), pl.col("actual_start").is_not_null()
    by_share = pl.col("early_start") + (pl.col("early_finish") - pl.col("early_start")) * pl.col("percent_complete")
    running = pl.lit(data_date, pl.Datetime("us")).clip(pl.col("early_start"), pl.col("early_finish")) if data_date else by_share
    return rows.with_columns(
        started=started,
        finished=finished,
        split=pl.when(finished).then("early_finish").when(started).then(running).otherwise("early_start").cast(pl.Datetime("us")),
    )


def _chosen(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Open drivers first: on the critical path in the simulation, then with the least float; a little finished work of the same chain before them.

    The last of the longest path is among them: a chart that ends before the project does would tell of another finish.
    """
    driving = rows.filter(~pl.col("finished")).sort(
        pl.col("longest_path"),
        pl.col("criticality").fill_null(0),
        pl.col("critical"),
        -pl.col("total_float").fill_null(10**9),
        descending=True,
        maintain_order=True,
    )
    done = rows.filter(pl.col("finished")).sort("longest_path", "early_finish", descending=True, maintain_order=True)
    kept = min(FINISHED, done.height) if driving.height else most
    last = driving.filter("longest_path").sort("early_finish", "early_start", descending=True, maintain_order=True).head(1)
    drivers = pl.concat([driving.head(most - kept), last]).unique("activity", keep="first", maintain_order=True)
    open_rows = drivers if drivers.height <= most - kept else pl.concat([drivers.head(most - kept - 1), last])
    return pl.concat([open_rows, done.head(min(most - open_rows.height, kept))]).sort("early_start", "early_finish", maintain_order=True)


def _placed(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    headings = _headings(rows, tables)
    grouped = rows.with_columns(group=pl.Series([headings.get(key or "", "") for key in rows["wbs"].to_list()], dtype=pl.String))
    order = grouped.group_by("group", maintain_order=True).agg(pl.col("early_start").min().alias("first")).sort("first", maintain_order=True)["group"].to_list()
    grouped = grouped.sort(
        pl.col("group").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64), "early_start", "early_finish", maintain_order=True
    )
    headed = len(order) > 1
    position, last, places, shown = -1 if headed else 0, None, [], []  # without headings the first line stays free for the names of the dates
    for group in grouped["group"].to_list():
        new = headed and group != last
        position += 2 if new else 1
        places.append(position)
        shown.append(group or "Other work" if new else None)
        last = group
    return grouped.with_columns(row=pl.Series(places, dtype=pl.Int64), heading=pl.Series(shown, dtype=pl.String)).drop("group")


def _headings(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """WBS key to the name of the ancestor under which rows are grouped: the highest level that parts them into two to five groups."""
    if "wbs" not in tables or rows.height < 6:
        return {}
    parents = {key: (parent, name) for key, parent, name in tables["wbs"].select("wbs", "parent", "name").iter_rows()}

    def line(key: str) -> list[str]:
        found: list[str] = []
        at: str | None = key
        while at is not None and at in parents and at not in found:
            found.insert(0, at)
            at = parents[at][0]
        return found

    lines = {key: line(key) for key in rows["wbs"].drop_nulls().unique().to_list()}
    for depth in range(max((len(chain) for chain in lines.values()), default=0)):
        groups = {chain[min(depth, len(chain) - 1)] for chain in lines.values() if chain}
        if 2 <= len(groups) <= 5:
            return {key: parents[chain[min(depth, len(chain) - 1)]][1] for key, chain in lines.items() if chain}
    return {}


def window(rows: pl.DataFrame, data_date: datetime | None = None, target: datetime | None = None) -> Window:
    """What to show: from before the open work, or two months before the status date, to after the last P90; the target too where it is near."""
    open_rows = rows.filter(~pl.col("finished"))
    seen = open_rows if open_rows.height else rows
    starts: list[datetime] = seen["early_start"].to_list()
    first, last = min(starts), max(_latest(seen, "early_finish"), _latest(seen, "p90"))
    if data_date is not None and open_rows.height:
        first = min(max(first, data_date - timedelta(days=75)), data_date - (last - data_date) * 0.25 if last > data_date else data_date)
    length = last - first or timedelta(days=5)
    if target is not None and first - length * 0.5 < target < last + length * 0.5:
        first, last = min(first, target), max(last, target)
    return Window(first - length * 0.01, last + length * 0.035)


def finish_text(row: Mapping[str, Any], years: bool) -> str:
    """What stands beside a bar of `gantt_rows`: the P80, else the finish, or that it is done."""
    return "done" if row["finished"] else words.day(row["p80"] or row["early_finish"], year=years)


def spans_years(rows: pl.DataFrame) -> bool:
    """Whether the finishes of `gantt_rows` span more than a year, so that a day without its year would be read wrongly."""
    ends = rows.filter(~pl.col("finished")).select(end=pl.coalesce("p80", "early_finish"))["end"]
    return ends.len() > 0 and ends.max() - ends.min() > timedelta(days=360)  # type: ignore[operator]


def _latest(rows: pl.DataFrame, name: str) -> datetime:
    return rows[name].max() or datetime.min  # type: ignore[return-value]
