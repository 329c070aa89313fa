"""How a percentile of the finish moved: from snapshot to snapshot, and as iterations were added."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

FEWEST, DAY = 4, 86_400_000.0  # days that an axis of finish dates spans at least: less would make hours look like news; milliseconds of one


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
