"""Published and constructed examples, exactly."""

from __future__ import annotations

import tomllib
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
