"""The axes of a chart over time: months beneath, a few round values at the side, and labels that do not touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import Tokens, hook, label

APART = 15.0  # [pixels] between the middles of two labels


def instant(day: date) -> datetime:
    """The beginning of a day."""
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def stamps(days: pl.Series) -> np.ndarray:
    """Days or UTC instants as Bokeh counts them: without a zone, in microseconds."""
    naive = days.dt.replace_time_zone(None) if isinstance(days.dtype, pl.Datetime) and days.dtype.time_zone else days
    return naive.cast(pl.Datetime("us")).to_numpy()


def round_step(top: float, most: int = 5) -> int:
    """A round whole step that gives at most that many gridlines."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if top / (size * factor) <= most:
                return size * factor
        size *= 10


def values(top: float, unit: str = "", most: int = 5, bottom: float = 0.0) -> list[tuple[float, str]]:
    """Round marks of a value axis; the last names the unit."""
    step = round_step(top - bottom, most)
    marks = [step * k for k in range(-int(-bottom // step), int(top / step) + 1)]
    return [(float(at), words.number(at) + (f"{words.SPACE}{unit}" if unit and at == marks[-1] else "")) for at in marks]


def parted(wanted: Sequence[float], top: float, height: float) -> list[float]:
    """Where labels of these values stand on an axis of 0…`top` drawn `height` pixels high: as near as may be, none touching another.

    `wanted` comes from the highest to the lowest, and so do the places.
    """
    gap = APART * top / max(height, 1.0)
    places: list[float] = []
    for value in wanted:
        places.append(min(value, places[-1] - gap) if places else value)
    for k in range(len(places) - 1, -1, -1):  # none below the axis
        floor = gap / 2 if k == len(places) - 1 else places[k + 1] + gap
        places[k] = max(places[k], floor)
    return places


def tip(theme: Tokens, at: datetime, value: float, text: str, *, color: str | None = None, bold: bool = True, align: str = "left", name: str = "") -> Element:
    """A label beside a point of the chart."""
    shown = hv.Labels([(at, value, text)], label=name or f"{text} text")
    return shown.opts(**label(theme, color=color, bold=bold, align=align), xlabel="", ylabel="")


def over_time(
    parts: list[Any],
    start: datetime,
    end: datetime,
    *,
    top: float,
    height: int,
    theme: Tokens,
    bottom: float = 0.0,
    unit: str = "",
    room: float = 0.0,
    narrow: bool = False,
) -> Element:
    """The parts on one time axis and one value axis `bottom`…`top`. `room` is the share of the width that labels at the right end need."""
    width = end - start or timedelta(days=7)
    shown = timeline.named(start, end, 4 if narrow else 8)

    def axes(plot: Any, element: Any) -> None:
        timeline.set_marks(plot.state.xaxis[0], shown)

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(start, end + width * room),
            ylim=(bottom, top),
            yticks=values(top, unit, bottom=bottom),
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )
