"""What moved the finish, as a waterfall: each group of changes begins where the one before it ended."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pmo_lib.plots import bars, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.bars import HALF
from pmo_lib.plots.theme import LIGHT, Tokens, label


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
    """The groups that moved the finish, in the order of their application, and the whole. `attribution` is `tables.schedule_results.Attribution`."""
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
    moved = falls(attribution)
    low, high = min(0.0, *(fall.end for fall in moved)), max(0.0, *(fall.end for fall in moved))
    width = high - low or 1.0
    colour = {fall.group: theme.ink_2 if fall.group == "total" else theme.accent if fall.days > 0 else theme.plan for fall in moved}
    drawn = hv.Rectangles(
        [(min(f.begin, f.end), i - HALF, max(f.begin, f.end), i + HALF, f.days, f.group, colour[f.group]) for i, f in enumerate(moved)],
        ["from", "top", "to", "bottom"],
        ["days", "group", "colour"],
        label="falls",
    ).opts(color="colour", line_width=0)
    steps = [(fall.end, i + HALF, fall.end, i + 1 - HALF) for i, fall in enumerate(moved[:-1])]
    joins = hv.Segments(steps, ["a", "b", "c", "d"], label="joins").opts(color=theme.line_2, line_width=1)
    texts = [(max(fall.begin, fall.end) + width * 0.03, i, words.days(fall.days, sign=True)) for i, fall in enumerate(moved)]
    values = hv.Labels(texts, label="values").opts(**label(theme, color=theme.ink, bold=True))
    begin = hv.Segments([(0.0, -0.5, 0.0, len(moved) - 0.5)], ["a", "b", "c", "d"], label="older finish").opts(color=theme.line_2, line_width=1)
    names = [words.capitalised(words.GROUPS[fall.group]) for fall in moved]
    xlim = (low - width * 0.02, high + width * 0.24)
    return hv.Overlay([begin, joins, drawn, values]).opts(bars.rows(names, row=row, xlim=xlim, theme=theme))
