"""One behaviour at one page of one service: the pull is complete, or ends in one sentence; then, on a healthy service, it is complete."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pmo_lib.connectors.finished import Finished
from pmo_lib.errors import ServiceFault
from tests.connectors.behaviours import Behaviour, Misbehaving
from tests.connectors.conftest import HASTY, LIMITS, Bench
from tests.connectors.serving import TOKEN

PLACES = {"first": 0, "middle": 1, "last": 2}


def check(made: Bench, behaviour: Behaviour, at: int, *, again: bool = True) -> None:
    """Tries the behaviour at page `at`; `again`: and then without it, where it ended the pull."""
    before = {item.number for item in made.world.visible()}
    made.limits = HASTY if behaviour.slow else LIMITS
    twist = made.served.twist = Misbehaving(behaviour, at, made.world)
    if behaviour.fault is None:
        check_complete(made, made.pull().folder, behaviour.ids(before))
    else:
        check_refused(made, behaviour.fault)
        made.served.twist, made.limits = (lambda request, reply: None), LIMITS
        if again:
            check_complete(made, made.pull().folder, before)
    assert twist.happened >= 1
    assert behaviour.waits is None or behaviour.waits <= max(made.waited) <= behaviour.waits + 4


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
