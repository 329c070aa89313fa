"""Asana's CSV export (and its Google Sheets variant, which has lines above the headers) as boards.

The export gives days, no history and no project's own dates; it names parents, projects and dependencies by their names. What follows is told in findings.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import cells
from pmo_lib.readers.asana.board import project_of
from pmo_lib.readers.asana.records import Source
from pmo_lib.readers.cells import plain
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import Sheet, is_text, read_sheet

NAME = "asana_csv"
VERSION = "asana_csv/1"
RUNS_IN = "child"
# Asana writes its export's headers in English whatever the language of the account; the others are those of its interface, which spreadsheets carry
SPELT = {
    "task id": "aufgaben-id|id der aufgabe|aufgabenid|id de la tâche|id de tâche|identifiant de la tâche|id de la tarea|id de tarea|id da tarefa",
    "created at": "erstellt am|erstellt|créé le|créée le|date de création|creado el|creada el|fecha de creación|criado em|criada em|data de criação",
    "completed at": "abgeschlossen am|erledigt am|terminé le|terminée le|achevé le|date d'achèvement|completado el|completada el|finalizado el|"
    "fecha de finalización|concluído em|concluída em|data de conclusão",
    "last modified": "zuletzt geändert|zuletzt bearbeitet|letzte änderung|dernière modification|modifié le|última modificación|modificado el",
    "name": "aufgabe|aufgabenname|nom|nom de la tâche|nombre|nombre de la tarea|nome|nome da tarefa",
    "section/column": "abschnitt/spalte|abschnitt|section/colonne|section|sección/columna|sección|seção/coluna|seção",
    "assignee": "verantwortlich|verantwortliche person|zuständige person|zugewiesen an|responsable|personne assignée|persona asignada|responsável",
    "assignee email": "e-mail der verantwortlichen person|e-mail des verantwortlichen|e-mail du responsable|correo electrónico del responsable|"
    "e-mail do responsável",
    "start date": "startdatum|anfangsdatum|date de début|fecha de inicio|data de início",
    "due date": "fälligkeitsdatum|fällig am|date d'échéance|échéance|fecha de entrega|fecha límite|fecha de vencimiento|data de entrega|data de vencimento",
    "tags": "schlagwörter|étiquettes|etiquetas",
    "notes": "notizen|beschreibung|remarques|description|notas|descripción|descrição|observações",
    "projects": "projekte|projets|proyectos|projetos",
    "parent task": "übergeordnete aufgabe|tâche parente|tâche principale|tarea principal|tarefa principal|tarefa pai",
    "blocked by (dependencies)": "blockiert von (abhängigkeiten)|blockiert durch (abhängigkeiten)|bloqué par (dépendances)|bloqueada por (dependencias)|"
    "bloqueado por (dependencias)|bloqueado por (dependências)",
    "blocking (dependencies)": "blockiert (abhängigkeiten)|bloque (dépendances)|bloquea (dependencias)|bloqueando (dependências)",
}
OWN = tuple(SPELT)
TABLE = {plain(spelt): name for name, others in SPELT.items() for spelt in (name, *others.split("|"))}
NEEDED = ("task id", "created at", "completed at", "name")
MANGLED = re.compile(r"\d[.,]\d+E\+\d+$", re.IGNORECASE)
DATES = ("created at", "completed at", "last modified", "start date", "due date")
NOON = "T12:00:00+00:00"  # a day alone stands at noon UTC, so that it is that day in every zone
AGAIN = "export it from Asana again"


def matches(head: bytes, path: Path) -> bool:
    """Whether some line near the top names the columns of Asana's export."""
    if not is_text(head):
        return False
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    cut = (next(csv.reader([line], delimiter=mark), []) for line in text.splitlines()[:25] for mark in ",;\t" if mark in line)
    return any(set(NEEDED) <= set(columns(cells)) for cells in cut)


def columns(headers: Sequence[str]) -> list[str]:
    """Asana's own name of each column, in plain English; a custom field's header as it is, in plain letters, though it may be called like one of them."""
    said = [plain(header) for header in headers]
    taken = set(said) & set(OWN)
    found = []
    for each in said:
        name = TABLE.get(each, each)
        if each not in OWN and name in taken:
            name = each
        taken.add(name)
        found.append(name)
    return found


def parse(path: Path) -> list[Project]:
    """A board a project that the export is of. Raises `UnreadableFile`."""
    sheet = read_sheet(path, lambda headers: len(set(OWN) & set(columns(headers))))
    notes = Notes()
    rows = list(_rows(path, sheet, notes))
    if not rows:
        raise UnreadableFile(path.name, "it has no task below its headers", remedy=AGAIN)
    tasks = _tasks(rows, notes)
    projects = _projects(rows, notes)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    source = Source(projects={name: {"gid": name, "name": name} for name in projects}, tasks={task["gid"]: task for task in tasks})
    made = [project_of(source, name, position=at, file=path.name, content_hash=digest, reader=VERSION) for at, name in enumerate(projects)]
    return [_as_export(plan, path, notes) for plan in made]


def _as_export(plan: Project, path: Path, notes: Notes) -> Project:
    import polars as pl

    info = replace(plan.info, source=NAME, key=plan.info.key or path.stem, name=plan.info.name or path.stem)
    return Project(info, plan.tables, pl.concat([notes.frame(), plan.findings]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the export: its cells by plain header, the cells of custom fields by header, and where it stands."""

    id: str
    cells: dict[str, str]
    custom: dict[str, str]
    place: str

    def names(self, column: str) -> list[str]:
        """What a cell lists."""
        return [name.strip() for name in self.cells.get(column, "").split(",") if name.strip()]


def _rows(path: Path, sheet: Sheet, notes: Notes) -> Iterator[Row]:
    headers = columns(sheet.headers)
    if missing := [name for name in NEEDED if name not in headers]:
        raise UnreadableFile(path.name, f"it lacks the columns {', '.join(missing)} of Asana's export", remedy=AGAIN)
    order = _order(path, [cell for _, found in sheet.rows for name, cell in zip(headers, found, strict=False) if name in DATES])
    names = _distinct(sheet.headers, notes)
    seen: set[str] = set()
    for number, found in sheet.rows:
        place = sheet.place(number)
        own = {name: cell for name, cell in zip(headers, found, strict=False) if name in OWN and cell}
        custom = {name: cell for name, plain_name, cell in zip(names, headers, found, strict=False) if plain_name not in OWN and cell}
        for name in DATES:
            own[name] = _dated(own.get(name, ""), order, name, place, notes)
        yield Row(_id(own.get("task id", ""), number, seen, place, notes), own, custom, place)


def _distinct(headers: Sequence[str], notes: Notes) -> list[str]:
    """Headers, the second of a name with its number."""
    found: list[str] = []
    for header in headers:
        twin = sum(plain(name) == plain(header) for name in headers[: len(found)])
        if twin and header:
            notes.add("info", "header-twice", f"column {header}", "of columns with one name each was kept, the later ones with their number", None)
        found.append(f"{header} ({twin + 1})" if twin else header)
    return found


def _id(text: str, number: int, seen: set[str], place: str, notes: Notes) -> str:
    """The task's id; of one that a spreadsheet rounded, that is missing or that came before, its row."""
    fault = None
    if MANGLED.match(text):
        fault = "id-rounded", "a spreadsheet rounded the Task IDs"
    elif not text:
        fault = "item-without-key", "a task has no Task ID"
    elif text in seen:
        fault = "key-twice", "a Task ID came before"
    if fault:
        notes.add(
            "warning",
            fault[0],
            f"{place}: {text or 'empty'}",
            f"{fault[1]}; such a task goes by its row, and cannot be followed from one export to the next",
            AGAIN,
        )
        return f"row {number}"
    seen.add(text)
    return text


def _order(path: Path, texts: list[str]) -> cells.DateOrder | None:
    found = cells.date_order(text for text in texts if text)
    if found == "both":
        raise UnreadableFile(path.name, "some of its dates have the day first, others the month", remedy=f"{AGAIN}; it writes dates as 2026-11-30")
    if found == "either":
        if any(cells.is_ambiguous(text) for text in texts):
            raise UnreadableFile(
                path.name, "its dates may have the day or the month first, and none decides it", remedy=f"{AGAIN}; it writes dates as 2026-11-30"
            )
        return None
    return found


def _dated(text: str, order: cells.DateOrder | None, what: str, place: str, notes: Notes) -> str:
    """The day in ISO form, or the instant where the cell has a time; empty where there is none that can be read."""
    if not text:
        return ""
    found = cells.dated(text, order)
    if found is None:
        notes.add("error", "date-unreadable", f"{place}: {text[:40]!r}", f"{what} is no date and was left out", "correct it in Asana and export again")
        return ""
    return f"{found.at.isoformat()}+00:00" if found.timed else found.at.date().isoformat()


def _tasks(rows: list[Row], notes: Notes) -> list[dict[str, Any]]:
    """Records as the API would tell them."""
    known: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        known.setdefault(row.cells.get("name", ""), []).append(at)
    parents = {row.id: _one(known, row.cells.get("parent task", ""), at, rows, "parent task", notes) for at, row in enumerate(rows)}
    blocked: dict[str, list[str]] = {row.id: [] for row in rows}
    for at, row in enumerate(rows):
        for other in _several(known, row.cells.get("blocked by (dependencies)", ""), at, rows, "blocked by", notes):
            blocked[row.id].append(other)
        for other in _several(known, row.cells.get("blocking (dependencies)", ""), at, rows, "blocking", notes):
            blocked[other].append(row.id)
    timed = any("T" in row.cells["created at"] for row in rows)
    if not timed:
        notes.add(
            "info",
            "days-only",
            "Created At, Completed At",
            "the export gives days without a time; each stands at noon UTC",
            "pull the project to have the times",
        )
    return [_task(row, parents[row.id], list(dict.fromkeys(blocked[row.id]))) for row in rows]


def _task(row: Row, parent: str | None, blocked: list[str]) -> dict[str, Any]:
    own = row.cells
    section = {"gid": own["section/column"], "name": own["section/column"]} if own.get("section/column") else None
    return {
        "gid": row.id,
        "name": own.get("name", ""),
        "created_at": _instant(own["created at"]),
        "completed": bool(own["completed at"]),
        "completed_at": _instant(own["completed at"]),
        "modified_at": _instant(own["last modified"]),
        "assignee": {"name": own.get("assignee") or own.get("assignee email")} if own.get("assignee") or own.get("assignee email") else None,
        "start_on": own["start date"][:10] or None,
        "due_on": own["due date"][:10] or None,
        "tags": [{"name": name} for name in row.names("tags")],
        "parent": {"gid": parent} if parent else None,
        "dependencies": [{"gid": other} for other in blocked],
        "memberships": [{"project": {"gid": name, "name": name}, "section": section} for name in _own_projects(row)],
        "custom_fields": [_field(name, row.custom[name]) for name in row.custom],
        "_place": row.place,
    }


def _field(name: str, text: str) -> dict[str, Any]:
    number = cells.number(text, comma=False) if re.fullmatch(r"-?[\d.,]+", text) else None
    return {"name": name, "type": "text", "text_value": text} if number is None else {"name": name, "type": "number", "number_value": number}


def _instant(text: str) -> str | None:
    return None if not text else text if "T" in text else text + NOON


def _own_projects(row: Row) -> list[str]:
    """The projects of a row; a subtask has its parent's."""
    whole = row.cells.get("projects", "")
    return [] if not whole else list(dict.fromkeys([whole, *row.names("projects")]))


def _projects(rows: list[Row], notes: Notes) -> list[str]:
    """The project that the export is of: the one that every task at the top names. Of a search over several, each that a task names."""
    top = [set(_own_projects(row)) for row in rows if not row.cells.get("parent task")]
    named = [each for each in top if each]
    shared = set.intersection(*named) if named else set()
    if shared:
        return [max(shared, key=len)]
    found = list(dict.fromkeys(name for row in rows for name in row.names("projects")))
    if len(found) > 1:
        notes.add("info", "several-projects", "column Projects", f"the export is of {len(found)} projects; a task of several stands in each of them", None)
    return found or [""]


def _one(known: dict[str, list[int]], name: str, at: int, rows: list[Row], what: str, notes: Notes) -> str | None:
    """The task of that name; of several the nearest above, as Asana writes subtasks below their parent."""
    if not name:
        return None
    places = [place for place in known.get(name, []) if place != at]
    if not places:
        notes.add("warning", "name-unknown", f"{rows[at].place}: {name!r}", f"a {what} that is not in the export was left out", "export the whole project")
        return None
    if len(places) > 1:
        notes.add(
            "warning",
            "name-twice",
            f"{rows[at].place}: {name!r}",
            f"a {what} is a name that several tasks have; the nearest above was taken",
            "pull the project",
        )
    return rows[max((place for place in places if place < at), default=places[0])].id


def _several(known: dict[str, list[int]], text: str, at: int, rows: list[Row], what: str, notes: Notes) -> Iterator[str]:
    """The tasks that a cell lists by name; a name may hold commas itself, so the longest that is known is taken first."""
    parts = [part.strip() for part in text.split(",")] if text else []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if ", ".join(parts[:n]) in known or ",".join(parts[:n]) in known), 1)
        name = next((joined for joined in (", ".join(parts[:length]), ",".join(parts[:length])) if joined in known), parts[0])
        found = _one(known, name, at, rows, what, notes)
        if found is not None:
            yield found
        parts = parts[length:]
