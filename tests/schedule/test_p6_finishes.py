"""P6 keeps no finish before what holds it: held when its own calendar does not work, it stands where working time begins again.

Seen in files of P6 23.12: an activity whose finish a lead of finish-to-finish sets to 08:00 ends at 08:00, not at 17:00 the day before. MPXJ's
scheduler, made after P6's files, does the same where the predecessor ends on another calendar (`benchmarks.prove mpxj_scheduler`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar
from pmo_lib.project import Project
from pmo_lib.schedule import dates

WEEKDAYS = Calendar("Weekdays", 480, (((480, 720), (780, 1020)),) * 5 + ((),) * 2)
FRIDAY, MONDAY = datetime(2026, 1, 9, 17), datetime(2026, 1, 12, 8)


def found(activities: dict[str, Any], *always: str, application: str = "p6", **of: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Dates of a plan that begins on Monday, 5 January; `always` are on the round-the-clock calendar, the others on weekdays, `of` by what else they say."""
    details = {name: {"calendar": "2" if name in always else "1", **of.get(name, {})} for name in activities}
    plan = make_plan(activities, start="2026-01-05T08:00", calendar=WEEKDAYS, details=details)
    info = replace(plan.info, application=application, calendar="1")
    tables = {**plan.tables, **calendar_tables({"1": WEEKDAYS, "2": ROUND_THE_CLOCK})}
    return {row["activity"]: row for row in dates(Project(info, tables)).iter_rows(named=True)}


SATURDAY = {"A": 15.5, "B": (2, "A FF")}  # of eight hours: round the clock A ends on Saturday, 10 January, at 12:00


def test_a_finish_that_is_held_on_a_weekend_stands_on_monday() -> None:
    rows = found({**SATURDAY, "C": (1, "B")}, "A", "C")
    assert (rows["B"]["early_start"], rows["B"]["early_finish"]) == (datetime(2026, 1, 8, 8), MONDAY)
    assert rows["C"]["early_start"] == MONDAY  # not Friday evening, before A is done
    assert (rows["A"]["free_float"], rows["B"]["free_float"], rows["B"]["total_float"]) == (44 * 60, 0, 0)
    assert rows["B"]["critical"]


def test_and_hands_that_on_along_its_own_calendar() -> None:
    rows = found({**SATURDAY, "C": (1, "B FF"), "D": (1, "C")}, "A", "D")
    assert (rows["C"]["early_finish"], rows["D"]["early_start"]) == (MONDAY, MONDAY)


@pytest.mark.parametrize(("link", "ends"), [("A FF-1d", MONDAY), ("A FF+1d", datetime(2026, 1, 13, 17)), ("A FF", datetime(2026, 1, 12, 17))])
def test_a_lead_ends_at_the_beginning_of_working_time(link: str, ends: datetime) -> None:
    """A ends on Monday, 12 January, at 17:00; eight hours before that it is 08:00. Z only brings a second calendar."""
    rows = found({"A": 6, "B": (2, link), "Z": 1}, "Z")
    assert rows["B"]["early_finish"] == ends


def test_what_something_else_holds_longer_ends_with_its_working_time() -> None:
    rows = found({**SATURDAY, "X": 6, "B": (2, "A FF; X FF")}, "A")
    assert rows["B"]["early_finish"] == datetime(2026, 1, 12, 17)
    early = found({"A": 10, "X": 5, "B": (2, "A FF; X FF")}, "A")  # A ends on Thursday at 16:00
    assert early["B"]["early_finish"] == FRIDAY


def test_ms_project_ends_work_with_the_working_time() -> None:
    assert found(SATURDAY, "A", application="msp")["B"]["early_finish"] == FRIDAY


@pytest.mark.parametrize("kind", ["finish_on_or_after", "finish_on", "mandatory_finish"])
@pytest.mark.parametrize(("when", "ends"), [(datetime(2026, 1, 10, 12), MONDAY), (FRIDAY, FRIDAY), (datetime(2026, 1, 9, 15), datetime(2026, 1, 9, 15))])
def test_a_finish_that_a_constraint_holds_on_a_weekend_stands_on_monday(kind: str, when: datetime, ends: datetime) -> None:
    """P6 23.12.1, scheduled with a constraint of each type on a Saturday (cpp-cpm-engine, 2.9.54)."""
    rows = found({"A": 2, "C": (1, "A")}, "C", A={"constraint": kind, "constraint_date": when})
    assert (rows["A"]["early_finish"], rows["C"]["early_start"]) == (ends, ends)
    assert rows["A"]["free_float"] == 0
    assert rows["A"]["longest_path"]
    alone = found({"A": 2, "C": (1, "A")}, A={"constraint": kind, "constraint_date": when})
    assert alone["A"]["early_finish"] == min(ends, FRIDAY)


def test_what_has_begun_is_held_by_no_such_constraint() -> None:
    begun = {"actual_start": datetime(2026, 1, 5, 8), "constraint": "finish_on_or_after", "constraint_date": datetime(2026, 1, 10, 12)}
    assert found({"A": 2, "C": (1, "A")}, "C", A=begun)["A"]["early_finish"] == datetime(2026, 1, 6, 17)


@pytest.mark.parametrize("logic", ["A FF", "A FF; X FF", "A; X FF"])
def test_a_mandatory_finish_stands_by_its_date_whatever_the_logic(logic: str) -> None:
    """A ends on Saturday, at the time of the mandatory date; X holds the finish to the Wednesday behind it, were there no such date."""
    mandatory = {"constraint": "mandatory_finish", "constraint_date": datetime(2026, 1, 10, 12)}
    rows = found({**SATURDAY, "X": 8, "B": (2, logic), "C": (1, "B")}, "A", "C", B=mandatory)
    assert (rows["B"]["early_start"], rows["B"]["early_finish"], rows["C"]["early_start"]) == (datetime(2026, 1, 8, 8), MONDAY, MONDAY)
    assert rows["B"]["late_finish"] == FRIDAY


def test_no_relationship_moves_what_a_mandatory_start_places() -> None:
    rows = found({**SATURDAY, "B": (2, "A FF"), "C": (1, "B")}, "A", "C", B={"constraint": "mandatory_start", "constraint_date": datetime(2026, 1, 8, 8)})
    assert (rows["B"]["early_finish"], rows["C"]["early_start"]) == (FRIDAY, FRIDAY)


def test_what_a_finished_activity_holds_by_a_lag_stands_there_too() -> None:
    """A ended before the data date, and 148 hours round the clock behind that it is Saturday, 12:00."""
    done = {"actual_start": datetime(2026, 1, 2, 8), "actual_finish": datetime(2026, 1, 4, 8)}
    rows = found({"A": 1, "B": (2, "A FF+18.5d"), "C": (1, "B")}, "A", "C", A=done)
    assert (rows["B"]["early_finish"], rows["C"]["early_start"]) == (MONDAY, MONDAY)


@pytest.mark.parametrize(("late", "stands"), [(True, FRIDAY), (False, datetime(2026, 1, 5, 8))])
def test_a_milestone_as_late_as_possible_ends_the_work_that_it_lets_pass(late: bool, stands: datetime) -> None:
    said = {"kind": "finish_milestone"} | ({"constraint": "as_late_as_possible"} if late else {})
    assert found({"A": 5, "M": 0}, M=said)["M"]["early_finish"] == stands


def test_work_that_keeps_the_same_hours_ends_last_together() -> None:
    """A level of effort round the clock sees that A is held to Monday; to the work on weekdays Friday evening is the same end."""
    said = {"A": {"constraint": "finish_on_or_after", "constraint_date": datetime(2026, 1, 10, 12)}, "L": {"kind": "level_of_effort"}}
    rows = found({"A": 2, "B": 5, "L": (1, "A FF")}, "L", **said)
    assert (rows["A"]["early_finish"], rows["B"]["early_finish"], rows["L"]["early_finish"]) == (MONDAY, FRIDAY, MONDAY)
    assert rows["A"]["longest_path"]
    assert rows["B"]["longest_path"]


def test_a_milestone_that_nothing_holds_stands_at_the_data_date_and_has_not_happened() -> None:
    said = {"M": {"kind": "finish_milestone"}, "L": {"kind": "level_of_effort"}}
    rows = found({"A": 1, "M": (0, "A SF-1d"), "B": 5, "L": (1, "M SS; B FF"), "Z": 6}, "Z", **said)
    assert rows["M"]["early_finish"] == datetime(2026, 1, 5, 8)
    assert (rows["M"]["late_finish"], rows["L"]["late_start"]) == (FRIDAY, FRIDAY)


@pytest.mark.parametrize("constraint", ["finish_on_or_after", "finish_on", "mandatory_finish"])
@pytest.mark.parametrize(
    ("when", "stands"), [(FRIDAY, FRIDAY), (MONDAY, MONDAY), (datetime(2026, 1, 10, 12), MONDAY), (datetime(2026, 1, 2, 17), datetime(2026, 1, 5, 8))]
)
def test_a_finish_milestone_stands_at_the_instant_that_its_constraint_says(constraint: str, when: datetime, stands: datetime) -> None:
    """P6 23.12.1 (cpp-cpm-engine, 2.9.54): one that is held to Friday, 17:00, drives seven-day work from Saturday. No date moves it before the data date."""
    said = {"kind": "finish_milestone", "constraint": constraint, "constraint_date": when}
    rows = found({"A": 0, "C": (1, "A")}, "C", A=said)
    assert (rows["A"]["early_start"], rows["A"]["early_finish"], rows["C"]["early_start"]) == (stands, stands, stands)
    alone = found({"A": 0, "C": (1, "A")}, A=said)["A"]
    assert (alone["early_start"], alone["early_finish"]) == (stands, stands)


def test_logic_before_a_mandatory_finish_of_a_milestone_moves_nothing() -> None:
    said = {"kind": "finish_milestone", "constraint": "mandatory_finish", "constraint_date": FRIDAY}
    rows = found({"B": 12, "A": (0, "B"), "C": (1, "A")}, "B", "C", A=said)
    assert (rows["A"]["early_finish"], rows["C"]["early_start"]) == (FRIDAY, FRIDAY)


@pytest.mark.parametrize("kind", ["finish_milestone", "start_milestone", "task"])
@pytest.mark.parametrize("when", [FRIDAY, MONDAY])
def test_what_must_be_done_by_an_instant_holds_what_leads_to_it_by_that(kind: str, when: datetime) -> None:
    """So a milestone on or before Friday, 17:00, gives no weekend to the round-the-clock work before it; on or before Monday, 08:00, it does."""
    side = "start" if kind == "start_milestone" else "finish"
    said = {"kind": kind, "constraint": f"{side}_on_or_before", "constraint_date": when}
    rows = found({"B": 3, "M": (0, "B"), "Z": 15}, "B", M=said)
    assert (rows["M"]["late_start"], rows["M"]["late_finish"], rows["B"]["late_finish"]) == (when, when, when)


def test_a_mandatory_date_at_the_beginning_of_work_is_late_where_it_is_early() -> None:
    said = {"kind": "finish_milestone", "constraint": "mandatory_finish", "constraint_date": MONDAY}
    rows = found({"B": 3, "M": (0, "B"), "C": (3, "M"), "D": 1}, "B", "D", M=said, C={"constraint": "finish_on_or_before", "constraint_date": FRIDAY})
    assert (rows["M"]["late_finish"], rows["B"]["late_finish"]) == (MONDAY, MONDAY)


@pytest.mark.parametrize(("application", "always"), [("p6", ()), ("p6", ("C",)), ("msp", ())])
@pytest.mark.parametrize("kind", ["finish_on", "finish_on_or_after", "mandatory_finish"])
@pytest.mark.parametrize("when", [FRIDAY, MONDAY])
def test_a_milestone_stands_on_the_very_date_that_holds_it(application: str, always: tuple[str, ...], kind: str, when: datetime) -> None:
    """Friday evening and Monday morning are one to its calendar, but not to those who read the date (slack9.mpp, task 11), nor to what works meanwhile."""
    said = {"kind": "finish_milestone", "constraint": kind, "constraint_date": when}
    rows = found({"A": 2, "M": (0, "A"), "C": (1, "M")}, *always, application=application, M=said)
    assert (rows["M"]["early_start"], rows["M"]["early_finish"]) == (when, when)
    assert rows["C"]["early_start"] == (when if always else MONDAY)


@pytest.mark.parametrize(
    ("when", "ends"), [(FRIDAY, FRIDAY), (datetime(2026, 1, 10, 12), FRIDAY), (MONDAY, MONDAY), (datetime(2026, 1, 9, 15), datetime(2026, 1, 9, 15))]
)
def test_what_leads_to_a_milestone_is_done_by_its_late_date(when: datetime, ends: datetime) -> None:
    """A contract's date on Friday evening leaves those who work on weekends no weekend."""
    said = {"kind": "finish_milestone", "constraint": "finish_on_or_before", "constraint_date": when}
    rows = found({"A": 2, "M": (0, "A"), "B": 15}, "A", M=said)
    assert (rows["A"]["late_finish"], rows["M"]["late_finish"]) == (ends, ends)


def test_a_milestone_on_one_calendar_is_late_on_its_own_date() -> None:
    """It begins the plan, and so stands in the morning early."""
    said = {"kind": "finish_milestone", "constraint": "finish_on_or_before", "constraint_date": FRIDAY}
    rows = found({"M": 0, "B": 15}, M=said)
    assert (rows["M"]["early_finish"], rows["M"]["late_finish"]) == (datetime(2026, 1, 5, 8), FRIDAY)
