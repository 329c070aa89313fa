"""Whose clock runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pmo_lib.calendar import DAY, Calendar, DatedShifts, DatedWeek, Shifts, add
from pmo_lib.schedule.clocks import union

FIRST = date(2026, 1, 1)
DAYTIME: Shifts = ((480, 720), (780, 1020))
NIGHT: Shifts = ((0, 180), (240, 480), (1380, 1440))
shifts = st.sampled_from([(), DAYTIME, NIGHT, ((0, DAY),), ((600, 900),)])
spans = st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda s: (FIRST + timedelta(s[0]), FIRST + timedelta(s[0] + s[1])))
exceptions = st.lists(st.builds(lambda s, w: DatedShifts(s[0], s[1], w), spans, shifts), max_size=3).map(tuple)
weeks = st.lists(st.builds(lambda s, w: DatedWeek(s[0], s[1], tuple(w)), spans, st.lists(st.none() | shifts, min_size=7, max_size=7)), max_size=2).map(tuple)
clocks = st.builds(lambda w, a, e: Calendar("some", 480, tuple(w), a, e), st.lists(shifts, min_size=7, max_size=7), weeks, exceptions)


def minutes(work: Shifts) -> set[int]:
    return {minute for start, finish in work for minute in range(start, finish)}


@given(clocks, clocks)
def test_several_resources_work_whenever_one_of_them_does(a: Calendar, b: Calendar) -> None:
    both = union(a, b)
    for day in (FIRST + timedelta(n) for n in range(-8, 75)):
        assert minutes(both.on(day)) == minutes(a.on(day)) | minutes(b.on(day)), day


def test_fifty_days_of_a_day_shift_and_fifty_of_a_night_shift_are_one_hundred() -> None:
    """MS Project's own sample: both begin on 7 January 2003, and the night shift ends last, on 18 March at 8."""
    by_day = Calendar("Standard", 480, (DAYTIME,) * 5 + ((), ()))
    monday, saturday = NIGHT[2:], NIGHT[:2]
    by_night = Calendar("Night Shift", 480, (monday, NIGHT, NIGHT, NIGHT, NIGHT, saturday, ()))
    assert add(union(by_day, by_night), datetime(2003, 1, 7, 8), 100 * 480) == datetime(2003, 3, 18, 8)
