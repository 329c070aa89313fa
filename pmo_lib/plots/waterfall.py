"""What moved the finish, as a waterfall: each group of changes begins where the one before it ended."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.risk import names_in_ink
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label


@dataclass(frozen=True, slots=True)
class Fall:
    """One bar: from where to where [working days since the older finish]."""

    group: str
    begin: float
    end: float

    @property
    def days(self) -> float:
        return self.end - self.begin


def falls(attribution: pl.DataFrame) -> list[Fall]:
    """The groups that moved the finish, in the order of their application, and the whole. `attribution` is `tables.results.Attribution`."""
    found, at = [], 0.0
    for group, minutes, days in attribution.select("group", "minutes", "days").iter_rows():
        if group == "total":
            found.append(Fall(group, 0.0, days))
        elif minutes:
            found.append(Fall(group, at, at + days))
            at += days
    return found


def waterfall(attribution: pl.DataFrame, *, theme: Tokens = LIGHT, row: int = 26) -> Element:
    """Bars of what each group of changes moved the finish [working days], later to the right; the whole beneath them."""
    bars = falls(attribution)
    low, high = min(0.0, *(fall.end for fall in bars)), max(0.0, *(fall.end for fall in bars))
    width = high - low or 1.0
    colour = {fall.group: theme.ink_2 if fall.group == "total" else theme.accent if fall.days > 0 else theme.plan for fall in bars}
    drawn = hv.Rectangles(
        [(min(f.begin, f.end), i - 0.22, max(f.begin, f.end), i + 0.22, f.days, f.group, colour[f.group]) for i, f in enumerate(bars)],
        ["from", "top", "to", "bottom"],
        ["days", "group", "colour"],
        label="falls",
    ).opts(color="colour", line_width=0)
    steps = [(fall.end, i + 0.22, fall.end, i + 0.78) for i, fall in enumerate(bars[:-1])]
    joins = hv.Segments(steps, ["a", "b", "c", "d"], label="joins").opts(color=theme.line_2, line_width=1)
    texts = [(max(fall.begin, fall.end) + width * 0.03, i, words.days(fall.days, sign=True)) for i, fall in enumerate(bars)]
    values = hv.Labels(texts, label="values").opts(**label(theme, color=theme.ink, bold=True))
    begin = hv.Segments([(0.0, -0.5, 0.0, len(bars) - 0.5)], ["a", "b", "c", "d"], label="older finish").opts(color=theme.line_2, line_width=1)
    return hv.Overlay([begin, joins, drawn, values]).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=len(bars) * row + 8,
            xlim=(low - width * 0.02, high + width * 0.24),
            ylim=(-0.5, len(bars) - 0.5),
            invert_yaxis=True,
            yticks=[(i, words.capitalised(words.GROUPS[fall.group])) for i, fall in enumerate(bars)],
            xaxis=None,
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme), names_in_ink(theme)],
        )
    )
