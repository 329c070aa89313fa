"""What each risk contributes to the P80: against real re-runs, full enumeration and exact sums."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import polars as pl
import pytest

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.influence.contributions import contributions, enumerated, percentile_by_mask

NETWORK: dict[str, Any] = {"a": 5, "b": (7, "a"), "c": (4, "a"), "d": (6, "c"), "e": (3, "b; d"), "f": (8, "a"), "g": (2, "e; f")}


def made(count: int) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    rows = [
        {
            "risk": f"R{i}", "kind": "driver" if i % 2 else "event", "probability": round(float(rng.uniform(0.2, 0.9)), 2),
            "low": 1.0, "likely": 1.1, "high": 1.2 + i / 40, "activities": [*rng.choice(list(NETWORK), 2, replace=False)],
        }
        for i in range(count)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def run(risks: pl.DataFrame, **options: Any) -> Any:
    plan = pmo.make_plan(NETWORK, start="2026-01-01", calendar="24h")
    return pmo.risk.simulate(plan, risks=risks, **{"iterations": 4_000, "seed": 5, **options})


def p80(sim: Any) -> float:
    return float(np.sort(sim.finish_minutes)[3_199]) / 1440


def test_remove_one_is_a_run_without_it() -> None:
    risks = made(20)
    sim = run(risks)
    found = {row["item"]: row for row in contributions(sim).to_dicts()}
    assert len(found) == 20
    for i in range(20):
        again = run(risks.filter(pl.col("risk") != f"R{i}"))
        assert found[f"R{i}"]["contribution"] == pytest.approx(p80(sim) - p80(again), abs=1e-9)


def test_shapley_is_the_full_enumeration_and_adds_up() -> None:
    sim = run(made(8))
    found = contributions(sim, method="shapley")
    values = {}
    for held in itertools.product((0, 1), repeat=8):
        values[held] = percentile_by_mask(sim, 80, np.array([held], np.uint8))[0, 0]
    for i in range(8):
        share = 0.0
        for held, value in values.items():
            if held[i]:
                size = sum(held) - 1
                share += math.factorial(size) * math.factorial(7 - size) / math.factorial(8) * (value - values[(*held[:i], 0, *held[i + 1 :])])
        assert found.filter(pl.col("item") == f"R{i}")["contribution"].item() == pytest.approx(share, abs=1e-9)
    none = run(made(8).with_columns(probability=0.0))
    assert found["contribution"].sum() == pytest.approx(p80(sim) - p80(none), abs=1e-9)


def test_drawn_permutations_add_up_and_come_near() -> None:
    sim = run(made(12))
    found = contributions(sim, method="shapley", pairs=12).sort("item")
    ends = percentile_by_mask(sim, 80, np.array([[0] * 12, [1] * 12], np.uint8))[:, 0]
    assert found["contribution"].sum() == pytest.approx(ends[1] - ends[0], abs=1e-9)
    masks = ((np.arange(1 << 12)[:, None] >> np.arange(12)) & 1).astype(np.uint8)
    exact = enumerated(percentile_by_mask(sim, 80, masks)[:, :1], 12)[:, 0]
    by_name = dict(zip([f"R{i}" for i in range(12)], exact.tolist(), strict=True))
    for item, value, error in found.select("item", "contribution", "error").iter_rows():
        assert abs(value - by_name[item]) <= 4 * error + 1e-3


def test_an_activitys_own_range_and_names_that_are_none() -> None:
    sim = run(made(2))
    found = contributions(sim, activities=["d", "f"]).filter(pl.col("kind") == "activity")
    rule = pl.DataFrame({"activity": ["d"], "shape": "uniform", "low": 6.0, "high": 6.0})
    own = pmo.risk.simulate(sim.plan, rule, risks=made(2), iterations=4_000, seed=5)
    assert found.filter(pl.col("item") == "d")["contribution"].item() == pytest.approx(p80(sim) - p80(own), abs=1e-9)
    for options, said in (
        ({"activities": ["z"]}, "z is no uncertain"),
        ({"p": 100}, "between 0"),
        ({"method": "x"}, "method is"),
        ({"pairs": 1}, "2 or"),
    ):
        with pytest.raises(InvalidInput, match=said):
            contributions(sim, **options)


def test_many_drivers_on_everything_stay_within_the_horizon() -> None:
    names = [f"a{i}" for i in range(300)]
    plan = pmo.make_plan({n: (20, names[i - 1]) if i else 20 for i, n in enumerate(names)}, start="2026-01-01")
    row = {"kind": "driver", "probability": 0.5, "low": 0.9, "likely": 1.0, "high": 1.5, "activities": ["*"]}
    sim = pmo.risk.simulate(plan, risks=pl.DataFrame([{"risk": f"R{i}", **row} for i in range(20)]), iterations=500)
    minutes = 300 * 20 * 480
    assert sim.finish_minutes.max() < minutes * 50 < minutes * 1.5**20
    assert contributions(sim)["contribution"].min() > 0
