"""Jira's CSV export: repeated headers, dates of many sites, other languages; and lists of issues that people made."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pmo_lib as pmo
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import door
from pmo_lib.readers.jira import csv_export as jira_csv
from pmo_lib.readers.jira.dates import dated, order_of

EXPORT = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Resolution,Assignee,Creator,Created,"
    "Updated,Resolved,Fix versions,Fix versions,Due date,Labels,Labels,Original estimate,Remaining Estimate,Time Spent,Log Work,Sprint,Sprint,"
    "Outward issue link (Blocks),Inward issue link (Cloners),Custom field (Epic Link),Custom field (Story Points),Custom field (Start date),"
    "Custom field (Flagged),Parent id,Comment,Comment,Status Category,"
    "Status Category Changed,Custom field (Colour)\n"
    "First,WEB-1,101,Story,Done,WEB,Website,High,Done,Ada,Bob,21/Sep/26 10:30 AM,30/Sep/26 1:05 PM,28/Sep/26 4:00 PM,1.0,1.1,30/Sep/26,x,y,28800,0,5400,"
    '"Half; a day;22/Sep/26 9:00 AM;Ada;3600",Sprint 1,Sprint 2,WEB-2,WEB-9,WEB-7,5.0,22/Sep/26 12:00 AM,Impediment,,"Said, on\ntwo lines",again,Done,'
    "28/Sep/26 4:00 PM,red\n"
    "Second,WEB-2,102,Sub-task,Doing,WEB,Website,,,,,22/Sep/26 10:30 AM,,,,,,,,,,,,,,,,,,,,101,,,In Progress,23/Sep/26 8:00 AM,\n"
    "Nameless,,103,Story,Doing,WEB,Website,,,,,22/Sep/26 10:30 AM,,,,,,,,,,,,,,,,,,,,,,,In Progress,,\n"
    "Again,WEB-1,104,Story,Doing,WEB,Website,,,,,22/Sep/26 10:30 AM,,,,,,,,,,,,,,,,,,,,,,,In Progress,,\n"
)


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> Project:
    file = tmp_path / "issues.csv"
    file.write_text(text, encoding=encoding)
    assert door.admit(file) == jira_csv.__name__
    return jira_csv.parse(file)[0]


def items(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}


def found(plan: Project, code: str) -> list[str]:
    return plan.findings.filter(code=code)["place"].to_list()


def test_the_export_becomes_a_board(tmp_path: Path) -> None:
    plan = read(tmp_path, EXPORT)
    assert (plan.info.key, plan.info.name, plan.info.source, plan.info.file) == ("WEB", "Website", "jira_csv", "issues.csv")
    first, second = items(plan).values()
    assert (first["uid"], first["level"], first["assignee"], first["priority"]) == ("101", "item", "Ada", "High")
    assert first["created"] == datetime(2026, 9, 21, 10, 30, tzinfo=UTC)
    assert first["resolved"] == datetime(2026, 9, 28, 16, 0, tzinfo=UTC)
    assert (first["start"], first["due"]) == (date(2026, 9, 22), date(2026, 9, 30))
    assert (first["original_estimate"], first["remaining_estimate"], first["spent"]) == (480, 0, 90)
    assert (first["sprints"], first["versions"], first["labels"]) == (["Sprint 1", "Sprint 2"], ["1.0", "1.1"], ["x", "y"])
    assert (first["epic"], first["points"], first["blocked"]) == ("WEB-7", 5.0, True)
    assert (second["level"], second["parent"], second["epic"], second["category"]) == ("subtask", "WEB-1", "WEB-7", "in_progress")
    assert plan.tables["worklogs"].rows() == [("WEB-1", datetime(2026, 9, 22, 9, tzinfo=UTC), 60, "Ada")]
    assert plan.tables["item_links"].rows() == [("WEB-1", "WEB-2", "blocks", "blocks"), ("WEB-9", "WEB-1", "other", "clones")]
    assert "sprints" not in plan.tables  # a name alone says nothing of a sprint


def test_what_the_export_does_not_tell_is_told(tmp_path: Path) -> None:
    plan = read(tmp_path, EXPORT)
    moves = plan.tables["transitions"].select("item", "at", "before", "after").sort("item", "at").rows()
    assert moves == [
        ("WEB-1", datetime(2026, 9, 21, 10, 30, tzinfo=UTC), None, "Created"),
        ("WEB-1", datetime(2026, 9, 28, 16, tzinfo=UTC), "Created", "Done"),
        ("WEB-2", datetime(2026, 9, 22, 10, 30, tzinfo=UTC), None, "Created"),
        ("WEB-2", datetime(2026, 9, 23, 8, tzinfo=UTC), "Created", "Doing"),
    ]
    assert found(plan, "no-history") == ["WEB-1 and 1 more"]
    assert found(plan, "time-without-zone") == ["issues.csv"]
    assert found(plan, "item-without-key") == ["row 5"]  # the line of the file: a cell above it has two
    assert found(plan, "key-twice") == ["row 6, WEB-1"]
    assert "Colour" in plan.findings.filter(code="columns-unused")["message"][0]
    assert pmo.flow.cycle_times(plan)["cycle_time"].null_count() == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("21/Sep/26 10:30 AM", datetime(2026, 9, 21, 10, 30)),
        ("21/Sep/26 12:05 PM", datetime(2026, 9, 21, 12, 5)),
        ("21/Sep/26 12:05 AM", datetime(2026, 9, 21, 0, 5)),
        ("21/sept./26 22:30", datetime(2026, 9, 21, 22, 30)),
        ("21. Sep 2026 10:30", datetime(2026, 9, 21, 10, 30)),
        ("21.09.26 10:30", datetime(2026, 9, 21, 10, 30)),
        ("21/Mär/26 10:30", datetime(2026, 3, 21, 10, 30)),
        ("21/févr./26 10:30", datetime(2026, 2, 21, 10, 30)),
        ("21/dez/26 10:30", datetime(2026, 12, 21, 10, 30)),
        ("21/ago/26 10:30", datetime(2026, 8, 21, 10, 30)),
        ("21/ene/26 10:30 p. m.", datetime(2026, 1, 21, 22, 30)),
        ("29/июл/26 09:59", datetime(2026, 7, 29, 9, 59)),
        ("19/lip/23 11:43 PM", datetime(2023, 7, 19, 23, 43)),
        ("5 października 2026", datetime(2026, 10, 5)),
        ("01/mai/26 9:54 PM", datetime(2026, 5, 1, 21, 54)),
        ("21/Şub/26 10:30", datetime(2026, 2, 21, 10, 30)),
        ("21/九月/26 10:30 下午", datetime(2026, 9, 21, 22, 30)),
        ("21/9月/26 午後10:30", datetime(2026, 9, 21, 22, 30)),
        ("21 de setembro de 2026 10:30", datetime(2026, 9, 21, 10, 30)),
        ("21 septembre 2026 à 10:30", datetime(2026, 9, 21, 10, 30)),
        ("21. September 2026 um 10:30 Uhr", datetime(2026, 9, 21, 10, 30)),
        ("21/sep/26 22.30", datetime(2026, 9, 21, 22, 30)),
        ("21/Eyl/26 10:30 ÖS", datetime(2026, 9, 21, 22, 30)),
        ("1789986600000", datetime(2026, 9, 21, 10, 30)),
        ("2026年9月21日 10:30", datetime(2026, 9, 21, 10, 30)),
        ("2026-09-21 10:30:12.0", datetime(2026, 9, 21, 10, 30)),
        ("2026-09-21T10:30:12+02:00", datetime(2026, 9, 21, 10, 30)),
        ("Sep 21, 2026 10:30 AM", datetime(2026, 9, 21, 10, 30)),
        ("9/21/2026 10:30", datetime(2026, 9, 21, 10, 30)),
        ("21/Foo/26 10:30", None),
        ("31/Feb/26", None),
    ],
)
def test_dates_as_sites_write_them(said: str, meant: datetime | None) -> None:
    stated = dated(said, order_of("x", [said]))
    assert (stated.at if stated else None) == meant


def test_the_order_of_day_and_month_is_decided_by_the_file_or_refused() -> None:
    assert order_of("x", ["03/04/26", "13/04/26"]) == "dmy"
    assert order_of("x", ["03/04/26", "04/13/26"]) == "mdy"
    assert order_of("x", ["03/Apr/26", "05/05/26"]) is None
    with pytest.raises(UnreadableFile, match=r"x: its dates, as in '03/04/26 10:00', may have the day or the month first, and none of them decides; set"):
        order_of("x", ["03/04/26 10:00"])
    with pytest.raises(UnreadableFile, match="some of its dates have the day first, others the month"):
        order_of("x", ["13/04/26", "04/13/26"])


@pytest.mark.parametrize(
    ("headers", "status", "category"),
    [
        ("Zusammenfassung;Vorgangsschlüssel;Vorgangstyp;Status;Erstellt;Erledigt;Benutzerdefinierte Felder (Story Points)", "In Arbeit", "in_progress"),
        ("Résumé;Clé de ticket;Type de ticket;État;Création;Résolu;Champs personnalisés (Story Points)", "Terminé", "done"),
        ("Resumen;Clave de incidencia;Tipo de Incidencia;Estado;Creada;Resuelta;Campo personalizado (Story Points)", "Por hacer", "to_do"),
        ("概要;问题关键字;问题类型;状态;创建日期;已解决;自定义字段 (Story Points)", "测试中", "in_progress"),
    ],
)
def test_headers_in_other_languages(tmp_path: Path, headers: str, status: str, category: str) -> None:
    plan = read(tmp_path, f"{headers}\nOne;WEB-1;Story;{status};21.09.2026 10:30;;3\n", "utf-8-sig")
    row = items(plan)["WEB-1"]
    assert (row["name"], row["type"], row["status"], row["category"], row["points"]) == ("One", "Story", status, category, 3.0)


def test_a_status_counts_as_the_list_tells_and_a_guess_is_shown(tmp_path: Path) -> None:
    rows = "Issue key,Status,Created,Resolved\nA-1,Abgenommen,2026-01-05,2026-02-01\nA-2,Abgenommen,2026-01-05,2026-02-02\nA-3,Prüfung,2026-01-05,\n"
    plan = read(tmp_path, rows)
    assert {row["status"]: row["category"] for row in items(plan).values()} == {"Abgenommen": "done", "Prüfung": "in_progress"}
    assert set(found(plan, "category-missing")) == {"status Abgenommen", "status Prüfung"}


def test_a_list_of_days_keeps_what_cannot_be_and_says_where(tmp_path: Path) -> None:
    rows = "id,project,created_date,finished_date\nP-1,P,2026-01-05,2026-01-04\nP-2,P,2026-01-05,2026-01-08\nP-3,P,yesterday,2026-01-08\nP-4,P,2026-01-05,\n"
    plan = read(tmp_path, rows)
    assert found(plan, "resolved-before-created") == ["row 2, P-1"]
    assert found(plan, "date-unreadable") == ["row 4, P-3: 'yesterday'"]
    assert found(plan, "item-without-creation") == ["row 4, P-3"]
    assert list(items(plan)) == ["P-1", "P-2", "P-4"]
    assert items(plan)["P-1"]["resolved"] == datetime(2026, 1, 4, 12, tzinfo=UTC)  # noon: that day in every zone
    assert [at.day for at in plan.tables["transitions"].filter(item="P-1")["at"]] == [4, 4]  # it begins where it ends: nobody knows more


def test_each_project_of_a_list_is_a_board_of_its_own(tmp_path: Path) -> None:
    rows = "Issue key,Project key,Status,Created\nA-1,A,To Do,2026-01-05\nB-1,B,To Do,2026-01-05\nB-2,B,To Do,2026-01-05\n"
    (tmp_path / "x.csv").write_text(rows)
    plans = pmo.read_all(tmp_path / "x.csv")
    assert [(plan.info.key, plan.tables["items"].height, plan.info.position) for plan in plans] == [("A", 1, 0), ("B", 2, 1)]
    assert pmo.read(tmp_path / "x.csv", project="A").info.key == "A"
    assert pmo.read(tmp_path / "x.csv").info.key == "B"


def test_a_project_that_is_a_number_is_called_one(tmp_path: Path) -> None:
    """The data set of agile projects says "0" and no more."""
    file = tmp_path / "jira.csv"
    file.write_text("id,project,task,created_date,finished_date\nP0-T1,0,1,2026-01-05,2026-01-09\nP0-T2,0,2,2026-01-06,2026-01-12\n", encoding="utf-8")
    plan = pmo.read(file)
    assert (plan.info.key, plan.info.name) == ("0", "Project 0")


def test_a_workbook_of_issues_is_a_board_and_one_of_activities_is_not(tmp_path: Path) -> None:
    import xlsxwriter

    for name, rows in {
        "issues": [["Issue key", "Summary", "Status", "Created"], ["A-1", "One", "Done", datetime(2026, 1, 5, 9, 30)]],
        "plan": [["ID", "Name", "Duration", "Start"], ["A", "One", 5, datetime(2026, 1, 5)]],
    }.items():
        with xlsxwriter.Workbook(tmp_path / f"{name}.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    plan = pmo.read(tmp_path / "issues.xlsx")
    assert (plan.info.source, items(plan)["A-1"]["created"]) == ("jira_csv", datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
    assert pmo.read(tmp_path / "plan.xlsx").info.source == "activity_list"


def test_a_list_of_projects_is_not_taken_for_issues(tmp_path: Path) -> None:
    head = b"Key,Name,Status,Manager,Phase,Approved budget,Approved finish,Created\nA,Alpha,Green,Ada,Build,100,2026-05-01,2026-01-01\n"
    (tmp_path / "projects.csv").write_bytes(head)
    assert not jira_csv.matches(head, tmp_path / "projects.csv")


def test_a_parent_is_followed_by_key_and_by_id(tmp_path: Path) -> None:
    rows = "Issue key,Issue id,Issue Type,Status,Created,Parent id,Parent key\nA-1,10,Story,To Do,2026-01-05,,\nA-2,11,Sub-task,To Do,2026-01-05,10,\n"
    plan = read(tmp_path, rows + "A-3,12,Sub-task,To Do,2026-01-05,10,A-1\nA-4,13,Sub-task,To Do,2026-01-05,99,\n")
    assert [row["parent"] for row in items(plan).values()] == [None, "A-1", "A-1", None]
    assert found(plan, "parent-unknown") == ["row 5, A-4"]


def test_a_list_without_a_readable_issue_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Issue key,Status,Created\n,To Do,2026-01-05\n")
    with pytest.raises(UnreadableFile, match="no row of it can be read as an issue: row 2: a row without an issue's key was left out"):
        pmo.read(tmp_path / "x.csv")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=8), min_size=6, max_size=6), max_size=4))
def test_whatever_the_cells_hold_the_sound_row_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["Issue key", "Status", "Created", "Resolved", "Original estimate", "Sprint"])
    out.writerow(["OK-1", "Done", "2026-01-05", "2026-01-07", "60", "S"])
    out.writerows(rows)
    file = tmp_path_factory.mktemp("list") / "x.csv"
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    try:
        plans = jira_csv.parse(file)
    except UnreadableFile as refused:
        assert "its dates" in str(refused)  # noqa: PT017  text that happens to be an ambiguous date
        return
    assert any("OK-1" in items(plan) for plan in plans)


LANGUAGES = {
    "es": "Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Clave del proyecto,Resolución,Creada,Actualizada,Resuelta,Sprint,Sprint,"
    "Categoría de estado,Categoría de estado cambiada,Principal,Clave principal\n"
    "Una,TIC-2,12,Historia,Listo,TIC,,13/mar/26 6:01 PM,,14/abr/26 6:01 PM,S1,S2,Listo,14/abr/26 6:01 PM,12044,TIC-1\n"
    "Otra,TIC-3,13,Subtarea,Tareas por hacer,TIC,,13/ene/26 6:01 PM,,,,,Por hacer,,12,TIC-2\n",
    "pt": "Resumo,Chave da item,ID da item,Tipo de item,Status,Chave do projeto,Resolução,Criado,Atualizado(a),Resolvido,Categoria do status\n"
    "Um,TIC-2,12,Tarefa,Concluído,TIC,Itens concluídos,13/mar/26 6:01 PM,,14/abr/26 6:01 PM,Itens concluídos\n"
    "Dois,TIC-3,13,Subtarefa,Tarefas pendentes,TIC,,13/jan/26 6:01 PM,,,Itens Pendentes\n",
    "ru": "Тема,Ключ проблемы,Идентификатор проблемы,Тип задачи,Статус,Ключ проекта,Решение,Создано,Обновленo,Дата решения,Спринт,Спринт,"
    "Пользовательское поле (Ссылка на эпик)\n"
    "Раз,TIC-2,12,История,Готово,TIC,Готово,13/мар/26 18:01,,14/апр/26 18:01,С1,С2,TIC-1\n"
    "Два,TIC-3,13,Подзадача,Новый,TIC,,13/янв/26 18:01,,,,,\n",
    "pl": "Podsumowanie,Klucz zgłoszenia,Id. zgłoszenia,Typ zgłoszenia,Status,Klucz projektu,Rozwiązanie,Utworzono,Zaktualizowano,Rozwiązane,"
    "Kategoria statusu\n"
    "Raz,TIC-2,12,Zadanie,Gotowe,TIC,Gotowe,13/mar/26 6:01 PM,,14/kwi/26 6:01 PM,Gotowe\n"
    "Dwa,TIC-3,13,Podzadanie,Do zrobienia,TIC,,13/sty/26 6:01 PM,,,Do zrobienia\n",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_exports_in_other_languages_say_the_same(tmp_path: Path, language: str) -> None:
    plan = read(tmp_path, LANGUAGES[language])
    first, second = items(plan).values()
    assert (plan.info.key, first["level"], first["category"], second["level"], second["category"]) == ("TIC", "item", "done", "subtask", "to_do")
    assert first["created"] == datetime(2026, 3, 13, 18, 1, tzinfo=UTC)
    assert first["resolved"] == datetime(2026, 4, 14, 18, 1, tzinfo=UTC)
    assert second["created"] == datetime(2026, 1, 13, 18, 1, tzinfo=UTC)
    if language in ("es", "ru"):
        assert (first["parent"] or first["epic"]) == "TIC-1"
    assert not {"date-unreadable", "category-missing"} & set(plan.findings["code"])


def test_what_is_in_progress_is_so_though_nobody_says_since_when(tmp_path: Path) -> None:
    plan = read(tmp_path, "Issue key,Status,Status Category,Created,Updated\nA-1,Doing,In Progress,2026-01-05,2026-01-20\nA-2,Doing,In Progress,2026-01-05,\n")
    assert pmo.flow.ageing(plan, at=datetime(2026, 1, 22))["age"].to_list() == [3.0]
    assert found(plan, "start-untold") == ["A-1"]


def test_an_export_without_its_creations_is_no_list_of_activities(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="does not say when they were created; export it with the dates of creation"):
        read(tmp_path, "Summary,Issue key,Issue Type,Status,Due Date\nOne,ENG-1,Story,To Do,2026-01-05\n")


def test_statuses_that_are_numbers_are_told(tmp_path: Path) -> None:
    plan = read(tmp_path, "id,key,created,resolved,status\n1,TP-8,2026-01-05 10:00,,3\n2,TP-9,2026-01-05 10:00,2026-01-06 10:00,10003\n")
    assert found(plan, "status-numbers") == ["issues.csv"]


def test_cells_with_separators_and_lines_do_not_hide_the_export(tmp_path: Path) -> None:
    rows = "".join(f'One,WEB-{i},Done,2026-09-{i:02} 10:00,2026-10-01 10:00,"fix;2026-09-02 10:00;ann;3600","a;b\nc;d;e"\n' for i in range(1, 20))
    plan = read(tmp_path, f"Summary,Issue key,Status,Created,Resolved,Log Work,Comment\n{rows}")
    assert plan.tables["items"].height == 19
    assert plan.tables["worklogs"]["minutes"].to_list() == [60] * 19


def test_a_time_with_its_zone_is_that_instant(tmp_path: Path) -> None:
    plan = read(tmp_path, "Issue key,Status,Created,Resolved\nWEB-1,Done,2026-09-21T00:30:00+02:00,2026-09-21T10:30:12.000-0500\n")
    assert items(plan)["WEB-1"]["created"] == datetime(2026, 9, 20, 22, 30, tzinfo=UTC)
    assert items(plan)["WEB-1"]["resolved"] == datetime(2026, 9, 21, 15, 30, tzinfo=UTC)
    assert not found(plan, "time-without-zone")


def test_a_file_that_a_spreadsheet_spoilt_is_told_so(tmp_path: Path) -> None:
    spoilt = 'Issue key,Created,Resolved,Status;;\n"WEB-1,Done,21/Sep/26 10:30 AM";;\n"WEB-2,Done,22/Sep/26 10:30 AM";;\n'
    with pytest.raises(UnreadableFile, match=r"issues.csv \(row 2\): most of its rows are one quoted cell: .* export it again, and import it unopened"):
        read(tmp_path, spoilt)


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        (
            "Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Project type,Project lead,Priority,Created,Updated",
            "One,WEB-1,10,Story,To Do,WEB,Website,software,Ann,High,2026-01-05 10:00,2026-01-06 10:00",
        ),
        (
            "Zusammenfassung,Vorgangsschlüssel,Vorgangstyp,Status,Projektschlüssel,Projektname,Projektleiter,Erstellt,Fälligkeitsdatum,Benötigte Zeit",
            "Eins,WEB-1,Story,Offen,WEB,Website,Anna,05.01.2026 10:00,31.01.2026 00:00,",
        ),
    ],
)
def test_an_export_that_names_the_projects_lead_is_no_list_of_projects(tmp_path: Path, headers: str, row: str) -> None:
    plan = read(tmp_path, f"{headers}\n{row}\n")
    assert items(plan)["WEB-1"]["category"] == "to_do"
    assert plan.info.name == "Website"


@pytest.mark.parametrize(
    ("status", "category"), [("Abierta", "to_do"), ("Cerrada", "done"), ("Concluída", "done"), ("Fermée", "done"), ("En curso", "in_progress")]
)
def test_statuses_agree_with_their_noun(tmp_path: Path, status: str, category: str) -> None:
    plan = read(tmp_path, f"Clave de incidencia,Resumen,Estado,Creada\nSD-1,Uno,{status},2026-04-06 09:15\n")
    assert items(plan)["SD-1"]["category"] == category


@given(st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31)))
def test_the_usual_form_is_read_as_every_other(at: datetime) -> None:
    """A long export has nearly all its dates in one form, which is read in one step."""
    at = at.replace(second=0, microsecond=0)
    text = f"{at:%d/%b/%y} {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    read, slowly = dated(text, None), dated(text.lower(), None)  # small letters are not the usual form
    assert read == slowly
    assert read is not None
    assert (read.at, read.timed) == (at, True)


def test_days_that_no_month_has_are_none() -> None:
    assert [dated(text, None) for text in ("31/Feb/26 10:30 AM", "1/Foo/26 10:30 AM")] == [None, None]
