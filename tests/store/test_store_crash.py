"""kill -9 during an import, at named points and at random: nothing partial is seen, nothing acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from importer import bring

from pmo_lib.store import Workspace, doctor

IMPORTER = Path(__file__).with_name("importer.py")
POINTS = [("fsync", 4), ("replace", 1), ("replaced", 5), ("execute", 6), ("execute", 17), ("commit", 1), ("commit", 2)]
ROUNDS = 5  # of random kills, on each database
KILLS = (0.0, 0.1)  # [seconds] after the first acknowledgement: an import takes some 0.03


def start(ws: Workspace, first: int, last: int, *point: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(IMPORTER), str(ws.folder), str(first), str(last), *map(str, point)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def acknowledged(said: str) -> dict[int, str]:
    """Snapshot hash by day, of the lines that were written whole."""
    whole = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
    return {int(day): digest for day, digest, _ in whole}


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
    child = start(ws, 1, 50, point, number)
    said, complaints = child.communicate(timeout=60)
    assert child.returncode == -9, complaints
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
        child = start(ws, first, first + 1000)
        assert child.stdout is not None
        line = child.stdout.readline()
        time.sleep(chance.uniform(*KILLS))
        child.kill()
        rest, complaints = child.communicate(timeout=60)
        assert line, complaints
        kept |= (new := acknowledged(line + rest))
        first = max(kept) + 1
        is_whole(ws, new)
    is_whole(ws, kept)
    assert len(kept) >= ROUNDS
