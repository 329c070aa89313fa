"""Whatever a service answers, at whatever request: the pull is complete or ends in a sentence, never in a traceback, and the next pull is not hurt by it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from pmo_lib.errors import PMOError
from tests.connectors.conftest import Bench
from tests.connectors.serving import Reply, Request

RUBBISH: list[Any] = [
    *(None, 5, -1, 1.5, True, "x", "\x1b[31m", "../../etc", [], {}, [1], [None]),
    *({"values": 5}, {"values": [None]}, {"issues": [{}]}, {"data": [{"gid": 7}]}, {"id": "abc"}, {"id": None}),
]


def spoilt(dice: random.Random, said: Any, depth: int = 0) -> Any:
    """The same answer with rubbish in one place, or something missing."""
    if depth > 4 or dice.random() < 0.2 or not isinstance(said, dict | list) or not said:
        return dice.choice(RUBBISH)
    if isinstance(said, list):
        at = dice.randrange(len(said))
        return [*said[:at], spoilt(dice, said[at], depth + 1), *said[at + 1 :]]
    name = dice.choice(list(said))
    if dice.random() < 0.2:
        return {key: value for key, value in said.items() if key != name}
    return {**said, name: spoilt(dice, said[name], depth + 1)}


@pytest.mark.parametrize("source", ["jira-cloud", "jira-data-center", "asana"])
@pytest.mark.parametrize("seed", range(5))
def test_rubbish_is_taken_or_told(source: str, seed: int, bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)
    made = bench(source, items=4)
    dice = random.Random(f"{source} {seed}")
    at = dice.randrange(24)

    def twist(request: Request, reply: Reply) -> Reply | None:
        wanted = len(made.served.asked) == at and reply.status == 200
        return Reply(spoilt(dice, json.loads(reply.bytes()))) if wanted else None

    made.served.twist = twist
    try:
        made.pull()
    except PMOError as fault:
        assert str(fault).isprintable()  # noqa: PT017  what is told is what is tested
    made.served.twist = lambda request, reply: None
    assert made.pull().manifest["items"] == (6 if source == "asana" else 4)
