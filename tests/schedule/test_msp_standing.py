"""MS Project's manually scheduled summary tasks: who follows their own dates, and who follows what belongs to them.

Reference: C. Chatfield, T. Johnson, Microsoft Project 2010 Step by Step, Scheduling summary tasks manually: the successor of such a summary task is
rescheduled by the manual duration, shorter or longer than what belongs to it. The dates are worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.readers import read_all
from pmo_lib.schedule.network import lower
from pmo_lib.writers.mspdi.writer import write_mspdi
from tests.schedule.test_msp_rules import dates, msp_plan

PLAN = {"S": 0, "S1": 2, "S2": (1, "S1"), "B": (2, "S")}  # S1 and S2 are done on Wednesday, 7 January
BELOW = {"S": ["S1", "S2"]}


def by_hand(start: datetime, finish: datetime, **more: Any) -> dict[str, Any]:
    return {"manual": True, "stored_start": start, "stored_finish": finish, **more}


WEEK = by_hand(datetime(2026, 1, 5, 8), datetime(2026, 1, 9, 17))


def manual(activities: Mapping[str, Any], below: Mapping[str, Sequence[str]] = BELOW, **details: Mapping[str, Any]) -> Project:
    return msp_plan(activities, below=below, details={"S": WEEK, **details})


@pytest.mark.parametrize(
    ("link", "starts"),
    [
        ("S", datetime(2026, 1, 12, 8)),
        ("S+1d", datetime(2026, 1, 13, 8)),
        ("S FF", datetime(2026, 1, 8, 8)),
        ("S SS+1d", datetime(2026, 1, 6, 8)),
        ("S1", datetime(2026, 1, 7, 8)),
    ],
)
def test_a_successor_follows_the_manual_dates(link: str, starts: datetime) -> None:
    assert dates(manual(PLAN | {"B": (2, link)}))["B"]["early_start"] == starts


def test_also_where_what_belongs_to_it_takes_longer() -> None:
    rows = dates(manual(PLAN, S=by_hand(datetime(2026, 1, 5, 8), datetime(2026, 1, 5, 17))))
    assert rows["B"]["early_start"] == datetime(2026, 1, 6, 8)
    assert rows["S2"]["early_finish"] == datetime(2026, 1, 7, 17)
    later = dates(manual(PLAN | {"B": (2, "S SS")}, S=by_hand(datetime(2026, 1, 8, 8), datetime(2026, 1, 9, 17))))
    assert (later["B"]["early_start"], later["S1"]["early_start"]) == (datetime(2026, 1, 8, 8), datetime(2026, 1, 5, 8))


def test_what_belongs_to_it_is_not_held_by_its_successors() -> None:
    """The project ends with B on Tuesday, 13 January, and so may S2, four days after its own end."""
    rows = dates(manual(PLAN))
    assert (rows["S2"]["late_finish"], rows["S2"]["total_float"]) == (datetime(2026, 1, 13, 17), 4 * 480)
    assert rows["S1"]["total_float"] == 4 * 480
    assert rows["B"]["total_float"] == 0
    assert rows["B"]["critical"]


def test_its_own_finish_ends_the_project_where_nothing_ends_later() -> None:
    rows = dates(manual({"S": 0, "S1": 2, "S2": (1, "S1"), "B": 1}))
    assert {name: row["late_finish"] for name, row in rows.items() if name != "S1"} == dict.fromkeys(("S2", "B"), datetime(2026, 1, 9, 17))


def test_it_stands_though_its_predecessor_ends_later_and_what_belongs_to_it_waits() -> None:
    """A must be done when S begins: three days of negative float, as before a manually scheduled task."""
    rows = dates(manual({"A": 3, "S": (0, "A"), "S1": 2, "S2": (1, "S1"), "B": (2, "S")}))
    assert rows["B"]["early_start"] == datetime(2026, 1, 12, 8)
    assert rows["S1"]["early_start"] == datetime(2026, 1, 8, 8)
    assert rows["A"]["total_float"] == -3 * 480


def test_a_summary_above_it_spans_its_own_dates() -> None:
    plan = {"O": 0, "S": 0, "S1": 8, "T": 4, "B": (1, "O"), "C": (1, "O SS")}
    below = {"O": ["S", "T"], "S": ["S1"]}
    late = by_hand(datetime(2026, 1, 6, 8), datetime(2026, 1, 9, 17))
    rows = dates(manual(plan, below, S=late))
    assert rows["B"]["early_start"] == datetime(2026, 1, 12, 8)  # not 15 January, after S1
    assert rows["C"]["early_start"] == datetime(2026, 1, 5, 8)  # with T


def test_one_that_is_done_is_followed_from_its_actual_finish() -> None:
    done = {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 0}
    ended = {name: {**done, "actual_finish": datetime(2026, 1, day, 17)} for name, day in (("S1", 6), ("S2", 7))}
    rows = dates(manual(PLAN, S=WEEK | done | {"actual_finish": datetime(2026, 1, 9, 17)}, **ended))
    assert rows["B"]["early_start"] == datetime(2026, 1, 12, 8)


def test_one_without_dates_is_no_such() -> None:
    assert dates(manual(PLAN, S={"manual": True}))["B"]["early_start"] == datetime(2026, 1, 8, 8)


def test_a_forecast_waits_for_the_work_too() -> None:
    """A date that somebody wrote is kept as a date before which B does not begin; it neither does the work nor ends the project."""
    short = manual(PLAN | {"S2": (9, "S1")}, S=by_hand(datetime(2026, 1, 5, 8), datetime(2026, 1, 5, 17)))
    net = lower(short, soften=True)
    before = {link.predecessor.split("\n")[0] for link in net.links if link.successor == "B"}
    assert before == {"S", "S1", "S2"}
    assert [net.activities[i].split("\n")[0] for i in range(len(net.activities)) if not net.arrays.drives[i]] == ["S"]


def test_the_checks_see_that_it_holds_its_successor() -> None:
    found = {row["check"]: row for row in schedule.checks(manual(PLAN)).iter_rows(named=True)}
    assert "B" not in found["open_starts"]["offenders"]


def test_the_certificate_and_the_way_back_to_ms_project(tmp_path: Path) -> None:
    plan = manual(PLAN)
    write_mspdi(plan, tmp_path / "plan.xml")
    [back] = read_all(tmp_path / "plan.xml")
    names = dict(back.tables["activities"].select("activity", "name").iter_rows())
    assert {names[activity]: row["early_start"] for activity, row in dates(back).items()} == {a: row["early_start"] for a, row in dates(plan).items()}
    assert back.tables["activities"].filter(name="S").select("kind", "manual", "stored_finish").row(0) == ("summary", True, datetime(2026, 1, 9, 17))
