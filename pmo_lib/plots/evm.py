"""Pictures of earned value."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

NAMES = {"pv": "Planned", "ev": "Earned", "ac": "Actual cost"}


def earned_value(series: pl.DataFrame, *, currency: str | None = None, theme: Tokens = LIGHT, height: int = 200, narrow: bool = False) -> Element:
    """Cumulative planned value, earned value and actual cost [project currency] by month; `series`: date, pv, ev, ac."""
    series = series.sort("date")
    looks = {
        "pv": {"color": theme.plan, "line_width": 2},
        "ac": {"color": theme.ink_3, "line_width": 1.5, "line_dash": "dashed"},
        "ev": {"color": theme.ink, "line_width": 2},
    }
    dates: list[datetime] = series["date"].to_list()
    start, end = dates[0], dates[-1]
    width = end - start or timedelta(days=30)
    top = max(float(series[name].max() or 0) for name in looks) or 1.0  # type: ignore[arg-type]
    parts: list[Any] = []
    for name, look in looks.items():
        known = series.drop_nulls(name)
        parts.append(hv.Curve((known["date"].to_numpy(), known[name].to_numpy()), "date", "money", label=name).opts(**look))
    parts += _labels(series, looks, top, width, theme)
    shown = timeline.named(start, end, 4 if narrow else 8)
    step = _step(top)

    def axes(plot: Any, element: Any) -> None:
        timeline.set_marks(plot.state.xaxis[0], shown)

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(start, end + width * (0.34 if narrow else 0.16)),
            ylim=(0, top * 1.08),
            show_legend=False,
            toolbar=None,
            xlabel="",
            ylabel="",
            yticks=[(step * k, words.round_money(step * k, currency)) for k in range(int(top * 1.04 / step) + 1)],
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )


def _step(top: float) -> float:
    """A round step that gives three to six gridlines."""
    size = 10.0 ** (len(str(int(top))) - 1)
    return next(size * factor for factor in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if top / (size * factor) <= 5)


def _labels(series: pl.DataFrame, looks: dict[str, dict[str, Any]], top: float, width: timedelta, theme: Tokens) -> list[Any]:
    ends = sorted(((float(known[name][-1]), known["date"][-1], name) for name in looks if (known := series.drop_nulls(name)).height), reverse=True)
    texts: list[Any] = []
    above = float("inf")
    for value, at, name in ends:
        where = min(value, above - top * 0.085)  # 14 px apart at least
        above = where
        text = hv.Labels([(at + width * 0.015, where, NAMES[name])], label=f"{name} text")
        texts.append(text.opts(**label(theme, color=theme.ink_3 if name == "pv" else looks[name]["color"], bold=True)))
    return texts
