"""MS Project's options and features that no file at hand turns on, worked out by hand from what is published of them; the source stands with each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project
from pmo_lib.readers import read_all
from tests.schedule.test_msp_rules import dates, msp_plan, with_mornings


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, number, hour)


# "Tasks will always honor their constraint dates": T. Boyle, answer on mpug.com 410477: checked, tasks with late constraints, but not their
# predecessors, violate the logic; unchecked restores the primacy of the logic. What is then missed shows as negative slack.


def held(plan: dict[str, Any], kind: str, when: datetime, honoured: bool = False) -> Project:
    """The plan with a constraint on B."""
    return msp_plan(plan, details={"B": {"constraint": kind, "constraint_date": when}}, honour_constraints=honoured)


@pytest.mark.parametrize("kind", ["start_on_or_before", "mandatory_start"])
@pytest.mark.parametrize(("honoured", "starts", "successor"), [(True, day(7), day(9)), (False, day(12), day(14))])
def test_constraint_dates_that_are_honoured_or_not(kind: str, honoured: bool, starts: datetime, successor: datetime) -> None:
    plan = {"A": 5, "B": (2, "A"), "C": (1, "B")}
    rows = dates(held(plan, kind, day(7), honoured))
    assert (rows["B"]["early_start"], rows["C"]["early_start"]) == (starts, successor)
    assert rows["A"]["late_finish"] == day(6, 17)
    assert (rows["A"]["total_float"], rows["B"]["total_float"]) == (-3 * 480, -3 * 480)


@pytest.mark.parametrize("kind", ["finish_on_or_before", "mandatory_finish"])
def test_a_late_finish_that_is_not_honoured(kind: str) -> None:
    rows = dates(held({"A": 5, "B": (2, "A")}, kind, day(8, 17)))
    assert (rows["B"]["early_finish"], rows["B"]["late_finish"], rows["B"]["total_float"]) == (day(13, 17), day(8, 17), -3 * 480)


def test_a_must_start_that_logic_would_let_begin_earlier_still_waits() -> None:
    rows = dates(held({"A": 1, "B": (2, "A")}, "mandatory_start", day(12)))
    assert (rows["B"]["early_start"], rows["B"]["total_float"], rows["A"]["total_float"]) == (day(12), 0, 4 * 480)


# Per cent lags: the EPMA blog, Driving task dependencies with percentages: 25 % of four days is one day and of eight days two. C. Chatfield,
# T. Johnson, Adjusting task link relationships: -25 % begins at the 25-per-cent-remaining point.


@pytest.mark.parametrize(
    ("days", "link", "starts"), [(4, "A SS+25%", day(6)), (8, "A SS+25%", day(7)), (4, "A FS-25%", day(8)), (8, "A FS-25%", day(13)), (4, "A+50%", day(13))]
)
def test_a_lag_of_the_predecessors_duration(days: int, link: str, starts: datetime) -> None:
    assert dates(msp_plan({"A": days, "B": (1, link)}))["B"]["early_start"] == starts


# Multiple critical paths: gristprojectmanagement.us, Using multiple critical paths: for each task without successors the late finish is its early
# finish, so that each network has its own critical path, and slack within it stays.


def test_each_network_has_its_critical_path() -> None:
    plan = {"A": 5, "B": (5, "A"), "X": 1, "Y": (2, "X"), "Z": (1, "X"), "V": (1, "Y; Z"), "Lone": 3}
    one, several = dates(msp_plan(plan)), dates(msp_plan(plan, open_ends_critical=True))
    assert [name for name in one if one[name]["critical"]] == ["A", "B"]
    assert [name for name in several if several[name]["critical"]] == ["A", "B", "X", "Y", "V", "Lone"]
    assert (several["Z"]["total_float"], several["V"]["late_finish"], several["Lone"]["late_finish"]) == (480, day(8, 17), day(7, 17))


# As late as possible, scheduled from the start: MS Project gives the task no total slack, and what follows it, follows (methods 1.6).


def test_a_chain_of_as_late_as_possible_moves_together() -> None:
    """Ten days end on Friday, 16 January: Z on the 16th, Y on the two days before it, X a day of lag before that."""
    late = {name: {"constraint": "as_late_as_possible"} for name in ("X", "Y")}
    plan = {"L": 10, "X": 1, "Y": (2, "X+1d"), "Z": (1, "Y"), "M": (0, "L; Z")}
    rows = dates(msp_plan(plan, details=late))
    assert [rows[name]["early_start"] for name in "XYZ"] == [day(12), day(14), day(16)]
    assert [rows[name]["total_float"] for name in "XYZL"] == [0, 0, 0, 0]
    # P6 gives each the free float that its successors leave it, and Z stays where it was: nothing moves
    free = make_plan(plan, details=late)
    asap = {row["activity"]: row for row in schedule.dates(replace(free, info=replace(free.info, application="p6"))).iter_rows(named=True)}
    assert [asap[name]["early_start"] for name in "XYZ"] == [day(5), day(7), day(9)]


# Recurring tasks: MS Project writes each occurrence as a task of its own below a summary, which may start no earlier than its date. What follows the
# recurring task waits for its last occurrence.

TASK = (
    "<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name}</Name><IsNull>0</IsNull><OutlineLevel>{level}</OutlineLevel><Summary>{summary}</Summary>"
    "<Duration>PT{hours}H0M0S</Duration><DurationFormat>7</DurationFormat><Recurring>{recurring}</Recurring><ConstraintType>{kind}</ConstraintType>{more}</Task>"
)
HEAD = (
    '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><SaveVersion>14</SaveVersion><ScheduleFromStart>1</ScheduleFromStart>'
    "<StartDate>2026-01-05T08:00:00</StartDate><HonorConstraints>1</HonorConstraints><MinutesPerDay>480</MinutesPerDay><Tasks>"
)


def test_a_recurring_task_is_its_occurrences(tmp_path: Path) -> None:
    mondays = [datetime(2026, 1, n, 9) for n in (5, 12, 19)]
    dated = "<ConstraintDate>{0}</ConstraintDate><Start>{0}</Start>"
    rows = [TASK.format(uid=1, name="Weekly meeting", level=1, summary=1, hours=80, recurring=1, kind=0, more="")]
    rows += [
        TASK.format(uid=n, name=f"Weekly meeting {n - 1}", level=2, summary=0, hours=2, recurring=1, kind=4, more=dated.format(when.isoformat()))
        for n, when in enumerate(mondays, start=2)
    ]
    link = "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type><LinkLag>0</LinkLag><LagFormat>7</LagFormat></PredecessorLink>"
    rows.append(TASK.format(uid=9, name="Report", level=1, summary=0, hours=8, recurring=0, kind=0, more=link))
    (tmp_path / "weekly.xml").write_text(HEAD + "".join(rows) + "</Tasks></Project>", encoding="utf-8")
    [plan] = read_all(tmp_path / "weekly.xml")
    found = dates(plan)
    assert [found[str(n)]["early_start"] for n in (2, 3, 4)] == mondays
    assert (found["9"]["early_start"], found["9"]["early_finish"]) == (datetime(2026, 1, 19, 11), datetime(2026, 1, 20, 11))
    assert found["2"]["total_float"] == 10 * 480


def test_a_manual_task_stands_at_its_manual_dates(tmp_path: Path) -> None:
    """MS Project shows ManualStart and ManualFinish of such a task; files of other tools may state nothing else, or something else."""
    stands = "<ManualStart>2026-01-07T08:00:00</ManualStart><ManualFinish>2026-01-08T17:00:00</ManualFinish>"
    for also in ("", "<Start>2026-01-05T08:00:00</Start><Finish>2026-01-06T17:00:00</Finish>"):
        rows = [TASK.format(uid=1, name="Fixed", level=1, summary=0, hours=16, recurring=0, kind=0, more=f"<Manual>1</Manual>{also}{stands}")]
        link = "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>"
        rows.append(TASK.format(uid=2, name="Next", level=1, summary=0, hours=8, recurring=0, kind=0, more=link))
        (tmp_path / "manual.xml").write_text(HEAD + "".join(rows) + "</Tasks></Project>", encoding="utf-8")
        found = dates(read_all(tmp_path / "manual.xml")[0])
        assert [found[uid]["early_start"] for uid in "12"] == [day(7), day(9)]


# Manually scheduled tasks as Project 2016 and 2019 stored them (fixture task-links, mpp14): their slack is that of their late dates, though each stands
# just where its predecessor ends. A deadline holds their late finish too, as MPXJ's MicrosoftScheduler has it from samples.


def test_the_slack_of_a_manual_task_is_that_of_its_late_dates() -> None:
    stands = {"B": {"manual": True, "stored_start": day(7), "stored_finish": day(8, 17)}}
    rows = dates(msp_plan({"A": 2, "B": (2, "A"), "C": 10}, details=stands))
    assert (rows["B"]["late_finish"], rows["B"]["total_float"], rows["B"]["free_float"]) == (day(16, 17), 6 * 480, 6 * 480)
    assert (rows["A"]["total_float"], rows["A"]["free_float"]) == (6 * 480, 0)
    stands["B"]["deadline"] = day(9, 17)
    rows = dates(msp_plan({"A": 2, "B": (2, "A"), "C": 10}, details=stands))
    assert (rows["B"]["late_finish"], rows["B"]["total_float"], rows["A"]["late_finish"]) == (day(9, 17), 480, day(7, 17))


# Free slack, as MS Project stored it: never less than nothing nor more than the total slack (fixture slack9, tasks 9, 11 and 14); all of that where
# the task itself leads nowhere, whatever its summary leads to (new-product, tasks 9 and 14), or only to what is done (NBIA 4.2, task 2319).


def test_free_slack_lies_between_nothing_and_the_total_slack() -> None:
    held = {"M": {"constraint": "mandatory_finish", "constraint_date": day(8, 17)}, "N": {"constraint": "mandatory_finish", "constraint_date": day(9, 17)}}
    rows = dates(msp_plan({"A": 5, "M": (0, "A"), "N": (2, "M"), "Z": 10}, details=held))
    assert {name: rows[name]["free_float"] for name in "AMN"} == {"A": 0, "M": 0, "N": 0}


def test_what_leads_nowhere_itself_has_all_of_its_slack_free() -> None:
    done = {"D": {"actual_start": day(5), "actual_finish": day(5, 17), "remaining_duration": 0}}
    plan = {"S": 0, "S1": 1, "S2": 3, "B": (1, "S"), "Z": 10, "A": 2, "D": (1, "A")}
    rows = dates(msp_plan(plan, below={"S": ["S1", "S2"]}, details=done))
    assert {name: rows[name]["free_float"] // 480 for name in ("S1", "S2", "A")} == {"S1": 8, "S2": 6, "A": 8}


def test_a_lag_runs_on_the_projects_calendar_whenever_its_resources_work() -> None:
    """Microsoft, Q159773: "Project Lag Uses Base Calendar Instead of Resource Calendar"."""
    plan = with_mornings(msp_plan({"B": 1, "A": (1, "B FS+1d"), "C": (1, "A SS-1d"), "Z": 10}, details={"A": {"task_type": "fixed_units"}}))
    rows = dates(plan)
    assert (rows["A"]["early_start"], rows["A"]["early_finish"]) == (day(7), day(8, 12))
    assert rows["C"]["early_start"] == day(6)
    assert (rows["A"]["late_finish"], rows["B"]["late_finish"]) == (day(16, 12), day(13, 17))  # no later than Thursday 15, one day before
