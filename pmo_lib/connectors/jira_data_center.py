"""Jira Data Center, REST version 2: lists by position, histories with the issues themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pmo_lib.connectors.paging import Page, Source, by_position, mapping, objects
from pmo_lib.connectors.polite import Contradiction
from pmo_lib.connectors.staging import Staging

API = "rest/api/2"
PAGE, IDS = 100, 1000  # issues a page, whole and by their ids alone; an administrator may allow fewer
TOGETHER = 200


def search(source: Source, jql: str, fields: str, size: int) -> Iterator[Page]:
    """The issues that the query finds, a page at a time; whole ones with their history."""
    expand = {} if fields == "id" else {"expand": "changelog"}
    return by_position(source, f"{API}/search", {"jql": jql, "fields": fields, **expand}, "issues", size=size)


def histories(staging: Staging, issues: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Histories that broke off within their issue, asked for again with the issue alone."""
    for issue in issues:
        if _broken_off(issue.get("changelog")):
            path = f"{API}/issue/{issue['id']}"
            where = f"{staging.address}/{path}"
            whole = mapping(staging.get(path, {"expand": "changelog", "fields": "id"}).said, where).get("changelog")
            if not isinstance(whole, dict) or _broken_off(whole):
                raise Contradiction(
                    f"{where} gives its history in part only; without it the way through the statuses is not known, so nothing of the pull is kept"
                )
            yield {"issueId": str(issue["id"]), "changeHistories": objects(whole, "histories", where)}


def _broken_off(changelog: Any) -> bool:
    if not isinstance(changelog, dict):
        return True
    total, there = changelog.get("total"), changelog.get("histories")
    return not isinstance(there, list) or (isinstance(total, int) and total > len(there))


def versions(staging: Staging, project: str) -> Page:
    """The project's versions; older servers know no pages of them."""
    return [one for page in by_position(staging, f"{API}/project/{project}/versions", {}, "values", size=1000) for one in page]
