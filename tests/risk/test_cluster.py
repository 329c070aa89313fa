"""Beyond one process: on Dask's workers a simulation is what it is here, bit by bit, and nothing listens beyond this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import psutil
import pytest
from polars.testing import assert_frame_equal

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.project import Project
from pmo_lib.risk.cluster import checked, connected, run_on
from pmo_lib.risk.engine.running import Cancelled, output, run_into


def plan(days: int = 5) -> Project:
    names = [f"a{i}" for i in range(30)]
    return pmo.make_plan({n: (days + i % 7, names[i // 2]) if i else days for i, n in enumerate(names)})


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with connected("local") as found:
        yield found


def test_any_number_of_chunks_gives_the_same(client: Any) -> None:
    sim = pmo.risk.simulate(plan(), iterations=3_001, seed=5, milestones=("a7",))
    watched = [([sim.network.activities.index("a7")], -(1 << 30))]
    here = output(sim.iterations, watched)
    critical = run_into(sim.run, here)
    for chunks in (1, 2, 8):
        there = output(sim.iterations, watched)
        assert np.array_equal(run_on(client, sim.run, there, chunks=chunks), critical)
        assert np.array_equal(there.finish, here.finish)
        assert np.array_equal(there.latest, here.latest)
    assert np.array_equal(here.finish, sim.finish_minutes)


def test_simulate_on_workers_is_simulate(client: Any) -> None:
    seen: list[int] = []
    options: dict[str, Any] = {"iterations": 2_000, "milestones": ("a7",), "until": pmo.risk.Convergence(p=80, half_width=0.8, at_most=4_000)}
    here = pmo.risk.simulate(plan(), **options)
    there = pmo.risk.simulate(plan(), scheduler=client, progress=lambda done, *_: seen.append(done), **options)
    assert np.array_equal(here.finish_minutes, there.finish_minutes)
    assert_frame_equal(here.activities, there.activities, check_exact=True)
    assert seen == sorted(seen)
    assert seen[-1] == here.iterations
    with pytest.raises(Cancelled, match="called off"):
        pmo.risk.simulate(plan(), iterations=200_000, scheduler=client, cancel=lambda: True)


def test_many_projects(client: Any) -> None:
    plans = {"one": plan(5), "two": plan(9)}
    here, there = pmo.risk.simulate_all(plans, iterations=500), pmo.risk.simulate_all(plans, scheduler=client, iterations=500)
    assert list(there) == ["one", "two"]
    for key, sim in here.items():
        assert np.array_equal(sim.finish_minutes, there[key].finish_minutes)
    assert not np.array_equal(here["one"].finish_minutes, here["two"].finish_minutes)  # each worker has each plan's own arrays


def test_nothing_listens_beyond_this_machine(client: Any) -> None:
    mine = psutil.Process()
    opened = [c for process in (mine, *mine.children(recursive=True)) for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert opened
    assert {c.laddr.ip for c in opened} <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tcp://example.org:8786", "http://127.0.0.1:8786", "127.0.0.1:8786", "tcp://127.0.0.1:x", 8786])
def test_addresses_that_no_plan_is_sent_to(address: Any) -> None:
    with pytest.raises(InvalidInput, match="scheduler"):
        pmo.risk.simulate(plan(), iterations=100, scheduler=address)


def test_addresses_that_are_fine() -> None:
    for address in ("tcp://127.0.0.1:8786", "tcp://localhost:8786", "tls://example.org:8786"):
        assert checked(address) == address
    with pytest.raises(NotAvailable, match="no Dask scheduler answers"), connected("tcp://127.0.0.1:9"):
        pass


def test_risks_occur_as_often_on_workers(client: Any) -> None:
    """An event that occurs or not, a driver on all: the same finishes, and the same counts."""
    columns = ("risk", "name", "kind", "probability", "unit", "low", "likely", "high", "activities")
    rows = [("R1", "Late steel", "event", 0.3, "days", 2.0, 5.0, 9.0, ["a3"]), ("R2", "Crews", "driver", 1.0, "factor", 0.9, 1.0, 1.3, ["*"])]
    risks = pl.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])
    here, there = (pmo.risk.simulate(plan(), risks=risks, iterations=1_000, scheduler=where) for where in (None, client))
    assert np.array_equal(here.finish_minutes, there.finish_minutes)
    assert_frame_equal(here.occurrences, there.occurrences, check_exact=True)
    assert 0.2 < here.occurrences["share"][0] < 0.4
