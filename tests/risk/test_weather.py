"""Days lost to weather: against the negative binomial, closed seasons to the day, one weather for all its work, and the same on any number of threads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.again import tiles

EVERY_MONTH = list(range(1, 13))
CERTAIN = {"shape": "uniform", "meaning": "minmax"}


def weather(probability: float, months: list[int] = EVERY_MONTH, persistence: float | None = None, **on: list[str]) -> pl.DataFrame:
    row = {"weather": "rain", "months": months, "probability": probability, "persistence": persistence, "calendars": None, "activities": None}
    kinds = {"months": pl.List(pl.Int64), "persistence": pl.Float64, "calendars": pl.List(pl.String), "activities": pl.List(pl.String)}
    return pl.DataFrame([row | (on or {"calendars": ["calendar"]})], schema_overrides=kinds)


def certain(**days: float) -> pl.DataFrame:
    return pl.DataFrame([{"activity": name, "low": value, "high": value, **CERTAIN} for name, value in days.items()])


def lost(sim: pmo.risk.Simulation, name: str, days: float) -> np.ndarray:
    """Working days that an activity lost [iterations]."""
    row = sim.network.activities.index(name)
    return next(tiles(sim, durations=True))[1][row] / sim.network.minutes_per_day[row] - days


@pytest.mark.parametrize("calendar", ["24h", "mon-fri"])
@pytest.mark.parametrize("elapsed", [False, True])
def test_lost_days_are_negative_binomial(calendar: str, elapsed: bool) -> None:
    """Work of 8 days, each lost with 0.3: 8 x 0.3 / 0.7 days lost in the mean, with variance 8 x 0.3 / 0.7²; on working minutes, and on the clock."""
    entries = {"a": 8, "b": (5, "a")} | ({"c": 0.125} if elapsed else {})
    plan = pmo.make_plan(entries, start="2026-01-05", calendar=calendar, details={"c": {"elapsed": True}} if elapsed else None)
    sim = pmo.risk.simulate(plan, certain(a=8, b=5), weather=weather(0.3, activities=["a", "b"]), iterations=4_000, sampling="plain")
    assert sim.network.single is not (elapsed and calendar != "24h")
    for name, days in (("a", 8), ("b", 5)):
        found, mean, variance = lost(sim, name, days), days * 0.3 / 0.7, days * 0.3 / 0.49
        assert np.array_equal(found, np.round(found))
        assert found.mean() == pytest.approx(mean, abs=4 * math.sqrt(variance / 4_000))
        assert found.var() == pytest.approx(variance, rel=0.15)
    assert (sim.finish_minutes > 0).all()
    both = lost(sim, "a", 8) + lost(sim, "b", 5)
    assert both.var() == pytest.approx(13 * 0.3 / 0.49, rel=0.15)  # days of their own: nothing is shared between a and b


def test_all_work_of_an_iteration_has_the_same_weather() -> None:
    plan = pmo.make_plan({"a": 10, "b": 10, "c": 10}, calendar="24h")
    sim = pmo.risk.simulate(plan, certain(a=10, b=10, c=10), weather=weather(0.4, activities=["a", "b"]), iterations=500)
    assert np.array_equal(lost(sim, "a", 10), lost(sim, "b", 10))
    assert lost(sim, "a", 10).std() > 1
    assert (lost(sim, "c", 10) == 0).all()


def test_a_closed_season_puts_work_off_to_the_day() -> None:
    """Twenty days from 15 December, January and February closed: 17 days before, 3 after."""
    plan = pmo.make_plan({"a": 20, "b": (2, "a")}, start="2026-12-15", calendar="24h")
    sim = pmo.risk.simulate(plan, certain(a=20, b=2), weather=weather(1.0, [1, 2]), iterations=50)
    assert set(sim.finish.astype("datetime64[D]").astype(str)) == {"2027-03-06"}
    assert sim.deterministic_finish.isoformat()[:10] == "2027-01-06"


def test_persistence_keeps_the_share_and_lengthens_the_spells() -> None:
    plan = pmo.make_plan({"a": 60}, calendar="24h")
    alone, together = (
        lost(pmo.risk.simulate(plan, certain(a=60), weather=weather(0.25, persistence=q), iterations=3_000, sampling="plain"), "a", 60) for q in (None, 0.8)
    )
    assert alone.mean() == pytest.approx(20, abs=4 * math.sqrt(60 * 0.25 / 0.75**2 / 3_000))
    assert together.mean() == pytest.approx(20, abs=1.5)
    assert together.var() > 4 * alone.var()


def test_weather_is_the_same_on_any_number_of_threads_and_with_further_work() -> None:
    entries = {f"a{i}": (6, f"a{i - 2}" if i > 1 else "") for i in range(10)}
    given: dict[str, Any] = {"weather": weather(0.2, persistence=0.5), "iterations": 1_300}
    one, two = (pmo.risk.simulate(pmo.make_plan(entries), threads=threads, **given) for threads in (1, 2))
    assert np.array_equal(one.finish_minutes, two.finish_minutes)
    assert one.activities.equals(two.activities)
    more = pmo.risk.simulate(pmo.make_plan({**entries, "z": 1}), milestones=("a9",), **given)
    alone = pmo.risk.simulate(pmo.make_plan(entries), milestones=("a9",), **given)
    assert np.array_equal(more.milestone_minutes["a9"], alone.milestone_minutes["a9"])
    by_float = pmo.risk.simulate(pmo.make_plan(entries), criticality="float", **given)
    assert np.array_equal(by_float.finish_minutes, one.finish_minutes)
    assert np.allclose(by_float.activities["criticality"], one.activities["criticality"])  # finish-start alone: the longest path is what has no float


def test_risks_contribute_under_the_same_weather() -> None:
    risks = pl.DataFrame([{"risk": "R", "kind": "event", "probability": 0.5, "low": 5.0, "likely": 8.0, "high": 12.0, "activities": ["a"]}])
    plan = pmo.make_plan({"a": 10, "b": (10, "a")}, calendar="24h")
    given: dict[str, Any] = {"weather": weather(0.2), "iterations": 2_000}
    sim = pmo.risk.simulate(plan, certain(a=10, b=10), risks, **given)
    without = pmo.risk.simulate(plan, certain(a=10, b=10), risks.with_columns(probability=0.0), **given)
    days = [pmo.risk.percentiles(one, (80,))["finish"][0] for one in (sim, without)]
    assert pmo.risk.contributions(sim)["contribution"][0] == pytest.approx((days[0] - days[1]).total_seconds() / 86400)
    assert np.array_equal(pmo.risk.what_if(sim, without=["R"]).finish_minutes, without.finish_minutes)
    pmo.risk.false_certainty(sim)
    pmo.risk.sensitivity(sim)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (weather(0.5, calendars=["sea"]), r"weather rain names the calendar sea, which plan lacks; it has calendar"),
        (weather(0.5, activities=["x"]), r"weather rain names the activity x, which plan lacks"),
        (weather(1.0), r"weather rain stops work all year"),
        (weather(0.9, persistence=0.2), r"with a chance of 0.9 a lost day is followed by another with 0.889 at least, and persistence is 0.2"),
        (pl.concat([weather(0.5), weather(0.4, [3])]), r"weather rain has month 3 twice"),
        (weather(0.5).with_columns(calendars=pl.lit(None, pl.List(pl.String))), r"weather rain stops nothing"),
    ],
)
def test_weather_that_cannot_be_is_refused(given: pl.DataFrame, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        pmo.risk.simulate(pmo.make_plan({"a": 5}), weather=given, iterations=100)
