"""Jira Cloud, REST version 3: lists by page tokens, histories fetched for many issues at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pmo_lib.connectors.paging import Page, Source, by_position, by_token, objects
from pmo_lib.connectors.polite import Unsteady
from pmo_lib.connectors.staging import Staging

API = "rest/api/3"
PAGE, IDS = 100, 5000  # issues a page, whole and by their ids alone
TOGETHER = 200  # issues whose histories are asked for at once; the service takes a thousand


def search(source: Source, jql: str, fields: str, size: int) -> Iterator[Page]:
    """The issues that the query finds, a page at a time."""
    path = f"{API}/search/jql"
    asked = {"jql": jql, "fields": fields, "maxResults": size}
    return by_token(lambda token: source.get(path, {**asked, **({"nextPageToken": token} if token else {})}), "issues", f"{source.address}/{path}")


def histories(staging: Staging, issues: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The whole history of each issue that has one: `issueId` and `changeHistories`.

    The bulk request is a POST and is not sent twice; where it fails in passing, the same is asked for issue by issue with GET.
    """
    try:
        found = _together(staging, [str(issue["id"]) for issue in issues])
    except Unsteady:
        found = {str(issue["id"]): _alone(staging, str(issue["id"])) for issue in issues}
    for name, changes in found.items():
        if changes:
            yield {"issueId": name, "changeHistories": list({str(change.get("id")): change for change in changes}.values())}


def _together(staging: Staging, ids: list[str]) -> dict[str, Page]:
    """An issue's changes may lie on several pages, since these are in the order of time."""
    path = f"{API}/changelog/bulkfetch"
    where = f"{staging.address}/{path}"
    found: dict[str, Page] = {}
    for page in by_token(
        lambda token: staging.post(path, {"issueIdsOrKeys": ids, "maxResults": 1000, **({"nextPageToken": token} if token else {})}), "issueChangeLogs", where
    ):
        for one in page:
            found.setdefault(str(one.get("issueId")), []).extend(objects(one, "changeHistories", where))
    return found


def _alone(staging: Staging, name: str) -> Page:
    return [change for page in by_position(staging, f"{API}/issue/{name}/changelog", {}, "values", size=100) for change in page]


def versions(staging: Staging, project: str) -> Page:
    """The project's versions."""
    return [one for page in by_position(staging, f"{API}/project/{project}/version", {}, "values", size=50) for one in page]
