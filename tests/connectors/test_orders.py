"""[jira] and [asana] of pmo.toml: what is right is taken, what is wrong is told in one sentence that names the key and the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmo_lib.connectors.orders import FIELDS, Order, order
from pmo_lib.errors import InvalidInput
from pmo_lib.readers.jira.fields import ROLES
from pmo_lib.settings import settings
from pmo_lib.store import backup, init_workspace, open_workspace, restore

CLOUD = 'site = "https://acme.atlassian.net"\nuser = "ana@acme.example"\n'


def read(tmp_path: Path, name: str, text: str) -> Order:
    (tmp_path / "pmo.toml").write_text(f"[{name}]\n{text}")
    return order(tmp_path / "pmo.toml", name)


def test_jira_cloud(tmp_path: Path) -> None:
    found = read(tmp_path, "jira", CLOUD + 'projects = ["WEB", "OPS"]\njql = "issuetype != Test"\nboards = [84]\nfields = { points = "Estimate" }\n')
    assert (found.source, found.host, found.user) == ("jira-cloud", "acme.atlassian.net", "ana@acme.example")
    assert found.projects == (("WEB", "WEB"), ("OPS", "OPS"))
    assert (found.jql, found.boards, dict(found.fields)) == ("issuetype != Test", (84,), {"points": "Estimate"})
    assert found.only("OPS") == (("OPS", "OPS"),)


def test_jira_data_center_under_a_path_and_other_keys(tmp_path: Path) -> None:
    found = read(tmp_path, "jira", 'site = "https://jira.acme.example/jira/"\nprojects = { SHOP = "WEB" }\n')
    assert (found.source, found.site, found.projects) == ("jira-data-center", "https://jira.acme.example/jira", (("SHOP", "WEB"),))
    assert found.only("SHOP") == found.only("WEB") == (("SHOP", "WEB"),)


def test_asana(tmp_path: Path) -> None:
    found = read(tmp_path, "asana", 'projects = { CRM = "1200000000000001" }\nportfolios = ["1700000000000001"]\n')
    assert (found.source, found.site, found.projects) == ("asana", "https://app.asana.com", (("CRM", "1200000000000001"),))
    assert found.only("1200000000000009") == ((None, "1200000000000009"),)  # it may be in the portfolio


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("jira", 'projects = ["WEB"]', "needs the site, as in site ="),
        ("jira", CLOUD, "needs projects, as in projects ="),
        ("asana", "", "needs projects"),
        ("jira", 'site = "http://acme.atlassian.net"\nuser = "a"\nprojects = ["WEB"]', "begins with https://"),
        ("jira", 'site = "https://acme.atlassian.net"\nprojects = ["WEB"]', "needs user, the e-mail address"),
        ("jira", 'site = "https://jira.acme.example"\nuser = "ana"\nprojects = ["WEB"]', "leave it out"),
        ("jira", CLOUD + 'project = ["WEB"]', "unknown setting jira.project; did you mean projects?"),
        ("jira", CLOUD + 'projects = "WEB"', "jira.projects is a list"),
        ("jira", CLOUD + "projects = [1]", "holds 1; a project is named by a key"),
        ("jira", CLOUD + 'projects = ["WEB or 1=1"]', "holds 'WEB or 1=1'"),
        ("asana", 'projects = ["CRM"]', "the number in the project's address"),
        ("jira", CLOUD + 'projects = ["WEB"]\njql = "type = Bug  Order  By rank"', "leave ORDER BY out"),
        ("jira", CLOUD + 'projects = ["WEB"]\nboards = ["84"]', "named by the number in its address"),
        ("jira", CLOUD + 'projects = ["WEB"]\nkind = "server"', "is cloud or data-center, and is 'server'"),
        ("jira", CLOUD + 'projects = ["WEB"]\nfields = { point = "x" }', "jira.fields has no point; did you mean points?"),
        ("jira", CLOUD + 'projects = ["WEB"]\nfields = { points = 3 }', "jira.fields.points is the name of a field"),
        ("jira", CLOUD + 'projects = ["WEB"]\ntoken = "s3cret"', "a token does not belong into a file"),
        ("asana", 'projects = ["12"]\nprivate = [5]', "asana.private holds 5"),
    ],
)
def test_faults_are_told(name: str, text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as fault:
        read(tmp_path, name, text)
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert "s3cret" not in str(fault.value)


def test_a_workspace_without_the_section(tmp_path: Path) -> None:
    (tmp_path / "pmo.toml").write_text("[store]\n")
    with pytest.raises(InvalidInput, match=r"has no \[jira\]; add site and projects under it"):
        order(tmp_path / "pmo.toml", "jira")
    with pytest.raises(InvalidInput, match="correct the line it names"):
        read(tmp_path, "jira", "site = ")


def test_unknown_projects_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"names no project NOPE for acme\.atlassian\.net; it names WEB"):
        read(tmp_path, "jira", CLOUD + 'projects = ["WEB"]').only("NOPE")


def test_settings_leave_services_to_the_pull(tmp_path: Path) -> None:
    (tmp_path / "pmo.toml").write_text('[serve]\nport = 5007\n[jira]\nsite = "https://acme.atlassian.net"\n[jira.fields]\npoints = "x"\n')
    assert settings(tmp_path)["serve.port"] == 5007


def test_what_can_be_named_is_what_the_reader_knows() -> None:
    assert set(FIELDS["jira"]) == set(ROLES)


def test_a_restored_workspace_asks_for_the_same(tmp_path: Path) -> None:
    text = CLOUD + 'projects = { "SHOP" = "WEB" }\nboards = [84]\njql = "summary ~ \\"a b\\""\n[jira.fields]\npoints = "Schätzung"\n'
    asked = read(tmp_path, "jira", text)
    init_workspace(tmp_path / "ws").close()
    (tmp_path / "ws" / "pmo.toml").write_text(f"[jira]\n{text}")
    with open_workspace(tmp_path / "ws") as ws:
        backup(ws, tmp_path / "ws.tar")
    restore(tmp_path / "ws.tar", tmp_path / "again").close()
    assert order(tmp_path / "again" / "pmo.toml", "jira") == asked
