"""Quality from snapshot to snapshot."""

from __future__ import annotations

from datetime import timedelta

from test_checks import MONDAY

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan


def test_each_version_has_every_check_and_looks_back() -> None:
    done = {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=2, hours=9), "remaining_duration": 0}
    first = make_plan({"A": 3, "B": (3, "A")}, data_date="2026-01-12")
    second = make_plan({"A": 3, "B": (3, "A"), "E": (0, "B")}, details={"A": done}, data_date="2026-01-19")
    found = schedule.trend([second, first])  # put in the order of their status dates
    assert found.height == 2 * schedule.checks(first).height
    assert found["data_date"].unique(maintain_order=True).to_list() == [first.info.data_date, second.info.data_date]
    logic = found.filter(check="logic")
    assert logic["numerator"].to_list() == [2, 0]
    assert found.filter(check="retroactive_actuals")["reason"].to_list() == ["there is no earlier snapshot to compare with", None]
    assert found.filter(check="retroactive_actuals")["numerator"].to_list() == [None, 1]  # reported a week late
    assert schedule.trend([]).is_empty()
    assert found.filter(check="bei")["reason"].to_list() == ["the plan has no baseline"] * 2
    measured = schedule.trend([second, first], first).filter(check="bei")
    assert measured["value"].to_list()[1] == 1
    assert measured["value"].to_list() == [schedule.checks(plan, first).filter(check="bei")["value"].item() for plan in (first, second)]
