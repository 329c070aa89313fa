"""MSPDI as other programs write it, and tasks of other projects in MS Project's own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi

HEAD = '<?xml version="1.0" encoding="UTF-8"?>{before}<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate><Tasks>'


def read(path: Path) -> list[Project]:
    """As a door would: the reader knows its file."""
    assert mspdi.matches(path.read_bytes(), path)
    return mspdi.parse(path)


def plan_of(folder: Path, *tasks: str, before: str = "") -> Project:
    rows = [f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name>{more}</Task>" for uid, more in enumerate(tasks, start=1)]
    (folder / "plan.xml").write_text(HEAD.format(before=before) + "".join(rows) + "</Tasks></Project>", encoding="utf-8")
    return read(folder / "plan.xml")[0]


def codes(plan: Project) -> set[str]:
    return set(plan.findings["code"])


def after(uid: int, kind: str = "1") -> str:
    return f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type></PredecessorLink>"


def dated(start: str, finish: str) -> str:
    return f"<Start>2026-01-{start}</Start><Finish>2026-01-{finish}</Finish>"


DAY = "<OutlineLevel>1</OutlineLevel><Duration>PT8H0M0S</Duration>"


def test_a_task_with_dates_and_no_duration_lasts_from_one_to_the_other(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, dated("08T08:00:00", "12T17:00:00"), dated("08T08:00:00", "12T17:00:00") + "<PercentComplete>50</PercentComplete>")
    assert plan.tables["activities"].select("duration", "remaining_duration", "kind").rows() == [(1440, 1440, "task"), (1440, 720, "task")]
    assert {"duration-from-dates", "written-elsewhere"} <= codes(plan)
    assert "duration-missing" in codes(plan_of(tmp_path, "<Start>2026-01-08T08:00:00</Start>"))


def test_progress_without_actual_dates_began_as_planned(tmp_path: Path) -> None:
    progress = "<PercentComplete>{}</PercentComplete>"
    plan = plan_of(tmp_path, *(DAY + dated("06T08:00:00", "06T17:00:00") + progress.format(share) for share in (0, 25, 100)))
    start, finish = datetime(2026, 1, 6, 8), datetime(2026, 1, 6, 17)
    found = plan.tables["activities"].select("actual_start", "actual_finish", "remaining_duration").rows()
    assert found == [(None, None, 480), (start, None, 360), (start, finish, 0)]
    assert "progress-without-start" in codes(plan)


def test_who_wrote_it(tmp_path: Path) -> None:
    early = DAY + "<EarlyStart>2026-01-05T08:00:00</EarlyStart>"
    assert "written-elsewhere" not in codes(plan_of(tmp_path, early))
    said = plan_of(tmp_path, early, before="<!-- Exported by Some Planner 3.1 -->").findings
    assert any("(Exported by Some Planner 3.1)" in message for message in said["message"])


def test_a_time_zone_is_told(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, DAY + dated("06T08:00:00.000Z", "06T17:00:00+01:00"))
    assert plan.tables["activities"]["stored_finish"][0] == datetime(2026, 1, 6, 17)
    assert "time-zone" in codes(plan)


def test_a_prefixed_namespace_is_known(tmp_path: Path) -> None:
    (tmp_path / "plan.xml").write_text(
        '<p:Project xmlns:p="http://schemas.microsoft.com/project/2007"><p:Tasks><p:Task><p:UID>1</p:UID><p:Duration>PT8H</p:Duration></p:Task></p:Tasks></p:Project>'
    )
    assert read(tmp_path / "plan.xml")[0].tables["activities"]["duration"].to_list() == [480]


def test_the_projects_own_row_without_a_level_is_no_task(tmp_path: Path) -> None:
    (tmp_path / "plan.xml").write_text(
        HEAD.format(before="") + "<Task><UID>0</UID><Name>All</Name><Duration>PT80H</Duration></Task><Task><UID>1</UID><Duration>PT8H</Duration></Task>"
        "</Tasks></Project>"
    )
    [plan] = read(tmp_path / "plan.xml")
    assert plan.tables["activities"]["kind"].to_list() == ["summary", "task"]
    assert plan.tables["activities"]["wbs"].to_list() == [None, "0"]
    assert "outline-missing" in codes(plan)


def test_outline_numbers_place_rows_that_are_not_in_their_order(tmp_path: Path) -> None:
    rows = [("1.1", 2), ("2", 1), ("1", 1), ("2.1", 2), ("1.2", 2)]
    tasks = [f"<OutlineNumber>{number}</OutlineNumber><OutlineLevel>{level}</OutlineLevel><Duration>PT8H</Duration>" for number, level in rows]
    assert plan_of(tmp_path, *tasks).tables["activities"]["wbs"].to_list() == ["3", None, None, "2", "3"]
    tasks[4] = tasks[4].replace("1.2", "1.1")  # numbers that repeat say nothing: by level and order
    assert plan_of(tmp_path, *tasks).tables["activities"]["wbs"].to_list() == [None, None, None, "3", "3"]


def test_a_summary_with_nothing_below_it_is_a_task(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, DAY + "<Summary>1</Summary>", DAY + after(1))
    assert schedule.dates(plan)["early_start"].to_list() == [datetime(2026, 1, 5, 8), datetime(2026, 1, 6, 8)]
    assert "summary-empty" in codes(plan)


@pytest.mark.parametrize(("said", "kind"), [("1", "FS"), ("0", "FF"), ("SS", "SS"), ("", "FS"), ("later", None), ("7", None)])
def test_types_of_relationships(tmp_path: Path, said: str, kind: str | None) -> None:
    plan = plan_of(tmp_path, DAY, DAY + after(1, said))
    found = plan.tables["relationships"]["type"].to_list() if "relationships" in plan.tables else []
    assert found == ([kind] if kind else [])
    assert ("value-unknown" in codes(plan)) == (kind is None)


@pytest.mark.parametrize("flag", ["<ExternalTask>1</ExternalTask>", "<IsSubproject>1</IsSubproject><Summary>1</Summary>"])
def test_a_task_of_another_project_keeps_its_dates_and_its_successor_waits_for_it(tmp_path: Path, flag: str) -> None:
    """MS Project schedules it in the other file; taken as this one's own it would begin with the project."""
    plan = plan_of(tmp_path, DAY + flag + dated("14T08:00:00", "14T17:00:00"), DAY + after(1))
    assert schedule.dates(plan)["early_start"].to_list() == [datetime(2026, 1, 14, 8), datetime(2026, 1, 15, 8)]
    assert "external-task" in codes(plan)


@pytest.mark.parametrize("names", [("Six days", "Standard"), ("Standard", "Six days"), ("Six days",)])
def test_a_project_that_names_no_calendar_follows_the_standard_one_of_the_file(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Or else the first."""
    hours = "<DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>07:00:00</FromTime><ToTime>15:00:00</ToTime></WorkingTime></WorkingTimes>"
    made = "".join(
        f"<Calendar><UID>{uid}</UID><Name>{name}</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays><WeekDay><DayType>2</DayType>{hours}</WeekDay></WeekDays></Calendar>"
        for uid, name in enumerate(names, start=1)
    )
    (tmp_path / "plan.xml").write_text(
        HEAD.format(before="").replace("<Tasks>", f"<Calendars>{made}</Calendars><Tasks><Task><UID>1</UID>{DAY}</Task></Tasks></Project>")
    )
    [plan] = read(tmp_path / "plan.xml")
    assert plan.info.calendar == str(names.index("Standard") + 1 if "Standard" in names else 1)
    assert "calendar-unstated" in codes(plan)


def test_a_project_that_states_no_start_starts_with_its_first_task(tmp_path: Path) -> None:
    task = "<Task><UID>{}</UID>" + DAY + dated("{:02}T08:00:00", "{:02}T17:00:00") + "{}</Task>"
    early = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-02T08:00:00</ConstraintDate>"  # before what starts first: no start of the project
    rows = task.format(1, 8, 8, "") + task.format(2, 7, 7, "") + task.format(3, 9, 9, early)
    (tmp_path / "plan.xml").write_text('<Project xmlns="http://schemas.microsoft.com/project"><Tasks>' + rows + "</Tasks></Project>")
    [plan] = read(tmp_path / "plan.xml")
    assert plan.info.planned_start == datetime(2026, 1, 7, 8)
    assert "project-start-unstated" in codes(plan)
