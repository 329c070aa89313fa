"""Plans that cannot be right: each comes through the door with a finding that has its place, or is refused in one sentence; never a traceback."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import pmo_lib as pmo
from pmo_lib import cli
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project
from tests.schedule.hostile_files import NO_DAYS, xer


def read(folder: Path, text: str) -> Project:
    path = folder / "hostile.xer"
    path.write_text(text, encoding="utf-8")
    return pmo.read(path)


FOUND = {  # what is wrong: the finding, where, and what can still be scheduled
    "a link to a missing activity": (xer(links="A>B B>Z"), "relationship-without-activities", "TASKPRED, line 19: B -> task_id Z", "ABC"),
    "a negative duration": (xer("A:-40 B:16 C:24"), "row-refused", "activities, A", "BC"),
    "no calendar": (xer(calendar=None), "no-calendar", "CALENDAR", "ABC"),
    "a date in 9999": (xer(constraint={"B": "9999-12-31 08:00"}), "date-unreadable", "TASK B, line 14: '9999-12-31 08:00'", "ABC"),
    "a date in 1900": (xer(constraint={"B": "1900-01-01 08:00"}), "date-old", "activities, B", "ABC"),
    "a date before 1900": (xer(constraint={"B": "1753-01-01 08:00"}), "date-unreadable", "TASK B, line 14: '1753-01-01 08:00'", "ABC"),
    "a data date in 9999": (xer(data_date="9999-12-31 00:00"), "date-unreadable", "PROJECT, line 4: '9999-12-31 00:00'", "ABC"),
    "a duration of centuries": (xer("A:40 B:900000000 C:24"), "value-absurd", "TASK B, line 14", "AC"),
    "an unknown lag calendar": (xer(fields={"sched_calendar_on_relationship_lag": "rcal_Moon"}), "value-unknown", "SCHEDOPTIONS, line 10: 'rcal_Moon'", "ABC"),
    "float to several projects": (xer(fields={"sched_use_project_end_date_for_float": "N"}), "option-float-of-open-projects", "SCHEDOPTIONS, line 10", "ABC"),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_fault_has_its_place_and_the_rest_is_scheduled(case: str, tmp_path: Path) -> None:
    text, code, place, left = FOUND[case]
    plan = read(tmp_path, text)
    places = plan.findings.filter(plan.findings["code"] == code)["place"].to_list()
    assert any(each.startswith(place) for each in places), plan.findings.rows()
    assert "".join(pmo.schedule.dates(plan)["activity"]) == left


REFUSED = {
    "a loop, the shortest of several": (
        xer("A:8 B:8 C:8 D:8 E:8", "A>B B>C C>D D>A C>B D>E"),
        "the schedule has a loop: B -> C -> B; remove one of its relationships",
    ),
    "an activity that precedes itself by way of two": (xer(links="A>B B>C C>A"), "the schedule has a loop: A -> B -> C -> A; remove one of its relationships"),
    "a calendar without working time": (xer(calendar=NO_DAYS), "calendar Site, on which A is to be done, has no working time; give it a working day"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_scheduled_is_refused_in_a_sentence(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text, sentence = REFUSED[case]
    plan = read(tmp_path, text)
    with pytest.raises(NotSchedulable) as refused:
        pmo.schedule.dates(plan)
    assert str(refused.value) == sentence
    monkeypatch.setattr("sys.argv", ["pmo", "check", str(tmp_path / "hostile.xer")])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr()
    assert f"No dates: {sentence}" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_loop_is_a_finding_where_it_runs(tmp_path: Path) -> None:
    found = pmo.office.assess_plan(read(tmp_path, REFUSED["a loop, the shortest of several"][0]), forecast=False).findings
    assert found.row(0, named=True)["place"] == "relationships, B -> C -> B"
    assert found.row(0, named=True)["code"] == "not-scheduled"


def test_a_calendar_without_working_time_is_a_finding_too(tmp_path: Path) -> None:
    plan = read(tmp_path, xer(calendar=NO_DAYS))
    assert plan.findings.filter(plan.findings["code"] == "calendar-without-work")["place"].to_list() == ["CALENDAR, line 7"]


def test_a_plan_of_1900_is_scheduled_in_1900(tmp_path: Path) -> None:
    dates = pmo.schedule.dates(read(tmp_path, xer(data_date="1900-01-01 08:00")))
    assert dates["early_finish"].to_list() == [datetime(1900, 1, day, 17) for day in (5, 9, 12)]
