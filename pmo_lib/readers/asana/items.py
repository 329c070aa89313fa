"""What one task of Asana says of itself: its rows of items, links, worklogs and custom fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from pmo_lib.readers.asana import fields as asana_fields
from pmo_lib.readers.asana.history import Way, moment
from pmo_lib.readers.asana.records import Source, Task, section
from pmo_lib.readers.asana.sections import Phases

TYPES = {"default_task": "Task", "milestone": "Milestone", "approval": "Approval", None: "Task"}


def item(source: Source, gid: str, task: Task, passed: Way, sections: Mapping[str, str], statuses: Phases) -> dict[str, Any]:
    """A task's row of items; `passed` is the way that it came."""
    fields = task.get("custom_fields") or []

    def value(column: str) -> Any:
        found = asana_fields.named(fields, column, source.fields)
        return asana_fields.value(found) if found else None

    status = passed.transitions[-1]["after"]
    stands_in = section(task, gid, sections)
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
        "start": day(task.get("start_on") or task.get("start_at")),
        "due": day(task.get("due_on") or task.get("due_at")),
        "blocked": None if blocked is None else asana_fields.says_yes(asana_fields.value(blocked)),
        "sprints": [],
        "versions": [],
        "components": [stands_in] if stands_in else [],
        "labels": [str(tag.get("name") or tag.get("gid")) for tag in task.get("tags") or []],
    }


def _resolution(task: Task, passed: Way) -> str | None:
    if not task.get("completed"):
        return None
    if passed.duplicate:
        return "Duplicate"
    status = task.get("approval_status")
    return str(status).replace("_", " ").capitalize() if status and task.get("resource_subtype") == "approval" else "Completed"


def links(task: Task) -> Iterator[dict[str, Any]]:
    """Rows of item links: what the task waits for."""
    for other in task.get("dependencies") or []:
        if other.get("gid"):
            yield {"item": str(other["gid"]), "other": str(task["gid"]), "kind": "blocks", "relation": "blocks"}


def worklogs(source: Source, own: set[str]) -> Iterator[dict[str, Any]]:
    """Rows of the time booked on the tasks with these gids."""
    for entry in source.time:
        task = str((entry.get("task") or {}).get("gid"))
        if task in own and entry.get("entered_on"):
            started = datetime.combine(date.fromisoformat(entry["entered_on"]), time(12), UTC)  # a day alone; at noon it is that day in every zone
            yield {"item": task, "started": started, "minutes": entry.get("duration_minutes"), "author": (entry.get("created_by") or {}).get("name")}


def custom_fields(task: Task) -> Iterator[dict[str, Any]]:
    """Rows of the task's custom fields that have a value."""
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


def day(text: Any) -> date | None:
    """The day of a date or an instant; None where there is none."""
    return date.fromisoformat(str(text)[:10]) if text else None


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
