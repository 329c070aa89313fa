"""Asana's CSV export: its columns, the Sheets variant, spreadsheets that spoilt it, and several projects in one file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmo_lib import flow
from pmo_lib.errors import UnreadableFile
from pmo_lib.readers import read, read_all

HEADERS = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task,"
    "Blocked By (Dependencies),Blocking (Dependencies),Priority,Points,Points"
)
ROWS = [
    '1201,2026-09-01,,2026-09-02,Checkout flow,In Progress,Ada,a@example.com,2026-09-05,2026-09-30,"payments,web","Card\nand wallet",Shop,,,'
    '"Launch, at last",High,5,',
    '1202,2026-09-01,2026-09-10,2026-09-10,Pick payment provider,Done,Bo,,,,payments,,"Shop, Money",,,Checkout flow,,3,1',
    "1203,2026-09-02,,2026-09-02,Wallet button,,,,,,,,,Checkout flow,,,,,",
    '1204,2026-09-02,,2026-09-02,"Launch, at last",To do,,,,2026-10-15,,,Shop,,"Checkout flow, Unknown thing",,,,',
]


def export(tmp_path: Path, *rows: str, headers: str = HEADERS, above: str = "") -> Path:
    file = tmp_path / "Shop.csv"
    file.write_text(above + "\n".join([headers, *(rows or ROWS)]) + "\n", encoding="utf-8-sig")
    return file


@pytest.mark.parametrize("above", ["", ",,\n,,https://app.asana.com/-/csv?id=1\n,,\n"])
def test_the_export_and_its_sheets_variant(above: str, tmp_path: Path) -> None:
    plan = read(export(tmp_path, above=above))
    assert (plan.info.name, plan.info.source, plan.info.file) == ("Shop", "asana_csv", "Shop.csv")
    items = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    assert items["1201"]["created"] == datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert (items["1201"]["start"], items["1201"]["due"], items["1201"]["labels"]) == (date(2026, 9, 5), date(2026, 9, 30), ["payments", "web"])
    assert (items["1201"]["points"], items["1201"]["priority"], items["1201"]["assignee"]) == (5.0, "High", "Ada")
    assert (items["1203"]["level"], items["1203"]["parent"]) == ("subtask", "1201")
    assert plan.tables["item_links"].select("item", "other").rows() == [("1202", "1201"), ("1201", "1204")]  # told from both ends, kept once
    assert plan.tables["transitions"].filter(item="1202")["after"].to_list() == ["Open", "Completed"]
    assert plan.tables["custom_fields"].filter(key="1202", subject="item").select("field", "value").rows() == [("Points", "3"), ("Points (2)", "1")]
    codes = plan.findings["code"].to_list()
    assert {"header-twice", "name-unknown", "days-only", "no-history", "sections-are-phases"} <= set(codes)
    unknown = plan.findings.filter(code="name-unknown")["place"][0]
    assert "Unknown thing" in unknown
    assert f"row {9 if above else 6}" in unknown  # notes span lines: the row is that of the file


def test_dates_that_a_spreadsheet_rewrote(tmp_path: Path) -> None:
    rows = ["1,22/9/2025,,3/10/2025,A,To do,,,,2/10/2025,,,Shop,,,,,,", "2,3/9/2025,25/9/2025,,B,Done,,,,,,,Shop,,,,,,"]
    items = read(export(tmp_path, *rows)).tables["items"]
    assert items["created"].dt.date().to_list() == [date(2025, 9, 22), date(2025, 9, 3)]
    assert items["due"][0] == date(2025, 10, 2)
    with pytest.raises(UnreadableFile, match="day or the month first"):
        read(export(tmp_path, "1,3/9/2025,,,A,To do,,,,,,,Shop,,,,,,"))
    with pytest.raises(UnreadableFile, match="others the month"):
        read(export(tmp_path, "1,22/9/2025,9/23/2025,,A,To do,,,,,,,Shop,,,,,,"))


def test_ids_that_a_spreadsheet_rounded(tmp_path: Path) -> None:
    rows = [f"1.21143E+15,2025-09-01,,,{name},To do,,,,,,,Shop,,,,,," for name in "AB"] + [",2025-09-01,,,C,To do,,,,,,,Shop,,,,,,"]
    plan = read(export(tmp_path, *rows))
    assert plan.tables["items"]["item"].to_list() == ["row 2", "row 3", "row 4"]
    assert plan.findings.filter(code="id-rounded")["place"][0] == "row 2: 1.21143E+15 and 1 more"
    assert "item-without-key" in plan.findings["code"].to_list()


def test_an_unreadable_date_is_named_and_a_task_without_creation_left_out(tmp_path: Path) -> None:
    plan = read(export(tmp_path, "1,soon,,,A,To do,,,,,,,Shop,,,,,,", "2,2025-09-01,,,B,To do,,,,never,,,Shop,,,,,,"))
    assert plan.tables["items"].select("item", "due").rows() == [("2", None)]
    assert plan.findings.filter(severity="error")["code"].to_list() == ["date-unreadable", "date-unreadable", "item-without-creation"]
    assert plan.findings.filter(code="date-unreadable")["place"].to_list() == ["row 2: 'soon'", "row 3: 'never'"]


def test_names_that_several_tasks_have(tmp_path: Path) -> None:
    rows = [
        "1,2025-09-01,,,Campaign,To do,,,,,,,Shop,,,,,,", "2,2025-09-01,,,Draft,,,,,,,,,Campaign,,,,,",
        "3,2025-09-01,,,Campaign,To do,,,,,,,Shop,,,,,,", "4,2025-09-01,,,Draft,,,,,,,,,Campaign,,,,,",
    ]  # fmt: skip
    plan = read(export(tmp_path, *rows))
    assert plan.tables["items"].select("item", "parent").rows() == [("1", None), ("2", "1"), ("3", None), ("4", "3")]
    assert "name-twice" in plan.findings["code"].to_list()


def test_a_search_over_several_projects_is_several_boards(tmp_path: Path) -> None:
    rows = [
        "1,2025-09-01,,,A,To do,,,,,,,Shop,,,,,,",
        "2,2025-09-01,,,B,To do,,,,,,,Money,,,,,,",
        '3,2025-09-01,,,C,To do,,,,,,,"Shop, Money",,,,,,',
        "4,2025-09-01,,,D,To do,,,,,,,,C,,,,,",
    ]
    found = {plan.info.name: plan.tables["items"]["item"].to_list() for plan in read_all(export(tmp_path, *rows))}
    assert found == {"Shop": ["1", "3", "4"], "Money": ["2", "3", "4"]}


def test_a_table_that_only_looks_like_it_goes_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Task ID,Name,Duration,Predecessors\n1,Dig,5d,\n2,Pour,3d,1\n")
    assert read(file).info.source == "activity_list"


@pytest.mark.parametrize(
    "headers",
    [
        "Aufgaben-ID;Erstellt am;Abgeschlossen am;Zuletzt geändert;Aufgabe;Abschnitt/Spalte;Verantwortlich;Fälligkeitsdatum;Projekte;Übergeordnete Aufgabe",
        "ID de la tâche;Créé le;Terminé le;Modifié le;Nom;Section/Colonne;Responsable;Date d'échéance;Projets;Tâche parente",
        "ID de la tarea;Creado el;Completado el;Modificado el;Nombre;Sección/Columna;Responsable;Fecha de entrega;Proyectos;Tarea principal",
    ],
)
def test_headers_in_other_languages(tmp_path: Path, headers: str) -> None:
    rows = ["1;2026-09-01;2026-09-10;2026-09-10;A;Erledigt;Ada;2026-09-30;Shop;", "2;2026-09-01;;2026-09-10;B;;;;;A"]
    items = {row["item"]: row for row in read(export(tmp_path, *rows, headers=headers)).tables["items"].iter_rows(named=True)}
    assert (items["1"]["category"], items["1"]["due"], items["1"]["assignee"]) == ("done", date(2026, 9, 30), "Ada")
    assert (items["2"]["level"], items["2"]["parent"]) == ("subtask", "1")


def test_a_custom_field_called_like_a_column_in_another_language_stays_one(tmp_path: Path) -> None:
    plan = read(export(tmp_path, "1,2026-09-01,,A,Shop,wrong", headers="Task ID,Created At,Completed At,Name,Projects,Nombre"))
    assert plan.tables["items"]["name"].to_list() == ["A"]
    assert plan.tables["custom_fields"].filter(subject="item").select("field", "value").rows() == [("Nombre", "wrong")]


def test_a_task_completed_before_it_was_created_keeps_both_and_is_told(tmp_path: Path) -> None:
    plan = read(export(tmp_path, "1,2025-09-06,2025-09-02,2025-09-07,A,To do,,,,,,,Shop,,,,,,", "2,2025-09-01,2025-09-03,,B,To do,,,,,,,Shop,,,,,,"))
    at = datetime(2025, 9, 2, 12, tzinfo=UTC)
    assert plan.tables["transitions"].filter(item="1").select("at", "after").rows() == [(at, "Open"), (at, "Completed")]
    assert plan.findings.filter(code="resolved-before-created")["place"].to_list() == ["project Shop: 1"]
    row = flow.cycle_times(plan).filter(item="1").row(0, named=True)
    assert (row["lead_time"], row["reason"]) == (None, "was finished before it was created: correct its dates")
