"""Working time, to the minute."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, DatedShifts, DatedWeek, add, between, intersection, next_working, previous_working, subtract, timeline
from pmo_lib.errors import InvalidInput, NotSchedulable
from pmo_lib.plan_calendars import calendar_from_rule, calendars
from pmo_lib.project import Project
from pmo_lib.standards import CalendarRule, standards
from pmo_lib.tables import TABLES

DAYTIME = ((480, 720), (780, 1020))
WEEK = calendar_from_rule("mon-fri", standards().calendars["mon-fri"])
NIGHTS = Calendar("nights", 480, (((0, 360), (1320, 1440)),) * 5 + ((), ()))
FRIDAY, MONDAY = datetime(2026, 1, 16, 17), datetime(2026, 1, 19, 8)


def test_a_finish_shows_the_last_moment_and_a_start_the_next() -> None:
    assert add(WEEK, datetime(2026, 1, 16, 8), 480) == FRIDAY
    assert subtract(WEEK, MONDAY, 480) == datetime(2026, 1, 16, 8)
    assert next_working(WEEK, FRIDAY) == MONDAY
    assert previous_working(WEEK, MONDAY) == FRIDAY
    assert next_working(WEEK, datetime(2026, 1, 16, 10)) == previous_working(WEEK, datetime(2026, 1, 16, 10)) == datetime(2026, 1, 16, 10)
    assert between(WEEK, FRIDAY, MONDAY) == 0
    assert between(WEEK, MONDAY, datetime(2026, 1, 16, 12)) == -240


def test_nothing_to_do_leaves_the_instant() -> None:
    assert add(WEEK, datetime(2026, 1, 17, 3), 0) == datetime(2026, 1, 17, 3)
    assert add(WEEK, MONDAY, -480) == datetime(2026, 1, 16, 8)
    assert subtract(WEEK, FRIDAY, -480) == datetime(2026, 1, 19, 17)


def test_a_night_shift_goes_on_over_midnight() -> None:
    assert add(NIGHTS, datetime(2026, 1, 5, 22), 480) == datetime(2026, 1, 6, 6)
    assert next_working(NIGHTS, datetime(2026, 1, 6, 0)) == previous_working(NIGHTS, datetime(2026, 1, 6, 0)) == datetime(2026, 1, 6)


def test_a_shift_may_end_at_midnight() -> None:
    late = Calendar("late", 120, (((1320, 1440),),) * 7)
    assert add(late, datetime(2026, 1, 5, 22), 120) == datetime(2026, 1, 6)
    assert next_working(late, datetime(2026, 1, 6)) == datetime(2026, 1, 6, 22)


def test_round_the_clock() -> None:
    assert add(ROUND_THE_CLOCK, FRIDAY, 3 * 1440) == FRIDAY + timedelta(days=3)


def test_exceptions_beat_alternative_weeks_beat_the_week() -> None:
    short = DatedWeek(date(2026, 1, 12), date(2026, 1, 18), (((480, 600),), None, None, None, None, ((480, 720),), None))
    cal = Calendar(
        "c", 480, WEEK.week, (short,), (DatedShifts(date(2026, 1, 17), date(2026, 1, 20), ()), DatedShifts(date(2026, 1, 19), date(2026, 1, 19), ((600, 660),)))
    )
    assert cal.on(date(2026, 1, 12)) == ((480, 600),)  # alternative week
    assert cal.on(date(2026, 1, 13)) == DAYTIME  # which says nothing of Tuesday
    assert cal.on(date(2026, 1, 17)) == ()  # exception over alternative week
    assert cal.on(date(2026, 1, 19)) == ((600, 660),)  # the later exception
    line = timeline(cal, date(2026, 1, 11), date(2026, 1, 20))
    assert line.before[-1] == 120 + 4 * 480 + 60 == sum(f - s for day in range(11, 21) for s, f in cal.on(date(2026, 1, day)))


def test_timelines_are_the_verbs_in_bulk() -> None:
    line = timeline(WEEK, date(2026, 1, 1), date(2026, 3, 1))
    clock = np.arange(0, 40 * 1440, 217)
    for minute, worked in zip(clock.tolist(), line.working(clock).tolist(), strict=True):
        assert worked == between(WEEK, line.origin, line.origin + timedelta(minutes=minute))
    assert line.finish_clock([480]) == 17 * 60  # Thursday 1 January
    assert line.start_clock([480]) == (24 + 8) * 60


def test_what_is_inherited() -> None:
    schema = {name: dict(TABLES[name].create_empty().schema) for name in ("calendars", "shifts", "exceptions")}
    rows = {
        "calendars": [("site", "Site", None, "global", 480), ("crew", "Crew", "site", "resource", 420)],
        "shifts": [("site", d, s, f, None, None) for d in range(1, 6) for s, f in DAYTIME]
        + [("crew", 5, None, None, None, None), ("crew", 6, 480, 720, None, None)],
        "exceptions": [
            ("site", date(2026, 1, 12), date(2026, 1, 13), None, None, "closed"),
            ("crew", date(2026, 1, 13), date(2026, 1, 13), 480, 540, "inventory"),
        ],
    }
    frames = {name: TABLES[name].validate(pl.DataFrame(found, schema=schema[name], orient="row", strict=False)) for name, found in rows.items()}
    crew = calendars(Project(make_plan({"A": 1}).info, frames))["crew"]
    days = {day: crew.on(date(2026, 1, day)) for day in (9, 10, 12, 13, 15)}
    assert days == {9: (), 10: ((480, 720),), 12: (), 13: ((480, 540),), 15: DAYTIME}
    assert crew.minutes_per_day == 420


def test_calendars_survive_the_tables_and_pickling() -> None:
    cal = Calendar(
        "odd",
        450,
        NIGHTS.week,
        (DatedWeek(date(2026, 1, 1), date(2026, 1, 9), (None, (), *([DAYTIME] * 5))),),
        (DatedShifts(date(2026, 2, 1), date(2026, 2, 3), ()),),
    )
    add(cal, MONDAY, 10)
    assert calendars(Project(make_plan({"A": 1}).info, calendar_tables({"odd": cal})))["odd"] == cal == pickle.loads(pickle.dumps(cal))


def test_intersection() -> None:
    late = Calendar("late", 480, (((600, 1200),),) * 7, (), (DatedShifts(date(2026, 1, 14), date(2026, 1, 14), ()),))
    both = intersection(WEEK, late)
    assert both.on(date(2026, 1, 13)) == ((600, 720), (780, 1020))
    assert both.on(date(2026, 1, 14)) == both.on(date(2026, 1, 17)) == ()


def test_a_calendar_without_work_is_named() -> None:
    with pytest.raises(NotSchedulable, match="calendar idle has no working time"):
        add(Calendar("idle", 480, ((),) * 7), MONDAY, 1)


@pytest.mark.parametrize(
    ("rule", "named"),
    [(CalendarRule(["mon"], ["8-12"], []), "8-12"), (CalendarRule(["mo"], ["08:00-12:00"], []), "mo"), (CalendarRule(["mon"], [], ["2026-13-01"]), "month")],
)
def test_a_wrong_rule_is_named(rule: CalendarRule, named: str) -> None:
    with pytest.raises(InvalidInput, match=f"calendar site: .*{named}"):
        calendar_from_rule("site", rule)


def test_overlapping_shifts_are_refused() -> None:
    with pytest.raises(InvalidInput, match="calendar odd"):
        Calendar("odd", 480, (((480, 720), (700, 900)),) + ((),) * 6)
