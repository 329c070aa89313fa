"""The Gantt chart: `gantt_rows` chooses and measures what to show, `gantt` draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import hv
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

MOST = 18  # rows
ROW = 28  # [pixels]
FINISHED = 3  # finished activities on the driving chain that are kept for context
MILESTONES = ("start_milestone", "finish_milestone")
NO_BAR = ("summary", "level_of_effort")


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that a Gantt chart shows."""

    start: datetime
    end: datetime


def gantt_rows(dates: pl.DataFrame, tables: Mapping[str, pl.DataFrame], forecast: pl.DataFrame | None = None, *, data_date: datetime | None = None, most: int = MOST) -> pl.DataFrame:
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
        started=started, finished=finished, split=pl.when(finished).then("early_finish").when(started).then(running).otherwise("early_start").cast(pl.Datetime("us"))
    )


def _chosen(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Open drivers first: on the critical path in the simulation, then with the least float; a little finished work of the same chain before them."""
    driving = rows.filter(~pl.col("finished")).sort(
        pl.col("longest_path"), pl.col("criticality").fill_null(0), pl.col("critical"), -pl.col("total_float").fill_null(10**9), descending=True, maintain_order=True
    )
    done = rows.filter(pl.col("finished")).sort("longest_path", "early_finish", descending=True, maintain_order=True)
    kept = min(FINISHED, done.height) if driving.height else most
    open_rows = driving.head(most - kept) if driving.height >= most - kept else driving
    return pl.concat([open_rows, done.head(min(most - open_rows.height, kept))]).sort("early_start", "early_finish", maintain_order=True)


def _placed(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    headings = _headings(rows, tables)
    grouped = rows.with_columns(group=pl.Series([headings.get(key or "", "") for key in rows["wbs"].to_list()], dtype=pl.String))
    order = grouped.group_by("group", maintain_order=True).agg(pl.col("early_start").min().alias("first")).sort("first", maintain_order=True)["group"].to_list()
    grouped = grouped.sort(pl.col("group").replace_strict(order, list(range(len(order))), return_dtype=pl.Int64), "early_start", "early_finish", maintain_order=True)
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
        while at in parents and at not in found:
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
    first, last = seen["early_start"].min(), max(_latest(seen, "early_finish"), _latest(seen, "p90"))
    if data_date is not None and open_rows.height:
        first = min(max(first, data_date - timedelta(days=75)), data_date - (last - data_date) * 0.25 if last > data_date else data_date)  # type: ignore[operator]
    length = last - first or timedelta(days=5)  # type: ignore[operator]
    if target is not None and first - length * 0.5 < target < last + length * 0.5:
        first, last = min(first, target), max(last, target)  # type: ignore[type-var]
    return Window(first - length * 0.01, last + length * 0.035)  # type: ignore[operator]


def _latest(rows: pl.DataFrame, name: str) -> datetime:
    return rows[name].max() or datetime.min  # type: ignore[return-value]


def gantt(
    rows: pl.DataFrame, relationships: pl.DataFrame | None = None, *, shown: Window | None = None, data_date: datetime | None = None,
    target: datetime | None = None, names: bool = True, theme: Tokens = LIGHT, most_marks: int = 9,
) -> hv.Overlay:  # fmt: skip
    """Bars of `gantt_rows`: done in ink, to come in blue (solid where critical), baseline beneath; finish cut at P10, tick at P80, whisker to P90.

    `names=False` leaves names to the page, whose rows are `ROW` pixels high beneath a header of the same height.
    """
    shown = shown or window(rows, data_date, target)
    bottom = int(rows["row"].max() or 0) + 1  # type: ignore[arg-type]
    parts = [*_months(shown, bottom, theme, most_marks), *_groups(rows, shown, theme), *_links(rows, relationships, theme), *_bars(rows, shown, theme), *_doubt(rows, theme)]
    parts += [*_milestones(rows, theme), *_notches(rows, shown, theme), *_lines(shown, bottom, data_date, target, theme)]
    ticks = [(row, f"{activity}  {name}") for row, activity, name in rows.select("row", "activity", "name").iter_rows()]
    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True, border=0, height=(bottom + 1) * ROW, xlim=(shown.start, shown.end), ylim=(-1.5, bottom - 0.5), invert_yaxis=True, xaxis=None, xlabel="", ylabel="",
            yaxis="left" if names else None, yticks=ticks, show_legend=False, toolbar=None, hooks=[hook(theme)],
        )
    )  # fmt: skip


def _months(shown: Window, bottom: int, theme: Tokens, most: int) -> list[Any]:
    marks = timeline.named(shown.start, shown.end, most)
    lines = hv.Segments([(mark.at, -0.5, mark.at, bottom) for mark in marks], ["at", "a", "to", "b"], label="months").opts(color=theme.grid, line_width=1)
    shift = (shown.end - shown.start) * 0.006
    room = shown.end - (shown.end - shown.start) * 0.05
    texts: list[Any] = [lines, hv.HLine(-0.5).opts(color=theme.line_2, line_width=1)]
    for bold in (False, True):
        rows = [(mark.at + shift, -1.0, mark.text) for mark in marks if mark.year == bold and mark.at < room]
        if rows:
            texts.append(hv.Labels(rows, label="years" if bold else "month names").opts(**label(theme, color=theme.ink if bold else theme.ink_3, bold=bold)))
    return texts


def _groups(rows: pl.DataFrame, shown: Window, theme: Tokens) -> list[Any]:
    """A hairline over each heading but the first."""
    tops = [row - 1.5 for row in rows.filter(pl.col("heading").is_not_null())["row"].to_list() if row > 1]
    return [hv.Segments([(shown.start, y, shown.end, y) for y in tops], ["from", "y", "to", "end"], label="groups").opts(color=theme.line, line_width=1)] if tops else []


def _bars(rows: pl.DataFrame, shown: Window, theme: Tokens) -> list[Any]:
    bars = rows.filter(~pl.col("kind").cast(pl.String).is_in(MILESTONES) & (pl.col("early_finish") > shown.start))
    done = bars.filter(pl.col("started") & (pl.col("split") > shown.start))
    base = rows.filter((pl.col("baseline_finish") > shown.start) & (pl.col("baseline_start") < shown.end))
    to_come = bars.filter(~pl.col("finished"))
    return [
        _rectangles(base, shown, ("baseline_start", "baseline_finish"), (0.23, 0.34), "baseline").opts(color=theme.plan, alpha=0.7),
        _rectangles(done, shown, ("early_start", "split"), (-0.16, 0.16), "done").opts(color=theme.ink_2),
        _rectangles(to_come.filter("critical"), shown, ("split", "early_finish"), (-0.16, 0.16), "critical").opts(color=theme.accent),
        _rectangles(to_come.filter(~pl.col("critical")), shown, ("split", "early_finish"), (-0.16, 0.16), "to come").opts(color=theme.accent, alpha=0.42),
    ]


def _rectangles(rows: pl.DataFrame, shown: Window, ends: tuple[str, str], edges: tuple[float, float], name: str) -> hv.Rectangles:
    """Bars from one instant to the other, cut by the window; `edges` from the middle of the row, downwards."""
    left, right = (pl.col(end).clip(shown.start, shown.end).alias(side) for end, side in zip(ends, ("start", "finish"), strict=True))
    cut = rows.select(left, (pl.col("row") + edges[0]).alias("top"), right, (pl.col("row") + edges[1]).alias("bottom"), "activity")
    return hv.Rectangles(list(cut.iter_rows()), ["start", "top", "finish", "bottom"], "activity", label=name).opts(line_width=0)


def _doubt(rows: pl.DataFrame, theme: Tokens) -> list[Any]:
    """P10 a cut in the bar, P80 a tick, P90 the end of a whisker."""
    known = rows.filter(pl.col("p90").is_not_null() & ~pl.col("finished"))
    finish = pl.max_horizontal("early_finish", "p10")
    whisker = known.select(finish.alias("from"), pl.col("row").cast(pl.Float64), "p90", pl.col("row").cast(pl.Float64).alias("to")).filter(pl.col("p90") > pl.col("from"))
    inside = known.filter((pl.col("p10") > pl.col("split")) & (pl.col("p10") < pl.col("early_finish")))
    ends = ["at", "top", "to", "bottom"]

    def ticks(frame: pl.DataFrame, name: str, half: float) -> list[tuple[Any, ...]]:
        return [(at, row - half, at, row + half) for at, row in frame.select(name, "row").iter_rows()]

    return [
        hv.Segments(list(whisker.iter_rows()), ends, label="whisker").opts(color=theme.accent, line_width=1.25),
        hv.Segments(ticks(known, "p90", 0.12), ends, label="p90").opts(color=theme.accent, line_width=1.25),
        hv.Segments(ticks(inside, "p10", 0.16), ends, label="p10").opts(color=theme.surface, line_width=1.5),
        hv.Segments(ticks(known, "p80", 0.24), ends, label="p80").opts(color=theme.accent, line_width=2.5),
    ]


def _milestones(rows: pl.DataFrame, theme: Tokens) -> list[Any]:
    found = rows.filter(pl.col("kind").cast(pl.String).is_in(MILESTONES))
    planned = found.drop_nulls("baseline_finish")
    parts: list[Any] = [
        hv.Scatter([(at, row) for at, row in planned.select("baseline_finish", "row").iter_rows()], "finish", "row", label="planned milestones").opts(
            marker="diamond", size=11, color=theme.surface, line_color=theme.plan, line_width=1.5
        )
    ]
    for name, finished, color in (("milestones", False, theme.accent), ("milestones met", True, theme.ink_2)):
        kept = found.filter(pl.col("finished") == finished).select("early_finish", "row")
        parts.append(hv.Scatter(list(kept.iter_rows()), "finish", "row", label=name).opts(marker="diamond", size=12, color=color, line_width=0))
    return parts


def _notches(rows: pl.DataFrame, shown: Window, theme: Tokens) -> list[Any]:
    cut = rows.filter((pl.col("early_start") < shown.start) & (pl.col("early_finish") > shown.start) & ~pl.col("kind").cast(pl.String).is_in(MILESTONES))
    places = [(shown.start, row) for row in cut["row"].to_list()]
    return [hv.Scatter(places, "start", "row", label="notches").opts(marker="triangle", angle=-90, size=11, color=theme.surface, line_width=0)] if places else []


def _links(rows: pl.DataFrame, relationships: pl.DataFrame | None, theme: Tokens) -> list[Any]:
    """Thin elbows along the driving chain, finish to start only: other types have no corner that reads."""
    if relationships is None:
        return []
    at = {row["activity"]: row for row in rows.iter_rows(named=True)}
    chain = {name for name, row in at.items() if row["longest_path"]}
    elbows = []
    for before, after, kind in relationships.select("predecessor", "successor", pl.col("type").cast(pl.String)).iter_rows():
        if kind == "FS" and before in chain and after in chain and not at[before]["finished"] and at[after]["row"] > at[before]["row"]:
            x1, x2, y1, y2 = at[before]["early_finish"], at[after]["early_start"], at[before]["row"], at[after]["row"]
            elbows.append([(x1, y1 + 0.16), (x1, y2 - 0.34), (x2, y2 - 0.34), (x2, y2 - 0.16)])
    return [hv.Path(elbows, ["x", "y"], label="links").opts(color=theme.accent, line_width=1, alpha=0.7)] if elbows else []


def _lines(shown: Window, bottom: int, data_date: datetime | None, target: datetime | None, theme: Tokens) -> list[Any]:
    parts: list[Any] = []
    span = shown.end - shown.start
    near = data_date is not None and target is not None and abs(target - data_date) < span * 0.3
    for name, at, color, dash, bold in (("Status date", data_date, theme.ink_3, "dotted", False), ("Target", target, theme.ink, "solid", True)):
        if at is None or not shown.start < at < shown.end:
            continue
        left = (at > shown.start + span * 0.72) or (near and data_date is not None and target is not None and at == min(data_date, target))
        parts.append(hv.Segments([(at, -0.5, at, bottom)], ["at", "top", "to", "bottom"], label=name).opts(color=color, line_dash=dash, line_width=1.25))
        text = f"{name} {words.day(at, year=False)}"
        where = at - span * 0.008 if left else at + span * 0.008
        parts.append(hv.Labels([(where, -0.1, text)], label=f"{name} text").opts(**label(theme, color=color, bold=bold, align="right" if left else "left")))
    return parts
