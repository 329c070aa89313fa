"""One project of Asana as a board: its tables from the records that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.asana import fields as asana_fields
from pmo_lib.readers.asana.history import Reading, Way, moment, moves, way
from pmo_lib.readers.asana.sections import Phases, of_field, phases
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.notes import Notes

TYPES = {"default_task": "Task", "milestone": "Milestone", "approval": "Approval", None: "Task"}
CORRECT = "correct it in Asana and pull again"
Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Records by what they are about; keys are gids."""

    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    tasks: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    stories: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    has_stories: bool = False
    time: list[dict[str, Any]] = field(default_factory=list)
    portfolios: list[str] = field(default_factory=list)
    fields: Mapping[str, Any] = field(default_factory=dict)  # column: name of the custom field, as the user asked
    site: str | None = None

    @staticmethod
    def memberships(task: Task) -> list[dict[str, Any]]:
        """The projects that a task says it is in."""
        told = [each.get("project") or {} for each in task.get("memberships") or []]
        return told or list(task.get("projects") or [])

    def root(self, task: Task) -> Task:
        """The task at the top of its parents that are known; a task in a circle of parents is its own."""
        seen = set()
        at = task
        while (parent := str((at.get("parent") or {}).get("gid"))) in self.tasks and parent not in seen:
            seen.add(parent)
            at = self.tasks[parent]
        return at

    def named(self, task: Task) -> list[str]:
        """gids of the projects which the task, or the one above all its parents, says it is in."""
        return [str(one["gid"]) for one in (*self.memberships(task), *self.memberships(self.root(task))) if one.get("gid")]

    def of(self, project: str) -> list[dict[str, Any]]:
        """The project's tasks and their subtasks of every depth; headings that only part a list are none. Of one project alone, loose tasks are its own too."""
        alone = len(self.projects) <= 1 or not project
        own = []
        for task in self.tasks.values():
            named = self.named(task)
            if (project in named or (alone and not named)) and not _is_heading(task):
                own.append(task)
        return own


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
        "items": [_item(source, gid, task, ways[str(task["gid"])], sections, statuses) for task in tasks],
        "transitions": sorted((row for each in ways.values() for row in each.transitions), key=lambda row: row["at"]),
        "item_changes": sorted((row for each in ways.values() for row in each.changes), key=lambda row: row["at"]),
        "item_links": [row for task in tasks for row in _links(task)],
        "worklogs": list(_worklogs(source, {str(task["gid"]) for task in tasks})),
        "custom_fields": [*_of_project(source, record, gid), *(row for task in tasks for row in _custom_fields(task))],
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


def _is_heading(task: Task) -> bool:
    return bool(task.get("is_rendered_as_separator")) or task.get("resource_subtype") == "section"


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
    for section in source.sections:
        owner = (section.get("project") or {}).get("gid")
        if owner is None or str(owner) == gid:
            found[str(section["gid"])] = str(section.get("name") or section["gid"])
    for task in tasks:
        section = _membership(task, gid).get("section") or {}
        if section.get("gid"):
            found.setdefault(str(section["gid"]), str(section.get("name") or section["gid"]))
    return found


def _membership(task: Task, project: str) -> Mapping[str, Any]:
    told = task.get("memberships") or []
    return next((each for each in told if not project or str((each.get("project") or {}).get("gid")) == project), {})


def _section(task: Task, project: str, sections: Mapping[str, str]) -> str | None:
    section = _membership(task, project).get("section") or {}
    return sections.get(str(section.get("gid")), section.get("name"))


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
    stands = {str(task["gid"]): _status_field(source, task) if by_field else _section(task, gid, sections) for task in tasks}
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


def _item(source: Source, gid: str, task: Task, passed: Way, sections: Mapping[str, str], statuses: Phases) -> dict[str, Any]:
    fields = task.get("custom_fields") or []

    def value(column: str) -> Any:
        found = asana_fields.named(fields, column, source.fields)
        return asana_fields.value(found) if found else None

    status = passed.transitions[-1]["after"]
    section = _section(task, gid, sections)
    blocked = asana_fields.named(fields, "blocked", source.fields)
    parent = (task.get("parent") or {}).get("gid")
    return {
        "item": str(task["gid"]),
        "uid": str(task["gid"]),
        "name": str(task.get("name") or ""),
        "type": str(value("type") or (task.get("custom_type") or {}).get("name") or TYPES.get(task.get("resource_subtype"), task.get("resource_subtype"))),
        "level": "subtask" if parent is not None and str(parent) in source.tasks else "item",
        "status": status,
        "category": statuses.category(status),
        "created": moment(task["created_at"]),
        "resolved": moment(task["completed_at"]) if task.get("completed_at") else None,
        "resolution": _resolution(task, passed),
        "updated": moment(task["modified_at"]) if task.get("modified_at") else None,
        "parent": None if parent is None else str(parent),
        "team": _text(value("team")),
        "assignee": _text((task.get("assignee") or {}).get("name") or (task.get("assignee") or {}).get("gid")),
        "priority": _text(value("priority")),
        "service": _text(value("service")),
        "points": _number(value("points")),
        "original_estimate": _minutes(value("estimated_time")),
        "spent": _minutes(task.get("actual_time_minutes")),
        "start": _day(task.get("start_on") or task.get("start_at")),
        "due": _day(task.get("due_on") or task.get("due_at")),
        "blocked": None if blocked is None else asana_fields.says_yes(asana_fields.value(blocked)),
        "sprints": [],
        "versions": [],
        "components": [section] if section else [],
        "labels": [str(tag.get("name") or tag.get("gid")) for tag in task.get("tags") or []],
    }


def _resolution(task: Task, passed: Way) -> str | None:
    if not task.get("completed"):
        return None
    if passed.duplicate:
        return "Duplicate"
    status = task.get("approval_status")
    return str(status).replace("_", " ").capitalize() if status and task.get("resource_subtype") == "approval" else "Completed"


def _links(task: Task) -> Iterator[dict[str, Any]]:
    for other in task.get("dependencies") or []:
        if other.get("gid"):
            yield {"item": str(other["gid"]), "other": str(task["gid"]), "kind": "blocks", "relation": "blocks"}


def _worklogs(source: Source, own: set[str]) -> Iterator[dict[str, Any]]:
    for entry in source.time:
        task = str((entry.get("task") or {}).get("gid"))
        if task in own and entry.get("entered_on"):
            started = datetime.combine(date.fromisoformat(entry["entered_on"]), time(12), UTC)  # a day alone; at noon it is that day in every zone
            yield {"item": task, "started": started, "minutes": entry.get("duration_minutes"), "author": (entry.get("created_by") or {}).get("name")}


def _custom_fields(task: Task) -> Iterator[dict[str, Any]]:
    for each in task.get("custom_fields") or []:
        found = asana_fields.value(each)
        if found is not None:
            text = f"{found:g}" if isinstance(found, (int, float)) else str(found)
            yield {
                "subject": "item",
                "key": str(task["gid"]),
                "field": str(each.get("name") or each.get("gid")),
                "kind": asana_fields.kind(each),
                "value": text,
            }


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


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None


def _start_of(text: Any) -> datetime | None:
    found = _day(text)
    return datetime.combine(found, time()) if found else None


def _end_of(text: Any) -> datetime | None:
    found = _day(text)
    return datetime.combine(found, time(23, 59)) if found else None


def _text(found: Any) -> str | None:
    return None if found is None else str(found)


def _number(found: Any) -> float | None:
    try:
        return None if found is None else float(found)
    except ValueError:
        return None


def _minutes(found: Any) -> int | None:
    number = _number(found)
    return None if number is None else round(number)
