"""An Asana of our own: one project whose tasks change and go while they are listed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.connectors.serving import Reply, Request

PROJECT = "1200000000000001"
PAGE = 2


@dataclass
class Task:
    """One task; `below` are its sub-tasks."""

    number: int
    name: str = ""
    modified: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    below: list[Task] = field(default_factory=list)
    project: str | None = PROJECT
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def gid(self) -> str:
        return str(1300000000000000 + self.number)


class AsanaWorld:
    """Six tasks, the second of which has two sub-tasks."""

    def __init__(self, items: int = 6) -> None:
        self.clock = timedelta()
        self.items = [Task(number, f"Task {number}") for number in range(1, items + 1)]
        self.items[1].below = [Task(101, "Below 1", project=None), Task(102, "Below 2", project=None)]
        self.sections = [{"gid": "1400000000000001", "resource_type": "section", "name": "Doing"}]

    # -- state

    def item(self, number: int) -> Task:
        return next(task for task in self._all() if task.number == number)

    def touch(self, number: int, summary: str | None = None, **changes: Any) -> None:
        """Changes a task now."""
        task = self.item(number)
        task.modified, task.name = datetime.now(UTC) + self.clock, summary or task.name
        for name, value in changes.items():
            setattr(task, name, value)

    def remove(self, number: int) -> None:
        self.items.remove(self.item(number))

    def visible(self) -> list[Task]:
        return [task for task in self.items if task.project == PROJECT]

    def _all(self) -> list[Task]:
        return [one for task in self.items for one in (task, *task.below)]

    # -- answers

    def answer(self, request: Request) -> Reply:
        if not request.headers.get("Authorization", "").startswith("Bearer"):
            return Reply({"errors": [{"message": "Not Authorized"}]}, 401)
        path = request.path.removeprefix("/api/1.0/")
        if path == "users/me":
            return Reply({"data": {"gid": "1100000000000001", "resource_type": "user", "name": "Ana"}})
        if path == f"projects/{PROJECT}":
            return Reply({"data": {"gid": PROJECT, "resource_type": "project", "name": "CRM", "archived": False}})
        if path == f"projects/{PROJECT}/sections":
            return self._paged(self.sections, request)
        if path == f"projects/{PROJECT}/custom_field_settings":
            setting = {
                "gid": "1500000000000001",
                "resource_type": "custom_field_setting",
                "custom_field": {"gid": "1500000000000002", "resource_type": "custom_field", "name": "Points", "resource_subtype": "number", "type": "number"},
            }
            return self._paged([setting], request)
        if path == "tasks" and request.query.get("project") == PROJECT:
            return self._tasks(request)
        if re.fullmatch(r"portfolios/\d+/items", path):
            return self._paged([{"gid": PROJECT, "resource_type": "project", "name": "CRM"}], request)
        if found := re.fullmatch(r"tasks/(\d+)(/\w+)?", path):
            return self._task(request, found[1], found[2])
        return Reply({"errors": [{"message": f"project: Unknown object: {path.split('/')[-1]}", "help": "For more information on API status codes ..."}]}, 404)

    def _tasks(self, request: Request) -> Reply:
        since = request.query.get("modified_since")
        found = [task for task in self.visible() if since is None or task.modified >= datetime.fromisoformat(since)]
        ids = request.query["opt_fields"] == "completed"
        return self._paged([{"gid": task.gid, "completed": False} if ids else self._told(task) for task in found], request, 5 if ids else PAGE)

    def _task(self, request: Request, gid: str, part: str | None) -> Reply:
        task = next((task for task in self._all() if task.gid == gid), None)
        if task is None:
            return Reply({"errors": [{"message": f"task: Unknown object: {gid}"}]}, 404)
        if part == "/subtasks":
            return self._paged([self._told(one, gid) for one in task.below], request)
        if part == "/stories":
            return self._paged([self._story(task, number) for number in range(3)], request)
        return Reply({"data": self._told(task)})

    def _told(self, task: Task, parent: str | None = None) -> dict[str, Any]:
        return {
            "gid": task.gid,
            "resource_type": "task",
            "name": task.name,
            "created_at": "2026-11-01T09:00:00.000Z",
            "modified_at": task.modified.isoformat().replace("+00:00", "Z"),
            "completed": False,
            "completed_at": None,
            "num_subtasks": len(task.below),
            **({"parent": {"gid": parent, "resource_type": "task"}} if parent else {}),
            "memberships": [{"project": {"gid": PROJECT}, "section": {"gid": "1400000000000001", "name": "Doing"}}] if not parent else [],
            "dependencies": [],
            **task.fields,
        }

    def _story(self, task: Task, number: int) -> dict[str, Any]:
        return {
            "gid": f"16{task.gid[2:]}{number}",
            "resource_type": "story",
            "resource_subtype": "section_changed",
            "created_at": f"2026-11-{number + 2:02d}T09:00:00.000Z",
            "text": "moved this Task",
            "type": "system",
            "target": {"gid": task.gid, "resource_type": "task", "name": task.name},
        }

    def _paged(self, things: list[dict[str, Any]], request: Request, most: int = PAGE) -> Reply:
        at, size = int(request.query.get("offset", "at-0").removeprefix("at-")), min(int(request.query.get("limit", 100)), most)
        following = {"offset": f"at-{at + size}", "path": request.path, "uri": self.uri(request)} if len(things) > at + size else None
        return Reply({"data": things[at : at + size], "next_page": following})

    def uri(self, request: Request) -> str:
        """A link on the server itself."""
        return f"{request.scheme}://{request.headers['Host']}{request.path}"
