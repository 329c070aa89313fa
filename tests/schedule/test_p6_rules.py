"""What P6 does that no real file at hand shows; each case says where the behaviour is documented."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.tables import ExternalRelationships


def p6_plan(activities: dict[str, Any], *, options: SchedulingOptions | None = None, **more: Any) -> Project:
    """A plan under P6's rules, Monday to Friday 08:00-17:00, data date Monday 5 January 2026."""
    plan = make_plan(activities, start="2026-01-05", data_date=more.pop("data_date", "2026-01-05"), options=options, **more)
    return replace(plan, info=replace(plan.info, application="p6"))


def rows(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, number, hour)


# External dates. Oracle, P6 help, "Schedule options": ignoring relationships to and from other projects ignores External Early Start and
# External Late Finish too; eastwoodharris.com, "What are P6 external dates": they constrain like a start on or after and a finish on or before.


def test_external_dates_bind_like_soft_constraints() -> None:
    details = {"A": {"external_early_start": day(7)}, "B": {"external_late_finish": day(8, 17)}}
    found = rows(p6_plan({"A": 2, "B": (3, "A")}, details=details))
    assert (found["A"]["early_start"], found["B"]["early_finish"]) == (day(7), day(13, 17))
    assert found["B"]["late_finish"] == day(8, 17)
    assert found["A"]["total_float"] == found["B"]["total_float"] == -3 * 480


def test_external_dates_are_ignored_where_the_option_says_so() -> None:
    details = {"A": {"external_early_start": day(7)}, "B": {"external_late_finish": day(8, 17)}}
    found = rows(p6_plan({"A": 2, "B": (3, "A")}, details=details, options=SchedulingOptions(ignore_external=True)))
    assert (found["A"]["early_start"], found["B"]["total_float"]) == (day(5), 0)


def external(*found: tuple[Any, ...]) -> pl.DataFrame:
    return ExternalRelationships.validate(pl.DataFrame(found, schema=dict(ExternalRelationships.create_empty().schema), orient="row"))


def test_relationships_with_another_project_of_the_file_hold_at_its_dates() -> None:
    """A waits for X's finish and two days; X2 needs B's finish one day before its own late finish."""
    plan = p6_plan({"A": 2, "B": (3, "A")})
    links = external(
        ("A", "predecessor", "OTHER", "X", "FS", 960, day(5), day(6, 17), False), ("B", "successor", "OTHER", "X2", "FF", 480, day(12), day(15, 17), False)
    )
    found = rows(replace(plan, tables={**plan.tables, "external_relationships": links}))
    assert (found["A"]["early_start"], found["B"]["early_finish"]) == (day(9), day(15, 17))
    assert found["B"]["late_finish"] == day(14, 17)
    assert found["A"]["total_float"] == -480


def test_a_finish_to_finish_from_another_project_holds_the_finish() -> None:
    plan = p6_plan({"A": 2})
    links = external(("A", "predecessor", "OTHER", "X", "FF", 0, day(5), day(9, 17), False))
    assert rows(replace(plan, tables={**plan.tables, "external_relationships": links}))["A"]["early_start"] == day(8)


# Expected finish. Oracle, P6 help, "Use expected finish dates": the remaining duration is worked out so that the activity ends on its expected
# finish; docs.oracle.com, "Scheduling options". With logic in between it is the start that logic gives that counts.


def expecting(used: bool) -> dict[str, dict[str, Any]]:
    details = {"B": {"expected_finish": day(16, 17)}}
    return rows(p6_plan({"A": 3, "B": (2, "A"), "C": (1, "B")}, details=details, options=SchedulingOptions(use_expected_finish=used)))


def test_an_expected_finish_sets_the_duration_from_where_logic_lets_it_begin() -> None:
    assert [expecting(False)[name]["early_finish"] for name in "ABC"] == [day(7, 17), day(9, 17), day(12, 17)]
    found = expecting(True)
    assert [found[name]["early_finish"] for name in "ABC"] == [day(7, 17), day(16, 17), day(19, 17)]
    assert (found["B"]["early_start"], found["B"]["late_start"], found["B"]["total_float"]) == (day(8), day(8), 0)


def test_an_expected_finish_that_logic_has_passed_leaves_no_duration() -> None:
    details = {"B": {"expected_finish": day(6, 17)}}
    found = rows(p6_plan({"A": 3, "B": (2, "A")}, details=details, options=SchedulingOptions(use_expected_finish=True)))
    assert found["B"]["early_finish"] in (day(7, 17), day(8))


# Suspend and resume. Oracle, P6 help, "Suspend and resume an activity's progress": the remaining duration is scheduled from the resume date.


def test_suspended_work_goes_on_where_it_resumes() -> None:
    details = {"A": {"actual_start": day(5), "suspended": day(6), "resumed": day(14), "remaining_duration": 960}}
    found = rows(p6_plan({"A": 4, "B": (1, "A")}, data_date="2026-01-07", details=details))
    assert (found["A"]["early_finish"], found["B"]["early_start"]) == (day(15, 17), day(16))


# Secondary constraints: P6 takes both, as eastwoodharris.com's "Primary and secondary constraints" shows with an early and a late date.


def test_primary_and_secondary_constraint_both_bind() -> None:
    both = {"constraint": "start_on_or_after", "constraint_date": day(7), "constraint_2": "finish_on_or_before", "constraint_2_date": day(8, 17)}
    found = rows(p6_plan({"A": 4, "B": (1, "A")}, details={"A": both}))
    assert (found["A"]["early_start"], found["A"]["early_finish"], found["A"]["late_finish"]) == (day(7), day(12, 17), day(8, 17))
    assert (found["A"]["total_float"], found["B"]["total_float"]) == (-2 * 480, 0)


# As late as possible. Oracle, P6 help, "Constraint definitions": the activity starts and finishes as late as possible without delaying successors:
# zero free float, the total float of what comes before stays.


def test_as_late_as_possible_takes_the_free_float_alone() -> None:
    plan = {"A": 2, "B": (1, "A"), "C": (5, "A"), "D": (1, "B; C")}
    found = rows(p6_plan(plan, details={"B": {"constraint": "as_late_as_possible"}}))
    assert (found["B"]["early_start"], found["B"]["early_finish"], found["B"]["free_float"]) == (day(13), day(13, 17), 0)
    assert (found["A"]["early_start"], found["A"]["total_float"]) == (day(5), 0)


# Open ends. P6's "Make open-ended activities critical": an activity without successor has its own early finish for late finish.


def test_open_ends_are_critical_where_the_option_says_so() -> None:
    found = rows(p6_plan({"A": 2, "B": 5}, options=SchedulingOptions(open_ends_critical=True)))
    assert [found[name]["total_float"] for name in "AB"] == [0, 0]
    assert found["A"]["critical"]


# Start-to-start lag. Oracle, P6 help, "Compute start to start lag from": early start, or the actual start of a predecessor that has begun.


def test_a_start_to_start_lag_runs_from_the_early_or_the_actual_start() -> None:
    details = {"A": {"actual_start": day(5), "remaining_duration": 1440}}
    found = {
        lag_from: rows(p6_plan({"A": 5, "B": (1, "A SS+4d")}, data_date="2026-01-07", details=details, options=SchedulingOptions(lag_from=lag_from)))  # type: ignore[arg-type]
        for lag_from in ("early_start", "actual_start")
    }
    assert found["early_start"]["B"]["early_start"] == day(13)  # four days after the data date
    assert found["actual_start"]["B"]["early_start"] == day(9)  # four days after 5 January


# Level of effort. Oracle, P6 help, "Level of effort": it takes its dates from its predecessors and successors and drives nothing.


def test_level_of_effort_spans_and_does_not_drive() -> None:
    details = {"L": {"kind": "level_of_effort"}}
    found = rows(p6_plan({"A": 2, "B": (3, "A"), "L": (1, "A SS; B FF"), "D": (1, "A")}, details=details))
    assert (found["L"]["early_start"], found["L"]["early_finish"]) == (day(5), day(9, 17))
    assert not found["L"]["critical"]
    assert found["B"]["total_float"] == 0
