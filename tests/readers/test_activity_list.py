"""Activity lists: what columns mean, dates that could be read two ways, rows that cannot be read."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from pmo_lib import schedule
from pmo_lib.errors import InvalidInput, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import cells, read_all
from pmo_lib.readers.lists.activities import read_activity_list
from pmo_lib.readers.lists.mapping import Mapping, guess_mapping, mapping_file, read_mapping

DAYS = {"day": 480.0, "week": 2400.0, "month": 9600.0}


def csv_file(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def excel_file(folder: Path, rows: list[list[Any]], sheet: str = "Plan") -> Path:
    path = folder / "list.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                (page.write_datetime if isinstance(value, date) else page.write)(number, column, value)
    return path


def by_id(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["activity"]: row for row in plan.tables["activities"].iter_rows(named=True)}


def codes(plan: Project) -> dict[str, str]:
    return {row["code"]: row["place"] for row in plan.findings.iter_rows(named=True)}


def links(plan: Project) -> list[tuple[Any, ...]]:
    return plan.tables["relationships"].select("predecessor", "successor", "type", "lag", "lag_kind").rows()


# headers of each tool's own export, each with the field that it holds
EXPORTS = {
    "MS Project": "ID=id,Unique ID,Task Name=name,Duration=duration,Start=start,Finish=finish,Predecessors=predecessors,% Complete=percent,"
    "Baseline Start=baseline_start,Baseline Finish=baseline_finish,Resource Names=resource,Outline Level=level",
    "P6": "Activity ID=id,Activity Status,WBS Code=wbs,Activity Name=name,Original Duration(d)=duration,Remaining Duration(d)=remaining,"
    "(*)Start=start,(*)Finish=finish,Budgeted Total Cost($)=cost,Predecessors=predecessors",
    "Asana": "Task ID=id,Created At,Completed At=actual_finish,Last Modified,Name=name,Section/Column=wbs,Assignee=resource,Assignee Email,"
    "Start Date=start,Due Date=finish,Tags,Notes,Projects,Parent task",
    "Jira": "Summary=name,Issue key=id,Issue id,Issue Type,Status,Project key,Assignee=resource,Due date=finish,Original estimate=duration,"
    "Remaining Estimate=remaining,Custom field (Start date)=start",
    "German": "Nr.=id,Vorgangsname=name,Dauer=duration,Anfang=start,Ende=finish,Vorgänger=predecessors,Ressourcennamen=resource,% Abgeschlossen=percent",
    "French": "N°=id,Nom de la tâche=name,Durée=duration,Début=start,Fin=finish,Prédécesseurs=predecessors,% achevé=percent",
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_headers_of_the_tools_own_exports(tool: str) -> None:
    columns = [(header, name) for header, _, name in (column.partition("=") for column in EXPORTS[tool].split(","))]
    guessed = guess_mapping([header for header, _ in columns])
    assert dict(guessed.columns) == {name: header for header, name in columns if name}
    assert list(guessed.others) == [header for header, name in columns if not name]
    assert guessed.duration_unit == ("second" if tool == "Jira" else "day")
    kept = [
        f"duration_unit = {json.dumps(guessed.duration_unit)}",
        "[columns]",
        *(f"{name} = {json.dumps(header)}" for name, header in guessed.columns.items()),
    ]
    assert read_mapping("\n".join(kept), "kept") == guessed


def test_nothing_but_ids_names_starts_and_finishes(tmp_path: Path) -> None:
    rows = [["ID", "Name", "Start", "Finish"], ["A", "Dig", date(2026, 1, 5), date(2026, 1, 9)], ["B", "Pour", date(2026, 1, 12), date(2026, 1, 13)]]
    plan = read_all(excel_file(tmp_path, rows))[0]
    found = by_id(plan)
    assert [(row["duration"], row["remaining_duration"], row["kind"]) for row in found.values()] == [(5 * 480, 5 * 480, "task"), (2 * 480, 2 * 480, "task")]
    assert (found["B"]["stored_start"], found["B"]["stored_finish"]) == (datetime(2026, 1, 12, 8), datetime(2026, 1, 13, 17))
    assert (found["B"]["constraint"], found["B"]["constraint_date"]) == ("start_on_or_after", datetime(2026, 1, 12, 8))
    assert (plan.info.source, plan.info.application, plan.info.planned_start, plan.info.calendar) == (
        "activity_list",
        "other",
        datetime(2026, 1, 5, 8),
        "mon-fri",
    )
    assert "'Start' is start" in plan.findings.filter(code="mapping")["message"].item()


def test_logic_progress_money_people_and_structure(tmp_path: Path) -> None:
    text = (
        "WBS,ID,Name,Duration,Start,Finish,Predecessors,% complete,Actual start,Cost,Resource\n"
        "1,S,Stage,,2026-01-05,2026-01-23,,,,,\n"
        '1.1,A,Dig,5d,2026-01-05,2026-01-09,,100%,2026-01-05,"1,200.50",Anna[50%]; Bob\n'
        '1.2,B,Pour,2w,2026-01-12,2026-01-23,A,40%,2026-01-12,"10,000",Bob\n'
        "1.3,C,Cure,3ed,,,B SS+2d; A FF-4h,0%,,,\n"
    )
    plan = read_activity_list(csv_file(tmp_path, text))
    found = by_id(plan)
    assert found["S"]["kind"] == "summary"
    assert {row["wbs"] for row in (found["A"], found["B"], found["C"])} == {"S"}
    assert plan.tables["wbs"].select("wbs", "level", "activity").rows() == [("S", 0, "S")]
    assert (found["A"]["percent_complete"], found["A"]["actual_finish"], found["A"]["remaining_duration"]) == (1.0, datetime(2026, 1, 9, 17), 0)
    assert (found["B"]["remaining_duration"], found["B"]["actual_finish"], found["B"]["planned_cost"]) == (2880, None, 10_000.0)
    assert (found["C"]["duration"], found["C"]["elapsed"], found["C"]["constraint"]) == (3 * 1440, True, None)
    assert links(plan) == [("A", "B", "FS", 0, "working"), ("B", "C", "SS", 960, "working"), ("A", "C", "FF", -240, "working")]
    assert plan.tables["assignments"].select("activity", "resource", "units").rows() == [("A", "Anna", 0.5), ("A", "Bob", 1.0), ("B", "Bob", 1.0)]


def test_a_german_list_as_excel_saves_it(tmp_path: Path) -> None:
    lines = ["1;Phase;;01.02.26;;;1", "2;Eins;3t;02.02.26;;1.234,50;2", "3;Über;2,5 Tage;;2EA+1t;99,5;2"]
    text = "\n".join(["Nr;Vorgangsname;Dauer;Anfang;Vorgänger;Kosten;Gliederungsebene", *lines])
    plan = read_all(csv_file(tmp_path, text, encoding="cp1252"))[0]
    found = by_id(plan)
    assert (found["3"]["name"], found["3"]["duration"], found["3"]["planned_cost"]) == ("Über", 1200, 99.5)
    assert found["2"]["planned_cost"] == 1234.5
    assert links(plan) == [("2", "3", "FS", 480, "working")]
    assert "encoding" in codes(plan)


def test_p6_marks_actual_dates_and_writes_two_rows_of_headers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["task_code", "task_name", "target_drtn_hr_cnt", "start_date", "end_date"],
        ["Activity ID", "Activity Name", "Original Duration(h)", "(*)Start", "(*)Finish"],
    ]
    rows += [["A1", "Dig", 40, "05-Jan-26 A", "09-Jan-26 A"], ["A2", "Pour", 80, "12-Jan-26 A", "23-Jan-26"], ["A3", "Cure", 16, "26-Jan-26*", "27-Jan-26"]]
    found = by_id(read_activity_list(excel_file(tmp_path, rows)))
    assert [row["duration"] for row in found.values()] == [2400, 4800, 960]
    assert [bool(row["actual_start"]) for row in found.values()] == [True, True, False]
    assert [bool(row["actual_finish"]) for row in found.values()] == [True, False, False]


def test_p6_tells_types_and_lags_beside_the_ids_of_predecessors(tmp_path: Path) -> None:
    text = "Activity ID,Activity Name,Original Duration(d),Start,Predecessors,Predecessor Details\nA1,Dig,5,05-Jan-26,,\nA2,Pour,3,12-Jan-26,A1,A1: FS\n"
    found = read_activity_list(csv_file(tmp_path, text + 'A3,Cure,4,19-Jan-26,"A1, A2","A1: SS 2d, A2: FF -1d"\n')).tables["relationships"]
    assert found.select("predecessor", "successor", "type", "lag").rows() == [("A1", "A2", "FS", 0), ("A1", "A3", "SS", 960), ("A2", "A3", "FF", -480)]


def test_dates_that_may_be_read_two_ways_are_never_guessed(tmp_path: Path) -> None:
    text = "Name,Start,Finish\nOne,03/04/2026,{0}\nTwo,05/05/2026,06/06/2026\n"
    unsure = read_activity_list(csv_file(tmp_path, text.format("05/04/2026")))
    assert [row["name"] for row in by_id(unsure).values()] == ["Two"], "05/05 can be read in one way only"
    refused = unsure.findings.filter(code="date-ambiguous")
    assert (refused["place"].item(), refused["severity"].item()) == ("row 2", "error")
    assert "date_order" in refused["remedy"].item()
    for witness, expected in {"25/04/2026": datetime(2026, 4, 3, 8), "04/25/2026": datetime(2026, 3, 4, 8)}.items():
        assert by_id(read_activity_list(csv_file(tmp_path, text.format(witness))))["2"]["stored_start"] == expected


def test_a_column_that_contradicts_itself_is_no_witness(tmp_path: Path) -> None:
    plan = read_activity_list(csv_file(tmp_path, "Name,Start,Finish\nA,13/01/2026,2026-02-01\nB,01/14/2026,2026-02-01\nC,02/03/2026,2026-04-01\n"))
    assert [row["name"] for row in by_id(plan).values()] == ["A", "B"]
    assert codes(plan)["date-ambiguous"] == "row 4"


def test_a_list_without_one_clear_date_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Start,Finish\nA,03/04/2026,05/04/2026\n")
    with pytest.raises(UnreadableFile, match=r"row 2.*date_order"):
        read_activity_list(path)
    mapping_file(path).write_text('date_order = "mdy"\n')
    assert by_id(read_all(path)[0])["2"]["stored_start"] == datetime(2026, 3, 4, 8)


def test_rows_that_cannot_be_read_are_told_with_their_place(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Roll-out"], [], ["ID", "Name", "Duration", "Start", "Finish", "Predecessors", "% complete"]]
    rows += [
        ["A", "Good", "5d", "2026-01-05", "", "", 0.5],
        ["B", "Odd date", "5d", "soon", "", "A", 0],
        ["C", "Odd duration", "some", "2026-01-05", "", "A", 0],
    ]
    rows += [
        ["D", "Backwards", "", "2026-02-05", "2026-01-05", "", 0],
        ["", "", "3d"],
        ["A", "Again", "1d", "", "", "Z", 0],
        ["E", "Odd share", "1d", "", "", "A", "half"],
        ["F", "Odd date and no predecessor", "5d", "soon", "", "", 0],
    ]
    plan = read_activity_list(excel_file(tmp_path, rows))
    assert list(by_id(plan)) == ["A", "B", "A#9", "E"]  # B has a duration and a predecessor: its odd date alone is left out
    told = codes(plan)
    places = {
        "date-unreadable": 11,
        "duration-unreadable": 6,
        "finish-before-start": 7,
        "activity-without-name": 8,
        "activity-id-twice": 9,
        "predecessor-unknown": 9,
        "percent-unreadable": 10,
    }
    assert {code: told[code] for code in places} == {code: f"sheet Plan, row {row}" for code, row in places.items()}


@pytest.mark.parametrize(
    ("row", "said", "left"),
    [
        ("B;Pour;-2;A;;", "row 3: the duration is negative: '-2'; the row was left out", "AC"),
        ("B;Pour;90000000;A;;", "row 3: the duration cannot be read, or is longer than 200 years: '90000000'; the row was left out", "AC"),
        ("B;Pour;2;Z;;", "row 3: predecessor 'Z' is no activity of the list; the relationship was left out", "ABC"),
        ("B;Pour;2;B;;", "row 3: predecessor 'B' is the activity itself; the relationship was left out", "ABC"),
        ("B;Pour;2;A;31.12.9999;", "row 3: Start is no date between 1950 and 2199: '31.12.9999'; it was left out", "ABC"),
        ("B;Pour;2;A;00.01.1900;", "row 3: Start is no date between 1950 and 2199: '00.01.1900'; it was left out", "ABC"),
        ("B;Pour;2;A;01.01.1900;", "row 3: Start is no date between 1950 and 2199: '01.01.1900'; it was left out", "ABC"),
        ("B;Pour;2;A;;31.12.9999", "row 3: Finish is no date between 1950 and 2199: '31.12.9999'; it was left out", "ABC"),
        ("B;Pour;;A;05.01.2026;31.12.9999", "row 3: Finish is no date between 1950 and 2199: '31.12.9999'; the row was left out", "AC"),
    ],
)
def test_what_no_plan_has_is_told_and_the_rest_scheduled(row: str, said: str, left: str, tmp_path: Path) -> None:
    text = f"ID;Task;Duration;Predecessors;Start;Finish\nA;Dig;5;;05.01.2026;\n{row}\nC;Cure;3;;05.01.2026;\n"
    plan = read_activity_list(csv_file(tmp_path, text))
    assert said in [f"{one['place']}: {one['message']}" for one in plan.findings.iter_rows(named=True)]
    assert "".join(schedule.dates(plan)["activity"]) == left


def test_a_list_without_dates_says_from_when_it_is_scheduled(tmp_path: Path) -> None:
    plan = read_activity_list(csv_file(tmp_path, "ID;Task;Duration;Predecessors\nA;Dig;5;\nB;Pour;2;A\n"))
    assert codes(plan)["start-missing"] == "list.csv"
    assert schedule.dates(plan)["early_start"].min() == datetime(2000, 1, 3, 8)


def test_per_cent_as_shares_and_as_numbers(tmp_path: Path) -> None:
    text = "Name,Start,Finish,Progress\nA,2026-01-05,2026-01-09,{}\nB,2026-01-05,2026-01-09,{}\n"
    for cell, other, share in (("0.5", "1", 0.5), ("50", "100", 0.5), ("50%", "1%", 0.5), ("1", "40", 0.01)):
        assert by_id(read_activity_list(csv_file(tmp_path, text.format(cell, other))))["2"]["percent_complete"] == pytest.approx(share)


def test_jira_estimates_are_seconds(tmp_path: Path) -> None:
    text = "Summary,Issue key,Due date,Original estimate\nOne,AB-1,21/Sep/26 10:30 AM,28800\n"
    found = by_id(read_activity_list(csv_file(tmp_path, text)))
    assert (found["AB-1"]["duration"], found["AB-1"]["stored_finish"]) == (480, datetime(2026, 9, 21, 10, 30))


def test_a_mapping_in_words_of_its_own(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "what|from|to|who\nDig|2026-01-03|2026-01-04|Anna\n")
    with pytest.raises(UnreadableFile, match="no row of it has headers that are known"):
        read_activity_list(path)
    plan = read_activity_list(path, Mapping({"name": "what", "start": "from", "finish": "to", "resource": "who"}, calendar="24h"))
    row = by_id(plan)["2"]
    assert (row["duration"], row["stored_finish"], plan.info.calendar) == (2 * 1440, datetime(2026, 1, 5), "24h")
    with pytest.raises(InvalidInput, match="names the column 'nowhere'"):
        read_activity_list(path, Mapping({"name": "what", "start": "nowhere"}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("columns = 3", "no fields"),
        ('[columns]\nnmae = "x"', "no field"),
        ('date_order = "ymd"', "dmy or mdy"),
        ('colour = "red"', "no key of a mapping"),
        ("[[", "no valid TOML"),
    ],
)
def test_a_mapping_that_breaks_a_rule_says_which(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        read_mapping(text, "kept.toml")


def test_an_excel_file_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    assert path.stat().st_size < 400_000
    with pytest.raises(UnreadableFile, match="would unpack to"):
        read_all(path)


def test_damaged_excel_files_and_other_text_are_refused(tmp_path: Path) -> None:
    whole = excel_file(tmp_path, [["ID", "Name", "Start"], ["A", "a", date(2026, 1, 5)]]).read_bytes()
    contents = {"cut.xlsx": whole[: len(whole) // 2], "text.csv": b"dear all,\nplease find attached,\n", "empty.csv": b"Name,Start,Finish\n"}
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as refused:
            read_all(path)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "2026-01-05": datetime(2026, 1, 5),
        "2026-01-05 00:00:00": datetime(2026, 1, 5),
        "2026-01-05T08:30:00Z": datetime(2026, 1, 5, 8, 30),
        "05-Jan-26 A": datetime(2026, 1, 5),
        "Mo 05.01.26": datetime(2026, 1, 5),
        "21/Sep/26 10:30 AM": datetime(2026, 9, 21, 10, 30),
        "12/Sep/26 12:05 AM": datetime(2026, 9, 12, 0, 5),
        "Jan 5, 2026": datetime(2026, 1, 5),
        "3. März 2026": datetime(2026, 3, 3),
        "46027.5": datetime(2026, 1, 5, 12),
        "31.02.2026": None,
        "13/13/2026": None,
        "03/04/2026": None,
        "1026-01-05": None,
    }.items(),
)
def test_dates(text: str, expected: datetime | None) -> None:
    found = cells.dated(text, None)
    assert (found and found.at) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "5": (2400, False),
        "3 wks": (7200, False),
        "16h": (960, False),
        "1w 2d": (3360, False),
        "2ed": (2880, True),
        "5 days?": (2400, False),
        "2,5 Tage": (1200, False),
        "-3": None,
        "abc": None,
        "1e99": None,
    }.items(),
)
def test_durations(text: str, expected: tuple[int, bool] | None) -> None:
    assert cells.duration(text, "day", DAYS) == expected
