"""The standard's options of the checks, each against a plan where it makes the difference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from test_checks import MONDAY, rows, with_baseline

from pmo_lib.by_hand import make_plan
from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project
from pmo_lib.standards import standards


def test_milestones_count_where_asked() -> None:
    kinds = {"S": {"kind": "start_milestone"}, "E": {"kind": "finish_milestone"}, "X": {"kind": "finish_milestone"}}
    plan = make_plan({"S": 0, "A": (5, "S"), "B": (5, "A"), "X": (0, "A"), "E": (0, "B")}, details=kinds)
    without, with_ = rows(plan)["logic"], rows(plan, exclude_milestones=False)["logic"]
    assert (without["numerator"], without["denominator"]) == (0, 2)
    # S may begin the project and E may end it, and X has no such excuse
    assert (with_["numerator"], with_["denominator"], with_["offenders"]) == (1, 5, ["X"])


def of_two() -> Project:
    """A has a baseline and is done, B has one and is late, C and D have none; D is done."""
    done = {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=2), "remaining_duration": 0}
    plan = make_plan({"A": 2, "B": 60, "C": 70, "D": 2}, details={"A": done, "D": done}, data_date="2026-01-19")
    return with_baseline(plan, {"A": MONDAY + timedelta(days=2), "B": MONDAY + timedelta(days=4)})


def test_baselined_activities_alone() -> None:
    assert (rows(of_two())["logic"]["numerator"], rows(of_two())["logic"]["denominator"]) == (2, 2)
    narrow = rows(of_two(), baselined_only=True)
    assert (narrow["logic"]["offenders"], narrow["logic"]["denominator"]) == (["B"], 1)
    assert narrow["high_duration"]["denominator"] == 1
    assert narrow["bei"]["denominator"] == rows(of_two())["bei"]["denominator"]  # points 12 and 14 look at all work
    unplanned = rows(make_plan({"A": 2}), baselined_only=True)
    assert unplanned["logic"]["reason"] == "only baselined activities count, and the plan has no baseline"


@pytest.mark.parametrize(("variant", "completed", "of"), [("pam_2012", 2, 4), ("classic", 1, 2), ("both", 2, 3)])
def test_variants_of_the_execution_index(variant: str, completed: int, of: int) -> None:
    """PAM 2012: done A and D, of A and B due and C and D without a baseline; classic: A of A and B; both: A and D of A, B and D."""
    found = rows(of_two(), bei_variant=variant)["bei"]
    assert ("that have a baseline" in found["definition"], "completed ones without" in found["definition"]) == (variant == "classic", variant == "both")
    assert (found["numerator"], found["denominator"], found["value"]) == (completed, of, completed / of)
    assert found["offenders"] == ["B"]


def test_duration_of_the_baseline_or_of_the_rest() -> None:
    begun = {"A": {"actual_start": MONDAY, "remaining_duration": 10 * 480}}
    plan = with_baseline(make_plan({"A": 60, "B": 45}, details=begun), {"A": MONDAY + timedelta(days=30)})
    assert rows(plan)["high_duration"]["offenders"] == ["B"]  # A's baseline: 22 days between its dates
    assert rows(plan, high_duration_of="remaining")["high_duration"]["offenders"] == ["B"]
    longer = with_baseline(make_plan({"A": 60, "B": 40}, details=begun), {"A": MONDAY + timedelta(days=90)})
    assert rows(longer)["high_duration"]["offenders"] == ["A"]
    remaining = rows(longer, high_duration_of="remaining")["high_duration"]
    assert (remaining["offenders"], "whose remaining duration is above 44 working days" in remaining["definition"]) == ([], True)


def test_the_critical_path_is_delayed_by_as_much_as_asked() -> None:
    plan = make_plan({"A": 5, "B": (5, "A"), "C": 9})
    assert rows(plan, critical_path_test_days=100)["critical_path_test"]["denominator"] == 100
    assert rows(plan)["critical_path_test"]["denominator"] == 600


def test_options_that_cannot_be_are_refused() -> None:
    for wrong in ({"bei_variant": "pam"}, {"high_duration_of": "planned"}, {"critical_path_test_days": 0}, {"critical_path_test_days": -5}):
        with pytest.raises(InvalidInput, match=rf"schedule\.checks: schedule\.{next(iter(wrong))}"):
            rows(make_plan({"A": 1}), **wrong)


def test_a_value_is_compared_before_it_is_rounded() -> None:
    """1 of 19 is 5.26 %, which people would read as 5 %."""
    plan = make_plan({f"A{n}": (1, f"A{n - 1}") if n else 1 for n in range(20)} | {"E": (0, "A19")})
    found = rows(plan)["logic"]
    assert (found["numerator"], found["denominator"], found["passed"]) == (1, 20, True)  # 5 % exactly
    shorter = make_plan({f"A{n}": (1, f"A{n - 1}") if n else 1 for n in range(19)} | {"E": (0, "A18")})
    assert (rows(shorter)["logic"]["denominator"], rows(shorter)["logic"]["passed"]) == (19, False)
    assert standards().schedule.logic == 0.05
