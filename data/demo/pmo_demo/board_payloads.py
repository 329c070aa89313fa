"""PORTAL's board as Jira Cloud's REST interface tells it: a folder of answers as a pull leaves them, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pmo_demo.board_life import BACKLOG, BEGIN, DOING, DONE, EPICS, REVIEW, SELECTED, TEST, Item, lived

KEY, NAME = "PORTAL", "Customer Self-Service Portal"
SITE = "https://aldermoor.atlassian.net"
PULLS = {"2026-10": datetime(2026, 10, 31, 17), "2026-11": datetime(2026, 11, 30, 17)}
STATUSES = {BACKLOG: ("10001", 2, "new"), SELECTED: ("10002", 2, "new"), DOING: ("10003", 4, "indeterminate"), REVIEW: ("10004", 4, "indeterminate"),
            TEST: ("10005", 4, "indeterminate"), DONE: ("10006", 3, "done")}  # fmt: skip
CATEGORY = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
TYPES = {"Epic": ("10000", 1), "Story": ("10010", 0), "Bug": ("10011", 0), "Task": ("10012", 0)}
SPRINT, POINTS, FLAG = "customfield_10020", "customfield_10016", "customfield_10021"
FIELDS = {
    SPRINT: ("Sprint", "com.pyxis.greenhopper.jira:gh-sprint"),
    POINTS: ("Story point estimate", "com.pyxis.greenhopper.jira:jsw-story-points"),
    FLAG: ("Flagged", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
}
BOARD = 84
Made = dict[str, Any]


def write_board(out: Path, seed: int) -> list[Path]:
    """Every pull of the board below `out`, and the files written."""
    items = lived(seed)
    return [path for month, at in PULLS.items() for path in _pull(out / "inbox" / month / f"{KEY.lower()}-{month}", items, at)]


def listing() -> Made:
    """The board's row of the project list (`tables.Listing`), less its portfolio."""
    return {
        "key": KEY,
        "name": NAME,
        "programme": "Customer",
        "manager": "Ines Roy",
        "sponsor": "Lena Fairbrother",
        "phase": "Build",
        "approved_budget": 780_000.0,
        "approved_finish": date(2027, 2, 26),
        "milestones": None,
        "file_pattern": "*portal*",
        "declared": "on_track",
    }


def _pull(folder: Path, items: list[Item], at: datetime) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    known = [item for item in items if item.created <= at]
    manifest = {"schema": 1, "source": "jira-cloud", "site": SITE, "project": KEY, "pulled": _zulu(at), "query": f"project = {KEY}", "fields": {}}
    told = {
        "pull.json": json.dumps(manifest, indent=1),
        "project.json": json.dumps({"id": "10400", "key": KEY, "name": NAME, "projectTypeKey": "software"}),
        "fields.json": _lines("[", (_field(key, *named) for key, named in FIELDS.items()), "]"),
        "statuses.json": _lines("[", map(_status, STATUSES), "]"),
        "boards-0001.json": _lines('{"values":[', [{"id": BOARD, "name": "Portal board", "type": "scrum"}], "]}"),
        f"board-{BOARD}-configuration.json": json.dumps(_configuration()),
        "sprints-0001.json": _lines('{"values":[', _sprints(at), "]}"),
        "issues-0001.json": _lines('{"issues":[', [*map(_epic, range(len(EPICS))), *(_issue(item, at) for item in known)], "]}"),
        "changelogs-0001.json": _lines('{"issueChangeLogs":[', (_changelog(item, at) for item in known), "]}"),
    }
    for name, text in told.items():
        (folder / name).write_text(text + "\n", encoding="utf-8", newline="\n")
    return [folder / name for name in told]


def _lines(before: str, rows: Iterable[Made], after: str) -> str:
    return before + "\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n" + after


def _zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _jira(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _field(key: str, name: str, kind: str) -> Made:
    return {"id": key, "key": key, "name": name, "custom": True, "clauseNames": [name], "schema": {"type": "any", "custom": kind}}


def _status(name: str) -> Made:
    key, number, category = STATUSES[name]
    return {"id": key, "name": name, "statusCategory": {"id": number, "key": category, "name": CATEGORY[category]}}


def _type(name: str) -> Made:
    key, level = TYPES[name]
    return {"id": key, "name": name, "subtask": False, "hierarchyLevel": level}


def _configuration() -> Made:
    columns = [{"name": name, "statuses": [{"id": STATUSES[name][0]}]} for name in STATUSES]
    return {"id": BOARD, "name": "Portal board", "type": "scrum", "columnConfig": {"columns": columns}}


def _sprint_days(number: int) -> tuple[datetime, datetime]:
    start = BEGIN + timedelta(days=14 * (number - 1), hours=9, minutes=30)
    return start, start + timedelta(days=11, hours=6)


def _sprints(at: datetime) -> list[Made]:
    found = []
    for number in range(1, 60):
        start, end = _sprint_days(number)
        if start > at:
            return found
        closed = {"state": "closed", "completeDate": _zulu(end)} if end <= at else {"state": "active"}
        found.append({"id": 500 + number, "name": f"Sprint {number}", "startDate": _zulu(start), "endDate": _zulu(end), "originBoardId": BOARD, **closed})
    return found


def _epic(number: int) -> Made:
    at = _jira(BEGIN - timedelta(days=60, hours=-9))
    fields = {"summary": EPICS[number], "issuetype": _type("Epic"), "status": _status(DOING), "created": at, "updated": at, "labels": []}
    return {"id": str(20_001 + number), "key": f"{KEY}-{number + 1}", "fields": fields}


def _key(item: Item) -> tuple[str, str]:
    return str(30_000 + item.number), f"{KEY}-{len(EPICS) + item.number}"


def _issue(item: Item, at: datetime) -> Made:
    moves = [move for move in item.moves if move.at <= at]
    status = moves[-1].after if moves else BACKLOG
    ended = moves[-1].at if status == DONE else None
    uid, key = _key(item)
    fields: Made = {
        "summary": item.name,
        "issuetype": _type(item.kind),
        "status": _status(status),
        "created": _jira(item.created),
        "updated": _jira(max([item.created, *(move.at for move in moves)])),
        "resolutiondate": _jira(ended) if ended else None,
        "resolution": {"name": "Won't Do" if item.dropped else "Done"} if ended else None,
        "parent": {"key": f"{KEY}-{item.epic + 1}"},
        "assignee": {"displayName": item.owner} if item.owner and any(move.after == DOING for move in moves) else None,
        SPRINT: [{"id": 500 + number, "name": f"Sprint {number}", "boardId": BOARD} for when, number in item.sprints if when <= at] or None,
        POINTS: float(item.points),
        FLAG: [{"value": "Impediment"}] if any(since <= at and (until is None or until > at) for since, until in item.flagged) else None,
    }
    return {"id": uid, "key": key, "fields": fields}


def _changelog(item: Item, at: datetime) -> Made:
    """The item's histories, the newest first, as the service sends them."""
    changes = [(move.at, move.author, _moved(move.before, move.after)) for move in item.moves]
    held: list[int] = []
    for when, number in item.sprints:
        changes.append((when, "Ines Roy", _sprinted(held, [*held, number])))
        held = [*held, number]
    for since, until in item.flagged:
        changes.append((since, item.owner or "", _changed("Flagged", FLAG, None, None, "10019", "Impediment")))
        if until:
            changes.append((until, item.owner or "", _changed("Flagged", FLAG, "10019", "Impediment", None, None)))
    uid, _ = _key(item)
    known = [change for change in sorted(changes, key=lambda change: change[0]) if change[0] <= at]
    histories = [
        {"id": f"{int(uid) * 100 + k}", "author": {"displayName": author}, "created": _milliseconds(when), "items": [told]}
        for k, (when, author, told) in enumerate(known)
    ]
    return {"issueId": uid, "changeHistories": histories[::-1]}


def _milliseconds(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1)).total_seconds() * 1000)


def _moved(before: str, after: str) -> Made:
    return _changed("status", "status", STATUSES[before][0], before, STATUSES[after][0], after, "jira")


def _sprinted(before: list[int], after: list[int]) -> Made:
    def both(numbers: list[int]) -> tuple[str, str]:
        return ", ".join(str(500 + n) for n in numbers), ", ".join(f"Sprint {n}" for n in numbers)

    return _changed("Sprint", SPRINT, *both(before), *both(after))


def _changed(field: str, key: str, old: str | None, before: str | None, new: str | None, after: str | None, kind: str = "custom") -> Made:
    return {"field": field, "fieldtype": kind, "fieldId": key, "from": old, "fromString": before, "to": new, "toString": after}
