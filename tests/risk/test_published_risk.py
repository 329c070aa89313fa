"""Worked examples from the literature, as data in tests/published/risk.toml."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import pmo_lib as pmo
from pmo_lib.risk.distributions.by_name import ranged
from pmo_lib.risk.distributions.classical import along, chance_by, expected
from pmo_lib.risk.influence.sensitivity import indices
from pmo_lib.risk.results.percentiles import order_statistics

PUBLISHED = tomllib.loads((Path(__file__).parent.parent / "published" / "risk.toml").read_text(encoding="utf-8"))
DAY = np.timedelta64(1, "D")


def test_classical_pert() -> None:
    case = PUBLISHED["classical"]
    found = [expected(*points) for points in case["points"]]
    assert [mean for mean, _ in found] == pytest.approx(case["mean"])
    assert [var for _, var in found] == pytest.approx(case["var"], abs=5e-4)
    mean, var = along(case["points"][i - 1] for i in case["path"])
    assert (mean, var) == pytest.approx((case["path_mean"], case["path_var"]))
    assert chance_by(case["by"], mean, var) == pytest.approx(case["chance"], abs=0.002)


@pytest.mark.parametrize("case", PUBLISHED["distribution"], ids=lambda case: case["id"])
def test_distribution(case: dict) -> None:
    low, likely, high = case["points"]
    made = ranged(case["shape"], low, likely, high, case.get("meaning", "minmax"), case.get("lam"))
    assert made.mean == pytest.approx(case["mean"], abs=5e-5)
    if "sd" in case:
        assert math.sqrt(made.var) == pytest.approx(case["sd"], abs=5e-5)
    for p, value in case.get("percentiles", {}).items():
        assert made.ppf(int(p) / 100) == pytest.approx(value, abs=6e-5)


@pytest.mark.parametrize("case", PUBLISHED["merge"]["cases"], ids=lambda case: f"{case['n']} parallel")
def test_merge_bias(case: dict) -> None:
    low, likely, high = PUBLISHED["merge"]["points"]
    names = [f"a{i}" for i in range(case["n"])]
    plan = pmo.make_plan(dict.fromkeys(names, likely), start="2026-01-01", calendar="24h")
    estimates = pl.DataFrame({"activity": names, "shape": "triangular", "low": float(low), "likely": float(likely), "high": float(high)})
    sim = pmo.risk.simulate(plan, estimates, iterations=20_000, seed=7)
    row = pmo.risk.percentiles(sim, (50,)).row(0, named=True)
    begin = np.datetime64("2026-01-01")
    assert (np.datetime64(row["finish"]) - begin) / DAY == pytest.approx(case["p50"], abs=0.3)
    assert (np.datetime64(row["finish_low"]) - begin) / DAY - 0.1 <= case["p50"] <= (np.datetime64(row["finish_high"]) - begin) / DAY + 0.1
    assert pmo.risk.chance(sim, (begin + 100 * DAY).astype("datetime64[us]").item())[0] == pytest.approx(case["by_100"], abs=0.01)
    assert sim.indicative is None


def test_discrete_sum() -> None:
    """Independent durations, one after the other: the shares of each sum within four standard errors."""
    case = PUBLISHED["discrete_sums"]
    shares = _sums_of_two(case, None)
    assert shares == pytest.approx({int(total): share for total, share in case["independent"].items()}, abs=4 * math.sqrt(0.25 / 40_000))


def test_discrete_sum_fully_correlated() -> None:
    case = PUBLISHED["discrete_sums"]
    shares = _sums_of_two(case, pl.DataFrame({"a": ["A"], "b": ["B"], "rho": [1.0]}))
    assert shares == pytest.approx({int(total): share for total, share in case["correlated"].items()}, abs=1e-3)


def _sums_of_two(case: dict, correlation: pl.DataFrame | None) -> dict[int, float]:
    plan = pmo.make_plan({"A": 9, "B": (9, "A")}, start="2026-01-01", calendar="24h")
    lists = {"values": [case["values"]] * 2, "weights": [case["weights"]] * 2}
    estimates = pl.DataFrame({"activity": ["A", "B"], "shape": "discrete", **lists})
    sim = pmo.risk.simulate(plan, estimates, correlation=correlation, iterations=40_000, seed=3)
    totals, counts = np.unique((sim.finish - np.datetime64("2026-01-01")) / DAY, return_counts=True)
    return {int(total): count / 40_000 for total, count in zip(totals, counts, strict=True)}


def test_indices() -> None:
    case = PUBLISHED["indices"]
    durations = np.array(case["durations"])
    finish = durations.max(axis=0)
    found = indices(durations, finish, durations == finish, finish - durations)
    for name in ("criticality", "significance", "ssi", "pearson", "spearman"):
        assert found[name] == pytest.approx(case[name], abs=1e-6), name


@pytest.mark.parametrize("case", PUBLISHED["order_statistics"], ids=lambda case: case["id"])
def test_order_statistics(case: dict) -> None:
    assert order_statistics(case["n"], case["p"]) == tuple(case["ranks"])
