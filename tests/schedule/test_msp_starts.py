"""MS Project: what hangs on a start, what is round the clock, and what is done last."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.schedule.agreement import as_stored
from pmo_lib.schedule.dates import schedule_once
from tests.schedule.test_msp_rules import dates, msp_plan


def test_a_link_from_a_summarys_start_hangs_on_what_starts_first() -> None:
    """A summary task starts where the first of its tasks does, whatever their order (MPXJ's MicrosoftScheduler agrees)."""
    plan = {"S": 0, "S2": (2, "S1"), "S1": 3, "B": (1, "S SS"), "C": (1, "S SS+1d"), "D": (1, "S")}
    rows = dates(msp_plan(plan, below={"S": ["S2", "S1"]}))
    assert [rows[name]["early_start"].day for name in "BCD"] == [5, 6, 12]


def test_what_opens_a_summary_may_wait_for_another_summarys_start() -> None:
    plan = {"X": (2, ""), "S": (0, "X"), "S1": 3, "T": (0, "S SS"), "T1": (2, ""), "T2": (1, "T1"), "B": (1, "T SS")}
    rows = dates(msp_plan(plan, below={"S": ["S1"], "T": ["T1", "T2"]}))
    assert rows["S1"]["early_start"] == rows["T1"]["early_start"] == rows["B"]["early_start"] == datetime(2026, 1, 7, 8)


def test_a_begun_summary_starts_where_its_work_did() -> None:
    details = {"S1": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 480, "resumed": datetime(2026, 1, 7, 8)}}
    rows = dates(msp_plan({"S": 0, "S1": 3, "S2": (2, "S1"), "B": (1, "S SS+1d")}, below={"S": ["S1", "S2"]}, details=details))
    assert rows["B"]["early_start"] == datetime(2026, 1, 6, 8)


def test_elapsed_work_begins_in_the_evening_and_has_float_over_the_night() -> None:
    """Curing that follows what ends at 17:00 starts and finishes at 17:00, and has float if its successor starts on a morning.

    Reference: Eastwood Harris, Managing elapsed duration tasks in Microsoft Project (2024).
    """
    elapsed = {"Cure": {"elapsed": True, "duration": 5 * 1440, "remaining_duration": 5 * 1440}}
    rows = dates(msp_plan({"Pour": 1, "Cure": (5, "Pour"), "Strip": (1, "Cure")}, details=elapsed))
    assert (rows["Cure"]["early_start"], rows["Cure"]["early_finish"]) == (datetime(2026, 1, 5, 17), datetime(2026, 1, 10, 17))
    assert rows["Strip"]["early_start"] == datetime(2026, 1, 12, 8)
    assert rows["Cure"]["total_float"] == 39 * 60
    assert rows["Pour"]["total_float"] == 480  # the critical path is lost, as the article goes on


def test_nothing_that_waits_for_its_start_holds_what_has_begun() -> None:
    """MPXJ's MicrosoftScheduler agrees: a start that has happened cannot be late."""
    begun = {"A": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 480, "resumed": datetime(2026, 1, 7, 8)}}
    rows = dates(msp_plan({"A": 3, "B": (5, "A SS")}, details=begun))
    assert (rows["A"]["late_finish"], rows["B"]["total_float"]) == (datetime(2026, 1, 9, 17), 0)


def test_what_begins_with_a_manual_task_does_not_hold_its_late_dates() -> None:
    """MPXJ's MicrosoftScheduler, made after samples of MS Project: what follows its end does. The project ends on Tuesday, 20 January."""
    held = {"M": {"manual": True, "stored_start": datetime(2026, 1, 5, 8), "stored_finish": datetime(2026, 1, 6, 17)}}
    for link, ends in (("M SS", datetime(2026, 1, 20, 17)), ("M FF", datetime(2026, 1, 20, 17)), ("M", datetime(2026, 1, 6, 17))):
        rows = dates(msp_plan({"M": 2, "B": (10, link), "L": 12}, details=held))
        assert rows["M"]["late_finish"] == ends, link
    assert dates(msp_plan({"M": 2, "B": (10, "M SS"), "L": 12}))["M"]["late_finish"] == datetime(2026, 1, 8, 17)


def test_late_dates_count_from_what_is_done_last() -> None:
    """The project ends with its last task, done or not (MPXJ's MicrosoftScheduler agrees)."""
    done = {"A": {"actual_start": datetime(2026, 1, 8, 8), "actual_finish": datetime(2026, 1, 9, 17), "remaining_duration": 0}}
    rows = dates(msp_plan({"A": 2, "B": 2}, details=done))
    assert (rows["B"]["late_finish"], rows["B"]["total_float"], rows["B"]["free_float"]) == (datetime(2026, 1, 9, 17), 3 * 480, 3 * 480)


def test_inactive_work_neither_waits_nor_is_waited_for() -> None:
    rows = dates(msp_plan({"A": 2, "B": (5, "A"), "C": (1, "B")}, details={"B": {"active": False}}))
    assert set(rows) == {"A", "C"}
    assert rows["C"]["early_start"] == datetime(2026, 1, 5, 8)


def test_early_dates_of_what_is_as_late_as_possible_follow_what_another_such_has_moved() -> None:
    """MPXJ's MicrosoftScheduler agrees: B is moved by A, and C's early start follows B; A's own early start stays where it could begin."""
    late = {name: {"constraint": "as_late_as_possible"} for name in "AC"}
    found = as_stored(schedule_once(msp_plan({"A": 1, "B": (1, "A"), "C": (1, "B"), "X": 10}, details=late)))
    assert [found[name]["early_start"].day for name in "ABC"] == [5, 15, 16]
    assert [found[name]["start"].day for name in "ABC"] == [14, 15, 16]
