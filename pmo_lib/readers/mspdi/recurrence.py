"""The days of a recurring calendar exception: daily, weekly, monthly or yearly, by date or by position."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST = 50_000  # days of one exception: every day of 136 years


@dataclass(frozen=True)
class Recurrence:
    """MSPDI's own fields: `type` 1 daily, 2 yearly by date, 3 yearly by position, 4 monthly by date, 5 monthly by position, 6 weekly, 7 every n days."""

    type: int
    first: date
    last: date
    period: int = 1
    days_of_week: int = 0  # bits: 1 Sunday, 2 Monday, …, 64 Saturday
    month_item: int = 0  # 0 day, 1 weekday, 2 weekend day, 3 Sunday, …, 9 Saturday
    month_position: int = 0  # 0 first, …, 3 fourth, 4 last
    month: int = 0  # 0 January
    month_day: int = 1
    occurrences: int = 0  # at most so many; 0: until `last`


def days(rule: Recurrence) -> list[date]:
    """The days on which the exception falls, in order; at most `MOST`."""
    found: list[date] = []
    for day in _PATTERNS[rule.type](rule):
        if day > rule.last or len(found) >= min(rule.occurrences or MOST, MOST):
            break
        if day >= rule.first:
            found.append(day)
    return found


def _every(rule: Recurrence) -> Iterator[date]:
    step = timedelta(days=max(rule.period, 1))
    day = rule.first
    while day <= rule.last:
        yield day
        day += step


def _weekly(rule: Recurrence) -> Iterator[date]:
    # weeks begin on Sunday, as the bits do
    sunday = rule.first - timedelta(days=rule.first.isoweekday() % 7)
    while sunday <= rule.last:
        yield from (sunday + timedelta(days=bit) for bit in range(7) if rule.days_of_week >> bit & 1)
        sunday += timedelta(weeks=max(rule.period, 1))


def _months(rule: Recurrence) -> Iterator[tuple[int, int]]:
    at = rule.first.year * 12 + rule.first.month - 1
    while at <= rule.last.year * 12 + rule.last.month - 1:
        yield at // 12, at % 12 + 1
        at += max(rule.period, 1)


def _monthly_by_date(rule: Recurrence) -> Iterator[date]:
    yield from (_clipped(year, month, rule.month_day) for year, month in _months(rule))


def _monthly_by_position(rule: Recurrence) -> Iterator[date]:
    yield from (_positioned(year, month, rule) for year, month in _months(rule))


def _yearly_by_date(rule: Recurrence) -> Iterator[date]:
    yield from (_clipped(year, rule.month + 1, rule.month_day) for year in range(rule.first.year, rule.last.year + 1))


def _yearly_by_position(rule: Recurrence) -> Iterator[date]:
    yield from (_positioned(year, rule.month + 1, rule) for year in range(rule.first.year, rule.last.year + 1))


def _clipped(year: int, month: int, day: int) -> date:
    """The day of the month, or the month's last."""
    return date(year, month, min(max(day, 1), calendar.monthrange(year, month)[1]))


def _positioned(year: int, month: int, rule: Recurrence) -> date:
    """As in "the third Thursday": position and kind of day within the month."""
    wanted: Callable[[date], bool] = {0: lambda _: True, 1: lambda day: day.isoweekday() < 6, 2: lambda day: day.isoweekday() > 5}.get(
        rule.month_item, lambda day: day.isoweekday() % 7 == rule.month_item - 3
    )
    fitting = [day for number in range(1, calendar.monthrange(year, month)[1] + 1) if wanted(day := date(year, month, number))]
    return fitting[-1] if rule.month_position >= 4 else fitting[min(max(rule.month_position, 0), len(fitting) - 1)]


_PATTERNS: dict[int, Callable[[Recurrence], Iterator[date]]] = {
    2: _yearly_by_date,
    3: _yearly_by_position,
    4: _monthly_by_date,
    5: _monthly_by_position,
    6: _weekly,
    7: _every,
}
RECURRING = frozenset(_PATTERNS)
