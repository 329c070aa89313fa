"""Several writers at once: each waits its turn, one content is one snapshot, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from importer import acknowledged, start
from month import month

from pmo_lib.store import Workspace, doctor, open_workspace


def test_two_processes_import_the_same_and_different_things(ws: Workspace) -> None:
    children = [start(ws, *span) for span in ((1, 13), (7, 19))]
    for child, _ in children:
        child.join(90)
    assert [child.exitcode for child, _ in children] == [0, 0]
    told = [acknowledged(said) for _, said in children]
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
