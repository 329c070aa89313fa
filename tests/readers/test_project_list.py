"""The project list: headers, statuses in the words that organisations use, what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers.lists.projects import is_project_list, read_project_list

HEADERS = [
    "Key",
    "Name",
    "Programme",
    "Portfolio",
    "Manager",
    "Sponsor",
    "Phase",
    "Approved budget",
    "Approved finish",
    "Key milestones",
    "File pattern",
    "Declared status",
]


def excel(folder: Path, rows: list[list[object]]) -> Path:
    path = folder / "projects.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd mmm yyyy"}) as book:
        page = book.add_worksheet("Projects")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                (page.write_datetime if isinstance(value, date) else page.write)(number, column, value)
    return path


def test_every_field_from_excel(tmp_path: Path) -> None:
    row = ["N1", "Northgate", "Treatment", "Capital", "H. Marsh", "R. Calder", "Build", 6_200_000, date(2027, 5, 21), "A10;A20", "*northgate*", "Amber"]
    path = excel(tmp_path, [["Projects of the year"], HEADERS, row])
    assert is_project_list(path)
    frame, findings = read_project_list(path)
    expected = {
        "key": "N1", "name": "Northgate", "programme": "Treatment", "portfolio": "Capital", "manager": "H. Marsh", "sponsor": "R. Calder", "phase": "Build",
        "approved_budget": 6_200_000.0, "approved_finish": date(2027, 5, 21), "milestones": "A10; A20", "file_pattern": "*northgate*", "declared": "at_risk",
    }  # fmt: skip
    assert frame.row(0, named=True) == expected
    assert findings.is_empty()


@pytest.mark.parametrize(
    ("said", "declared"),
    {
        "Green": "on_track",
        "On track": "on_track",
        "AMBER": "at_risk",
        "yellow": "at_risk",
        "R": "off_track",
        "Grün": "on_track",
        "rouge": "off_track",
        "": None,
        "n/a": None,
    }.items(),
)
def test_words_of_status(tmp_path: Path, said: str, declared: str | None) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Project ID;Project name;Sponsor;RAG status\nP1;One;Ann;{said}\n", encoding="utf-8")
    frame, findings = read_project_list(path)
    assert frame["declared"].item() == declared
    assert findings.is_empty()


def test_what_cannot_be_read_is_told_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [
        "Key,Name,Sponsor,Approved budget,Approved finish,Status",
        "A,One,Ann,lots,03/04/2027,Green",
        ",No key,Bob,1,2027-01-31,Red",
        "a,Twice,,,,",
        'B,,Cy,"1,500,000",2027-06-30,Purple',
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    frame, findings = read_project_list(path)
    assert frame.select("key", "name", "approved_budget", "approved_finish", "declared").rows() == [
        ("A", "One", None, None, "on_track"),
        ("B", "B", 1_500_000.0, date(2027, 6, 30), None),
    ]
    assert dict(findings.select("code", "place").rows()) == {
        "number-unreadable": "row 2",
        "date-ambiguous": "row 2",
        "project-without-key": "row 3",
        "project-twice": "row 4",
        "status-unknown": "row 5",
    }


def test_what_is_no_project_list(tmp_path: Path) -> None:
    activities = tmp_path / "activities.csv"
    activities.write_text("ID,Name,Phase,Status,Start,Finish,% complete\nA,Dig,Build,Green,2026-01-05,2026-01-09,10%\n")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    plan = tmp_path / "plan.mpx"
    plan.write_text("MPX,Microsoft Project,4.0\r\n")
    missing = tmp_path / "missing.xlsx"
    assert [is_project_list(path) for path in (activities, other, plan, missing, tmp_path)] == [False] * 5
    with pytest.raises(UnreadableFile, match="no row of it has headers"):
        read_project_list(other)
