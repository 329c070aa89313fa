"""Whose clock runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import DAY, Calendar, DatedShifts, DatedWeek, Shifts, add
from pmo_lib.project import Project
from pmo_lib.schedule import dates
from pmo_lib.schedule.network.clocks import union
from pmo_lib.tables import TABLES

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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # of making the data, on a loaded machine
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


@pytest.mark.parametrize(
    ("application", "drives", "ends"),
    [
        ("p6", None, datetime(2026, 1, 10, 17)),
        ("p6", True, datetime(2026, 1, 10, 17)),
        ("p6", False, datetime(2026, 1, 6, 17)),
        ("msp", None, datetime(2026, 1, 6, 17)),
    ],
)
def test_of_several_who_keep_different_times_p6_waits_for_the_last(application: str, drives: bool | None, ends: datetime) -> None:
    """Two days from Monday, 5 January, of Ann on weekdays and Ben on Fridays and Saturdays: Ben's second day is Saturday, Ann's Tuesday.

    Oracle, P6 help, "Activity types": resource dependent is for resources that work independently, each by their own calendar; "Drive activity dates"
    says whether those of an assignment count. MS Project's duration counts the time in which anybody works.
    """
    weekdays = Calendar("Ann", 480, (DAYTIME,) * 5 + ((), ()))
    late = Calendar("Ben", 480, ((),) * 4 + (DAYTIME, DAYTIME, ()))
    kind = "resource_dependent" if application == "p6" else "task"
    plan = make_plan({"A": 2}, start="2026-01-05", calendar=weekdays, details={"A": {"kind": kind, "calendar": None}})
    rows = {
        "resources": [{"resource": name, "name": name, "kind": "labour", "calendar": name} for name in ("ann", "ben")],
        "assignments": [{"activity": "A", "resource": "ann"}, {"activity": "A", "resource": "ben", "drives": drives}],
    }
    made = {name: pl.DataFrame(values, schema=dict(TABLES[name].create_empty().schema)) for name, values in rows.items()}
    tables = {**plan.tables, **calendar_tables({"ann": weekdays, "ben": late}), **made}
    found = dates(Project(replace(plan.info, application=application, calendar="ann"), tables))
    assert found["early_finish"].to_list() == [ends]
