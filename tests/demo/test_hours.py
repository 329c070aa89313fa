"""The demo's calendars: England's bank holidays as gov.uk lists them, and sums that undo each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pmo_demo.hours import bank_holidays, calendars, easter


@pytest.mark.parametrize(("year", "sunday"), [(2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2028, date(2028, 4, 16))])
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_bank_holidays_with_substitutes() -> None:
    assert sorted(bank_holidays(2026)) == [date(2026, *day) for day in ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))]
    assert sorted(bank_holidays(2027)) == [date(2027, *day) for day in ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28))]


@given(st.sampled_from(["1", "2", "3"]), st.integers(0, 900_000), st.integers(1, 60_000))
def test_after_undoes_minutes(key: str, since: int, minutes: int) -> None:
    hours = calendars()[key]
    start = datetime(2025, 9, 1) + timedelta(minutes=since)
    finish = hours.after(start, minutes)
    assert hours.minutes(start, finish) == minutes
    assert hours.minutes(hours.opening(start), finish) == minutes


def test_a_finish_shows_at_the_end_of_work_and_a_start_at_its_beginning() -> None:
    office = calendars()["1"]
    assert office.after(datetime(2026, 7, 3, 8), 480) == datetime(2026, 7, 3, 17)
    assert office.opening(datetime(2026, 7, 3, 17)) == datetime(2026, 7, 6, 8)
    assert office.after(datetime(2026, 12, 24, 8), 480) == datetime(2026, 12, 29, 12)  # half a day, Christmas, a weekend, the substitute for Boxing Day
