"""What drives the finish, as bars."""

from __future__ import annotations

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.driving import leading, measured_by
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import bar, fitted, line, sheet, svg, write

ROW = 18.0  # [pt]
MEASURES = {
    "contribution_p80": "Working days that the P80 would gain if the activity were certain",
    "ssi": "Schedule sensitivity index: how often it is critical, times its share of the spread",
    "cruciality": "Rank correlation of its duration with the finish",
    "criticality": "Share of simulated futures in which it is critical",
}


def ranked(sensitivity: pl.DataFrame, most: int = 8) -> tuple[str, pl.DataFrame]:
    """The measure that ranks the drivers, and the drivers, most important first."""
    return measured_by(sensitivity), leading(sensitivity, most)


def value(measure: str, amount: float) -> str:
    """The amount with its unit."""
    if measure == "criticality":
        return words.share(amount)
    return f"{words.number(amount, 1)}{words.SPACE}wd" if measure == "contribution_p80" else words.index(amount)


def drivers(sensitivity: pl.DataFrame, *, most: int = 8, width: float = 372) -> str:
    """SVG of the drivers' bars; names that do not fit are cut."""
    measure, rows = ranked(sensitivity, most)
    axes = sheet(width, rows.height * ROW + 2)
    left, right = min(0.46 * width, 190.0), width - 46
    top = max(rows[measure].to_list(), default=1.0)
    line(axes, (left, left), (0, rows.height * ROW), LIGHT.line_2, 0.75)
    for rank, (activity, name, amount) in enumerate(rows.select("activity", "name", measure).iter_rows()):
        y = (rank + 0.5) * ROW
        label = name if activity == name else f"{activity}  {name}"
        write(axes, left - 8, y, fitted(label, left - 8), color=LIGHT.ink_2, align="right")
        length = (right - left) * amount / top
        bar(axes, left, y - 4.5, length, 9, LIGHT.accent)
        write(axes, left + length + 5, y, value(measure, amount), color=LIGHT.ink, bold=True)
    return svg(axes)
