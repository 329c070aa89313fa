"""What each risk adds to the P80, with the error of each figure."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.plots import bars, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.bars import HALF
from pmo_lib.plots.theme import LIGHT, Tokens, label

MOST = 8


def shown(table: pl.DataFrame, most: int = MOST) -> pl.DataFrame:
    """The contributions of risks to draw, the largest first; those beyond `most` are left out. `table` is `tables.risk_results.Contributions`."""
    risks = table.filter(pl.col("kind").cast(pl.String) != "activity")
    return risks.sort(pl.col("contribution").abs(), descending=True, maintain_order=True).head(most).sort("contribution", descending=True, maintain_order=True)


def contributions(table: pl.DataFrame, *, most: int = MOST, theme: Tokens = LIGHT, row: int = 28) -> Element:
    """A bar a risk [working days], hollow where it shortens the project, its 95 % interval as a line, its figure at the tip."""
    rows = shown(table, most)
    values, halves = rows["contribution"].to_list(), [1.96 * error for error in rows["error"].to_list()]
    low = min([0.0, *(value - half for value, half in zip(values, halves, strict=True))])
    high = max([0.0, *(value + half for value, half in zip(values, halves, strict=True))]) or 1.0
    told = [f"{words.number(value, 1)}{words.SPACE}wd" for value in values]
    names = [words.shortened(name) for name in rows["name"].to_list()]
    parts: list[Any] = []
    for sign, name in ((1, "later"), (-1, "earlier")):
        drawn = hv.Rectangles(
            [(min(v, 0.0), rank - HALF, max(v, 0.0), rank + HALF, v) for rank, v in enumerate(values) if (v >= 0) == (sign > 0)],
            ["from", "top", "to", "bottom"],
            "value",
            label=name,
        )
        parts.append(drawn.opts(color=theme.accent if sign > 0 else theme.surface, line_color=theme.accent, line_width=1))
    errors = [(v - half, rank, v + half, rank) for rank, (v, half) in enumerate(zip(values, halves, strict=True))]
    parts.append(hv.Segments(errors, ["low", "a", "high", "b"], label="95 % interval").opts(color=theme.ink, line_width=1))
    tips = [(max(v + half, 0.0) + (high - low) * 0.03, rank, text) for rank, (v, half, text) in enumerate(zip(values, halves, told, strict=True))]
    parts.append(hv.Labels(tips, label="values").opts(**label(theme, color=theme.ink, bold=True)))
    width = high - low
    xlim = (low - width * 0.02 if low < 0 else 0.0, high + width * bars.room(names, told))
    return hv.Overlay(parts).opts(bars.rows(names, row=row, xlim=xlim, theme=theme))
