"""Every way to misbehave, at the first, a middle and the last page: the pull is complete, or ends in one sentence and leaves no more than a staging."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors.finished import Finished
from tests.connectors.behaviours import ALL, BEHAVIOURS, CLOUD, Behaviour
from tests.connectors.conftest import Bench
from tests.connectors.trying import PLACES, check

# what the one client deals with, whatever the service, is tried on Jira Cloud; `make prove AREA=contract` tries everything everywhere
CASES = [
    pytest.param(source, behaviour, id=f"{source}-{behaviour.name}")
    for behaviour in BEHAVIOURS
    for source in behaviour.on
    if source == CLOUD or not behaviour.transport
]


def test_there_are_behaviours_enough() -> None:
    assert len(BEHAVIOURS) >= 25
    assert all(sum(source in behaviour.on for behaviour in BEHAVIOURS) >= 25 for source in ALL)


@pytest.mark.parametrize(("source", "behaviour"), CASES)
def test_complete_or_nothing(source: str, behaviour: Behaviour, bench: Callable[..., Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)  # no power fails here, and the disk is what takes the time
    for place, at in PLACES.items():
        made = bench(source, **({} if source == "asana" else {"agile": False}))
        made.home = tmp_path / place
        check(made, behaviour, at, again=place == "middle")


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
