"""kill -9 during an import, at named points and at random: nothing partial is seen, nothing acknowledged is lost."""

from __future__ import annotations

import random
import signal
import time

import pytest
from importer import acknowledged, bring, start

from pmo_lib.store import Workspace, doctor

POINTS = [("fsync", 4), ("replace", 1), ("replaced", 5), ("execute", 6), ("execute", 17), ("commit", 1), ("commit", 2)]
ROUNDS = 5  # of random kills, on each database
KILLS = (0.0, 0.1)  # [seconds] after the first acknowledgement: an import takes some 0.03


def is_whole(ws: Workspace, kept: dict[int, str]) -> None:
    """Everything acknowledged is there, all that is there is whole, and the next import works."""
    history = set(ws.history("NORTHGATE")["snapshot"]) if ws.projects().height else set()
    assert set(kept.values()) <= history
    for day, digest in kept.items():
        found = ws.result(digest, "forecast")
        assert found is not None
        assert (found.payload["day"], found.frames["activities"].height) == (day, 3)
        assert ws.project("NORTHGATE", snapshot=digest).tables["activities"]["duration"][0] == day * 480
        assert ws.source(digest) == f"source of {day}".encode()
    checks = {check.name: check for check in doctor(ws)}
    assert all(checks[name].ok for name in ("schema", "database", "facts", "sources", "counts")), checks
    assert ws.audit().filter(what="import").height == len(history)


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_killed_at_a_named_point(ws: Workspace, point: str, number: int) -> None:
    child, said = start(ws, 1, 50, point, number)
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    kept = acknowledged(said)
    is_whole(ws, kept)
    after = dict(bring(ws, range(1, len(kept) + 2)))
    assert after.items() >= kept.items()  # what was kept is the same snapshot, the interrupted one is imported
    is_whole(ws, after)
    assert {check.name: check for check in doctor(ws, fix=True)}["orphans"].ok
    assert next(check for check in doctor(ws) if check.name == "orphans").detail == "no file without a snapshot"
    is_whole(ws, after)


def test_killed_at_random(ws: Workspace) -> None:
    chance, kept, first = random.Random(2026), {}, 1
    for _ in range(ROUNDS):
        child, said = start(ws, first, first + 1000)
        assert said.poll(60)
        time.sleep(chance.uniform(*KILLS))
        child.kill()
        child.join(60)
        kept |= (new := acknowledged(said))
        first = max(kept) + 1
        is_whole(ws, new)
    is_whole(ws, kept)
    assert len(kept) >= ROUNDS
