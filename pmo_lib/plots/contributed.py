"""What each risk adds to the P80, with the error of each figure."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.risk import names_in_ink, room
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

MOST = 8


def shown(table: pl.DataFrame, most: int = MOST) -> pl.DataFrame:
    """The contributions of risks to draw, the largest first; those beyond `most` are left out. `table` is `tables.results.Contributions`."""
    risks = table.filter(pl.col("kind").cast(pl.String) != "activity")
    return risks.sort(pl.col("contribution").abs(), descending=True, maintain_order=True).head(most).sort("contribution", descending=True, maintain_order=True)


def contributions(table: pl.DataFrame, *, most: int = MOST, theme: Tokens = LIGHT, row: int = 28) -> Element:
    """A bar a risk [working days], hollow where it shortens the project, its 95 % interval as a line, its figure at the tip."""
    rows = shown(table, most)
    values, halves = rows["contribution"].to_list(), [1.96 * error for error in rows["error"].to_list()]
    low = min([0.0, *(value - half for value, half in zip(values, halves, strict=True))])
    high = max([0.0, *(value + half for value, half in zip(values, halves, strict=True))]) or 1.0
    told = [f"{words.number(value, 1)}{words.SPACE}wd" for value in values]
    ticks = [(rank, words.shortened(name)) for rank, name in enumerate(rows["name"].to_list())]
    parts: list[Any] = []
    for sign, name in ((1, "later"), (-1, "earlier")):
        bars = [(min(v, 0.0), rank - 0.22, max(v, 0.0), rank + 0.22, v) for rank, v in enumerate(values) if (v >= 0) == (sign > 0)]
        drawn = hv.Rectangles(bars, ["from", "top", "to", "bottom"], "value", label=name)
        parts.append(drawn.opts(color=theme.accent if sign > 0 else theme.surface, line_color=theme.accent, line_width=1))
    errors = [(v - half, rank, v + half, rank) for rank, (v, half) in enumerate(zip(values, halves, strict=True))]
    parts.append(hv.Segments(errors, ["low", "a", "high", "b"], label="95 % interval").opts(color=theme.ink, line_width=1))
    tips = [(max(v + half, 0.0) + (high - low) * 0.03, rank, text) for rank, (v, half, text) in enumerate(zip(values, halves, told, strict=True))]
    parts.append(hv.Labels(tips, label="values").opts(**label(theme, color=theme.ink, bold=True)))
    width = high - low
    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=max(1, len(values)) * row + 8,
            xlim=(low - width * 0.02 if low < 0 else 0.0, high + width * room([name for _, name in ticks], told)),
            ylim=(-0.5, max(0.5, len(values) - 0.5)),
            invert_yaxis=True,
            yticks=ticks or 0,
            xaxis=None,
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme), names_in_ink(theme)],
        )
    )
