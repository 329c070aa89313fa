"""Lists of items as other trackers export them: read where they say when items came and went, else refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmo_lib import flow
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import door
from pmo_lib.readers.jira import csv_export

AZURE = """ID,Work Item Type,Title,Assigned To,State,Tags,Created Date,Activated Date,Resolved Date,Closed Date,Changed Date,Story Points
101,User Story,One,Ana,Closed,a; b,3/2/2026 9:05:00 AM,3/5/2026 10:00:00 AM,3/19/2026 4:00:00 PM,3/20/2026 4:00:00 PM,3/20/2026 4:00:00 PM,3
102,Bug,Two,,Resolved,,3/3/2026 9:05:00 AM,3/6/2026 10:00:00 AM,3/21/2026 4:00:00 PM,,3/21/2026 4:00:00 PM,
103,Bug,Three,,Active,,3/4/2026 9:05:00 AM,3/9/2026 10:00:00 AM,,,3/9/2026 10:00:00 AM,
104,Bug,Four,,New,,3/23/2026 9:05:00 AM,,,,3/23/2026 9:05:00 AM,
105,Bug,Five,,Removed,,3/5/2026 9:05:00 AM,,,3/10/2026 9:05:00 AM,3/10/2026 9:05:00 AM,
"""
LISTS = {
    "clickup": "Task ID,Task Name,Status,Date Created,Date Done,Date Closed,Assignees\n86a1,One,complete,1772442300000,1773936000000,,[Ana]\n"
    "86a2,Two,to do,1772442300000,,,[]\n",
    "gitlab": "Title,Issue ID,State,Author,Milestone,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC)\n"
    "One,7,Closed,Ana,1.0,,2026-03-02 09:05:00,2026-03-19 16:00:00,2026-03-19 16:00:00\nTwo,8,Open,Ana,1.0,,2026-03-02 09:05:00,2026-03-02 09:05:00,\n",
    "youtrack": "Issue Id,Project,Summary,Created,Updated,Resolved,Type,State\nYT-1,Web,One,02 Mar 2026 09:05,19 Mar 2026 16:00,19 Mar 2026 16:00,Bug,Fixed\n"
    "YT-2,Web,Two,02 Mar 2026 09:05,02 Mar 2026 09:05,,Bug,Open\n",
    "redmine": "#,Project,Tracker,Parent task,Status,Subject,Updated,Start date,Due date,% Done,Created,Closed\n"
    "7,Web,Bug,,Closed,One,03/19/2026 04:00 PM,,,100,03/02/2026 09:05 AM,03/19/2026 04:00 PM\n"
    "8,Web,Bug,7,New,Two,03/02/2026 09:05 AM,,,0,03/02/2026 09:05 AM,\n",
    "github": "number,title,state,created_at,closed_at,labels\n7,One,closed,2026-03-02T09:05:00Z,2026-03-19T16:00:00Z,bug\n8,Two,open,2026-03-02T09:05:00Z,,\n",
}


def read(tmp_path: Path, text: str, name: str = "list.csv") -> Project:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert door.admit(file) == csv_export.__name__
    (plan,) = csv_export.parse(file)  # one board, though its keys are numbers
    return plan


def found(plan: Project, code: str) -> list[str]:
    return plan.findings.filter(code=code)["place"].to_list()


def test_work_items_of_azure_devops(tmp_path: Path) -> None:
    plan = read(tmp_path, AZURE)
    assert plan.tables["items"].select("item", "type", "points").rows()[:2] == [("101", "User Story", 3.0), ("102", "Bug", None)]
    at = datetime(2026, 3, 31)
    cycles = {row["item"]: row for row in flow.cycle_times(plan, at=at).iter_rows(named=True)}
    assert {key: (row["cycle_time"], row["lead_time"]) for key, row in cycles.items()} == {
        "101": (16.0, 19.0),  # 5 to 20 March, both counted; closed, not resolved, ends it
        "102": (16.0, 19.0),  # never closed: when it was resolved
        "103": (None, None),
        "104": (None, None),
        "105": (None, None),
    }
    assert cycles["103"]["started"] == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert cycles["105"]["cancelled"]
    assert found(plan, "history-by-dates") == ["101 and 2 more"]


HEADERS = [  # id, title, state, created, begun, finished, owner
    "ID;Titel;Zustand;Erstellungsdatum;Aktivierungsdatum;Geschlossen am;Zugewiesen zu",
    "Nr.;Aufgabe;Status;Angelegt am;In Arbeit seit;Abgeschlossen am;Bearbeiter",
    "ID;Titre;État;Date de création;Date d'activation;Date de fermeture;Affecté à",
    "Número;Título;Estado;Fecha de creación;En curso desde;Fecha de cierre;Asignado a",
    "ID;Título;Estado;Data de criação;Data de ativação;Data de fechamento;Atribuído a",
]


@pytest.mark.parametrize("headers", HEADERS)
def test_lists_in_other_languages(tmp_path: Path, headers: str) -> None:
    plan = read(tmp_path, f"{headers}\n1;Eins;Closed;02.03.2026;05.03.2026;20.03.2026;Ana\n2;Zwei;Active;03.03.2026;06.03.2026;;Bo\n")
    cycles = flow.cycle_times(plan, at=datetime(2026, 3, 31))
    assert cycles.select("item", "cycle_time", "lead_time").rows() == [("1", 16.0, 19.0), ("2", None, None)]
    assert plan.tables["items"]["assignee"].to_list() == ["Ana", "Bo"]
    assert not found(plan, "columns-unused")


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_other_trackers(tmp_path: Path, name: str) -> None:
    cycles = flow.cycle_times(read(tmp_path, LISTS[name], f"{name}.csv"), at=datetime(2026, 3, 31))
    assert cycles["lead_time"].to_list() == [18.0, None]
    assert cycles["created"].to_list() == [datetime(2026, 3, 2, 9, 5, tzinfo=UTC)] * 2


def test_starts_that_cannot_be_are_told_and_left_out(tmp_path: Path) -> None:
    rows = [
        "K-1,2026-03-02 09:00,2026-03-30 09:00,2026-03-20 09:00,Done",
        "K-2,2026-03-02 09:00,2026-02-20 09:00,2026-03-20 09:00,Done",
        "K-3,2026-03-02 09:00,2026-03-04 09:00,,To Do",
        "K-4,2026-03-02 09:00,2026-03-02,2026-03-20 09:00,Done",  # a day alone is not before the hour of that day
        "K-5,2026-03-02 09:00,soon,2026-03-20 09:00,Done",
    ]
    plan = read(tmp_path, "Key,Created,Started,Resolved,Status\n" + "\n".join(rows) + "\n")
    assert found(plan, "start-after-finish") == ["K-1: 2026-03-30"]
    assert found(plan, "start-before-creation") == ["K-2: 2026-02-20"]
    assert found(plan, "start-without-work") == ["K-3: 2026-03-04"]
    assert found(plan, "date-unreadable") == ["row 6, K-5: 'soon'"]
    cycles = dict(flow.cycle_times(plan).select("item", "cycle_time").iter_rows())
    assert cycles == {"K-1": None, "K-2": None, "K-3": None, "K-4": 19.0, "K-5": None}


def test_starts_and_finishes_alone_give_cycle_times_and_no_lead_times(tmp_path: Path) -> None:
    file = tmp_path / "done.csv"
    file.write_text("Item,Started,Finished\nOne,2026-03-02,2026-03-06\nTwo,2026-03-03,2026-03-03\n", encoding="utf-8")
    cycles = flow.cycle_times(door.read_all(file)[0])
    assert cycles.select("cycle_time", "lead_time").rows() == [(1.0, None), (5.0, None)]


@pytest.mark.parametrize(
    "text",
    [
        "ID,Work Item Type,Title,State\n1,Bug,One,New\n",
        "Card ID,Card Name,Due Date,Last Activity Date,List Name,Archived\n6a1,One,,2026-03-02T09:05:00.000Z,Done,false\n",
    ],
)
def test_lists_that_tell_no_creation_are_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"list of items that does not say when they were created; export it with the dates of creation and of finish"):
        read(tmp_path, text)
