"""One project of Asana as a board: its tables from the records that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.asana import fields as asana_fields
from pmo_lib.readers.asana.history import Reading, Way, moves, way
from pmo_lib.readers.asana.items import custom_fields, day, item, links, worklogs
from pmo_lib.readers.asana.records import Source, Task, membership, section
from pmo_lib.readers.asana.sections import Phases, of_field, phases
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.notes import Notes

CORRECT = "correct it in Asana and pull again"


def project_of(
    source: Source, gid: str, *, position: int, reader: str, file: str | None = None, content_hash: str | None = None, data_date: datetime | None = None
) -> Project:
    """The board of the project with that gid."""
    notes = Notes()
    record = source.projects.get(gid, {})
    tasks = [task for task in source.of(gid) if _is_sound(task, notes)]
    place = f"project {record.get('name') or gid}"
    sections = _sections(source, gid, tasks)
    ways, statuses = _ways(source, gid, record, tasks, sections, notes, place)
    rows: dict[str, list[dict[str, Any]]] = {
        "items": [item(source, gid, task, ways[str(task["gid"])], sections, statuses) for task in tasks],
        "transitions": sorted((row for each in ways.values() for row in each.transitions), key=lambda row: row["at"]),
        "item_changes": sorted((row for each in ways.values() for row in each.changes), key=lambda row: row["at"]),
        "item_links": [row for task in tasks for row in links(task)],
        "worklogs": list(worklogs(source, {str(task["gid"]) for task in tasks})),
        "custom_fields": [*_of_project(source, record, gid), *(row for task in tasks for row in custom_fields(task))],
    }
    used = {row["status"] for row in rows["items"]} | {row["after"] for row in rows["transitions"]}
    own = [row for row in statuses.rows if row["position"] is not None or row["status"] in used]
    rows["statuses"] = [row for row in own if row["status"] in used or row["status"] == row["column"]]
    _tell(source, ways, tasks, notes, place)
    info = ProjectInfo(
        key=gid or "ASANA",
        name=str(record.get("name") or _name_in(tasks, gid) or (f"Asana project {gid}" if gid else "Asana tasks")),
        source="asana",
        file=file,
        content_hash=content_hash,
        position=position,
        source_id=gid or None,
        reader=reader,
        data_date=data_date,
        planned_start=_start_of(record.get("start_on")),
        must_finish=_end_of(record.get("due_on") or record.get("due_date")),
        manager=(record.get("owner") or {}).get("name"),
    )
    return Project(info, tables_from(rows, notes), notes.frame())


def _is_sound(task: Task, notes: Notes) -> bool:
    """Whether a task can be a row; else a finding says why not."""
    place = str(task.get("_place") or task.get("gid"))
    if not task.get("gid"):
        notes.add("error", "item-without-key", place, "a task without gid was left out", CORRECT)
        return False
    for name in ("created_at", "completed_at", "modified_at"):
        if task.get(name) is not None and notes.instant(str(task[name]), f"{name} of a task", place) is None:
            return False
    if not task.get("created_at"):
        notes.add("error", "item-without-creation", place, "a task without the moment of its creation was left out", CORRECT)
        return False
    return True


def _sections(source: Source, gid: str, tasks: list[dict[str, Any]]) -> dict[str, str]:
    """Names by gid in the project's order; those that only tasks name come last."""
    found: dict[str, str] = {}
    for each in source.sections:
        owner = (each.get("project") or {}).get("gid")
        if owner is None or str(owner) == gid:
            found[str(each["gid"])] = str(each.get("name") or each["gid"])
    for task in tasks:
        told = membership(task, gid).get("section") or {}
        if told.get("gid"):
            found.setdefault(str(told["gid"]), str(told.get("name") or told["gid"]))
    return found


def _ways(
    source: Source, gid: str, record: Mapping[str, Any], tasks: list[dict[str, Any]], sections: Mapping[str, str], notes: Notes, place: str
) -> tuple[dict[str, Way], Phases]:
    only = {str(task["gid"]): len({str(one.get("gid")) for one in source.memberships(task)}) <= 1 for task in tasks}
    told = {str(task["gid"]): source.stories.get(str(task["gid"]), []) for task in tasks}
    moved = sum(bool(moves(told[key], sections, gid, only=only[key])) for key in told) / max(len(tasks), 1)
    by_field = source.fields.get("status") is not None
    if by_field:
        statuses = of_field(_options(source, tasks))
    else:
        gone = [name for key in told for _, before, after, _ in moves(told[key], sections, gid, only=only[key]) for name in (before, after) if name]
        statuses = phases([*sections.values(), *gone], view=record.get("default_view"), moved=moved, notes=notes, place=place)
    reading = Reading(phases=statuses, sections=sections, project=gid, fields=source.fields, complete=source.has_stories)
    stands = {str(task["gid"]): _status_field(source, task) if by_field else section(task, gid, sections) for task in tasks}
    return {key: way(source.tasks[key], stands[key], told[key], reading, only=only[key]) for key in told}, statuses


def _status_field(source: Source, task: Task) -> str | None:
    found = asana_fields.named(task.get("custom_fields") or [], "status", source.fields)
    value = asana_fields.value(found) if found else None
    return None if value is None else str(value)


def _options(source: Source, tasks: list[dict[str, Any]]) -> list[str]:
    """The status field's options in their order, as the first task that carries the field tells them; and whatever values there are."""
    known: list[str] = []
    for task in tasks:
        found = asana_fields.named(task.get("custom_fields") or [], "status", source.fields)
        known += [str(option.get("name")) for option in (found or {}).get("enum_options") or []]
        if found and (value := asana_fields.value(found)) is not None:
            known.append(str(value))
    return list(dict.fromkeys(known))


def _of_project(source: Source, record: Mapping[str, Any], gid: str) -> Iterator[dict[str, Any]]:
    """What Asana says of the project itself and no table has a column for."""
    update = record.get("current_status_update") or record.get("current_status") or {}
    told = {
        "Team": (record.get("team") or {}).get("name"),
        "Status": update.get("status_type") or update.get("color"),
        "Portfolio": "; ".join(source.portfolios) or None,
        "Archived": "true" if record.get("archived") else None,
        "Site": source.site,
    }
    for name, value in told.items():
        if value:
            yield {"subject": "project", "key": gid or "ASANA", "field": name, "kind": "text", "value": str(value)}


def _tell(source: Source, ways: Mapping[str, Way], tasks: list[dict[str, Any]], notes: Notes, place: str) -> None:
    early = [key for key, each in ways.items() if each.early]
    if early:
        more = f" and {len(early) - 1:,} more" if len(early) > 1 else ""
        message = "a task was completed before it was created; both are kept as the source has them"
        notes.add("warning", "resolved-before-created", f"{place}: {early[0]}{more}", message, "correct its dates in Asana and export it again")
    if tasks and not source.has_stories:
        message = "there is no history of the tasks: when work began is not known, so items have no cycle time, and their age is the least that it can be"
        notes.add("warning", "no-history", place, message, "pull the project with pmo pull asana, which fetches the stories")
        return
    unknown = [key for key, each in ways.items() if each.missing]
    if unknown:
        message = f"{len(unknown):,} tasks moved without a story that says when; they were taken to have moved at their last change"
        notes.add("warning", "history-incomplete", f"{place}: {', '.join(unknown[:3])}", message, "read their ages as the least that they can be")


def _name_in(tasks: list[dict[str, Any]], gid: str) -> str | None:
    told = [one.get("name") for task in tasks for one in Source.memberships(task) if str(one.get("gid")) == gid]
    return next((name for name in told if name), None)


def _start_of(text: Any) -> datetime | None:
    found = day(text)
    return datetime.combine(found, time()) if found else None


def _end_of(text: Any) -> datetime | None:
    found = day(text)
    return datetime.combine(found, time(23, 59)) if found else None
