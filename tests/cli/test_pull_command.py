"""`pmo pull`: from pmo.toml to a snapshot, and one clear sentence for each fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors.polite import Service
from pmo_lib.store import Workspace, init_workspace, open_workspace
from tests.connectors.asana_world import PROJECT, AsanaWorld
from tests.connectors.jira_world import JiraWorld
from tests.connectors.serving import TOKEN, Reply, Served, serving


class Desk:
    """A workspace whose pmo.toml names a Jira and an Asana on this machine."""

    def __init__(self, folder: Path, jira: Served, asana: Served, command: Any) -> None:
        self.folder, self.jira, self.asana, self._command = folder, jira, asana, command
        init_workspace(folder).close()
        self.settings()

    def settings(self, jira: str = 'projects = ["WEB"]', **replaced: str) -> None:
        site = replaced.get("site", self.jira.address)
        (self.folder / "pmo.toml").write_text(
            f'[jira]\nsite = "{site}"\nkind = "cloud"\nuser = "ana@acme.example"\nprivate = ["127.0.0.1"]\n{jira}\n'
            f'[asana]\nsite = "{self.asana.address}"\nprojects = {{ CRM = "{PROJECT}" }}\nprivate = ["127.0.0.1"]\n'
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        return self._command(*arguments, "--workspace", str(self.folder))

    def workspace(self) -> Workspace:
        return open_workspace(self.folder)


@pytest.fixture
def desk(tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("JIRA", "ASANA"):
        monkeypatch.setenv(f"PMO_{name}_TOKEN", TOKEN)
    with ExitStack() as stack:
        yield Desk(tmp_path / "ws", *(stack.enter_context(serving(world)) for world in (JiraWorld(), AsanaWorld())), command)


def test_a_pull_becomes_a_snapshot(desk: Desk) -> None:
    code, out, err = desk.run("pull", "jira", "--json")
    assert (code, err) == (0, "")
    (pulled,) = json.loads(out)["pulls"]
    assert (pulled["project"], pulled["outcome"], pulled["items"], pulled["incremental"]) == ("WEB", "pulled", 6, False)
    desk.jira.world.remove(2)  # type: ignore[attr-defined]
    code, out, _ = desk.run("pull", "jira", "--project", "WEB")
    assert code == 0
    assert "0 that changed; 1 gone" in " ".join(out.split())
    code, out, _ = desk.run("pull", "asana")
    assert code == 0
    with desk.workspace() as ws:
        board = ws.project("WEB")
        assert board.tables["items"]["item"].to_list() == ["WEB-1", "WEB-3", "WEB-4", "WEB-5", "WEB-6"]
        assert board.tables["transitions"].height >= 15
        assert ws.history("WEB").height == 2
        assert ws.project("CRM").tables["items"].height == 8
        assert board.info.data_date is not None
        kept = ws.source(ws.snapshot("WEB"))
        assert kept is not None
        assert kept.startswith(b"PK")
    assert TOKEN.encode() not in b"".join(path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())


def answer(status: int, *words: str) -> Any:
    return lambda request, reply: Reply({"errorMessages": list(words), "errors": {}}, status)


def check_one_sentence(desk: Desk, *words: str, source: str = "jira") -> None:
    code, out, err = desk.run("pull", source)
    assert code == 2, out + err
    assert err.startswith("pmo: ")
    assert err.count("\n") == 1
    assert all(word in err for word in words), err
    with desk.workspace() as ws:
        assert ws.projects().is_empty()


def test_wrong_token(desk: Desk) -> None:
    desk.jira.twist = answer(401, "Client must be authenticated to access this resource.")
    check_one_sentence(desk, "does not accept the token (HTTP 401: Client must be authenticated", "PMO_JIRA_TOKEN", "ana@acme.example")


def test_no_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PMO_JIRA_TOKEN")
    monkeypatch.setattr("keyring.get_password", lambda service, name: None)
    check_one_sentence(desk, "there is no token for 127.0.0.1", "PMO_JIRA_TOKEN", "keyring set pmo-workbench 127.0.0.1")


def test_a_site_that_is_no_jira(desk: Desk) -> None:
    desk.settings(site=desk.jira.address + "/elsewhere")
    check_one_sentence(desk, "/elsewhere has no Jira at this address (HTTP 404", "check site in pmo.toml")


def test_a_web_page_for_a_site(desk: Desk) -> None:
    desk.jira.twist = lambda request, reply: Reply(body=b"<!doctype html>", headers={"Content-Type": "text/html"})
    check_one_sentence(desk, "answered with a web page instead of JSON")


def test_a_project_that_is_not_there(desk: Desk) -> None:
    desk.settings('projects = ["GONE"]')
    check_one_sentence(desk, "GONE", "does not show the project GONE to this token (HTTP 404: No project could be found with key 'GONE'.)")


def test_a_forbidden_project(desk: Desk) -> None:
    desk.jira.twist = lambda request, reply: answer(403, "No.")(request, reply) if request.path.endswith("project/WEB") else None
    check_one_sentence(desk, "does not let this token see the project WEB (HTTP 403: No.)", "Browse projects")


def test_a_query_that_jira_does_not_take(desk: Desk) -> None:
    desk.settings('projects = ["WEB"]\njql = "sprinty = 3"')
    check_one_sentence(desk, "does not take the query", "sprinty = 3", "Field 'sprinty' does not exist", "correct jql in pmo.toml")


def test_an_asana_project_that_is_not_there(desk: Desk) -> None:
    desk.asana.twist = lambda request, reply: Reply({"errors": [{"message": "project: Unknown object"}]}, 404) if "/projects/" in request.path else None
    check_one_sentence(desk, f"does not show the project {PROJECT} to this token (HTTP 404: project: Unknown object)", source="asana")


def test_no_server_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Service.__init__.__kwdefaults__, "pause", lambda seconds: None)  # type: ignore[arg-type]
    desk.settings(site="https://127.0.0.1:9")
    check_one_sentence(desk, "cannot be reached", "run the same command later")


def test_one_project_that_is_refused_does_not_stop_the_other(desk: Desk) -> None:
    desk.settings('projects = ["GONE", "WEB"]')
    code, out, err = desk.run("pull", "jira")
    assert code == 2
    assert "GONE" in err
    assert "WEB" in out
    with desk.workspace() as ws:
        assert ws.projects()["key"].to_list() == ["WEB"]


def test_boards_that_cannot_be_seen_are_told(desk: Desk) -> None:
    desk.jira.world.agile = False  # type: ignore[attr-defined]
    code, out, _ = desk.run("pull", "jira")
    assert code == 0
    assert "its boards cannot be seen (HTTP 403)" in out


def test_help_teaches(desk: Desk) -> None:
    _, out, _ = desk.run("pull", "--help")
    assert all(word in out for word in ("[jira]", "[asana]", "site =", "PMO_JIRA_TOKEN", "keyring set pmo-workbench", "pmo pull jira --project WEB"))
