"""What became of each check at each status date."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from pmo_lib.plots.quality import marked
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import area, length, line, sheet, svg, write

ROW = 17.0  # [pt]
HEAD = 26.0  # [pt]
NAMES = 128.0  # [pt] of the checks' titles
SIZE = 3.2  # [pt] half a mark
GAP, YEAR = 5.0, 22.0  # [pt] between labels; of a year


def quality_trend(trend: pl.DataFrame, *, group: str = "dcma", width: float = 300) -> str:
    """SVG: a circle passed, a diamond failed, a ring was not available. `trend` is `tables.schedule_results.CheckTrend`."""
    marks, dates, titles = marked(trend, group)
    axes = sheet(width, HEAD + len(titles) * ROW + 2)
    step = (width - NAMES) / max(len(dates), 1)
    for k, name, year in labelled(dates, step):
        write(axes, NAMES + (k + 0.5) * step, HEAD - 8, name, color=LIGHT.ink_3, align="center")
        if year:
            write(axes, min(NAMES + (k + 0.5) * step, width - YEAR / 2), HEAD - 18, year, color=LIGHT.ink_3, align="center")
    for k, title in enumerate(titles):
        y = HEAD + (k + 0.5) * ROW
        line(axes, (NAMES, width), (y, y), LIGHT.grid, 0.75)
        write(axes, NAMES - 8, y, title, color=LIGHT.ink_2, align="right", fit=NAMES - 8)
    for column, from_below, result in marks.select("x", "y", "result").iter_rows():
        _mark(axes, NAMES + (column + 0.5) * step, HEAD + (len(titles) - from_below - 0.5) * ROW, result)
    return svg(axes)


def labelled(dates: Sequence[str], step: float) -> list[tuple[int, str, str]]:
    """The status dates that stand beside each other in columns of `step` points, the last one always: place, name, and a year where it is another."""
    widest = max((length(text.split("\n")[-1]) for text in dates), default=0.0)
    every = max(1, math.ceil((widest + GAP) / step)) if step else 1
    found, year, told = [], "", ""
    for k, text in enumerate(dates):
        *head, name = text.split("\n")
        year = head[0] if head else year
        if (len(dates) - 1 - k) % every == 0:
            found.append((k, name, "" if year == told else year))
            told = year
    return found


def _mark(axes: Axes, x: float, y: float, result: str) -> None:
    if result == "failed":
        size = SIZE * 1.3
        area(axes, [(x, y - size), (x + size, y), (x, y + size), (x - size, y)], LIGHT.off_track)
        return
    known = result == "passed"
    face, edge = (LIGHT.on_track, "none") if known else (LIGHT.surface, LIGHT.ink_3)
    axes.add_patch(Circle((x, y), SIZE, facecolor=face, edgecolor=edge, linewidth=0.75, zorder=10 + len(axes.get_children())))
