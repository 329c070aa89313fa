"""Levers run the same iterations again: without a risk they are a simulation without it, with a range narrowed one with the narrower estimate."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import ranged
from pmo_lib.risk.levers import narrowed

PLAN = pmo.make_plan({"a": 10, "b": (20, "a"), "c": (15, "a"), "d": (5, "b; c")}, start="2026-01-05")
RISKS = pl.DataFrame(
    [
        {"risk": "R1", "kind": "event", "probability": 0.4, "low": 5.0, "likely": 8.0, "high": 12.0, "activities": ["b"]},
        {"risk": "R2", "kind": "driver", "probability": 1.0, "low": 0.9, "likely": 1.0, "high": 1.4, "activities": ["*"]},
    ]
)


def estimates(share: float = 1.0) -> pl.DataFrame:
    points = {"a": (8.0, 10.0, 16.0), "b": (15.0, 20.0, 30.0), "c": (12.0, 15.0, 25.0), "d": (4.0, 5.0, 9.0)}
    rows = [(name, *(likely + share * (point - likely) for point in (low, likely, high))) for name, (low, likely, high) in points.items()]
    return pl.DataFrame(rows, schema=["activity", "low", "likely", "high"], orient="row").with_columns(shape=pl.lit("triangular"))


@pytest.fixture(scope="module")
def base() -> pmo.risk.Simulation:
    return pmo.risk.simulate(PLAN, estimates(), RISKS, iterations=2_000, milestones=("b",))


def test_without_a_risk_is_the_simulation_without_it(base: pmo.risk.Simulation) -> None:
    found = pmo.risk.what_if(base, without=["R1"])
    real = pmo.risk.simulate(PLAN, estimates(), RISKS[1:], iterations=2_000, milestones=("b",))
    assert np.array_equal(found.finish, real.finish)
    assert np.array_equal(found.milestone_minutes["b"] - found.finish_minutes, real.milestone_minutes["b"] - real.finish_minutes)
    assert found.occurrences["share"].to_list() == [0.0, 1.0]
    row = pmo.risk.difference(found, (80,)).row(0, named=True)
    assert row["low"] < row["working_days"] < row["high"] < 0
    removed = pmo.risk.contributions(base).filter(item="R1")["contribution"][0]
    assert -row["working_days"] == pytest.approx(removed)


def test_narrower_ranges_are_those_of_narrower_estimates(base: pmo.risk.Simulation) -> None:
    found = pmo.risk.what_if(base, spread=0.5)
    real = pmo.risk.simulate(PLAN, estimates(0.5), RISKS, iterations=2_000)
    assert np.abs((found.finish - real.finish) / np.timedelta64(1, "m")).max() <= 3  # each duration is rounded on its own
    one = pmo.risk.what_if(base, spread={"c": 0.0})
    assert one.ranges.own["c"].var == 0
    assert one.ranges.own["a"] == base.ranges.own["a"]


def test_no_change_changes_nothing(base: pmo.risk.Simulation) -> None:
    same = pmo.risk.what_if(base)
    assert np.array_equal(same.finish_minutes, base.finish_minutes)
    assert same.activities.equals(base.activities)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"without": ["R9"]}, r"the simulation has no risk R9; it has R1, R2"),
        ({"spread": 1.2}, r"a range keeps 0 to 1 of its width"),
        ({"spread": {"x": 0.5}}, r"x is no uncertain activity"),
    ],
)
def test_levers_that_cannot_be_are_refused(base: pmo.risk.Simulation, change: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        pmo.risk.what_if(base, **change)  # type: ignore[arg-type]


SHAPES = [
    ranged("triangular", 5, 8, 20), ranged("pert", 5, 8, 20), ranged("uniform", 5, None, 20), ranged("lognormal", 5, 8, 20, "p10_p90"),
    ranged("normal", 10, None, 2, "mean_sd"), ranged("discrete", 0, None, 0, values=(4, 9, 11), weights=(0.2, 0.5, 0.3)),
    ranged("cumulative", 0, None, 0, values=(4, 9, 11), weights=(0.0, 0.6, 1.0)),
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.01, 1), which=st.integers(0, len(SHAPES) - 1))
def test_a_narrowed_range_is_the_range_drawn_together(share: float, which: int) -> None:
    """Every quantile moves towards one middle by the same share."""
    one, p = SHAPES[which], np.array([0.05, 0.3, 0.6, 0.95])
    before, after = np.asarray(one.ppf(p)), np.asarray(narrowed(one, share).ppf(p))
    assert np.diff(after) == pytest.approx(share * np.diff(before), rel=1e-6, abs=1e-9)
    assert narrowed(one, share).var == pytest.approx(share**2 * one.var, rel=1e-6)
