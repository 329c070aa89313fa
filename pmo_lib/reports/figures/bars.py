"""An extract of the Gantt chart: what drives the finish, with its doubt, on one page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from matplotlib.axes import Axes

from pmo_lib.plots import timeline, words
from pmo_lib.plots.schedule_rows import MILESTONES, finish_text, spans_years, window
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import TimeScale, area, bar, length, line, sheet, svg, write

ROW, HEADER, LABELS, NAMES, COLUMN, YEAR = 15.5, 20.0, 14.0, 200.0, 46.0, 20.0  # [pt]


def gantt(
    rows: pl.DataFrame,
    relationships: pl.DataFrame | None = None,
    *,
    data_date: datetime | None = None,
    target: datetime | None = None,
    minutes_per_day: int = 480,
    width: float = 757,
) -> str:
    """SVG of `plots.gantt_rows`: names left; done in ink, to come in blue, critical solid, baseline beneath; P80 (else the finish) and float right."""
    shown = window(rows, data_date, target)
    top = HEADER + (LABELS if data_date or target else 4.0)
    bottom = (max(rows["row"].to_list()) + 1) * ROW + top
    axes = sheet(width, bottom)
    years = spans_years(rows)
    scale = TimeScale(shown.start, shown.end, NAMES, width - 2 * COLUMN - 10 - years * YEAR)
    _axis(axes, scale, width, bottom, "P80" if rows["p80"].is_not_null().any() else "Finish")
    _lines(axes, scale, bottom, data_date, target)
    for row in rows.iter_rows(named=True):
        y = top + (row["row"] + 0.5) * ROW
        if row["heading"]:
            write(axes, 0, y - ROW, row["heading"], color=LIGHT.ink, bold=True, fit=NAMES - 8)
        _named(axes, row, y, width, minutes_per_day, years)
        _baseline(axes, scale, row, y)
        (_milestone if row["kind"] in MILESTONES else _bar)(axes, scale, row, y)
        _doubt(axes, scale, row, y)
    _links(axes, scale, top, rows, relationships)
    return svg(axes)


def _axis(axes: Axes, scale: TimeScale, width: float, bottom: float, finish: str) -> None:
    line(axes, (0, width), (HEADER, HEADER), LIGHT.line_2, 0.75)
    for mark in timeline.named(scale.start, scale.end, 10):
        x = scale(mark.at)
        line(axes, (x, x), (HEADER, bottom), LIGHT.grid, 0.75)
        if x + length(mark.text, mark.year) < scale.right:
            write(axes, x + 3, HEADER - 8, mark.text, color=LIGHT.ink if mark.year else LIGHT.ink_3, bold=mark.year)
    write(axes, width - COLUMN, HEADER - 8, finish, color=LIGHT.ink_3, align="right")
    write(axes, width, HEADER - 8, "Float", color=LIGHT.ink_3, align="right")


def _lines(axes: Axes, scale: TimeScale, bottom: float, data_date: datetime | None, target: datetime | None) -> None:
    known = [("Status date", data_date, LIGHT.ink_3, False), ("Target", target, LIGHT.ink, True)]
    seen = [(name, at, color, bold) for name, at, color, bold in known if at is not None and scale.shows(at)]
    first = min((at for _, at, _, _ in seen), default=None)
    for name, at, color, bold in seen:
        x, text = scale(at), f"{name} {words.day(at, year=False)}"
        line(axes, (x, x), (HEADER, bottom), color, 1.1 if bold else 1, **({} if bold else {"linestyle": (0, (1, 2))}))
        left = x + length(text, bold) + 6 > scale.right or (len(seen) == 2 and at == first and x - length(text, bold) - 6 > scale.left)
        write(axes, x - 4 if left else x + 4, HEADER + 8, text, color=color, bold=bold, align="right" if left else "left", halo=True)


def _named(axes: Axes, row: dict[str, Any], y: float, width: float, minutes_per_day: int, years: bool) -> None:
    bold = row["critical"] and not row["finished"]
    color = LIGHT.ink_3 if row["finished"] else LIGHT.ink
    indent = min(length(row["activity"]), 60.0) + 6
    write(axes, 0, y, row["activity"], color=LIGHT.ink_3, fit=60)
    write(axes, indent, y, row["name"], color=color, bold=bold, fit=NAMES - indent - 8)
    write(axes, width - COLUMN, y, finish_text(row, years), color=color, bold=bold, align="right")
    if not row["finished"] and row["total_float"] is not None:
        write(axes, width, y, words.working_days(row["total_float"], minutes_per_day), color=color, bold=bold, align="right")


def _baseline(axes: Axes, scale: TimeScale, row: dict[str, Any], y: float) -> None:
    start, finish = row["baseline_start"], row["baseline_finish"]
    if start is None or finish is None or finish <= scale.start or start >= scale.end:
        return
    left, right = scale(max(start, scale.start)), scale(min(finish, scale.end))
    if row["kind"] in MILESTONES:
        line(axes, (right,), (y,), LIGHT.plan, marker="D", markersize=5, markerfacecolor=LIGHT.surface)
    else:
        bar(axes, left, y + 4.5, right - left, 2, LIGHT.plan, 0.7)


def _bar(axes: Axes, scale: TimeScale, row: dict[str, Any], y: float) -> None:
    def clipped(at: datetime) -> float:
        return scale(min(max(at, scale.start), scale.end))

    start, split, finish = clipped(row["early_start"]), clipped(row["split"]), clipped(row["early_finish"])
    if row["started"]:
        bar(axes, start, y - 3.75, split - start, 7, LIGHT.ink_2)
    if not row["finished"]:
        bar(axes, split, y - 3.75, max(finish - split, 0.5), 7, LIGHT.accent, 1.0 if row["critical"] else 0.42)
    if row["early_start"] < scale.start < row["early_finish"]:
        area(axes, [(scale.left - 0.5, y - 4.5), (scale.left + 4.5, y), (scale.left - 0.5, y + 4.5)], LIGHT.surface)


def _milestone(axes: Axes, scale: TimeScale, row: dict[str, Any], y: float) -> None:
    if scale.shows(row["early_finish"]):
        line(axes, (scale(row["early_finish"]),), (y,), LIGHT.ink_2 if row["finished"] else LIGHT.accent, marker="D", markersize=5.5, markeredgewidth=0)


def _doubt(axes: Axes, scale: TimeScale, row: dict[str, Any], y: float) -> None:
    """P10 a cut in the bar, P80 a tick, P90 the end of a whisker."""
    if row["finished"] or row["p90"] is None or not scale.shows(row["p90"]):
        return
    end, p80, p90 = scale(max(row["early_finish"], row["p10"])), scale(row["p80"]), scale(row["p90"])
    if p90 > end:
        line(axes, (end, p90), (y, y), LIGHT.accent, 0.9)
    line(axes, (p90, p90), (y - 2.75, y + 2.75), LIGHT.accent, 0.9)
    if row["split"] < row["p10"] < row["early_finish"] and row["kind"] not in MILESTONES:
        line(axes, (scale(row["p10"]),) * 2, (y - 3.75, y + 3.25), LIGHT.surface, 1.1)
    line(axes, (p80, p80), (y - 5, y + 5), LIGHT.accent, 1.9)


def _links(axes: Axes, scale: TimeScale, top: float, rows: pl.DataFrame, relationships: pl.DataFrame | None) -> None:
    """Thin elbows down the driving chain, finish to start only."""
    at = {row["activity"]: row for row in rows.iter_rows(named=True) if row["longest_path"]}
    pairs = [] if relationships is None else relationships.filter(pl.col("type") == "FS").select("predecessor", "successor").iter_rows()
    for before, after in pairs:
        one, two = at.get(before), at.get(after)
        if one is None or two is None or one["finished"] or two["row"] <= one["row"]:
            continue
        x1, x2 = scale(one["early_finish"]), scale(two["early_start"])
        y1, y2 = (top + (row["row"] + 0.5) * ROW for row in (one, two))
        line(axes, (x1, x1, x2, x2), (y1 + 4, y2 - 7, y2 - 7, y2 - 4), LIGHT.accent, 0.75, alpha=0.7)
