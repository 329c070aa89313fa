"""Jira's payloads made by hand, for tests: issues, histories, statuses and boards as the REST interface writes them."""

from __future__ import annotations

from typing import Any

CATEGORIES = {"To Do": (2, "new"), "Doing": (4, "indeterminate"), "Review": (4, "indeterminate"), "Done": (3, "done")}
IDS = {name: str(10_000 + i) for i, name in enumerate(CATEGORIES)}
AUTHOR = {"accountId": "a1", "displayName": "Ada"}
Made = dict[str, Any]


def status(name: str) -> Made:
    number, key = CATEGORIES.get(name, (1, "undefined"))
    return {"id": IDS.get(name, "99"), "name": name, "statusCategory": {"id": number, "key": key, "name": key}}


def issue(key: str, now: str = "To Do", *histories: Made, created: str = "2026-01-05T09:00:00.000+0000", kind: str = "Story", **fields: Any) -> Made:
    """An issue as Data Center sends it, with its histories in it."""
    return {
        "id": f"1{key.rpartition('-')[2]}",
        "key": key,
        "changelog": {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": list(histories)},
        "fields": {
            "summary": f"Summary of {key}",
            "issuetype": {"id": "1", "name": kind, "subtask": kind == "Sub-task"},
            "project": {"id": "1", "key": key.rpartition("-")[0], "name": "Project"},
            "status": status(now),
            "created": created,
            "updated": "2026-03-01T12:00:00.000+0000",
            "creator": AUTHOR,
            **fields,
        },
    }


def history(number: int, at: str, *items: Made) -> Made:
    return {"id": str(number), "author": AUTHOR, "created": at, "items": list(items)}


def moved(number: int, at: str, before: str, after: str) -> Made:
    """A change of status."""
    return history(number, at, change("status", before, after, IDS.get(before, "98"), IDS.get(after, "99")))


def change(field: str, before: str | None, after: str | None, old: str | None = None, new: str | None = None, **more: Any) -> Made:
    return {"field": field, "fieldtype": "jira", "from": old, "fromString": before, "to": new, "toString": after, **more}


def configuration(*columns: tuple[str, tuple[str, ...]], number: int = 1) -> Made:
    """A board whose columns hold the statuses of these names."""
    held = [{"name": name, "statuses": [{"id": IDS[status]} for status in statuses]} for name, statuses in columns]
    return {"id": number, "name": f"Board {number}", "type": "kanban", "columnConfig": {"columns": held}}


def custom(key: str, name: str, kind: str = "") -> Made:
    """A row of the site's list of fields."""
    return {"id": key, "name": name, "custom": True, "clauseNames": [], "schema": {"type": "any", "custom": kind}}


STATUSES = [status(name) for name in CATEGORIES]
