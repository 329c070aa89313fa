"""What P6 does that no real file at hand shows; each case says where the behaviour is documented."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.tables import Assignments, ExternalRelationships
from pmo_lib.tables.framing import framed


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
    rows = [(*row, *[None] * (len(ExternalRelationships.column_names()) - len(row))) for row in found]
    return ExternalRelationships.validate(pl.DataFrame(rows, schema=dict(ExternalRelationships.create_empty().schema), orient="row"))


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


@pytest.mark.parametrize("ignored", [False, True])
def test_free_float_ends_where_a_successor_in_another_project_begins(ignored: bool) -> None:
    """P6 20.12 and 23.12, in files of two projects. A, with float inside too, leads to X a day before its start; B, which leads nowhere else, to Y's finish."""
    plan = p6_plan({"A": 2, "B": 1, "C": (3, "A"), "D": 20, "E": (1, "C; D")}, options=SchedulingOptions(ignore_external=ignored))
    late = day(30, 17)
    links = external(
        ("A", "successor", "OTHER", "X", "FS", 480, late, late, False, day(12), day(20, 17)),
        ("B", "successor", "OTHER", "Y", "FF", 0, late, late, False, day(6), day(9, 17)),
        ("C", "successor", "OTHER", "Z", "FS", 0, late, late, True, day(5), day(6, 17)),  # done, so it holds nothing
        ("D", "successor", "OTHER", "V", "SS", 0, late, late, False, day(8), day(9, 17)),
    )
    found = rows(replace(plan, tables={**plan.tables, "external_relationships": links}))
    free = {name: found[name]["free_float"] / 480 for name in "ABCD"}
    assert free == ({"A": 0, "B": 20, "C": 15, "D": 0} if ignored else {"A": 0, "B": 4, "C": 15, "D": 0})
    alone = found["A"], rows(replace(plan, tables={**plan.tables, "external_relationships": links, "relationships": plan.tables["relationships"].clear()}))["A"]
    assert [row["free_float"] / 480 for row in alone] == ([0, 18] if ignored else [0, 2])


# Expected finish. Oracle, P6 help, "Use expected finish dates": the remaining duration is worked out so that the activity ends on its expected
# finish; docs.oracle.com, "Scheduling options". With logic in between it is the start that logic gives that counts.


def expecting(used: bool, kind: str = "task") -> dict[str, dict[str, Any]]:
    details = {"B": {"expected_finish": day(16, 17), "kind": kind}}
    return rows(p6_plan({"A": 3, "B": (2, "A"), "C": (1, "B")}, details=details, options=SchedulingOptions(use_expected_finish=used)))


def test_an_expected_finish_sets_the_duration_from_where_logic_lets_it_begin() -> None:
    assert [expecting(False)[name]["early_finish"] for name in "ABC"] == [day(7, 17), day(9, 17), day(12, 17)]
    found = expecting(True)
    assert [found[name]["early_finish"] for name in "ABC"] == [day(7, 17), day(16, 17), day(19, 17)]
    assert (found["B"]["early_start"], found["B"]["late_start"], found["B"]["total_float"]) == (day(8), day(8), 0)


def test_work_that_depends_on_resources_may_expect_a_finish_too() -> None:
    assert expecting(True, "resource_dependent")["B"]["early_finish"] == day(16, 17)


def test_an_expected_finish_leaves_no_free_float() -> None:
    """An update by P6 23.12: Friday 30 January is expected, the successor begins on Tuesday 17 February, free float none, and total float as ever."""
    details = {"A": {"expected_finish": day(9, 17)}}
    for used, free in ((True, 0), (False, 8)):
        found = rows(p6_plan({"A": 2, "B": 10, "C": (1, "A; B")}, details=details, options=SchedulingOptions(use_expected_finish=used)))
        assert (found["A"]["free_float"], found["A"]["total_float"]) == (free * 480, (5 if used else 8) * 480)


# cpp-cpm-engine, 2.9.52 and 2.9.53, against P6 Professional 23.12.1: 145 activities whose expected finish leaves no time.


@pytest.mark.parametrize("expected", [day(6, 17), day(5, 8), datetime(2026, 1, 2, 17)])  # passed by logic, at the data date, before it
@pytest.mark.parametrize("assigned", [False, True])
def test_an_expected_finish_that_leaves_no_time_takes_the_duration_of_what_has_no_assignment(expected: datetime, assigned: bool) -> None:
    details = {"B": {"expected_finish": expected}}
    plan = p6_plan({"A": 3, "B": (2, "A"), "C": (1, "B"), "D": (9, "A")}, details=details, options=SchedulingOptions(use_expected_finish=True))
    used = framed(Assignments, [{"activity": "B"}] if assigned else [])
    found = rows(replace(plan, tables={**plan.tables, "assignments": used}))
    assert found["C"]["early_start"] == (day(12) if assigned else day(8))
    assert found["B"]["early_finish"] in ([day(9, 17)] if assigned else [day(7, 17), day(8)])
    assert found["B"]["total_float"] == (6 if assigned else 8) * 480


# Constraints of begun work. cpp-cpm-engine, 2.9.52, against P6 Professional 23.12.1: 56 activities of 56.


@pytest.mark.parametrize(
    ("kind", "late"),
    [
        ("finish_on_or_after", day(16, 17)),
        ("finish_on", day(14, 17)),
        ("mandatory_finish", day(16, 17)),
        ("finish_on_or_before", day(14, 17)),
        ("start_on_or_before", day(16, 17)),
    ],
)
def test_no_constraint_moves_the_finish_of_begun_work(kind: str, late: datetime) -> None:
    begun = {"actual_start": day(5), "constraint": kind, "constraint_date": day(14, 17), "remaining_duration": 960}
    found = rows(p6_plan({"A": 4, "B": 8}, data_date=day(7), details={"A": begun}))
    assert (found["A"]["early_finish"], found["A"]["late_finish"]) == (day(8, 17), late)
    waiting = rows(p6_plan({"A": 2, "B": 8}, data_date=day(7), details={"A": {**begun, "actual_start": None}}))
    assert (waiting["A"]["early_finish"] == day(8, 17)) == kind.endswith("before")


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


# Free float. P6 23.12 shows none, not less, where a successor stands before its predecessor ends (jaggelas, A1340, which a mandatory milestone follows).


def test_free_float_is_never_less_than_nothing() -> None:
    held = {"M": {"constraint": "mandatory_finish", "constraint_date": day(7, 17)}}
    found = rows(p6_plan({"A": 5, "M": (0, "A")}, details=held))
    assert (found["A"]["total_float"], found["A"]["free_float"]) == (-2 * 480, 0)


# Open ends. P6's "Make open-ended activities critical": an activity without successor has its own early finish for late finish.


def test_open_ends_are_critical_where_the_option_says_so() -> None:
    found = rows(p6_plan({"A": 2, "B": 5}, options=SchedulingOptions(open_ends_critical=True)))
    assert [found[name]["total_float"] for name in "AB"] == [0, 0]
    assert found["A"]["critical"]


# Lags that have begun to run. Captured from P6 23.12 (validation summary of cpp-cpm-engine v2.9.47: eleven probe projects, and 1,196 open activities
# of an export): only what has not run out between the actual date and the data date is laid, from where the predecessor's remaining work begins;
# "calculate start-to-start lag from actual start" lays it from the data date instead; nothing of a lead, or of an actual date after the data date.


def out_of_sequence(link: str, **options: Any) -> dict[str, dict[str, Any]]:
    """A began on 5 January, and its three days that are left wait for P, which ends on the 13th; B follows A's start."""
    details = {"A": {"actual_start": day(5), "remaining_duration": 1440}}
    plan = {"P": 5, "A": (5, "P"), "B": (1, link)}
    return rows(p6_plan(plan, data_date="2026-01-07", details=details, options=SchedulingOptions(**options)))


@pytest.mark.parametrize(
    ("lag_from", "link", "starts"),
    [
        ("early_start", "A SS+4d", day(16)),  # two of the four days have run
        ("actual_start", "A SS+4d", day(9)),
        ("early_start", "A SS+1d", day(14)),  # none is left
        ("actual_start", "A SS+1d", day(7)),
        ("early_start", "A SS-1d", day(14)),
        ("actual_start", "A SF+4d", day(15)),  # its finish two days after the 14th; the option is about start to start
    ],
)
def test_of_a_lag_from_started_work_only_what_has_not_run_out_is_laid(lag_from: str, link: str, starts: datetime) -> None:
    assert out_of_sequence(link, lag_from=lag_from)["B"]["early_start"] == starts


def test_late_dates_know_only_what_is_left_of_a_lag() -> None:
    """B may start on 16 January, the last day of the project, and A two days before that, whatever the option says of early dates."""
    found = out_of_sequence("A SS+4d")
    assert (found["B"]["total_float"], found["A"]["late_finish"]) == (0, found["B"]["late_finish"])
    assert found["A"]["total_float"] == 0
    assert out_of_sequence("A SS+4d", lag_from="actual_start")["A"]["total_float"] == 0


# Finished work. Captured from P6 23.12 (the same validation, cases 16 to 21, where all 291 and 256 open activities agree): it is scheduled like any
# other, with nothing left to do, from the data date or where it was to resume. Under retained logic it waits for what is unfinished before it and
# hands that on, to its successors as to their floats.


def finished(link: str = "B", resumed: datetime | None = None, **options: Any) -> dict[str, dict[str, Any]]:
    """B is finished though A, which it follows, is not; C follows B. Z is long enough that nothing else ends the project."""
    details = {"B": {"actual_start": day(5), "actual_finish": day(5, 17), "remaining_duration": 0, "resumed": resumed}}
    plan = {"A": 4, "B": (2, "A"), "C": (3, link), "Z": 15}
    return rows(p6_plan(plan, data_date="2026-01-07", details=details, options=SchedulingOptions(**options)))


def test_what_finished_out_of_sequence_hands_on_what_it_waits_for() -> None:
    found = finished()
    assert (found["A"]["early_finish"], found["C"]["early_start"]) == (day(12, 17), day(13))
    assert (found["A"]["free_float"], found["A"]["total_float"], found["C"]["total_float"]) == (0, found["C"]["total_float"], 8 * 480)
    assert (found["B"]["early_start"], found["B"]["early_finish"], found["B"]["late_finish"]) == (day(5), day(5, 17), None)


@pytest.mark.parametrize("mode", ["progress_override", "actual_dates"])
def test_where_progress_overrides_logic_it_hands_on_nothing(mode: str) -> None:
    found = finished(out_of_sequence=mode)
    assert found["C"]["early_start"] == day(7)
    assert found["A"]["free_float"] == 11 * 480


def test_the_lag_of_finished_work_runs_from_its_own_finish() -> None:
    """One day has run by the data date, and what is left is laid from where A hands on, on 12 January."""
    assert finished("B FS+5d")["C"]["early_start"] == day(19)
    assert finished("B FS+1d")["C"]["early_start"] == day(13)
    assert finished("B FS-3d")["C"]["early_start"] == day(13)


def test_finished_work_that_was_to_resume_later_holds_what_follows_it() -> None:
    """Whatever A does, and in whatever mode."""
    assert finished(resumed=day(20, 17))["C"]["early_start"] == day(21)
    assert finished(resumed=day(20, 17), out_of_sequence="progress_override")["C"]["early_start"] == day(21)
    assert finished(resumed=day(6, 17), out_of_sequence="progress_override")["C"]["early_start"] == day(7)


def test_a_chain_of_finished_work_hands_on_too_and_lays_no_lag_between_its_links() -> None:
    done = {"actual_start": day(5), "actual_finish": day(6, 17), "remaining_duration": 0}
    plan = {"A": 4, "B": (2, "A"), "M": (2, "B FS+10d"), "C": (3, "M SS"), "L": (1, "A SS; C FF")}
    details = {"B": done, "M": done, "L": {"kind": "level_of_effort"}}
    found = rows(p6_plan(plan, data_date="2026-01-07", details=details))
    assert found["C"]["early_start"] == day(13)
    assert [found[name]["longest_path"] for name in "AC"] == [True, True]


# Level of effort. Oracle, P6 help, "Level of effort": it takes its dates from its predecessors and successors and drives nothing.


def test_level_of_effort_spans_and_does_not_drive() -> None:
    details = {"L": {"kind": "level_of_effort"}}
    found = rows(p6_plan({"A": 2, "B": (3, "A"), "L": (1, "A SS; B FF"), "D": (1, "A")}, details=details))
    assert (found["L"]["early_start"], found["L"]["early_finish"]) == (day(5), day(9, 17))
    assert not found["L"]["critical"]
    assert found["B"]["total_float"] == 0


# How it takes them: MPXJ's scheduler, made after P6's files (`benchmarks.prove mpxj_scheduler`: of 257 four differ, in late starts that leads reach).

EFFORT = {"L": {"kind": "level_of_effort"}}


def span(relationships: str, more: dict[str, Any] | None = None, details: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """Of a level of effort beside A (two days from Monday), B (three after it) and C (one after A, two days of float)."""
    plan = {"A": 2, "B": (3, "A"), "C": (1, "A"), "L": (1, relationships), **(more or {})}
    return rows(p6_plan(plan, details=EFFORT | (details or {}), **options))["L"]


def test_a_level_of_effort_is_as_late_as_what_it_spans() -> None:
    found = span("A SS; C FF")
    assert (found["early_start"], found["early_finish"]) == (day(5), day(7, 17))
    assert (found["late_start"], found["late_finish"], found["total_float"], found["free_float"]) == (day(5), day(9, 17), 960, 0)
    assert not found["critical"]


def test_a_level_of_effort_begins_and_ends_with_its_successors_too() -> None:
    found = span("A", more={"D": (1, "B; L SS-1d"), "E": (1, "D; L FF+1d")})
    assert (found["early_start"], found["early_finish"]) == (day(7), day(12, 17))
    found = span("", more={"D": (1, "B; L SS"), "E": (1, "D; L FF")})
    assert (found["early_start"], found["early_finish"]) == (day(12), day(13, 17))


def test_nothing_ends_a_level_of_effort() -> None:
    """It has no length, and until the project's finish to wait."""
    found = span("A")
    assert (found["early_start"], found["early_finish"], found["late_finish"]) == (day(7), day(7), day(9, 17))
    assert found["total_float"] == 1440


def test_a_level_of_effort_after_another() -> None:
    found = span("A SS; B FF", more={"K": (1, "L")}, details={"K": {"kind": "level_of_effort"}})
    assert found["early_finish"] == day(9, 17)
    plan = {"A": 2, "B": (3, "A"), "K": (1, "L; B FF"), "L": (1, "A SS; A FF")}
    found = rows(p6_plan(plan, details=EFFORT | {"K": {"kind": "level_of_effort"}}))["K"]
    assert (found["early_start"], found["early_finish"]) == (day(7), day(9, 17))


def test_what_began_before_the_data_date_begins_a_level_of_effort() -> None:
    begun = {"A": {"actual_start": day(5), "remaining_duration": 480}}
    found = span("A SS; B FF", details=begun, data_date="2026-01-07")
    assert (found["early_start"], found["early_finish"], found["late_start"], found["total_float"]) == (day(5), day(12, 17), day(7), 0)


def test_a_level_of_effort_is_over_when_what_ends_it_is() -> None:
    done = {"A": {"actual_start": day(5), "actual_finish": day(6, 17), "remaining_duration": 0}}
    found = span("A SS; A FF", details=done, data_date="2026-01-07")
    assert (found["early_start"], found["early_finish"], found["late_finish"], found["total_float"]) == (day(5), day(6, 17), None, 0)


def test_a_finished_level_of_effort_drives_nothing() -> None:
    done = {"L": {"kind": "level_of_effort", "actual_start": day(5), "actual_finish": day(6, 17), "remaining_duration": 0}}
    found = rows(p6_plan({"A": 10, "L": (1, "A SS"), "B": (1, "L FS+5d")}, details=done, data_date="2026-01-07"))
    assert found["B"]["early_start"] == day(7)


def test_level_of_efforts_that_wait_for_each_other_are_still_dated() -> None:
    effort = {name: {"kind": "level_of_effort"} for name in "LK"}
    found = rows(p6_plan({"A": 2, "L": (1, "K; A FF"), "K": (1, "L; A FF")}, details=effort))
    assert None not in {row["early_finish"] for row in found.values()}


def test_a_chain_of_expected_finishes_far_away_is_scheduled() -> None:
    """Each of sixty, one after the other, is expected on the same day twenty-five years ahead: the first lasts that long, the others nothing."""
    names = [f"A{i}" for i in range(60)]
    plan = {name: (2, names[i - 1]) if i else 2 for i, name in enumerate(names)}
    details = {name: {"expected_finish": datetime(2050, 12, 30, 17)} for name in names}
    found = rows(p6_plan({**plan, "Z": (1, "A59")}, details=details, options=SchedulingOptions(use_expected_finish=True)))
    assert {found[name]["early_finish"] for name in names} == {datetime(2050, 12, 30, 17)}
    assert found["Z"]["early_start"] == datetime(2051, 1, 2, 8)
