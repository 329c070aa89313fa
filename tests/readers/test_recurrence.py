"""Recurring calendar exceptions against days that every almanac has."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_lib.readers.mspdi.recurrence import MOST, Recurrence, days

CASES = {
    "Thanksgiving, the fourth Thursday of November": (
        Recurrence(type=3, first=date(2024, 1, 1), last=date(2026, 12, 31), month=10, month_item=7, month_position=3),
        [date(2024, 11, 28), date(2025, 11, 27), date(2026, 11, 26)],
    ),
    "Memorial Day, the last Monday of May": (
        Recurrence(type=3, first=date(2024, 6, 1), last=date(2026, 12, 31), month=4, month_item=4, month_position=4),
        [date(2025, 5, 26), date(2026, 5, 25)],
    ),
    "Christmas, three times": (
        Recurrence(type=2, first=date(2024, 1, 1), last=date(2049, 12, 31), month=11, month_day=25, occurrences=3),
        [date(2024, 12, 25), date(2025, 12, 25), date(2026, 12, 25)],
    ),
    "the 31st, or the month's last day": (
        Recurrence(type=4, first=date(2026, 1, 1), last=date(2026, 4, 30), month_day=31),
        [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)],
    ),
    "the first weekday of every second month": (
        Recurrence(type=5, first=date(2026, 1, 1), last=date(2026, 6, 30), period=2, month_item=1, month_position=0),
        [date(2026, 1, 1), date(2026, 3, 2), date(2026, 5, 1)],
    ),
    "the last weekend day of the month": (
        Recurrence(type=5, first=date(2026, 1, 1), last=date(2026, 2, 28), month_item=2, month_position=4),
        [date(2026, 1, 31), date(2026, 2, 28)],
    ),
    "Monday and Friday of every second week, from a Wednesday": (
        Recurrence(type=6, first=date(2026, 1, 7), last=date(2026, 1, 31), period=2, days_of_week=2 + 32),
        [date(2026, 1, 9), date(2026, 1, 19), date(2026, 1, 23)],
    ),
    "every third day": (Recurrence(type=7, first=date(2026, 1, 1), last=date(2026, 1, 8), period=3), [date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 7)]),
}


@pytest.mark.parametrize("case", CASES)
def test_days(case: str) -> None:
    rule, expected = CASES[case]
    assert days(rule) == expected


def test_an_endless_exception_ends() -> None:
    assert len(days(Recurrence(type=7, first=date(1900, 1, 1), last=date(2199, 12, 31)))) == MOST
