"""Figures as people read them; expected texts from the visual language, sections 5 and 8."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pmo_lib.plots import timeline, words

NB = "\u00a0"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.day(date(2027, 3, 12)), "12 Mar 2027"),
        (words.day(date(2027, 3, 2), year=False), "2 Mar"),
        (words.day(None), "n/a"),
        (words.number(1245), "1,245"),
        (words.number(-8.25, 1), "−8.2"),
        (words.number(-0.2), "0"),
        (words.number(float("nan")), "n/a"),
        (words.index(0.876), "0.88"),
        (words.share(0.9999), f"99{NB}%"),
        (words.share(1.0), f"100{NB}%"),
        (words.chance(0.001), f"<{NB}1{NB}%"),
        (words.chance(0.9999), f">{NB}99{NB}%"),
        (words.chance(0.149), f"15{NB}%"),
        (words.chance(0.0), f"<{NB}1{NB}%"),
        (words.error(0.13, 0.17), f"±{NB}2{NB}%"),
        (words.change(23), f"+23{NB}d"),
        (words.change(-8.4), f"−8{NB}d"),
        (words.change(0.2), f"0{NB}d"),
        (words.working_days(3840, 480), f"8{NB}wd"),
        (words.money(84_600_000, "GBP"), f"£84.6{NB}m"),
        (words.money(310_000, "GBP"), f"£310{NB}k"),
        (words.money(-800_000, "EUR"), f"−€800{NB}k"),
        (words.money(999_999, "GBP"), f"£1.00{NB}m"),
        (words.money(12, "USD"), "$12"),
        (words.money(12, "$"), "$12"),
        (words.money(12, "CHF"), f"CHF{NB}12"),
        (words.round_money(10_000_000, "GBP"), f"£10{NB}m"),
        (words.round_money(0.0, "GBP"), "0"),
        (words.source("xer"), "P6"),
        (words.source(None), "no file"),
        (words.span(42), "six weeks"),
        (words.span(1), "one day"),
        (words.span(-200), "seven months"),
        (words.span(2102), "six years"),
        (words.count(1, "finding"), "1 finding"),
        (words.count(1245, "activity", "activities"), "1,245 activities"),
    ],
)
def test_texts(said: str, expected: str) -> None:
    assert said == expected


def test_days_between_counts_dates_not_hours() -> None:
    assert words.days_between(datetime(2027, 1, 29, 17), datetime(2027, 3, 12, 8)) == 42


def test_the_year_stands_for_january() -> None:
    marks = timeline.marks(datetime(2026, 10, 1), datetime(2027, 3, 20))
    assert [mark.text for mark in marks] == ["Oct", "Nov", "Dec", "2027", "Feb", "Mar"]
    assert [mark.year for mark in marks] == [False, False, False, True, False, False]


def test_the_first_month_names_its_year_where_none_does() -> None:
    assert [mark.text for mark in timeline.named(datetime(2026, 8, 20), datetime(2026, 12, 1))] == ["Sep 2026", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    ("start", "end"), [(datetime(2026, 1, 1), datetime(2026, 1, 9)), (datetime(2020, 5, 1), datetime(2031, 1, 1)), (datetime(1984, 1, 1), datetime(2049, 1, 1))]
)
def test_never_more_marks_than_asked(start: datetime, end: datetime) -> None:
    found = timeline.named(start, end, 9)
    assert 2 <= len(found) <= 10
    assert all(start <= mark.at <= end for mark in found)


def test_a_reason_names_no_function() -> None:
    assert words.reason("evm.metrics needs a baseline; x.xer has none: set one with pmo baseline") == (
        "earned value needs a baseline; x.xer has none: set one with pmo baseline"
    )
    assert words.reason("schedule needs activities; x.xer has none") == "scheduling needs activities; x.xer has none"
    assert words.reason("the file states no status date") == "the file states no status date"
