"""What is drawn again in parts is what the whole simulation drew, and its indices are those of all iterations held at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

import pmo_lib as pmo
from pmo_lib.risk import drawn
from pmo_lib.risk.again import tiles
from pmo_lib.risk.engine import block
from pmo_lib.risk.influence.ranking import kendall
from pmo_lib.risk.influence.sensitivity import indices, of_durations
from pmo_lib.risk.influence.significance import significance
from pmo_lib.risk.iterated import begin


def _before(i: int) -> str:
    found = [f"A{j} {kind}" for j, kind in ((i - 1, "SS+1d"), (i - 3, "FF"), (i - 5, "")) if j >= 0 and (i + j) % 3]
    return "; ".join(found)


ENTRIES = {**{f"A{i}": (4 + i % 7, _before(i)) for i in range(24)}, "one": (6, "A3"), "other": (9, "A3"), "last": (3, "A22; A23; one; other")}
RISKS = pl.DataFrame(
    [
        {"risk": "D", "kind": "driver", "probability": 0.6, "low": 0.9, "likely": 1.1, "high": 1.6, "activities": ["A2", "A9", "A17"]},
        {"risk": "E", "kind": "event", "probability": 0.3, "low": 1.0, "likely": 2.0, "high": 9.0, "activities": ["A9", "A20"]},
        {"risk": "own", "kind": "driver", "probability": 1.0, "low": 0.8, "likely": 1.0, "high": 1.2, "activities": ["*"]},
    ]
).with_columns(
    occurrence=pl.when(pl.col("risk") == "own").then(pl.lit("independent")).otherwise(pl.lit("shared")),
    impact=pl.when(pl.col("risk") == "own").then(pl.lit("independent")).otherwise(pl.lit("correlated")),
)
BRANCHES = pl.DataFrame([{"node": "A3", "branch": name, "activities": [name], "probability": p} for name, p in (("one", 0.25), ("other", 0.75))])
PAIRS = pl.DataFrame([("A1", "A8", 0.7), ("A8", "A15", 0.5), ("A2", "A19", -0.4)], schema=["a", "b", "rho"], orient="row")


def simulated(iterations: int = 1_500, **choices: Any) -> pmo.risk.Simulation:
    return pmo.risk.simulate(pmo.make_plan(ENTRIES, start="2026-01-05"), iterations=iterations, **choices)


def collected(sim: pmo.risk.Simulation) -> dict[int, np.ndarray]:
    """The parts by their first row."""
    parts: dict[int, np.ndarray] = {}
    drawn.over_durations(sim, lambda first, durations: parts.update({first: durations.copy()}))
    return parts


CASES: dict[str, dict[str, Any]] = {
    "assumed": {},
    "plain": {"sampling": "plain"},
    "correlated": {"correlation": PAIRS},
    "risks": {"risks": RISKS},
    "risks and branches": {"risks": RISKS, "branches": BRANCHES, "correlation": PAIRS},
}


@pytest.mark.parametrize("case", CASES)
def test_durations_drawn_alone_are_those_of_the_passes(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sim = simulated(**CASES[case])
    whole = next(tiles(sim, durations=True))[1]
    assert len(np.unique(whole[:, 0])) > 5
    for part in (10**9, 5 * 1_500):
        monkeypatch.setattr(drawn, "PART", part)
        parts = collected(sim)
        assert len(parts) >= (5 if part < 10**9 else 1)
        assert np.array_equal(np.concatenate([parts[first] for first in sorted(parts)]), whole)
    assert np.array_equal(drawn.row_of(sim, 7), whole[7])


@pytest.mark.parametrize("case", CASES)
def test_narrow_blocks_draw_what_wide_ones_do(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = simulated(1_300, replicates=2, **CASES[case])
    monkeypatch.setattr(block, "HUGE", 1)
    narrow = simulated(1_300, replicates=2, **CASES[case])
    assert narrow.run.blocks.shape[0] > 2 * wide.run.blocks.shape[0]
    assert np.array_equal(wide.finish_minutes, narrow.finish_minutes)
    assert wide.activities.equals(narrow.activities)
    assert wide.occurrences.equals(narrow.occurrences)


@pytest.mark.parametrize("case", ["assumed", "risks and branches"])
def test_indices_are_those_of_all_iterations_at_once(case: str) -> None:
    sim = simulated(**CASES[case])
    whole, finish = next(tiles(sim, durations=True))[1], sim.finish_minutes
    found = of_durations(sim)
    for i in np.flatnonzero(sim.network.uncertain):
        assert found.deviation[i] == pytest.approx(whole[i].std(), rel=1e-9)
        assert found.pearson[i] == pytest.approx(stats.pearsonr(whole[i], finish).statistic, abs=1e-9)
        assert found.spearman[i] == pytest.approx(stats.spearmanr(whole[i], finish).statistic, abs=1e-9)
        assert kendall(whole[i], finish) == pytest.approx(stats.kendalltau(whole[i], finish).statistic, abs=1e-9)
    table = pmo.risk.sensitivity(sim, kendall=2)
    assert table["kendall"].is_not_null().sum() == 2
    first = sim.network.activities.index(table["activity"][0])
    assert table["kendall"][0] == pytest.approx(stats.kendalltau(whole[first], finish).statistic, abs=1e-9)
    assert table["cruciality"].equals(table["spearman"].abs().alias("cruciality"))


def test_a_range_too_wide_to_count_has_its_ranks() -> None:
    given = pl.DataFrame([{"activity": name, "shape": "uniform", "low": 1.0, "high": 400.0} for name in ("a", "b")])
    sim = pmo.risk.simulate(pmo.make_plan({"a": 5, "b": (5, "a")}), given, iterations=100)
    whole = next(tiles(sim, durations=True))[1]
    for i in range(2):
        assert of_durations(sim).spearman[i] == pytest.approx(stats.spearmanr(whole[i], sim.finish_minutes).statistic, abs=1e-9)


@pytest.mark.parametrize("clock", [False, True])
def test_significance_is_williams_mean(clock: bool) -> None:
    """Against the index on plain numbers; with a job round the clock besides, the passes run on the clock."""
    entries: dict[str, Any] = {"a": 10, "b": 8} | ({"night": 0.125} if clock else {})
    plan = pmo.make_plan(entries, start="2026-01-05", details={"night": {"elapsed": True}} if clock else None)
    given = pl.DataFrame([{"activity": name, "shape": "triangular", "low": 3.0, "likely": 8.0, "high": 20.0} for name in ("a", "b")])
    sim = pmo.risk.simulate(plan, given, iterations=700)
    assert sim.network.single is not clock
    rows = [sim.network.activities.index(name) for name in ("a", "b")]
    durations = next(tiles(sim, durations=True))[1][rows].astype(float)
    finish = durations.max(axis=0)
    length = (sim.finish_minutes - begin(sim.network)).astype(float)
    assert clock or np.array_equal(length, finish)
    assert significance(sim)[rows] == pytest.approx((durations / finish * length).mean(axis=1) / length.mean(), rel=1e-5)
    if not clock:
        told = indices(durations, finish, durations == finish, finish - durations)
        assert pmo.risk.sensitivity(sim).sort("activity")["significance"].to_list() == pytest.approx(told["significance"].tolist(), rel=1e-5)
