"""MS Project: where a manually scheduled task stands, and from where the late dates count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.schedule.test_msp_rules import dates, msp_plan, with_mornings


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, number, hour)


def by_hand(start: datetime | None, finish: datetime | None, **more: Any) -> dict[str, Any]:
    return {"manual": True, "stored_start": start, "stored_finish": finish, **more}


PLAN: dict[str, Any] = {"A": 2, "B": (1, "A"), "C": (1, "B"), "Z": 10}  # Z ends on Friday, 16 January


def test_a_manual_task_stands_on_the_saturday_on_which_it_was_put() -> None:
    """It needs its day before its late finish all the same, and so its predecessor ends no later than a day before that."""
    rows = dates(msp_plan(PLAN, details={"B": by_hand(day(10), day(10, 17))}))
    assert (rows["B"]["early_start"], rows["B"]["early_finish"]) == (day(10), day(10, 17))
    assert (rows["C"]["early_start"], rows["C"]["late_start"]) == (day(12), day(16))
    assert (rows["B"]["late_start"], rows["A"]["late_finish"]) == (day(15), day(14, 17))


def test_a_manual_milestone_stands_on_a_sunday() -> None:
    rows = dates(msp_plan({"A": 2, "M": (0, "A"), "C": (1, "M")}, details={"M": by_hand(day(11, 9), day(11, 9))}))
    assert (rows["M"]["early_start"], rows["M"]["early_finish"], rows["C"]["early_start"]) == (day(11, 9), day(11, 9), day(12))


@pytest.mark.parametrize(("start", "finish"), [(day(8), None), (None, day(8, 17))])
def test_one_date_and_the_duration_say_the_other(start: datetime | None, finish: datetime | None) -> None:
    rows = dates(msp_plan(PLAN, details={"B": by_hand(start, finish)}))
    assert (rows["B"]["early_start"], rows["B"]["early_finish"], rows["C"]["early_start"]) == (day(8), day(8, 17), day(9))


def test_calendars_of_its_resources_have_no_say() -> None:
    """Somebody who works in the mornings only is on two days that somebody planned: the late start is two days before the late finish, not four."""
    plan = msp_plan({"A": 2, "C": (1, "A"), "Z": 10}, details={"A": by_hand(day(7), day(8, 17), calendar=None, task_type="fixed_units")})
    rows = dates(with_mornings(plan))
    assert (rows["A"]["early_finish"], rows["A"]["late_start"], rows["A"]["late_finish"]) == (day(8, 17), day(14), day(15, 17))


def test_constraints_of_a_manual_task_have_no_say() -> None:
    """Nor has its finish-no-later-than date one on where the late dates count from."""
    for kind, when in (("start_on_or_after", day(12)), ("mandatory_finish", day(12, 17)), ("finish_on_or_before", day(30, 17))):
        rows = dates(msp_plan(PLAN, details={"B": by_hand(day(8), day(8, 17), constraint=kind, constraint_date=when)}))
        assert (rows["B"]["early_start"], rows["B"]["late_finish"]) == (day(8), day(15, 17)), kind


def test_points_of_the_lowering_and_manual_tasks_go_together() -> None:
    delayed = {"B": by_hand(day(8), day(8, 17)), "C": {"levelling_delay": 1440}}
    rows = dates(msp_plan(PLAN, details=delayed))
    assert (rows["C"]["early_start"], rows["B"]["late_finish"]) == (day(12), day(14, 17))


# Microsoft, Q182899: a task of one day, to finish no later than a date after the project's finish, which has slack until then. Its Late Finish is "the
# latest date to which a task can be delayed without affecting the project finish date or the last constraint date, whichever is later".


def late_end(**options: Any) -> dict[str, dict[str, Any]]:
    held = {"A": {"constraint": "finish_on_or_before", "constraint_date": day(16, 17)}}
    return dates(msp_plan({"A": 1, "B": (1, "A"), "X": 2}, details=held, **options))


def test_late_dates_count_from_the_last_finish_no_later_than_date() -> None:
    rows = late_end()
    assert {name: rows[name]["late_finish"] for name in "ABX"} == {"A": day(15, 17), "B": day(16, 17), "X": day(16, 17)}
    assert {name: rows[name]["total_float"] // 480 for name in "ABX"} == {"A": 8, "B": 8, "X": 8}
    assert not any(row["critical"] for row in rows.values())
    done = {"A": {"constraint": "finish_on_or_before", "constraint_date": day(16, 17), "actual_start": day(5), "actual_finish": day(5, 17)}}
    assert dates(msp_plan({"A": 1, "X": 2}, details=done))["X"]["total_float"] == 0


def test_with_multiple_critical_paths_each_ends_where_it_ends() -> None:
    rows = late_end(open_ends_critical=True)
    assert {name: rows[name]["late_finish"] for name in "ABX"} == {"A": day(5, 17), "B": day(6, 17), "X": day(6, 17)}


@pytest.mark.parametrize(("several", "starts"), [(False, datetime(2023, 6, 26, 8)), (True, datetime(2023, 5, 1, 8))])
def test_on_a_summary_it_moves_what_is_as_late_as_possible(several: bool, starts: datetime) -> None:
    """mpug.com, forum, Summary task: Finish No Later Than constraint: odd behavior: five days from 1 May 2023, the summary no later than 30 June."""
    held = {"T": {"constraint": "as_late_as_possible"}, "S": {"constraint": "finish_on_or_before", "constraint_date": datetime(2023, 6, 30, 17)}}
    plan = msp_plan({"S": 0, "T": 5}, below={"S": ["T"]}, details=held, start="2023-05-01", open_ends_critical=several)
    assert dates(plan)["T"]["early_start"] == starts
