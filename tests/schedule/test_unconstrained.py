"""The plan without its hard constraints: what logic alone says, of a plan that typed dates hold."""

from __future__ import annotations

from datetime import datetime

import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project

HELD = {"constraint": "mandatory_finish", "constraint_date": datetime(2026, 1, 30, 17)}
PERMIT = {"constraint_2": "start_on_or_after", "constraint_2_date": datetime(2026, 1, 14, 8)}


def finishes(plan: Project) -> dict[str, str]:
    return {name: f"{at:%m-%d}" for name, at in schedule.dates(plan).select("activity", "early_finish").iter_rows()}


def test_the_pins_go_and_what_reality_imposes_stays() -> None:
    plan = make_plan({"A": 5, "B": (3, "A"), "C": (2, "B")}, start="2026-01-05", calendar="mon-fri", details={"B": HELD, "C": PERMIT})
    assert finishes(plan) == {"A": "01-09", "B": "01-30", "C": "02-03"}
    free = schedule.unconstrained(plan)
    assert finishes(free) == {"A": "01-09", "B": "01-14", "C": "01-16"}
    assert free.tables["activities"].filter(activity="B").select("constraint", "constraint_date").row(0) == (None, None)
    assert free.tables["activities"].filter(activity="C").select("constraint_2", "constraint_2_date").row(0) == tuple(PERMIT.values())
    assert finishes(plan)["B"] == "01-30"  # the plan itself is as it was
    assert schedule.checks(free).filter(check="hard_constraints")["numerator"].item() == 0


def test_the_second_constraint_is_one_too_and_kinds_can_be_given() -> None:
    second = {"constraint_2": "finish_on_or_before", "constraint_2_date": datetime(2026, 1, 7, 17)}
    first = {"constraint": "start_on", "constraint_date": datetime(2026, 1, 19, 8)}
    plan = make_plan({"A": 5, "B": (3, "A")}, start="2026-01-05", calendar="mon-fri", details={"A": first | PERMIT, "B": second})
    assert schedule.unconstrained(plan).tables["activities"]["constraint_2"].to_list() == ["start_on_or_after", None]
    assert schedule.unconstrained(plan).tables["activities"]["constraint"].to_list() == ["start_on", None]
    freed = schedule.unconstrained(plan, ("start_on", "start_on_or_after"))
    assert freed.tables["activities"].select("constraint", "constraint_2").rows() == [(None, None), (None, "finish_on_or_before")]
    assert finishes(freed)["A"] == "01-09"


def test_a_plan_without_activities_says_so() -> None:
    plan = make_plan({"A": 1}, start="2026-01-05")
    with pytest.raises(NotAvailable, match=r"schedule\.unconstrained needs activities"):
        schedule.unconstrained(Project(plan.info, {}))
