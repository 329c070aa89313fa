"""Which of Jira's answers a payload is, told by its content, since names of files are people's: an issue, a page of them, histories, statuses, …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pmo_lib.readers.jira import import_file
from pmo_lib.readers.jira.values import objects

KINDS = ("pull", "issue", "histories", "status", "field", "type", "board", "configuration", "sprint", "worklog", "version", "project")
FIRST = ("pull", "field", "status", "type", "board", "project", "sprint", "version")  # words of names of files that are read before the issues
BOARD_TYPES = ("scrum", "kanban", "simple")
SPRINT_STATES = ("future", "active", "closed")
Sorted = tuple[str, Mapping[str, Any]]


def sorted_out(content: Any, asked: Any = None) -> Iterator[Sorted]:
    """Each thing in a payload with its kind; nothing where it is none of Jira's that is read here.

    Histories come as `{"issue": id or key, "histories": [...], "total": …}`. `asked` tells what a payload of one issue leaves out: whose it is.
    """
    content = _unwrapped(content)
    if isinstance(content, list):
        for each in content:
            yield from _page(each, asked) if _is_page(each) else _one(each, asked)
    elif isinstance(content, Mapping):
        yield from _page(content, asked)


def _page(content: Mapping[str, Any], asked: Any) -> Iterator[Sorted]:
    if isinstance(content.get("issueChangeLogs"), list):
        for each in objects(content["issueChangeLogs"]):
            yield "histories", {"issue": each.get("issueId"), "histories": each.get("changeHistories", []), "bulk": True}
        if not content["issueChangeLogs"]:
            yield "histories", {"issue": None, "histories": [], "bulk": True}
    elif import_file.is_import_file(content):
        yield from (("issue", each) for each in import_file.issues(content))
    elif isinstance(content.get("issues"), list):
        names = content.get("names")
        for each in content["issues"]:
            told = {**each, "names": names} if isinstance(names, Mapping) and isinstance(each, Mapping) else each
            if isinstance(told, Mapping) and isinstance(told.get("fields"), Mapping):
                yield "issue", told  # one without a key too, which is to be told
            else:
                yield from _one(told, asked)
    elif isinstance(content.get("worklogs"), list):
        owner = content.get("issueId") or _whose(content, asked)
        for each in objects(content["worklogs"]):
            yield "worklog", {"issueId": owner, **each}
    elif _are_histories(held := content.get("values") if "values" in content else content.get("histories")):
        yield "histories", {"issue": content.get("issueId") or _whose(content, asked), "histories": held, "total": content.get("total")}
    elif isinstance(content.get("values"), list):
        for each in content["values"]:
            yield from _one(each, asked)
    else:
        yield from _one(content, asked)


def _one(each: Any, asked: Any) -> Iterator[Sorted]:
    kind = _kind(each)
    if kind == "histories":
        yield kind, {"issue": _whose(each, asked), "histories": [each]}
    elif kind == "worklog" and "issueId" not in each:
        yield kind, {**each, "issueId": _whose(each, asked)}
    elif kind:
        yield kind, each


def _kind(each: Any) -> str | None:
    """The kind of a single thing."""
    if not isinstance(each, Mapping):
        return None
    has = each.keys()
    if "source" in has and "site" in has:
        return "pull"
    if "fields" in has and "key" in has and isinstance(each["fields"], Mapping):
        return "issue"
    if "columnConfig" in has:
        return "configuration"
    if "items" in has and "created" in has and isinstance(each["items"], list):
        return "histories"
    if "timeSpentSeconds" in has:
        return "worklog"
    if "statusCategory" in has:
        return "status"
    if "subtask" in has:
        return "type"
    if str(each.get("state", "")).lower() in SPRINT_STATES and "name" in has:
        return "sprint"
    if str(each.get("type", "")).lower() in BOARD_TYPES and "name" in has:
        return "board"
    if "released" in has:
        return "version"
    if "projectTypeKey" in has:
        return "project"
    if "schema" in has or {"clauseNames", "navigable"} & has:
        return "field"
    return None


def _unwrapped(content: Any) -> Any:
    """The record in the message of a pipeline: Airbyte's `data` of a `stream`, Singer's `record`; an answer in the `data` of another service."""
    if not isinstance(content, Mapping) or "fields" in content:
        return content
    if "stream" in content:
        return content.get("data") if isinstance(content.get("data"), Mapping) else content.get("record")
    held = content.get("data")
    return held if isinstance(held, Mapping) and isinstance(held.get("issues"), list) else content


def _is_page(each: Any) -> bool:
    """Whether one of a list is itself a page of issues or of histories."""
    return isinstance(each, Mapping) and "fields" not in each and any(isinstance(each.get(name), list) for name in ("issues", "issueChangeLogs"))


def _are_histories(held: Any) -> bool:
    return isinstance(held, list) and bool(held) and _kind(held[0]) == "histories"


def _whose(content: Mapping[str, Any], asked: Any) -> str | None:
    """The issue's id or key: as DevLake was asked for it, or from the address of the payload itself."""
    if isinstance(asked, Mapping) and asked.get("issue_id") is not None:
        return str(asked["issue_id"])
    parts = str(content.get("self") or "").split("/issue/")
    return parts[1].split("/")[0].split("?")[0] if len(parts) == 2 else None
