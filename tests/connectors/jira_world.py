"""A Jira of our own, Cloud or Data Center: one project whose items change, move and go while they are listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.connectors.serving import TOKEN, Reply, Request

PAGE = 2  # items a page, whatever is asked for: a server may give fewer
ZONE, OFFSET = "America/New_York", "-0500"
STATUSES = {"10000": ("To Do", "new", 2), "3": ("In Progress", "indeterminate", 4), "10002": ("Done", "done", 3)}


@dataclass
class Item:
    """One issue. `updated` in UTC."""

    number: int
    summary: str = ""
    updated: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    project: str = "WEB"
    hidden: bool = False
    logged: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.project}-{self.number}"

    @property
    def id(self) -> str:
        return str(10000 + self.number)


class JiraWorld:
    """`cloud` chooses between search/jql with tokens and search with positions."""

    def __init__(self, cloud: bool = True, items: int = 6, agile: bool = True) -> None:
        self.cloud, self.clock = cloud, timedelta()
        self.items = [Item(number, f"Item {number}") for number in range(1, items + 1)]
        self.statuses = dict(STATUSES)
        self.histories_at_once = 100  # Data Center: how much of a history comes with the issue
        self.told: Callable[[Item], None] = lambda item: None
        self.agile = agile
        self.logs_inside = 20

    # -- state

    def item(self, number: int) -> Item:
        return next(item for item in self.items if item.number == number)

    def touch(self, number: int, **changes: Any) -> None:
        """Changes an item now."""
        for name, value in {"updated": datetime.now(UTC) + self.clock, **changes}.items():
            setattr(self.item(number), name, value)

    def remove(self, number: int) -> None:
        self.items.remove(self.item(number))

    def visible(self) -> list[Item]:
        return [item for item in self.items if item.project == "WEB" and not item.hidden]

    # -- answers

    def answer(self, request: Request) -> Reply:
        if "Authorization" not in request.headers or (self.cloud is not request.headers["Authorization"].startswith("Basic")):
            return Reply({"message": "Client must be authenticated to access this resource.", "status-code": 401}, 401)
        api = "/rest/api/3" if self.cloud else "/rest/api/2"
        for prefix, answers in ((api, self._platform), ("/rest/agile/1.0", self._agile)):
            if request.path.startswith(prefix):
                return answers(request, request.path.removeprefix(prefix).strip("/"))
        return Reply({"errorMessages": ["null for uri"]}, 404)

    def _platform(self, request: Request, path: str) -> Reply:
        fixed: dict[str, Callable[[], Any]] = {
            "myself": lambda: {"accountId": "5b10a2844c20165700ede21g", "displayName": "Ana", "active": True, "timeZone": ZONE},
            "field": lambda: [{"id": "customfield_10016", "name": "Story Points", "custom": True}, {"id": "summary", "name": "Summary", "custom": False}],
            "status": self._statuses,
            "project/WEB": lambda: {"id": "10000", "key": "WEB", "name": "Website"},
            "project/WEB/statuses": lambda: [
                {"self": "https://example.invalid/rest/api/3/issuetype/10001", "id": "10001", "name": "Story", "subtask": False, "statuses": self._statuses()}
            ],
        }
        if path in fixed:
            return Reply(fixed[path]())
        if path == ("project/WEB/version" if self.cloud else "project/WEB/versions"):
            versions = [{"id": "1", "name": "1.0", "released": True}, {"id": "2", "name": "1.1", "released": False}]
            return Reply(_positioned(versions, request, "values") if self.cloud else versions)
        if path == ("search/jql" if self.cloud else "search"):
            return self._search(request)
        if path == "changelog/bulkfetch" and request.method == "POST" and self.cloud:
            return self._bulk(request)
        if found := re.fullmatch(r"issue/(\d+)(/\w+)?", path):
            return self._issue(request, found[1], found[2])
        return Reply({"errorMessages": [f"No project could be found with key '{path.split('/')[-1]}'."], "errors": {}}, 404)

    def _statuses(self) -> list[dict[str, Any]]:
        return [
            {"id": number, "name": name, "statusCategory": {"id": category, "key": key, "name": name}}
            for number, (name, key, category) in self.statuses.items()
        ]

    def _search(self, request: Request) -> Reply:
        jql = request.query["jql"]
        if "sprinty" in jql:
            return Reply({"errorMessages": ["Field 'sprinty' does not exist or you do not have permission to view it."], "errors": {}}, 400)
        assert "ORDER BY created ASC, key ASC" in jql
        found = [item for item in self.visible() if _matches(item, jql)]
        ids = request.query.get("fields") == "id"
        size = min(int(request.query["maxResults"]), 5 if ids else PAGE)
        if not self.cloud:
            at = int(request.query["startAt"])
            return Reply({"startAt": at, "maxResults": size, "total": len(found), "issues": [self._told(item, ids) for item in found[at : at + size]]})
        last = int(request.query.get("nextPageToken", "after-0").removeprefix("after-"))
        rest = [item for item in found if item.number > last]
        page = [self._told(item, ids) for item in rest[:size]]
        more = {"nextPageToken": f"after-{rest[size - 1].number}", "isLast": False} if len(rest) > size else {"isLast": True}
        return Reply({"issues": page, **more})

    def _told(self, item: Item, ids: bool) -> dict[str, Any]:
        if ids:
            return {"id": item.id, "key": item.key}
        logs = self._logs(item)
        status = self._statuses()[1]
        fields: dict[str, Any] = {
            "summary": item.summary,
            "issuetype": {"id": "10001", "name": "Story", "subtask": False, "hierarchyLevel": 0},
            "status": status,
            "project": {"id": "10000", "key": item.project},
            "created": f"2026-11-{item.number:02d}T09:00:00.000{OFFSET}",
            "updated": item.updated.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
            "customfield_10016": 3.0,
            "worklog": {"startAt": 0, "maxResults": self.logs_inside, "total": len(logs), "worklogs": logs[: self.logs_inside]},
            **item.fields,
        }
        told: dict[str, Any] = {"id": item.id, "key": item.key, "self": f"https://example.invalid/rest/api/3/issue/{item.id}", "fields": fields}
        if not self.cloud:
            histories = self._changes(item)
            told["changelog"] = {
                "startAt": 0,
                "maxResults": len(histories),
                "total": len(histories),
                "histories": histories[: self.histories_at_once],
            }
        return told

    def _logs(self, item: Item) -> list[dict[str, Any]]:
        return [
            {"id": f"{item.number}{number:03d}", "issueId": item.id, "started": f"2026-11-10T{number % 24:02d}:00:00.000+0000", "timeSpentSeconds": 600}
            for number in range(item.logged)
        ]

    def _changes(self, item: Item) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{item.number}{step}",
                "created": f"2026-11-{item.number + step:02d}T10:00:00.000+0000",
                "author": {"displayName": "Ana", "accountId": "5b10a2844c20165700ede21g"},
                "items": [{"field": "status", "fieldId": "status", "fieldtype": "jira", "from": before, "fromString": before, "to": after, "toString": after}],
            }
            for step, (before, after) in enumerate([("To Do", "In Progress"), ("In Progress", "Done"), ("Done", "In Progress")], start=1)
        ]

    def _bulk(self, request: Request) -> Reply:
        wanted = set(request.content["issueIdsOrKeys"])
        changes = [(change["created"], item.id, change) for item in self.visible() if item.id in wanted for change in self._changes(item)]
        changes.sort(key=lambda row: row[:2])
        at = int(request.content.get("nextPageToken", "0"))
        page: dict[str, list[dict[str, Any]]] = {}
        for _, name, change in changes[at : at + 5]:  # one issue's changes come on several pages
            page.setdefault(name, []).append(change)
        more = {"nextPageToken": str(at + 5)} if len(changes) > at + 5 else {}
        return Reply({"issueChangeLogs": [{"issueId": name, "changeHistories": some} for name, some in page.items()], **more})

    def _issue(self, request: Request, name: str, part: str | None) -> Reply:
        item = next((item for item in self.visible() if item.id == name), None)
        if item is None:
            return Reply({"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}, 404)
        if part == "/worklog":
            return Reply(_positioned(self._logs(item), request, "worklogs", 15))
        if part == "/changelog" and self.cloud:
            return Reply(_positioned(self._changes(item), request, "values"))
        changes = self._changes(item)
        return Reply({"id": item.id, "key": item.key, "changelog": {"startAt": 0, "maxResults": 3, "total": len(changes), "histories": changes}})

    def _agile(self, request: Request, path: str) -> Reply:
        if not self.agile:
            return Reply({"errorMessages": ["The requested feature is not licensed."]}, 403)
        boards = [{"id": 84, "name": "WEB board", "type": "scrum"}, {"id": 85, "name": "WEB kanban", "type": "kanban"}]
        sprints = [{"id": number, "name": f"Sprint {number}", "state": "closed", "originBoardId": 84} for number in range(1, 4)]
        if path == "board":
            return Reply(_positioned(boards, request, "values", 1))
        if path == "board/84/sprint":
            return Reply(_positioned(sprints, request, "values"))
        if path in ("board/84/configuration", "board/85/configuration"):
            columns = [{"name": name, "statuses": [{"id": number}]} for number, (name, _, _) in self.statuses.items()]
            return Reply({"id": int(path.split("/")[1]), "name": "WEB board", "columnConfig": {"columns": columns}})
        return Reply({"errorMessages": ["The requested board cannot be viewed."]}, 404)


def _positioned(things: list[dict[str, Any]], request: Request, under: str, most: int = 2) -> dict[str, Any]:
    at, size = int(request.query.get("startAt", 0)), min(int(request.query.get("maxResults", 50)), most)
    page = things[at : at + size]
    last = {"isLast": at + len(page) >= len(things)} if under == "values" else {}
    return {"startAt": at, "maxResults": size, "total": len(things), under: page, **last}


def _matches(item: Item, jql: str) -> bool:
    if since := re.search(r'updated >= "([^"]+)"', jql):
        local = datetime.strptime(since[1] + OFFSET, "%Y-%m-%d %H:%M%z")
        if item.updated < local:
            return False
    if ids := re.search(r"id in \(([^)]*)\)", jql):
        return item.id in ids[1].split(", ")
    return True


def secret(cloud: bool) -> tuple[str, str | None]:
    """Token and user as the world wants them."""
    return TOKEN, "ana@acme.example" if cloud else None
