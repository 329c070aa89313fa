"""Bars of what drives the finish: which activities, by which measure."""

from __future__ import annotations

import polars as pl

from pmo_lib.plots import bars, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.bars import HALF
from pmo_lib.plots.theme import LIGHT, Tokens, label

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


def criticality(activities: pl.DataFrame, *, most: int = 10, theme: Tokens = LIGHT, row: int = 28) -> Element:
    """How often each activity was critical, the most often first. `activities` has name and criticality (0..1)."""
    others = (pl.lit(None, pl.Float64).alias(name) for name in MEASURES if name != "criticality")
    shown = activities.select(pl.col("^activity$"), "name", "criticality", *others)
    return drivers(shown, most=most, theme=theme, row=row)


tornado = drivers
