"""Pictures of a forecast: the finish distribution, what drives it, and how the P80 moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import polars as pl

from pmo_lib.plots import bars, timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.bars import HALF
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

if TYPE_CHECKING:
    from pmo_lib.risk import Simulation

FEWEST, DAY = 4, 86_400_000.0  # days that an axis of finish dates spans at least: less would make hours look like news; milliseconds of one
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


TOLD = {"contribution_p80": 0.05, "ssi": 0.005, "cruciality": 0.005, "criticality": 0.005}  # what is less reads as nought
MEASURES = {"contribution_p80": "wd", "ssi": "", "cruciality": "", "criticality": "%"}


def measured_by(sensitivity: pl.DataFrame) -> str:
    """Which column ranks the drivers: the contribution to the P80 where it was computed, else what there is."""
    return next((name for name in MEASURES if sensitivity[name].drop_nulls().len() and sensitivity[name].drop_nulls().abs().max()), "criticality")


def drivers(sensitivity: pl.DataFrame, *, most: int = 8, theme: Tokens = LIGHT, row: int = 28) -> Element:
    """Bars of what drives the finish, most important first; at most `most` rows of `row` pixels."""
    measure = measured_by(sensitivity)
    unit = MEASURES[measure]
    top = leading(sensitivity, most)
    values = top[measure].to_list()
    longest = max([0.0, *values]) or 1.0
    lengths = [(0.0, rank - HALF, value, rank + HALF, value, name) for rank, (value, name) in enumerate(zip(values, top["name"].to_list(), strict=True))]
    told = [_measured(value, unit) for value in values]
    texts = [(value + longest * 0.03, rank, text) for rank, (value, text) in enumerate(zip(values, told, strict=True))]
    names = told_apart(top)
    drawn = hv.Rectangles(lengths, ["from", "top", "to", "bottom"], ["value", "name"], label="drivers").opts(color=theme.accent, line_width=0)
    tips = hv.Labels(texts, label="values").opts(**label(theme, color=theme.ink, bold=True))
    return hv.Overlay([drawn, tips]).opts(bars.rows(names, row=row, xlim=(0, longest * (1 + bars.room(names, told))), theme=theme))


def leading(sensitivity: pl.DataFrame, most: int = 8) -> pl.DataFrame:
    """The activities that the finish hangs on most; those whose figure would be told as nothing are left out, unless all would."""
    measure = measured_by(sensitivity)
    found = sensitivity.filter(pl.col(measure).fill_null(0) > 0).sort(measure, descending=True, maintain_order=True).head(most)
    told = found.filter(pl.col(measure) >= TOLD[measure])
    return told if told.height else found


def told_apart(rows: pl.DataFrame) -> list[str]:
    """Names for an axis; those that would read the same begin with their activity's id."""
    short = [words.shortened(name) for name in rows["name"].to_list()]
    if "activity" not in rows.columns:
        return short
    ids = rows["activity"].to_list()
    return [words.shortened(f"{ids[k]} {rows['name'][k]}") if short.count(name) > 1 else name for k, name in enumerate(short)]


def _measured(value: float, unit: str) -> str:
    if unit == "%":
        return words.share(value)
    return f"{words.number(value, 1)}{words.SPACE}{unit}" if unit else words.index(value)


tornado = drivers


def p80_trend(history: pl.DataFrame, *, theme: Tokens = LIGHT, height: int = 168) -> Element:
    """The P80 at each snapshot. `history`: date, p10, p50, p80, p90 [instants] and, where there is one, target."""
    history = history.sort("date").drop_nulls("p80")
    dates = history["date"].to_list()
    finish = {name: [timeline.milliseconds(at) for at in history[name].to_list()] for name in ("p10", "p50", "p80", "p90")}
    band = hv.Area((dates, finish["p10"], finish["p90"]), "date", ["p10", "p90"], label="band").opts(color=theme.accent, alpha=theme.fan_outer, line_width=0)
    parts: list[Any] = [band, hv.Curve((dates, finish["p50"]), "date", "finish", label="p50").opts(color=theme.accent, line_width=1, alpha=0.75)]
    parts.append(hv.Curve((dates, finish["p80"]), "date", "finish", label="p80").opts(color=theme.accent, line_width=2))
    parts.append(hv.Scatter([(dates[-1], finish["p80"][-1])], "date", "finish", label="last").opts(color=theme.accent, size=7))
    parts += _trend_labels(history, finish, theme)
    low, high = min(finish["p10"]), max(finish["p90"])
    if "target" in history.columns and (target := history["target"].to_list()[-1]) is not None:
        at = timeline.milliseconds(target)
        low, high = min(low, at), max(high, at)
        parts.append(hv.Segments([(dates[0], at, dates[-1], at)], ["from", "a", "to", "b"], label="target").opts(color=theme.ink, line_width=1.5))
    pad = (high - low) * 0.08 or 86_400_000.0
    shown, finishes = timeline.named(dates[0], dates[-1], 9), timeline.named(_instant(low), _instant(high), 4)

    def axes(plot: Any, element: Any) -> None:
        timeline.set_marks(plot.state.xaxis[0], shown)

    width = dates[-1] - dates[0] or timedelta(days=30)
    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(dates[0], dates[-1] + width * 0.24),
            ylim=(low - pad, high + pad),
            show_legend=False,
            toolbar=None,
            xlabel="",
            ylabel="",
            yticks=[(timeline.milliseconds(mark.at), mark.text) for mark in finishes] or [(low, words.day(_instant(low)))],
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )


def _instant(milliseconds: float) -> datetime:
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


def _trend_labels(history: pl.DataFrame, finish: dict[str, list[float]], theme: Tokens) -> list[Any]:
    last = history["date"].to_list()[-1]
    width = last - history["date"].to_list()[0] or timedelta(days=30)
    where = last + width * 0.02
    p80 = f"P80 {words.day(history['p80'].to_list()[-1])}"
    return [
        hv.Labels([(where, finish["p80"][-1], p80)], label="p80 text").opts(**label(theme, color=theme.accent, bold=True)),
        hv.Labels([(where, finish["p10"][-1], "P10"), (where, finish["p90"][-1], "P90")], label="band text").opts(**label(theme)),
    ]


def convergence(trace: pl.DataFrame, *, p: float = 80, theme: Tokens = LIGHT, height: int = 200) -> Element:
    """The percentile and its 95 % interval as iterations are added. `trace` is `tables.risk_results.Trace`."""
    trace = trace.sort("iterations")
    counts = trace["iterations"].to_numpy()
    finish = {name: [timeline.milliseconds(at) for at in trace[name].to_list()] for name in ("finish", "finish_low", "finish_high")}
    band = hv.Area((counts, finish["finish_low"], finish["finish_high"]), "iterations", ["low", "high"], label="band").opts(
        color=theme.accent, alpha=0.32, line_width=0
    )
    line = hv.Curve((counts, finish["finish"]), "iterations", "finish", label="percentile").opts(color=theme.accent, line_width=2)
    low, high = min(finish["finish_low"]), max(finish["finish_high"])
    pad, width = max((high - low) * 0.08, (FEWEST * DAY - (high - low)) / 2), float(counts[-1] - counts[0]) or 1.0
    text = hv.Labels([(counts[-1] + width * 0.02, finish["finish"][-1], f"P{p:.0f}")], label="end")
    marks = timeline.named(_instant(low), _instant(high), 4)
    return hv.Overlay([band, line, text.opts(**label(theme, color=theme.accent, bold=True), xlabel="", ylabel="")]).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(float(counts[0]), float(counts[-1]) + width * 0.14),
            ylim=(low - pad, high + pad),
            show_legend=False,
            toolbar=None,
            xlabel="",
            ylabel="",
            xticks=[(float(at), words.number(float(at))) for at in _counts(counts)],
            yticks=[(timeline.milliseconds(mark.at), mark.text) for mark in marks] or [(finish["finish"][-1], words.day(trace["finish"][-1]))],
            hooks=[hook(theme, value_axis="y")],
        )
    )


def _counts(counts: np.ndarray, most: int = 5) -> list[int]:
    """Some of the iteration counts, the first and the last among them."""
    return sorted({int(counts[i]) for i in np.linspace(0, len(counts) - 1, min(most, len(counts))).round().astype(int)})


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


def criticality(activities: pl.DataFrame, *, most: int = 10, theme: Tokens = LIGHT, row: int = 28) -> Element:
    """How often each activity was critical, the most often first. `activities` has name and criticality (0..1)."""
    others = (pl.lit(None, pl.Float64).alias(name) for name in MEASURES if name != "criticality")
    shown = activities.select(pl.col("^activity$"), "name", "criticality", *others)
    return drivers(shown, most=most, theme=theme, row=row)
