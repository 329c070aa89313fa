"""Months on a time axis: where the marks stand and what they say. "Oct Nov Dec 2027 Feb": the year stands for January."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pmo_lib.plots import words

MONTH = 30.44  # [days] mean length
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600)  # [months] between two marks


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a time axis."""

    at: datetime
    text: str
    year: bool  # the text is a year, and is set bold


def marks(start: datetime, end: datetime, most: int = 9) -> list[Mark]:
    """Marks between two instants, at most `most`: months, years on long spans, days on short ones."""
    days = (end - start).total_seconds() / 86_400
    if days < 1.5 * MONTH:
        return _days(start, end, days, most)
    step = next((months for months in STEPS if days / MONTH / months <= most), STEPS[-1])
    year, month = start.year, start.month
    found: list[Mark] = []
    while (at := datetime(year, month, 1)) <= end:
        if at >= start and (year * 12 + month - 1) % step == 0:
            found.append(Mark(at, str(year) if month == 1 else words.MONTHS[month - 1], month == 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if year > 9998:
            break
    return found


def _days(start: datetime, end: datetime, days: float, most: int) -> list[Mark]:
    step = next((size for size in (1, 2, 7, 14) if days / size <= most), 14)
    at = datetime(start.year, start.month, start.day) + timedelta(days=0 if start == datetime(start.year, start.month, start.day) else 1)
    if step >= 7:
        at += timedelta(days=-at.weekday() % 7)
    found: list[Mark] = []
    while at <= end:
        found.append(Mark(at, words.day(at, year=False), False))
        at += timedelta(days=step)
    return found


def named(start: datetime, end: datetime, most: int = 9) -> list[Mark]:
    """Marks of which the first names its year where no other does: "Sep 2026 Oct Nov"."""
    found = marks(start, end, most)
    if found and not any(mark.year for mark in found):
        found[0] = Mark(found[0].at, f"{found[0].text} {found[0].at.year}", False)
    return found


def milliseconds(at: datetime) -> float:
    """Milliseconds since 1970 of a local instant, as Bokeh counts."""
    return (at - datetime(1970, 1, 1)) / timedelta(milliseconds=1)


def set_marks(axis: Any, shown: list[Mark]) -> None:
    """Give a Bokeh time axis these marks."""
    from bokeh.models import FixedTicker

    axis.ticker = FixedTicker(ticks=[milliseconds(mark.at) for mark in shown], minor_ticks=[])
    axis.major_label_overrides = {milliseconds(mark.at): mark.text for mark in shown}
    axis.major_label_policy = _all_labels()


def _all_labels() -> Any:
    from bokeh.models import AllLabels

    return AllLabels()
