"""Pictures of how a board stood: cumulative flow, and what came and went week by week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.over_time import instant, over_time, parted, stamps, tip
from pmo_lib.plots.theme import LIGHT, Tokens

DAYS = 1_000  # days that are drawn: more are thinned, the last one kept
WEEKS = 52  # latest weeks that are drawn of what came and went
LATELY = 26  # latest weeks whose cumulative flow is drawn
AXIS = 22  # [pixels] that the time axis takes
LETTERS = 12  # of a band's name
SHORT = 64  # [pixels] for the names of what came and went
NAMED = 8  # bands that get their name


def cumulative_flow(flow: pl.DataFrame, *, started: str, done: str, theme: Tokens = LIGHT, height: int = 232) -> Element:
    """Items that had come to each column or beyond, day by day: the height of a band is the work in that column.

    `flow` is `flow.cumulative_flow`; `started` and `done` name the columns where work begins and where it is done. Ink for what is in progress, fainter
    for what waits before it and for what is done.
    """
    flow = thinned(flow)
    columns = flow.columns[1:]
    days = stamps(flow["day"])
    reached = {name: flow[name].to_numpy() for name in columns}
    top = float(max(reached[columns[0]].max(), 1)) * 1.04
    begin, end = columns.index(started), columns.index(done)
    parts: list[Any] = []
    for place, name in enumerate(columns):
        floor = reached[columns[place + 1]] if place + 1 < len(columns) else np.zeros_like(reached[name])
        band = hv.Area((days, floor, reached[name]), "day", ["floor", "reached"], label=name)
        parts.append(band.opts(color=theme.ink, alpha=shade(place, begin, end), line_color=theme.surface, line_width=1))
    first, last = flow["day"][0], flow["day"][-1]
    parts += _band_names(reached, top, height, (first, last), (begin, end), theme)
    return over_time(parts, instant(first), instant(last), top=top, height=height, theme=theme)


def shade(place: int, begin: int, end: int) -> float:
    """How dark a column's band is: what waits and what is done stay light, work in progress darkens towards done."""
    if place < begin:
        return 0.10
    if place >= end:
        return 0.16
    return 0.34 + 0.42 * (place - begin + 1) / (end - begin)


def lately(flow: pl.DataFrame, done: str, weeks: int = LATELY) -> pl.DataFrame:
    """The latest weeks, without what was done before them: the bands are as high as they were, and no longer squeezed by the past.

    Columns beyond the one that is done are part of it: what was done before may pass through them still.
    """
    shown = flow.tail(7 * weeks + 1).select(flow.columns[: flow.columns.index(done) + 1])
    gone = shown[done][0] if flow.height > shown.height else 0
    return shown.with_columns(pl.exclude("day") - gone)


def thinned(flow: pl.DataFrame, most: int = DAYS) -> pl.DataFrame:
    """At most so many days, the latest among them."""
    step = -(-flow.height // most)
    return flow if step == 1 else flow.filter((pl.int_range(pl.len()) - (flow.height - 1)) % step == 0)


def bands(reached: dict[str, np.ndarray]) -> list[tuple[str, int, float]]:
    """Of each column from the top of the picture: its name, how many items stand in it on the last day, and the middle of its band."""
    names = list(reached)
    heads = [int(reached[name][-1]) for name in names] + [0]
    return [(name, heads[k] - heads[k + 1], (heads[k] + heads[k + 1]) / 2) for k, name in enumerate(names)]


def labelled(reached: dict[str, np.ndarray], begin: int, end: int, most: int = NAMED) -> list[tuple[str, int, float]]:
    """The bands that get a name: those that hold something, of many the fullest; work in progress first."""
    found = [(k, *band) for k, band in enumerate(bands(reached)) if band[1]]
    kept = sorted(found, key=lambda band: (not begin <= band[0] < end, -band[2]))[:most]
    return [band[1:] for band in sorted(kept)]


def _band_names(reached: dict[str, np.ndarray], top: float, height: int, days: tuple[Any, Any], work: tuple[int, int], theme: Tokens) -> list[Any]:
    first, last = (instant(day) for day in days)
    where = last + (last - first or timedelta(days=7)) * 0.015
    kept = labelled(reached, *work)
    places = parted([middle for _, _, middle in kept], top, height - AXIS)
    going = list(reached)[slice(*work)]
    return [
        tip(theme, where, at, said, color=theme.ink if name in going else theme.ink_3, bold=name in going, name=f"{name} text")
        for (name, count, _), at in zip(kept, places, strict=True)
        for said in [f"{words.shortened(name, LETTERS)} {count:,}"]
    ]


def throughput(weeks: pl.DataFrame, *, most: int = WEEKS, theme: Tokens = LIGHT, height: int = 232) -> Element:
    """Bars of the items finished in each week, and a stepped line of those begun, where that is told. `weeks` is `flow.arrivals`."""
    weeks = weeks.sort("period").tail(most)
    begins = [instant(day) for day in weeks["period"].to_list()]
    length = begins[1] - begins[0] if len(begins) > 1 else timedelta(days=7)
    finished, started = weeks["finished"].to_list(), [] if weeks["started"].null_count() else weeks["started"].to_list()
    top = max([1, *finished, *started]) * 1.12
    bars = [(at + length * 0.12, 0.0, at + length * 0.88, float(count), count) for at, count in zip(begins, finished, strict=True)]
    drawn = hv.Rectangles(bars, ["from", "floor", "to", "height"], "finished", label="finished").opts(color=theme.ink_2, line_width=0)
    edges = [at for begin in begins[: len(started)] for at in (begin, begin + length)]
    steps = hv.Curve((edges, [float(count) for count in started for _ in (0, 1)]), "week", "items", label="started").opts(color=theme.ink, line_width=1.5)
    end = begins[-1] + length
    where = end + (end - begins[0]) * 0.015
    named = [("Begun", theme.ink, started)] if started else []
    ends = sorted(((float(counts[-1]), name, color) for name, color, counts in [*named, ("Finished", theme.ink_2, finished)]), reverse=True)
    places = parted([value for value, _, _ in ends], top, height - AXIS)
    names = [tip(theme, where, at, name, color=color) for (_, name, color), at in zip(ends, places, strict=True)]
    return over_time([drawn, steps, *names], begins[0], end, top=top, height=height, theme=theme, room=SHORT)
