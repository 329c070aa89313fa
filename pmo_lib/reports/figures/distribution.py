"""The chance of finishing by a date: the curve with its sampling band, P50 and P80, the target, and the curve published before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl
from matplotlib.axes import Axes

from pmo_lib.office import Forecast
from pmo_lib.plots import timeline, words
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import TimeScale, area, bar, length, line, sheet, svg, write

TOP, BOTTOM, LEFT = 16.0, 18.0, 34.0  # [pt] kept for labels


def finish_distribution(
    forecast: Forecast,
    *,
    target: datetime | None = None,
    chance: float | None = None,
    earlier: Forecast | None = None,
    earlier_date: datetime | None = None,
    width: float = 430,
    height: float = 190,
) -> str:
    """SVG of the finish's cumulative distribution; `earlier` is drawn in grey where it falls within the window."""
    curve = forecast.percentiles.sort("p")
    axes = sheet(width, height)
    scale = TimeScale(*_window(curve, target, earlier), LEFT, width - 8)
    floor = height - BOTTOM

    def level(p: float) -> float:
        return floor - (floor - TOP) * p / 100

    for p in (0, 20, 40, 60, 80, 100):
        line(axes, (LEFT, width), (level(p), level(p)), LIGHT.line_2 if p == 0 else LIGHT.grid, 0.75)
        write(axes, LEFT - 6, level(p), f"100{words.SPACE}%" if p == 100 else str(p), color=LIGHT.ink_3, align="right")
    _months(axes, scale, height)
    _histogram(axes, scale, forecast.histogram, floor, (floor - TOP) * 0.28)
    if earlier is not None:
        _earlier(axes, scale, earlier.percentiles.sort("p"), curve, level, earlier_date)
    low = [(scale(at), level(p)) for p, at in curve.select("p", "finish_low").iter_rows()]
    high = [(scale(at), level(p)) for p, at in curve.select("p", "finish_high").iter_rows()]
    area(axes, [*low, *reversed(high)], LIGHT.accent, 0.32)
    points = [(scale(at), level(p)) for p, at in curve.select("p", "finish").iter_rows()]
    line(axes, [x for x, _ in points], [y for _, y in points], LIGHT.accent, 1.5)
    if target is not None and scale.shows(target):
        _target(axes, scale(target), target, chance, floor)
    for p in (50, 80):
        _percentile(axes, curve, scale, level, p, width)
    return svg(axes)


def _window(curve: pl.DataFrame, target: datetime | None, earlier: Forecast | None) -> tuple[datetime, datetime]:
    ends: list[datetime] = [*curve["finish_low"].to_list(), *curve["finish_high"].to_list()]
    width = max(ends) - min(ends) or timedelta(days=2)
    near = [target] if target is not None else []
    near += earlier.percentiles["finish"].to_list() if earlier is not None else []
    ends += [at for at in near if min(ends) - 1.5 * width < at < max(ends) + 1.5 * width]
    pad = (max(ends) - min(ends) or timedelta(days=2)) * 0.05
    return min(ends) - pad, max(ends) + pad


def _months(axes: Axes, scale: TimeScale, height: float) -> None:
    for mark in timeline.named(scale.start, scale.end, 7):
        write(axes, scale(mark.at), height - 7, mark.text, color=LIGHT.ink if mark.year else LIGHT.ink_3, bold=mark.year, align="center")


def _histogram(axes: Axes, scale: TimeScale, bins: pl.DataFrame, floor: float, height: float) -> None:
    top = max(bins["share"].to_list(), default=0.0)
    for start, finish, share in bins.select("start", "finish", "share").iter_rows() if top else ():
        left, right = max(scale(start), scale.left), min(scale(finish), scale.right)
        if right > left:
            bar(axes, left + 0.25, floor - height * share / top, max(right - left - 0.5, 0.25), height * share / top, LIGHT.accent, LIGHT.fan_outer)


def _earlier(axes: Axes, scale: TimeScale, curve: pl.DataFrame, now: pl.DataFrame, level: Callable[[float], float], at: datetime | None) -> None:
    """The curve published before, labelled on the side that faces away from today's."""
    points = [(scale(finish), level(p)) for p, finish in curve.select("p", "finish").iter_rows() if scale.shows(finish)]
    if len(points) < 2:
        return
    line(axes, [x for x, _ in points], [y for _, y in points], LIGHT.plan, 1.25)
    x, y = min(points, key=lambda point: abs(point[1] - level(90)))
    left = curve["finish"][-10] < now["finish"][-10]
    text = f"as of {words.day(at, year=False)}" if at else "before"
    write(axes, x - 6 if left else x + 6, y - 4 if left else y + 8, text, color=LIGHT.ink_3, bold=True, align="right" if left else "left", halo=True)


def _target(axes: Axes, x: float, target: datetime, chance: float | None, floor: float) -> None:
    text = f"Target {words.day(target, year=False)}" + ("" if chance is None else f": {words.chance(chance)}")
    line(axes, (x, x), (4, floor), LIGHT.ink, 1.1)
    left = x - length(text, True) - 5 > LEFT
    write(axes, x - 5 if left else x + 5, 8, text, color=LIGHT.ink, bold=True, align="right" if left else "left", halo=True)


def _percentile(axes: Axes, curve: pl.DataFrame, scale: TimeScale, level: Callable[[float], float], p: int, width: float) -> None:
    row = curve.filter(pl.col("p") == p)
    if row.is_empty():
        return
    at = row["finish"][0]
    x, y = scale(at), level(p)
    line(axes, (x, x), (y, level(0)), LIGHT.accent, 1, linestyle=(0, (1, 2)))
    line(axes, (x,), (y,), LIGHT.accent, marker="o", markersize=5.5, markeredgecolor=LIGHT.surface)
    text = f"P{p} {words.day(at)}"
    after = [scale(finish) for finish in curve.filter(pl.col("p") == 80)["finish"]] if p < 80 else []
    right = x + 8 + length(text, p == 80) < min([width, *after]) or x - 8 - length(text, p == 80) < LEFT
    write(axes, x + 7 if right else x - 7, y + (8 if right else -8), text, color=LIGHT.accent, bold=p == 80, align="left" if right else "right", halo=True)
