"""The axes of a chart over time: months beneath, a few round values at the side, and labels that do not touch.

A chart is as wide as its card. The room that labels need at its right end is counted in pixels, and the browser keeps it whatever the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import Tokens, hook, label

ROOM = 112  # [pixels] right of the data, for labels
USUAL = 560  # [pixels] width for which the axis is set before the browser knows better
SMALL = 420  # [pixels] below which an axis gets fewer marks
FIT = """
const width = Math.max(figure.inner_width, room + 60);
range.end = start + span * width / (width - room);
if (few !== null) axis.ticker = figure.inner_width < small ? few : many;
if (turn) axis.major_label_orientation = (width - room) / span < turn ? 0.5 : 0;
"""
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


def fitted(figure: Any, start: float, span: float, *, room: int = ROOM, few: Any = None, turn: float = 0.0) -> None:
    """Let the browser keep `room` pixels right of the data, which reaches from `start` over `span`, whenever the chart's width changes.

    `few` is the ticker of a small chart; labels beneath are turned where a unit of the axis has fewer than `turn` pixels.
    """
    from bokeh.models import CustomJS

    axis = figure.xaxis[0]
    told = {
        "figure": figure, "range": figure.x_range, "axis": axis, "start": start, "span": span, "room": room, "few": few, "many": axis.ticker, "small": SMALL,
        "turn": turn,
    }  # fmt: skip
    figure.js_on_change("inner_width", CustomJS(args=told, code=FIT))


def wide(span: Any, room: int = ROOM) -> Any:
    """How far the axis reaches for data of that span, before the browser knows its width."""
    return span * (USUAL / (USUAL - room))


def over_time(
    parts: list[Any], start: datetime, end: datetime, *, top: float, height: int, theme: Tokens, bottom: float = 0.0, unit: str = "", room: int = ROOM
) -> Element:
    """The parts on one time axis and one value axis `bottom`…`top`; `room` pixels at the right end are for labels."""
    span = end - start or timedelta(days=7)
    shown, fewer = (timeline.named(start, start + span, most) for most in (8, 4))

    def axes(plot: Any, element: Any) -> None:
        figure = plot.state
        timeline.set_marks(figure.xaxis[0], [replace(mark, at=mark.at + timedelta(milliseconds=1)) for mark in fewer])  # else the other set would name them
        few, labels = figure.xaxis[0].ticker, figure.xaxis[0].major_label_overrides
        timeline.set_marks(figure.xaxis[0], shown)
        figure.xaxis[0].major_label_overrides = {**labels, **figure.xaxis[0].major_label_overrides}
        fitted(figure, timeline.milliseconds(start), span / timedelta(milliseconds=1), room=room, few=few)

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(start, start + wide(span, room)),
            ylim=(bottom, top),
            yticks=values(top, unit, bottom=bottom),
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )
