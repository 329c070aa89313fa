"""Lists with a column a stage of the work, as ActionableAgile exchanges them: the whole way of each item, and what does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pmo_lib import flow
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import door
from pmo_lib.readers.lists import activities, stages

HEADERS = "ID,Link,Name,Ready,Dev,Test,Done,Type,Team,Labels,Area"
ROWS = [
    "W-1,https://x/W-1,One,2026-01-05,2026-01-06,2026-01-08,2026-01-09,Bug,Red,[a;b],x",
    "W-2,,Two,2026-01-05,2026-01-07,,2026-01-12,Story,Blue,c|d,",
    'W-3,,"Three, and more",2026-01-06,2026-01-13,,,Story,Red,,y',
    "W-4,,Four,2026-01-07,,,,Story,,,",
    "W-5,,Five,,,,2026-01-10,Story,,,",
]


def export(tmp_path: Path, *rows: str, headers: str = HEADERS) -> Path:
    file = tmp_path / "team.csv"
    file.write_text("\n".join([headers, *(rows or ROWS)]) + "\n")
    return file


def parsed(file: Path) -> Project:
    """As the door has it read, in this process."""
    assert door.admit(file) == stages.__name__
    return stages.parse(file)[0]


def found(plan: Project, code: str) -> list[str]:
    return plan.findings.filter(code=code)["place"].to_list()


def test_the_way_of_each_item_by_hand(tmp_path: Path) -> None:
    plan = parsed(export(tmp_path))
    assert (plan.info.source, plan.info.key) == ("stage_list", "team")
    assert plan.tables["statuses"].select("status", "category", "position").rows() == [
        ("Ready", "to_do", 0), ("Dev", "in_progress", 1), ("Test", "in_progress", 2), ("Done", "done", 3)
    ]  # fmt: skip
    cycles = {row["item"]: row for row in flow.cycle_times(plan).iter_rows(named=True)}
    assert {key: row["cycle_time"] for key, row in cycles.items()} == {"W-1": 4.0, "W-2": 6.0, "W-3": None, "W-4": None, "W-5": None}
    assert cycles["W-5"]["reason"] == "went to done without a start: it skipped every column of work"
    assert cycles["W-1"]["created"] == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert flow.ageing(plan, at=datetime(2026, 1, 20)).select("item", "column", "age").rows() == [("W-3", "Dev", 8.0)]
    state = flow.cumulative_flow(plan, at=datetime(2026, 1, 13, 18))
    assert state.row(-1) == (date(2026, 1, 13), 5, 4, 3, 3)
    items = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    assert (items["W-1"]["team"], items["W-1"]["labels"], items["W-2"]["labels"], items["W-3"]["name"]) == ("Red", ["a", "b"], ["c", "d"], "Three, and more")
    assert "Area" in plan.findings.filter(code="columns-unused")["message"][0]
    assert "Ready (to do), Dev (in progress)" in plan.findings.filter(code="stages")["message"][0]


def test_the_same_as_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "team.xlsx")) as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADERS.split(","))
        sheet.write_row(1, 0, ["W-1", "", "One"])
        for column, day in enumerate((5, 6, 8, 9), start=3):
            sheet.write_datetime(1, column, datetime(2026, 1, day), style)
    assert door.admit(tmp_path / "team.xlsx") == activities.__name__  # a workbook is opened in the readers' process alone, which sees what it is
    plan = activities.parse(tmp_path / "team.xlsx")[0]
    assert plan.info.source == "stage_list"
    assert flow.cycle_times(plan)["cycle_time"].to_list() == [4.0]


def test_what_does_not_fit_is_named(tmp_path: Path) -> None:
    rows = [
        "W-1,,One,2026-01-08,2026-01-06,,2026-01-09,Bug,,,",
        "W-2,,Two,2026-01-05,,,,Bug,,,", "W-2,,Again,2026-01-05,,,,Bug,,,", ",,Nobody,2026-01-05,,,,Bug,,,", "W-3,,Nowhere,,,,,Bug,,,",
    ]  # fmt: skip
    plan = parsed(export(tmp_path, *rows))
    assert found(plan, "stages-backwards") == ["row 2, W-1: 'Ready' after 'Dev'"]
    assert flow.cycle_times(plan).filter(item="W-1")["cycle_time"].to_list() == [4.0]  # from the 6th, when work on it began
    assert found(plan, "key-twice") == ["row 4, W-2"]
    assert found(plan, "item-without-key") == ["row 5"]
    assert found(plan, "item-without-creation") == ["row 6, W-3"]
    with pytest.raises(UnreadableFile, match="some of its dates have the day first, others the month"):
        parsed(export(tmp_path, "W-1,,One,13/01/2026,01/14/2026,,,Bug,,,"))


@pytest.mark.parametrize(
    ("headers", "row", "module"),
    [
        ("ID,Name,Backlog,Doing,Closed,Type", "1,One,2026-01-05,2026-01-06,2026-01-07,Bug", stages.__name__),
        ("Work Item ID,Title,New,Active,Resolved,Closed", "1,One,05.01.2026,06.01.2026,07.01.2026,", stages.__name__),
        ("ID,Name,Start,Finish,Duration", "1,One,2026-01-05,2026-01-06,2d", "pmo_lib.readers.lists.activities"),
        ("ID,Name,Finished", "1,One,2026-01-05", "pmo_lib.readers.lists.finished"),
        ("Issue id,Issue key,Created,Updated,Resolved,Status", "1,W-1,2026-01-05,2026-01-05,,Open", "pmo_lib.readers.jira.csv_export"),
    ],
)
def test_which_lists_are_read_so(tmp_path: Path, headers: str, row: str, module: str) -> None:
    assert door.admit(export(tmp_path, row, row.replace("1,", "2,", 1), headers=headers)) == module


def test_stages_of_one_day_are_all_passed(tmp_path: Path) -> None:
    plan = parsed(export(tmp_path, "A-1,One,2026-03-02,2026-03-03,2026-03-03,2026-03-03", headers="ID,Name,Ready,Doing,Test,Done"))
    cycles = flow.cycle_times(plan)
    assert cycles.select("cycle_time", "lead_time", "reason").rows() == [(1.0, 2.0, None)]
    assert plan.tables["transitions"]["after"].to_list() == ["Ready", "Doing", "Test", "Done"]
