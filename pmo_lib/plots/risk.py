"""Curves of the chance of finishing by a date: the finish distribution, and what a change makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

if TYPE_CHECKING:
    from pmo_lib.risk import Simulation

LEAST = 200  # [pixels] of a chart that fills its place
BARS = 0.28  # [share of the height] of the highest bar of the histogram, which has no axis of its own
ROOM = 0.68  # share of the width from whose start on a label stands on the right of its point


class Finish(Protocol):
    """What is drawn of a forecast; `office.Forecast` is one."""

    @property
    def percentiles(self) -> pl.DataFrame: ...
    @property
    def histogram(self) -> pl.DataFrame: ...


def finish_distribution(
    forecast: Finish | Simulation,
    *,
    target: datetime | None = None,
    chance: float | None = None,
    theme: Tokens = LIGHT,
    height: int | None = 232,
    narrow: bool = False,
) -> Element:
    """The chance of finishing by a date (0..1), its 95 % sampling band, the histogram beneath, P50, P80 and the target.

    `forecast` is an `office.Forecast` or a `risk.Simulation`. `height` is in pixels; None: as high as its place on a page.
    """
    percentiles, histogram = _finish(forecast)
    curve = percentiles.sort("p").with_columns(chance=pl.col("p") / 100)
    start, end = _span(curve, histogram, target)
    parts: list[Any] = [_histogram(histogram, theme), _band(curve, theme)]
    parts.append(hv.Curve((curve["finish"].to_numpy(), curve["chance"].to_numpy()), "finish", "chance", label="curve").opts(color=theme.accent, line_width=2))
    parts += _percentile_marks(curve, start, end, theme)
    if target is not None:
        parts += _target(target, chance, start, end, theme)
    return _chances(parts, start, end, 5 if narrow else 7, height, theme)


def _finish(forecast: Finish | Simulation) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Percentiles 1 to 99 and histogram of a forecast, or of a simulation that nobody has reduced yet."""
    if hasattr(forecast, "percentiles"):
        made = cast("Finish", forecast)
        return made.percentiles, made.histogram
    from pmo_lib import risk

    sim = cast("Simulation", forecast)
    return risk.percentiles(sim, tuple(range(1, 100))), risk.histogram(sim)


def _chances(parts: list[Any], start: datetime, end: datetime, marks: int, height: int | None, theme: Tokens) -> Element:
    """Curves of the chance (0..1) of finishing by a date, on axes of `marks` dates and per cents."""
    shown = timeline.named(start, end, marks)

    def axes(plot: Any, element: Any) -> None:
        timeline.set_marks(plot.state.xaxis[0], shown)

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            **({"min_height": LEAST} if height is None else {"height": height}),
            xlim=(start, end),
            ylim=(0, 1.06),
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), axes],
            yticks=[(0, "0"), (0.2, "20"), (0.4, "40"), (0.6, "60"), (0.8, "80"), (1.0, f"100{words.SPACE}%")],
            xlabel="",
            ylabel="",
        )
    )


def _span(curve: pl.DataFrame, histogram: pl.DataFrame, target: datetime | None) -> tuple[datetime, datetime]:
    ends: list[Any] = [curve["finish"].min(), curve["finish"].max()]
    if histogram.height:
        ends += [histogram["start"].min(), histogram["finish"].max()]
    width = max(ends) - min(ends) or timedelta(days=2)
    if target is not None and min(ends) - 1.5 * width < target < max(ends) + 1.5 * width:
        ends.append(target)
    start, end = min(ends), max(ends)
    pad = (end - start or timedelta(days=2)) * 0.04
    return start - pad, end + pad


def _histogram(bins: pl.DataFrame, theme: Tokens) -> Element:
    top = bins["share"].max() if bins.height else None
    scale = BARS / float(top) if isinstance(top, float) and top > 0 else 0.0
    rows = [(a, 0.0, b, share * scale, share) for a, b, share in bins.select("start", "finish", "share").iter_rows()]
    return hv.Rectangles(rows, ["start", "floor", "finish", "height"], "share", label="histogram").opts(
        color=theme.accent, alpha=theme.fan_outer, line_color=theme.surface, line_width=0.5
    )


def _band(curve: pl.DataFrame, theme: Tokens) -> Element:
    """The 95 % band of each percentile's date, read upwards: at each date the lowest and highest chance."""
    dates, chance = curve["finish"].to_numpy(), curve["chance"].to_numpy()
    low, high = (np.interp(dates.astype(float), curve[name].to_numpy().astype(float), chance) for name in ("finish_high", "finish_low"))
    return hv.Area((dates, low, high), "finish", ["low", "high"], label="band").opts(color=theme.accent, alpha=0.32, line_width=0)


def _at(curve: pl.DataFrame, p: float) -> datetime | None:
    row = curve.filter(pl.col("p") == p)
    return row["finish"][0] if row.height else None


def _percentile_marks(curve: pl.DataFrame, start: datetime, end: datetime, theme: Tokens) -> list[Any]:
    found = [(p, at) for p in (50, 80) if (at := _at(curve, p)) is not None]
    drops = hv.Segments([(at, 0.0, at, p / 100) for p, at in found], ["at", "floor", "to", "chance"], label="drops")
    dots = hv.Scatter([(at, p / 100) for p, at in found], "finish", "chance", label="percentiles")
    parts: list[Any] = [
        drops.opts(color=theme.accent, line_width=1, line_dash="dotted"),
        dots.opts(color=theme.accent, size=7, line_color=theme.surface, line_width=1.5),
    ]
    for p, at in found:
        left = at > start + (end - start) * (0.4 if p < 80 else ROOM)  # of the curve there is room on the left, and on the right the line of the P80
        where, up = (at - (end - start) * 0.018, 0.03) if left else (at + (end - start) * 0.018, -0.045)
        text = hv.Labels([(where, p / 100 + up, f"P{p}  {words.day(at)}")], label=f"P{p}")
        parts.append(text.opts(**label(theme, color=theme.accent, bold=p == 80, align="right" if left else "left"), xlabel="", ylabel=""))
    return parts


def _target(target: datetime, chance: float | None, start: datetime, end: datetime, theme: Tokens) -> list[Any]:
    if not start <= target <= end:
        return []
    left = target > start + (end - start) * 0.5
    shift = (end - start) * 0.012
    text = f"Target {words.day(target, year=False)}" + ("" if chance is None else f": {words.chance(chance)}")
    return [
        hv.Segments([(target, 0.0, target, 1.06)], ["at", "floor", "to", "top"], label="target").opts(color=theme.ink, line_width=1.5),
        hv.Labels([(target - shift if left else target + shift, 1.02, text)], label="target text").opts(
            **label(theme, color=theme.ink, bold=True, align="right" if left else "left"), xlabel="", ylabel=""
        ),
    ]


def what_if(before: pl.DataFrame, after: pl.DataFrame, *, moved: str | None = None, theme: Tokens = LIGHT, height: int = 232) -> Element:
    """The chance of finishing by a date, before (grey) and after (blue) a change; an arrow at the P80 says by how much it `moved`.

    Both are `tables.risk_results.Percentiles` for p = 1…99. The axes hold both curves.
    """
    curves = [frame.sort("p").with_columns(chance=pl.col("p") / 100) for frame in (before, after)]
    ends: list[Any] = [at for frame in curves for at in (frame["finish"].min(), frame["finish"].max())]
    pad = (max(ends) - min(ends) or timedelta(days=2)) * 0.04
    start, end = min(ends) - pad, max(ends) + pad
    parts: list[Any] = []
    for curve, name, colour, width in zip(curves, ("before", "after"), (theme.plan, theme.accent), (1.5, 2), strict=True):
        drawn = hv.Curve((curve["finish"].to_numpy(), curve["chance"].to_numpy()), "finish", "chance", label=name)
        parts.append(drawn.opts(color=colour, line_width=width))
    p80 = [_at(curve, 80) for curve in curves]
    if p80[0] is not None and p80[1] is not None:
        parts += _moved(p80[0], p80[1], moved, (start, end), theme)
    return _chances(parts, start, end, 7, height, theme)


def _moved(before: datetime, after: datetime, moved: str | None, span: tuple[datetime, datetime], theme: Tokens) -> list[Any]:
    """The P80 after a change, and an arrow from where it was; its words where there is room for them."""
    later, width = after >= before, span[1] - span[0]
    right = later and after < span[0] + width * ROOM
    said = f"P80 {words.day(after)}" + (f", {moved}" if moved else "")
    text = hv.Labels([(after + width * 0.02 * (1 if right else -1), 0.86 if later and not right else 0.74, said)], label="P80")
    named = text.opts(**label(theme, color=theme.accent, bold=True, align="left" if right else "right"), xlabel="", ylabel="")
    dot = hv.Points([(after, 0.8)], ["finish", "chance"], label="tip")
    arrow = hv.Segments([(before, 0.8, after, 0.8)], ["at", "from", "to", "chance"], label="move").opts(color=theme.ink, line_width=1.5)
    if before == after:
        return [arrow, dot.opts(color=theme.accent, size=7, line_color=theme.surface, line_width=1.5), named]
    return [arrow, dot.opts(color=theme.ink, size=8, marker="triangle", angle=-90 if later else 90), named]
