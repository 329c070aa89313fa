"""A plane of time and values to draw on: months beneath, round values at the side, room for labels at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pmo_lib.plots import timeline
from pmo_lib.plots.over_time import instant, values
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.sheet import TimeScale, length, line, sheet, write

TOP, BOTTOM, RIGHT, APART = 6.0, 18.0, 84.0, 10.5  # [pt]


class Plane:
    """Axes with their scales; `x` and `y` are points on the sheet."""

    def __init__(self, start: date, end: date, top: float, *, bottom: float = 0.0, unit: str = "", width: float, height: float, right: float = RIGHT) -> None:
        self.axes, self.top, self.bottom, self.height = sheet(width, height), top, bottom, height
        marks = values(top, unit, bottom=bottom)
        left = 8 + max(length(text) for _, text in marks)
        first = instant(start)
        last = max(instant(end), first + timedelta(days=1))
        self.scale = TimeScale(first, last, left, width - right)
        for value, text in marks:
            line(self.axes, (left, width - right), (self.y(value), self.y(value)), LIGHT.grid if value > bottom else LIGHT.line_2, 0.75)
            write(self.axes, left - 6, self.y(value), text, color=LIGHT.ink_3, align="right")
        for mark in timeline.named(first, last, 6):
            write(self.axes, self.scale(mark.at), height - 7, mark.text, color=LIGHT.ink if mark.year else LIGHT.ink_3, bold=mark.year, align="center")

    def x(self, at: date | datetime) -> float:
        return self.scale(instant(at))

    def y(self, value: float) -> float:
        floor = self.height - BOTTOM
        return floor - (floor - TOP) * (min(value, self.top) - self.bottom) / (self.top - self.bottom)

    @property
    def end(self) -> float:
        """Right of this there is room for labels."""
        return self.scale.right

    def names(self, told: Sequence[tuple[float, str, str, bool]]) -> None:
        """Labels at the right end: value, text, colour, bold; moved apart downwards where they would touch."""
        last = float("-inf")
        for value, text, color, bold in sorted(told, reverse=True):
            y = max(self.y(value), last + APART)
            last = y
            write(self.axes, self.end + 5, y, text, color=color, bold=bold)
