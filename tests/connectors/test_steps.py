"""A pull after a pull: what changed is fetched, what went leaves, and a pull that was killed goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors.finished import Finished, latest
from pmo_lib.connectors.pulling import pull, service
from pmo_lib.errors import ServiceFault
from tests.connectors.conftest import Bench
from tests.connectors.serving import TOKEN, Reply, Request, serving

SOURCES = ["jira-cloud", "jira-data-center", "asana"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power fails here, and forcing files to disk is what takes the time."""
    monkeypatch.setattr("os.fsync", lambda handle: None)


def content(folder: Path) -> dict[str, Any]:
    """What a finished pull says, whatever its pages are, but for its moments."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        if path.name != "pull.json":
            said = json.loads(path.read_bytes())
            under = next((name for name in ("issues", "values", "data", "issueChangeLogs", "worklogs") if isinstance(said, dict) and name in said), None)
            kind = path.stem.rstrip("0123456789-")
            found[kind] = sorted([*found.get(kind, []), *map(json.dumps, said[under])]) if under and isinstance(said[under], list) else said
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_a_whole_pull_over_tls(source: str, bench: Callable[..., Bench], certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an authority of one's own, the token from the environment, and next pages on the same address."""
    monkeypatch.setenv("PMO_ASANA_TOKEN" if source == "asana" else "PMO_JIRA_TOKEN", TOKEN)
    made = bench(source)
    with serving(made.world, certificate) as served:
        order = replace(made.order(), site=served.address, private=("localhost",), certificates=str(certificate))
        with service(order) as asked:
            done = pull(order, made.project, asked, tmp_path / "tls")
    assert served.address.startswith("https://localhost")
    assert content(done.folder) == content(made.pull().folder)


def asked_since(made: Bench, count: int, part: str) -> list[Request]:
    return [request for request, _ in made.served.asked[count:] if part in request.path]


@pytest.mark.parametrize("source", SOURCES)
def test_an_incremental_pull_ends_where_a_full_one_does(source: str, bench: Callable[..., Bench]) -> None:
    made = bench(source, items=9)
    first = made.pull()
    assert not first.incremental
    made.world.touch(3, summary="Changed")
    made.world.remove(4)
    made.world.touch(5, project="OTHER")
    made.world.items.append(type(made.world.items[0])(11, "Made long ago, shown to us today"))
    second = made.pull()
    third = made.pull(full=True)
    assert (second.incremental, third.incremental) == (True, False)
    assert content(second.folder) == content(third.folder)
    assert second.manifest["items"] == first.manifest["items"] - 1
    # of nine items, only the one that changed and the one that appeared were fetched
    assert (second.manifest["fetched"], second.manifest["gone"], third.manifest["gone"]) == (2, 2, 0)


@pytest.mark.parametrize(
    ("zone", "since"), [("America/New_York", "2026-11-23 03:15"), ("Asia/Kolkata", "2026-11-23 13:45"), ("Mars/Olympus", "2026-11-22 06:15")]
)
def test_since_is_told_on_the_clock_of_the_tokens_owner(zone: str, since: str, bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    made.served.twist = lambda request, reply: Reply({**reply.said, "timeZone": zone}) if request.path.endswith("/myself") else None
    first = made.pull()
    # two hours before the last pull began, by the service's clock
    first.manifest["begun"] = first.manifest["full"] = "2026-11-23T10:15:00Z"
    (first.folder / "pull.json").write_text(json.dumps(first.manifest))
    count = len(made.served.asked)
    made.pull()
    (query,) = {request.query["jql"] for request in asked_since(made, count, "/search/jql") if "updated" in request.query["jql"]}
    assert f'updated >= "{since}"' in query


def test_a_changed_frame_fetches_everything(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    made.pull()
    made.world.statuses["10002"] = ("Shipped", "done", 3)  # items that did not change would keep the old name
    again = made.pull()
    assert not again.incremental
    assert any("statuses" in note for note in again.manifest["notes"])


def test_once_a_week_everything_is_fetched(bench: Callable[..., Bench]) -> None:
    made = bench("asana")
    first = made.pull()
    first.manifest["full"] = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    (first.folder / "pull.json").write_text(json.dumps(first.manifest))
    assert not made.pull().incremental


def test_another_query_starts_anew(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    made.pull()
    assert not made.pull(jql="issuetype = Story").incremental


def test_nothing_is_built_on_a_pull_that_was_changed_since(bench: Callable[..., Bench]) -> None:
    made = bench("jira-data-center")
    first = made.pull()
    page = first.folder / "issues-0001.json"
    page.write_bytes(page.read_bytes().replace(b"Item 3", b"Item X"))
    again = made.pull()
    assert not again.incremental
    assert b"Item X" not in (again.folder / "issues-0001.json").read_bytes()


@pytest.mark.parametrize("source", SOURCES)
def test_a_pull_that_failed_goes_on_from_there(source: str, bench: Callable[..., Bench]) -> None:
    made = bench(source)
    whole = made.pull()
    count, expected = len(made.served.asked), content(whole.folder)
    made.home = made.home / "again"
    made.served.twist = lambda request, reply: Reply({}, 503) if len(made.served.asked) >= count + 8 else None
    with pytest.raises(ServiceFault, match="it goes on from where it stopped"):
        made.pull()
    made.served.twist = lambda request, reply: None
    at = len(made.served.asked)
    done = made.pull()
    assert done.resumed
    assert content(done.folder) == expected
    assert len(made.served.asked) - at <= count - 7  # the eight answers were not asked for again, but for what must be asked anew at the end


def test_pages_that_the_service_forgot_are_asked_for_anew(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    made.served.twist = lambda request, reply: Reply({}, 500) if "nextPageToken" in request.query else None
    with pytest.raises(ServiceFault):
        made.pull()
    made.world.items[0].summary = "Later"
    refusals: list[int] = []

    def forgot(request: Request, reply: Reply) -> Reply | None:
        if "nextPageToken" in request.query and not refusals:
            refusals.append(1)
            return Reply({"errorMessages": ["The provided next page token is invalid or expired."], "errors": {}}, 400)
        return None

    made.served.twist = forgot
    first = next(Finished(made.pull().folder).objects("issues", "issues"))
    assert first["fields"]["summary"] == "Later"


def test_two_pulls_of_one_project_exclude_each_other(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    said: list[str] = []

    def second(request: Request, reply: Reply) -> None:
        if request.path.endswith("/field") and not said:
            said.append("")
            with made.service() as asked, pytest.raises(ServiceFault, match="another pull of WEB is under way") as fault:
                pull(made.order(), "WEB", asked, made.home)
            said[0] = str(fault.value)

    made.served.twist = second
    made.pull()
    assert said[0]


def test_old_pulls_are_cleared_and_damaged_ones_are_none(bench: Callable[..., Bench]) -> None:
    made = bench("asana")
    for _ in range(5):
        last = made.pull()
    assert len([path for path in made.folder.iterdir() if path.is_dir()]) == 4
    (last.folder / "pull.json").write_text("{")
    found = latest(made.folder)
    assert found is not None
    assert found.folder != last.folder


def test_answers_of_half_a_day_ago_are_thrown_away(bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    made = bench("jira-cloud")
    made.served.twist = lambda request, reply: Reply({}, 500) if "nextPageToken" in request.query else None
    with pytest.raises(ServiceFault):
        made.pull()
    made.served.twist = lambda request, reply: None
    monkeypatch.setattr("pmo_lib.connectors.staging.KEPT", timedelta(0))
    assert not made.pull().resumed


def test_a_project_that_never_ends_is_refused(bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmo_lib.connectors.staging.MOST", 4_000)
    with pytest.raises(ServiceFault, match=r"sent more than .* for one project; narrow it with jql"):
        bench("jira-cloud").pull()


def test_a_list_that_the_service_never_gives_whole_is_told(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")

    def withheld(request: Request, reply: Reply) -> Reply | None:
        if request.path.endswith("/search/jql") and request.query["fields"] != "id":
            return Reply({**reply.said, "issues": [issue for issue in reply.said["issues"] if issue["key"] != "WEB-3"]})
        return None

    made.served.twist = withheld
    with pytest.raises(ServiceFault, match=r"lists items of WEB that it does not give \(1, first 10003\)"):
        made.pull()


def test_files_are_for_their_owner_alone(bench: Callable[..., Bench]) -> None:
    folder = bench("jira-cloud").pull().folder
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


PULLER = """
import sys
from pathlib import Path
from pmo_lib.connectors.orders import Order
from pmo_lib.connectors.polite import Service
from pmo_lib.connectors.pulling import pull, service
from pmo_lib.connectors.tokens import Token
site, home, token = sys.argv[1:]
order = Order(source="jira-cloud", site=site, projects=(("WEB", "WEB"),), user="ana@acme.example", private=("127.0.0.1",))
with Service(site, Token(token, "ana@acme.example"), private=("127.0.0.1",)) as asked:
    pull(order, "WEB", asked, Path(home))
"""


@pytest.mark.parametrize("at", [3, 12, 19])
def test_kill_9_leaves_nothing_half_done_and_the_next_pull_goes_on(at: int, bench: Callable[..., Bench], root: Path) -> None:
    made = bench("jira-cloud", items=9)
    victim: list[subprocess.Popen[bytes]] = []

    def kill(request: Request, reply: Reply) -> None:
        if len(made.served.asked) == at:
            os.kill(victim[0].pid, signal.SIGKILL)

    made.served.twist = kill
    environment = {**os.environ, "PYTHONPATH": str(root)}
    victim.append(subprocess.Popen([sys.executable, "-c", PULLER, made.served.address, str(made.home), TOKEN], env=environment))
    assert victim[0].wait(120) == -signal.SIGKILL
    assert latest(made.folder) is None
    made.served.twist = lambda request, reply: None
    count = len(made.served.asked)
    done = made.pull()
    resumed = len(made.served.asked) - count
    assert done.resumed
    assert done.manifest["items"] == 9
    fresh = made.pull(full=True)
    assert content(done.folder) == content(fresh.folder)
    assert {path.name for path in made.folder.iterdir()} == {done.folder.name, fresh.folder.name, "lock"}
    assert resumed <= len(made.served.asked) - count - resumed - (at - 2)  # what was answered before the end was not asked for again
