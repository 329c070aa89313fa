"""Every request of our clients, every answer of our servers and every recorded one keep to the vendors' own descriptions."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors import asana
from tests.connectors.conftest import Bench
from tests.connectors.contract import ASANA, ASKED, JIRA, faults, validated
from tests.connectors.serving import Reply, Request

pytestmark = pytest.mark.real
DESCRIBED = {"jira-cloud": JIRA, "asana": ASANA}
RECORDED = [
    (JIRA, "IssueBean", "jira/devlake/raw_tables/_raw_jira_api_issues.csv", 33),
    (JIRA, "Changelog", "jira/devlake/raw_tables/_raw_jira_api_issue_changelogs.csv", 279),
    (JIRA, "Worklog", "jira/devlake/raw_tables/_raw_jira_api_worklogs.csv", 30),
    (JIRA, "StatusDetails", "jira/devlake/raw_tables/_raw_jira_api_status.csv", 53),
    (ASANA, "TaskResponse", "asana/devlake/raw_tables/_raw_asana_tasks.csv", 1),
    (ASANA, "ProjectResponse", "asana/devlake/raw_tables/_raw_asana_projects.csv", 1),
]


def busy(source: str, made: Bench) -> None:
    """Everything that makes a client ask: long logs, sub-tasks, changes between pulls, a failing bulk request."""
    if source == "jira-cloud":
        made.world.item(1).logged = 30
        made.served.twist = lambda request, reply: Reply({}, 503) if request.method == "POST" and len(made.served.asked) > 40 else None
    made.pull()
    made.world.touch(3, summary="Changed")
    made.world.remove(4)
    made.world.items.append(type(made.world.items[0])(8, "New"))
    made.pull()
    made.pull(full=True)
    if source == "asana":
        made.world.items.append(type(made.world.items[0])(9, "Nobody sends it"))
        made.served.twist = lambda request, reply: hidden(request, reply)
        made.pull()
        with made.service() as asked:
            asana.portfolio(made.order(), "1700000000000001", asked)


def hidden(request: Request, reply: Reply) -> Reply | None:
    """The main listing without its last task, which the sweep lists."""
    if request.path == "/api/1.0/tasks" and request.query["opt_fields"] != asana.SWEPT:
        return Reply({**reply.said, "data": [one for one in reply.said["data"] if one["name"] != "Nobody sends it"]})
    return None


@pytest.mark.parametrize("source", DESCRIBED)
def test_every_request_and_answer_keeps_to_the_description(source: str, bench: Callable[..., Bench], real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)
    made = bench(source)
    busy(source, made)
    described = [(request, reply) for request, reply in made.served.asked if "/agile/" not in request.path and reply.status == 200]
    assert [fault for request, reply in described for fault in faults(DESCRIBED[source], real_data, request, reply)] == []
    # nothing that a client may ask was left out
    assert {path for path in ASKED[DESCRIBED[source]] if not any(fits(path, request.path) for request, _ in described)} == set()


def fits(template: str, path: str) -> bool:
    parts, found = template.strip("/").split("/"), path.removeprefix("/api/1.0").strip("/").split("/")
    return len(parts) == len(found) and all(part.startswith("{") or part == other for part, other in zip(parts, found, strict=True))


def test_the_contract_can_be_broken(real_data: Path) -> None:
    head = {"Authorization": "Bearer x"}
    wrong = Request("GET", "/api/1.0/tasks", {"project": "1", "opt_fields": "gid", "limit": "1000"}, head, b"")
    found = faults(ASANA, real_data, wrong, Reply({"data": [{"gid": 5}], "next_page": None}))
    assert any("'gid' is not one of" in fault for fault in found)
    assert any("5 is not of type 'string'" in fault for fault in found)
    nowhere = Request("GET", "/rest/api/3/search", {"jql": "project = WEB"}, head, b"")
    assert faults(JIRA, real_data, nowhere, Reply({"issues": []}))


@pytest.mark.parametrize(("name", "schema", "file", "count"), RECORDED, ids=[f"{row[1]}" for row in RECORDED])
def test_recorded_answers_keep_to_the_description(name: str, schema: str, file: str, count: int, real_data: Path) -> None:
    csv.field_size_limit(2**24)
    with (real_data / file).open(encoding="utf-8-sig", newline="") as rows:
        answers = [json.loads(row["data"]) for row in csv.DictReader(line for line in rows if line.strip())]
    assert len(answers) == count
    assert {fault for answer in answers for fault in validated(name, schema, real_data, without_nulls(answer)) if "tmpToAccountId" not in fault} == set()


def without_nulls(value: Any) -> Any:
    """Jira sends null where its description has a text that may be absent, and in old changes `tmpToAccountId`, which it does not describe."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value
