"""What moved the finish, as a waterfall."""

from __future__ import annotations

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.theme import LIGHT
from pmo_lib.plots.waterfall import falls
from pmo_lib.reports.figures.sheet import bar, fitted, line, sheet, svg, write

ROW = 18.0  # [pt]
VALUE = 40.0  # [pt] kept for the figure behind a bar


def waterfall(attribution: pl.DataFrame, *, width: float = 372) -> str:
    """SVG of what each group of changes moved the finish [working days], and of the whole. `attribution` is `tables.schedule_results.Attribution`."""
    bars = falls(attribution)
    axes = sheet(width, len(bars) * ROW + 2)
    low, high = min(0.0, *(fall.end for fall in bars)), max(0.0, *(fall.end for fall in bars))
    left, right = min(0.4 * width, 170.0), width - VALUE

    def x(days: float) -> float:
        return left + (right - left) * (days - low) / (high - low or 1.0)

    line(axes, (x(0), x(0)), (0, len(bars) * ROW), LIGHT.line_2, 0.75)
    for place, fall in enumerate(bars):
        y = (place + 0.5) * ROW
        whole = fall.group == "total"
        write(axes, left - 8, y, fitted(words.capitalised(words.GROUPS[fall.group]), left - 8, whole), color=LIGHT.ink_2, align="right", bold=whole)
        if not whole:
            line(axes, (x(fall.end), x(fall.end)), (y, y + ROW), LIGHT.line_2, 0.75)
        begin, end = sorted((x(fall.begin), x(fall.end)))
        bar(axes, begin, y - 4.5, end - begin, 9, LIGHT.ink_2 if whole else LIGHT.accent if fall.days > 0 else LIGHT.plan)
        write(axes, end + 5, y, words.days(fall.days, sign=True), color=LIGHT.ink, bold=True)
    return svg(axes)
