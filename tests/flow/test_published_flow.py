"""Published and constructed examples, exactly."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from boards import board

from pmo_lib import flow

DATA: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "published" / "flow.toml").read_text())


def test_how_many() -> None:
    case = DATA["throughput"]
    asked = [int(p) for p in case["how_many"]["items"]]
    found = flow.how_many(case["weekly"], periods=case["how_many"]["periods"], confidence=asked)
    assert dict(found.select("confidence", "items").iter_rows()) == {float(p): n for p, n in case["how_many"]["items"].items()}
    assert found["sampled"].unique().to_list() == [12]
    assert found["counted"].unique().to_list() == [46]


def test_when_done() -> None:
    case = DATA["throughput"]
    found = flow.when_done(case["weekly"], items=case["when_done"]["items"], confidence=[0.85, 0.95])
    assert found["periods"].to_list() == list(case["when_done"]["periods"].values())
    assert found["chance"][0] == pytest.approx(case["when_done"]["chance_85"], abs=5e-6)


def test_littles_law() -> None:
    case = DATA["little"]
    found = flow.balance([tuple(pair) for pair in case["items"]], first=1, last=10)
    assert (found.wip, found.cycle_time, found.throughput) == (case["mean_wip"], case["cycle_time"], case["throughput"])
    assert found.expected == pytest.approx(found.cycle_time)
    assert len(found.failing) <= 1  # arrivals fade out inside the window


def test_which_of_littles_assumptions_fail() -> None:
    steady = [(day, day + 4) for day in range(1, 60, 2)]
    assert flow.balance(steady, first=1, last=64).failing == ()
    growing = [*((day, day + 4) for day in range(1, 40, 2)), (3, None), (5, None), (7, None), (9, None)]
    told = " | ".join(flow.balance(growing, first=10, last=40).failing)
    assert "does not start and end empty" in told
    assert "the average age of what is in progress went from" in told
    made = board({"a": [(1, "To Do"), (2, "Doing"), (4, "Done")], "b": [(1, "To Do"), (3, "Doing"), (5, "Done")]}, resolution={"b": "Won't Do"})
    lost = flow.balance(flow.cycle_times(made), first=date(2026, 1, 1), last=date(2026, 1, 10))
    assert lost.failing == ("1 item that was begun did not end as done: not all that enters leaves",)
    assert (lost.wip, lost.throughput, lost.expected) == pytest.approx((0.3, 0.1, 3.0))


def test_work_in_progress_and_cycle_times_of_the_same_items_on_a_board() -> None:
    case = DATA["little"]
    ways = {f"I{n}": [(begin - 0.9, "To Do"), (begin + 0.3, "Doing"), (end + 0.6, "Done")] for n, (begin, end) in enumerate(case["items"])}
    made = board(ways)
    assert flow.work_in_progress(made)["wip"].to_list() == case["wip"]
    cycles = flow.cycle_times(made)
    assert sorted(cycles["cycle_time"]) == sorted(float(end - begin + 1) for begin, end in case["items"])
    assert flow.balance(cycles, first=cycles["started"].min().date(), last=cycles["finished"].max().date()).wip == case["mean_wip"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "linear"), [("observed", False), ("linear", True)])
def test_service_level_expectation(kind: str, *, linear: bool) -> None:
    case = DATA["service_level"]
    found = flow.service_level(case["days"], [int(p) / 100 for p in case[kind]], linear=linear)
    assert found["days"].to_list() == pytest.approx(list(case[kind].values()))
