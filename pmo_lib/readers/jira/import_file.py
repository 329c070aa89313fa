"""The JSON that Jira's importer takes and other tools write for it: projects with issues, histories and links. Told as the REST interface would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pmo_lib.readers.jira.headers import TYPES
from pmo_lib.readers.jira.values import objects, text

SUBTASK = "sub-task-link"
PERIOD = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")  # with days or weeks nobody knows how many hours are meant
Made = dict[str, Any]


def is_import_file(content: Any) -> bool:
    """Whether the JSON is such a file."""
    return isinstance(content, dict) and any(isinstance(project.get("issues"), list) for project in objects(content.get("projects")))


def issues(content: Mapping[str, Any]) -> Iterator[Made]:
    """Its issues, each with its links; relative dates stay as they are written and are refused as no dates."""
    keys = {text(issue.get("externalId")): text(issue.get("key")) for _, issue in _every(content)}
    links = objects(content.get("links"))
    for project, issue in _every(content):
        own = text(issue.get("externalId"))
        held = [link for link in links if own and text(link.get("sourceId")) == own]
        parent = next((keys.get(text(link.get("destinationId"))) for link in held if link.get("name") == SUBTASK), None)
        custom = {f"customfield_{text(value.get('fieldName'))}": value for value in objects(issue.get("customFieldValues"))}
        yield {
            "id": own or text(issue.get("key")),
            "key": issue.get("key"),
            "names": {key: text(value.get("fieldName")) for key, value in custom.items()},
            "changelog": {"histories": issue["history"]} if isinstance(issue.get("history"), list) else None,
            "fields": {
                "summary": issue.get("summary"),
                "issuetype": {"name": issue.get("issueType")},
                "project": {"key": project.get("key"), "name": project.get("name")},
                "status": {"id": text(issue.get("status")), "name": issue.get("status")} if issue.get("status") else None,
                **{name: issue.get(name) for name in ("created", "updated", "duedate", "priority", "resolution", "assignee", "components", "labels")},
                "resolutiondate": issue.get("resolutionDate"),
                "creator": issue.get("reporter"),
                "fixVersions": issue.get("fixedVersions"),
                "timeoriginalestimate": _seconds(issue.get("originalEstimate")),
                "timeestimate": _seconds(issue.get("estimate")),
                "timespent": _seconds(issue.get("timeSpent")),
                "parent": {"key": parent} if parent else None,
                "issuelinks": [_link(link, keys) for link in held if link.get("name") != SUBTASK],
                "worklog": {"worklogs": [_worklog(log, f"{text(issue.get('key'))}/{i}") for i, log in enumerate(objects(issue.get("worklogs")))]},
                **{key: value.get("value") for key, value in custom.items()},
            },
        }


def _every(content: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((project, issue) for project in objects(content.get("projects")) for issue in objects(project.get("issues")))


def _seconds(period: Any) -> Any:
    """Seconds of `PT2H30M`; anything else as it is, for the reader of issues to refuse."""
    found = PERIOD.match(period) if isinstance(period, str) else None
    return sum(int(part or 0) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else period


def _link(link: Mapping[str, Any], keys: Mapping[str | None, str | None]) -> Made:
    name = text(link.get("name")) or ""
    outward, inward = TYPES.get(name.casefold(), (name.lower(), name.lower()))
    return {"type": {"name": name, "outward": outward, "inward": inward}, "outwardIssue": {"key": keys.get(text(link.get("destinationId")))}}


def _worklog(log: Mapping[str, Any], key: str) -> Made:
    return {"id": key, "started": log.get("startDate"), "author": log.get("author"), "timeSpentSeconds": _seconds(log.get("timeSpent"))}
