"""Earned value by month: planned in grey, earned and spent in ink."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl
from matplotlib.axes import Axes

from pmo_lib.plots import timeline, words
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import TimeScale, length, line, sheet, svg, write

LOOKS = {
    "pv": ("Planned", LIGHT.plan, {"width": 1.75}),
    "ac": ("Spent", LIGHT.ink_3, {"width": 1.25, "linestyle": (0, (4, 2))}),
    "ev": ("Earned", LIGHT.ink, {"width": 1.75}),
}


def earned_value(series: pl.DataFrame, *, currency: str | None = None, width: float = 372, height: float = 150) -> str:
    """SVG of cumulative planned value, earned value and cost [project currency]; `series`: date, pv, ev, ac."""
    series = series.sort("date")
    axes = sheet(width, height)
    top = max((value for name in LOOKS for value in series[name].drop_nulls().to_list()), default=0.0) or 1.0
    step = _step(top)
    marks = [step * k for k in range(int(top / step) + 1)]
    texts = [_money(mark, currency) for mark in marks]
    left, floor = 8 + max(length(text) for text in texts), height - 18.0
    start, end = series["date"].to_list()[0], series["date"].to_list()[-1]
    scale = TimeScale(start, end if end > start else start + timedelta(days=30), left, width - 48)

    def level(value: float) -> float:
        return floor - (floor - 8) * value / top

    for mark, text in zip(marks, texts, strict=True):
        line(axes, (left, width - 48), (level(mark), level(mark)), LIGHT.grid if mark else LIGHT.line_2, 0.75)
        write(axes, left - 6, level(mark), text, color=LIGHT.ink_3, align="right")
    for mark in timeline.named(scale.start, scale.end, 6):
        write(axes, scale(mark.at), height - 7, mark.text, color=LIGHT.ink if mark.year else LIGHT.ink_3, bold=mark.year, align="center")
    ends = []
    for name, (word, color, looks) in LOOKS.items():
        known = series.drop_nulls(name)
        if known.is_empty():
            continue
        xs, ys = [scale(at) for at in known["date"].to_list()], [level(value) for value in known[name].to_list()]
        line(axes, xs, ys, color, **looks)
        if len(xs) == 1:
            line(axes, xs, ys, color, marker="o", markersize=4.5)
        ends.append([ys[-1], xs[-1], word, LIGHT.ink_3 if name == "pv" else color])
    _labels(axes, ends)
    return svg(axes)


def _labels(axes: Axes, ends: list[list]) -> None:
    """Each line's name at its end; names that would touch are moved apart, downwards."""
    last = float("-inf")
    for y, x, word, color in sorted(ends):
        last = max(y, last + 11)
        write(axes, x + 5, last, word, color=color, bold=True, halo=True)


def _money(amount: float, currency: str | None) -> str:
    """An axis says "£5 m", not "£5.00 m": its steps are round."""
    return re.sub(r"\.0+(?=\D)", "", words.money(amount, currency)) if amount else "0"


def _step(top: float) -> float:
    size = 10.0 ** (len(str(int(top))) - 1)
    return next(size * factor for factor in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if top / (size * factor) <= 5)
