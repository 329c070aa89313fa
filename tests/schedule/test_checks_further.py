"""Checks beyond the 14 points: each finds its fault, and only that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest
from test_checks import MONDAY, rows, with_baseline

from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project
from pmo_lib.tables import TABLES
from tests.schedule.test_msp_rules import msp_plan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def done(first: int, last: int) -> dict[str, datetime | int]:
    """Worked from the first to the last of these days after Monday."""
    return {"actual_start": MONDAY + timedelta(days=first), "actual_finish": MONDAY + timedelta(days=last, hours=9), "remaining_duration": 0}


def test_dangling_logic() -> None:
    plan = make_plan({"S": 0, "A": (5, "S"), "B": (5, "A SS"), "C": (5, "A FF"), "E": (0, "B; C")})
    found = rows(plan)
    assert found["logic"]["numerator"] == 0
    assert found["open_starts"]["offenders"] == ["C"]  # held at its finish alone
    assert found["open_finishes"]["offenders"] == []
    assert rows(make_plan({"A": 5, "B": (5, "A SS"), "E": (0, "B")}))["open_finishes"]["offenders"] == ["A"]


def test_level_of_effort_holds_nothing() -> None:
    found = rows(make_plan({"S": 0, "A": (5, "S"), "L": (5, "A")}, details={"L": {"kind": "level_of_effort"}}))
    assert found["logic"]["numerator"] == 0
    assert found["open_finishes"]["offenders"] == ["A"]


def test_near_critical() -> None:
    plan = make_plan({"A": 20, "B": 15, "C": 14, "E": (0, "A; B; C")})
    assert rows(plan)["near_critical"]["offenders"] == ["B"]  # 5 days, and C has 6
    assert (rows(plan)["near_critical"]["value"], rows(plan)["near_critical"]["passed"]) == (1.0, None)


def test_calendars_missing_and_unused() -> None:
    plan = make_plan({"A": 1, "B": 1})
    calendars, activities = plan.tables["calendars"], plan.tables["activities"]
    spare = pl.concat([calendars, calendars.with_columns(calendar=pl.lit("spare"), name=pl.lit("Nights"))])
    lost = activities.with_columns(calendar=pl.when(pl.col("activity") == "B").then(pl.lit("nowhere")))
    found = rows(Project(plan.info, {**plan.tables, "calendars": spare, "activities": lost}))
    assert found["missing_calendars"]["offenders"] == ["B"]
    assert found["unused_calendars"]["offenders"] == ["Nights"]
    assert rows(plan)["unused_calendars"]["value"] == rows(plan)["missing_calendars"]["value"] == 0


def test_a_calendar_without_work_leaves_what_needs_no_dates() -> None:
    plan = make_plan({"A": 1, "B": (1, "A")})
    idle = plan.tables["shifts"].with_columns(start=pl.lit(None, pl.Int64), finish=pl.lit(None, pl.Int64))
    found = rows(Project(plan.info, {**plan.tables, "shifts": idle}))
    assert found["missing_calendars"]["offenders"] == ["A", "B"]
    assert "no working time" in found["high_float"]["reason"]
    assert found["leads"]["value"] == 0


def test_activities_outside_the_wbs() -> None:
    plan = make_plan({"A": 1, "B": 1})
    assert rows(plan)["outside_wbs"]["reason"] == "the plan has no work breakdown structure"
    element = pl.DataFrame(
        {"wbs": ["1"], "parent": [None], "code": ["1"], "name": ["Works"], "level": [0], "activity": [None]}, schema=dict(TABLES["wbs"].create_empty().schema)
    )
    placed = plan.tables["activities"].with_columns(wbs=pl.when(pl.col("activity") == "A").then(pl.lit("1")).otherwise(pl.lit("2")))
    assert rows(Project(plan.info, {**plan.tables, "wbs": element, "activities": placed}))["outside_wbs"]["offenders"] == ["B"]


@pytest.mark.parametrize(
    ("logic", "first", "second", "broken"),
    [
        ("A", done(0, 4), done(7, 9), False),
        ("A", done(0, 4), done(4, 9), True),  # Friday 08:00, before Friday 17:00
        ("A-1d", done(0, 4), done(4, 9), False),
        ("A+1d", done(0, 4), done(7, 9), True),
        ("A+1d", done(0, 4), done(8, 9), False),
        ("A SS", done(2, 4), done(1, 9), True),
        ("A SS", done(1, 4), done(1, 9), False),
        ("A FF", done(0, 4), done(0, 3), True),
        ("A FF", done(0, 4), done(0, 4), False),
        ("A SF", done(3, 4), done(0, 1), True),
        ("A SF", done(2, 4), done(0, 1), False),  # Tuesday 17:00 is Wednesday 08:00
        ("A", {}, {"actual_start": MONDAY}, True),
        ("A SS", {"actual_start": MONDAY}, {"actual_start": MONDAY}, False),
        ("A FF", {}, {"actual_start": MONDAY}, False),  # it has not ended yet
        ("A+1d", {}, {"actual_start": MONDAY + 20 * DAY}, True),  # whenever it is scheduled, it has not ended
        ("A-30d", {}, {"actual_start": MONDAY}, False),
    ],
)
def test_out_of_sequence(logic: str, first: dict[str, datetime], second: dict[str, datetime], broken: bool) -> None:
    found = rows(make_plan({"A": 5, "B": (3, logic)}, details={"A": first, "B": second}, data_date="2026-01-26"))["out_of_sequence"]
    assert bool(found["numerator"]) is broken


def test_what_still_matters_is_named_first() -> None:
    details = {"A": done(0, 4), "B": done(2, 9), "C": {"actual_start": MONDAY}}
    found = rows(make_plan({"A": 5, "B": (3, "A"), "X": 9, "C": (3, "X")}, details=details, data_date="2026-01-26"))["out_of_sequence"]
    assert found["offenders"] == ["X -> C FS", "A -> B FS"]


@pytest.mark.parametrize(("later", "named"), [(done(7, 8), ["S -> B FS"]), (done(8, 9), [])])
def test_a_summary_tasks_relationship_counts_once(later: dict[str, datetime], named: list[str]) -> None:
    """B waits for S, of which T ends on the second Monday: a relationship out of sequence, though two activities belong to S."""
    details = {"T": done(0, 7), "U": done(7, 7), "S": done(0, 7), "B": later}
    plan = msp_plan({"S": 0, "T": 6, "U": 1, "B": (2, "S")}, below={"S": ["T", "U"]}, details=details)
    found = rows(plan)["out_of_sequence"]
    assert (found["offenders"], found["denominator"]) == (named, 1)


def test_a_summary_tasks_relationships_are_logic_or_not() -> None:
    """T and U follow A as they belong to S. MS Project schedules so, and an auditor who filters for empty predecessors sees two without."""
    plan = msp_plan({"A": 1, "S": (0, "A"), "T": 2, "U": (1, "T"), "B": (2, "S")}, below={"S": ["T", "U"]})
    found, written = rows(plan), rows(plan, summary_logic=False)
    assert (found["logic"]["offenders"], written["logic"]["offenders"]) == (["A", "B"], ["A", "T", "U", "B"])
    assert (found["open_starts"]["offenders"], written["open_starts"]["offenders"]) == (["A"], ["A", "T"])
    assert (found["open_finishes"]["offenders"], written["open_finishes"]["offenders"]) == (["B"], ["U", "B"])


def test_an_assignment_of_nobody_is_no_resource() -> None:
    """MS Project writes one for a task that nobody works on; P6 writes one where the role is known and the person is not."""
    plan = make_plan({"A": 2, "B": 2, "C": 2})
    empty = TABLES["assignments"].create_empty()
    named = pl.DataFrame({"activity": ["A", "B"], "resource": ["1", None]}, schema={name: empty.schema[name] for name in ("activity", "resource")})
    assigned = Project(plan.info, {**plan.tables, "assignments": pl.concat([empty, named], how="diagonal")})
    assert rows(of_msp(assigned))["resources"]["offenders"] == ["B", "C"]
    of_p6 = Project(replace(plan.info, application="p6"), assigned.tables)
    assert rows(of_p6)["resources"]["offenders"] == ["C"]


def test_riding_the_data_date() -> None:
    plan = make_plan({"A": 5, "B": (3, "A"), "C": (3, "A"), "D": (3, "C")}, details={"A": done(0, 4)}, data_date="2026-01-19")
    assert rows(plan)["riding_data_date"]["offenders"] == ["B", "C"]
    friday = replace(plan.info, data_date=datetime(2026, 1, 16, 17))  # no work lies between it and Monday
    assert rows(Project(friday, plan.tables))["riding_data_date"]["offenders"] == ["B", "C"]
    assert rows(make_plan({"A": 5}, data_date="2026-01-19"))["riding_data_date"]["reason"] == "no activity has begun"


@pytest.mark.parametrize(
    ("detail", "wrong"),
    [
        (done(0, 4), False),
        ({**done(0, 4), "remaining_duration": 60}, True),
        ({"actual_start": MONDAY + 5 * HOUR, "actual_finish": MONDAY, "remaining_duration": 0}, True),
        ({"percent_complete": 0.5}, True),
        ({"actual_start": MONDAY, "percent_complete": 1.0}, True),
        ({"actual_start": MONDAY, "remaining_duration": 0}, True),
        ({"actual_start": MONDAY, "percent_complete": 0.4, "remaining_duration": 1440}, False),
        ({"resumed": MONDAY}, True),
        (done(14, 21), True),  # after the status date
        ({"actual_start": MONDAY + 21 * DAY + 9 * HOUR}, True),
        (done(14, 20), False),  # Sunday, and no work lies between
    ],
)
def test_contradictory_progress(detail: dict[str, datetime], wrong: bool) -> None:
    found = rows(make_plan({"A": 5}, details={"A": detail}, data_date="2026-01-26"))["invalid_actuals"]
    assert (found["numerator"], found["denominator"]) == (int(wrong), 1)


def test_a_milestone_may_not_be_met_tomorrow() -> None:
    met = {"kind": "finish_milestone", "actual_start": MONDAY + DAY, "actual_finish": MONDAY + DAY}
    plan = make_plan({"A": 5, "M": 0}, details={"M": met}, data_date="2026-01-05")
    assert rows(plan)["invalid_actuals"]["offenders"] == ["M"]
    assert rows(plan)["invalid_dates"]["numerator"] == 0  # DCMA 9 counts work with a duration


def test_retroactive_actuals() -> None:
    """Kept, moved, withdrawn, reported late, reported in time."""
    older = make_plan(dict.fromkeys("KMWLT", 3), details={"K": done(0, 2), "M": done(0, 2), "W": done(0, 2)}, data_date="2026-01-12")
    newer = make_plan(dict.fromkeys("KMWLT", 3), details={"K": done(0, 2), "M": done(0, 3), "L": done(1, 3), "T": done(8, 9)}, data_date="2026-01-19")
    found = rows(newer, previous=older)["retroactive_actuals"]
    assert found["offenders"] == ["M", "W", "L"]
    assert (found["numerator"], found["denominator"], found["passed"]) == (3, 5, False)
    assert rows(newer)["retroactive_actuals"]["reason"] == "there is no earlier snapshot to compare with"
    assert rows(older, previous=older)["retroactive_actuals"]["passed"]


def test_baseline_of_all_and_starts() -> None:
    plan = make_plan({"A": 5, "B": 5, "C": 5}, details={"A": {"actual_start": MONDAY}}, data_date="2026-01-19")
    found = rows(with_baseline(plan, {"A": MONDAY + timedelta(days=30), "B": MONDAY + timedelta(days=30)}))
    assert found["without_baseline"]["offenders"] == ["C"]
    assert (found["bei_start"]["numerator"], found["bei_start"]["denominator"], found["bei_start"]["offenders"]) == (1, 2, ["B"])
    assert rows(plan)["without_baseline"]["reason"] == "the plan has no baseline"
    assert rows(of_msp(plan))["without_baseline"]["value"] == 1.0  # its files would hold one


def of_msp(plan: Project) -> Project:
    return Project(replace(plan.info, application="msp"), plan.tables)


def test_practices_say_how_far_a_file_tells() -> None:
    found = rows(make_plan({"A": 5, "B": (5, "A")}))
    assert (found["gao_risk_analysis"]["coverage"], found["gao_risk_analysis"]["passed"]) == ("not_measurable", None)
    assert "pmo forecast" in found["gao_risk_analysis"]["reason"]
    assert (found["gao_resources"]["coverage"], found["gao_resources"]["reason"]) == ("not_measurable", "the plan holds neither resources nor costs")
    assert (found["gao_float"]["coverage"], found["gao_float"]["passed"]) == ("measured", True)
    assert (found["gao_baseline"]["coverage"], found["gao_baseline"]["reason"]) == ("not_measurable", "the plan has no baseline")
    unplanned = rows(of_msp(make_plan({"A": 5})))["gao_baseline"]
    assert (unplanned["coverage"], unplanned["passed"], unplanned["offenders"]) == ("partly", False, ["without_baseline"])
    assert (found["gao_sequence"]["numerator"], found["gao_sequence"]["denominator"]) == (5, 8)
    assert found["gao_sequence"]["offenders"] == ["logic", "open_starts", "open_finishes"]
