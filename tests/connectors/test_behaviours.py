"""Every way to misbehave, at the first, a middle and the last page: the pull is complete, or ends in one sentence and leaves no more than a staging."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors.finished import Finished
from pmo_lib.errors import ServiceFault
from tests.connectors.behaviours import ALL, BEHAVIOURS, CLOUD, Behaviour, Misbehaving
from tests.connectors.conftest import HASTY, LIMITS, Bench
from tests.connectors.serving import TOKEN

PLACES = {"first": 0, "middle": 1, "last": 2}
CASES = [pytest.param(source, behaviour, id=f"{source}-{behaviour.name}") for behaviour in BEHAVIOURS for source in ALL if source in behaviour.on]


def test_there_are_behaviours_enough() -> None:
    assert len(BEHAVIOURS) >= 25
    assert all(sum(source in behaviour.on for behaviour in BEHAVIOURS) >= 25 for source in ALL)


@pytest.mark.parametrize(("source", "behaviour"), CASES)
def test_complete_or_nothing(source: str, behaviour: Behaviour, bench: Callable[..., Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)  # no power fails here, and the disk is what takes the time
    for place, at in places(source, behaviour).items():
        made = bench(source, **({} if source == "asana" else {"agile": False}))
        made.home = tmp_path / place
        before = {item.number for item in made.world.visible()}
        made.limits = HASTY if behaviour.slow else LIMITS
        twist = Misbehaving(behaviour, at, made.world)
        made.served.twist = twist
        if behaviour.fault is None:
            check_complete(made, made.pull().folder, behaviour.ids(before))
        else:
            check_refused(made, behaviour.fault)
            made.served.twist, made.limits = (lambda request, reply: None), LIMITS
            check_complete(made, made.pull().folder, before)
        assert twist.happened >= 1, place
        assert behaviour.waits is None or behaviour.waits <= max(made.waited) <= behaviour.waits + 4


def places(source: str, behaviour: Behaviour) -> dict[str, int]:
    """Every place; of what the one client of all services deals with alone, elsewhere than on Jira Cloud one in turn (`make prove AREA=contract` tries all)."""
    if source == CLOUD or not behaviour.transport:
        return PLACES
    turn = (BEHAVIOURS.index(behaviour) + ALL.index(source)) % len(PLACES)
    return dict([list(PLACES.items())[turn]])


def check_refused(made: Bench, words: str) -> None:
    """One sentence that says what is wrong, without the token; nothing finished, nothing half done."""
    with pytest.raises(ServiceFault) as fault:
        made.pull()
    sentence = str(fault.value)
    assert words in sentence
    assert "\n" not in sentence
    assert fault.value.__cause__ is None
    assert {path.name for path in made.folder.iterdir()} <= {"staging", "lock"}
    check_silent(sentence, made.folder)


def check_complete(made: Bench, folder: Path, numbers: set[int]) -> None:
    """Each item that there is, once, as it is now; nothing else; no token."""
    kind, under, name = ("tasks", "data", "gid") if made.source == "asana" else ("issues", "issues", "id")
    found = list(Finished(folder).objects(kind, under))
    expected = {getattr(made.world.item(number), name): made.world.item(number) for number in numbers}
    assert sorted(one[name] for one in found) == sorted(expected)
    assert {path.name for path in made.folder.iterdir()} == {folder.name, "lock"}
    histories = set_of_histories(Finished(folder), made.source)
    assert {name: len(changes) for name, changes in histories.items() if name in expected} == dict.fromkeys(expected, 3)
    check_silent("", folder)


def set_of_histories(pull: Finished, source: str) -> dict[str, set[str]]:
    """Ids of the changes of each item."""
    found: dict[str, set[str]] = {}
    if source == "asana":
        for story in pull.objects("stories", "data"):
            found.setdefault(story["target"]["gid"], set()).add(story["gid"])
        return found
    for issue in pull.objects("issues", "issues"):
        found[issue["id"]] = {change["id"] for change in issue.get("changelog", {}).get("histories", [])}
    for log in pull.objects("changelogs", "issueChangeLogs"):
        found[log["issueId"]] = {change["id"] for change in log["changeHistories"]}
    return found


def check_silent(text: str, folder: Path) -> None:
    """The token is nowhere, in no form."""
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for form in (TOKEN, base64.b64encode(f"ana@acme.example:{TOKEN}".encode()).decode()):
        assert form not in text
        assert form.encode() not in written


def test_the_newest_of_two_versions_is_kept(bench: Callable[..., Bench]) -> None:
    made = bench("jira-data-center")
    # the item that comes first moves behind the others while pages are read: it is sent twice
    pages: list[Any] = []

    def twist(request: Any, reply: Any) -> None:
        if request.path.endswith("/search") and request.query["fields"] != "id":
            pages.append(request)
            if len(pages) == 1:
                made.world.touch(1, summary="Newer")
                made.world.items.append(made.world.items.pop(0))

    made.served.twist = twist
    found = {one["key"]: one["fields"]["summary"] for one in Finished(made.pull().folder).objects("issues", "issues")}
    assert found["WEB-1"] == "Newer"
    assert json.dumps(found).count("WEB-") == 6
