"""Several writers at once: each waits its turn, one content is one snapshot, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from month import month

from pmo_lib.store import Workspace, doctor, open_workspace

IMPORTER = Path(__file__).with_name("importer.py")


def test_two_processes_import_the_same_and_different_things(ws: Workspace) -> None:
    commands = [[sys.executable, str(IMPORTER), str(ws.folder), *span] for span in (("1", "13"), ("7", "19"))]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for command in commands]
    said = [child.communicate(timeout=90) for child in children]
    assert [child.returncode for child in children] == [0, 0], said
    told = [dict(line.split()[:2] for line in out.splitlines()) for out, _ in said]
    assert all(told[0][day] == told[1][day] for day in told[0].keys() & told[1].keys())
    assert ws.history("NORTHGATE").height == 18
    assert ws.audit().filter(what="import").height == 18
    assert ws.audit().filter(what="result").height == 24
    assert all(check.ok for check in doctor(ws) if not check.name.startswith("room"))


def test_threads_share_a_workspace(ws: Workspace) -> None:
    def bring(number: int) -> bool:
        snapshot = ws.add(month(number % 4 + 1, key=f"P{number % 3}"))
        ws.keep(snapshot, "forecast", {"number": number}, version="1")
        assert ws.project(snapshot.key, snapshot=snapshot).tables["activities"].height == 3
        return snapshot.new

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(bring, range(24)))
    assert sum(made) == 12  # 3 projects, 4 months
    assert ws.projects()["snapshots"].to_list() == [4, 4, 4]


def test_a_workspace_opened_twice_shows_what_the_other_committed(ws: Workspace) -> None:
    other = open_workspace(ws.folder)
    snapshot = ws.add(month(1))
    assert other.snapshot("NORTHGATE") == snapshot
    other.close()
