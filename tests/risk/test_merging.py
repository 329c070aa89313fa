"""Merge bias against closed forms, and the false-certainty check against what is known of sums."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.influence.ranking import kendall
from pmo_lib.risk.influence.sensitivity import indices
from pmo_lib.standards import RangeRule

BEGIN = datetime(2026, 1, 1)


def uniform(names: list[str], low: float = 5, high: float = 15) -> pl.DataFrame:
    return pl.DataFrame([{"activity": n, "shape": "uniform", "low": low, "high": high} for n in names])


def after(days: float) -> datetime:
    return BEGIN + timedelta(days=days)


class TestMergeBias:
    def test_the_latest_of_two_uniforms(self) -> None:
        """E[max] is 2/3 along the range, so 10/6 days beyond the mean of one; P(max <= t) is the product."""
        plan = pmo.make_plan({"a": 10, "b": 10, "gate": (2, "a; b")}, start="2026-01-01", calendar="24h")
        row = pmo.risk.merge_bias(pmo.risk.simulate(plan, uniform(["a", "b"]), iterations=20_000)).row(0, named=True)
        assert (row["activity"], row["predecessors"]) == ("gate", 2)
        assert row["delay"] == pytest.approx(10 / 6, abs=0.03)
        for p, name in ((0.5, "p50"), (0.8, "p80")):
            assert abs(row[name] - after(5 + 10 * math.sqrt(p))) < timedelta(hours=3)
            assert abs(row[f"{name}_worst"] - after(5 + 10 * p)) < timedelta(hours=3)

    @pytest.mark.parametrize(
        ("links", "shift_a", "shift_b"), [("a FS+2d; b", 2, 0), ("a; b FF+1d", 0, -1), ("a SS+9d; b", None, 0), ("a SF+11d; b FF", None, -2)]
    )
    def test_every_kind_of_relationship(self, links: str, shift_a: float | None, shift_b: float) -> None:
        """Against the bounds written out: the gate takes two days, a start bound of FF and SF is two days before the finish's."""
        plan = pmo.make_plan({"a": 10, "b": 10, "gate": (2, links)}, start="2026-01-01", calendar="24h")
        sim = pmo.risk.simulate(plan, pl.concat([uniform(["a", "b"]), uniform(["gate"], 2, 2)]), iterations=2_000)
        drawn = dict(zip(sim.network.activities, _durations(sim), strict=True))
        of_a = drawn["a"] + shift_a if shift_a is not None else np.full(2_000, 9.0)
        of_b = drawn["b"] + shift_b
        row = pmo.risk.merge_bias(sim, ["gate"]).row(0, named=True)
        assert row["delay"] == pytest.approx(np.maximum(of_a, of_b).mean() - max(of_a.mean(), of_b.mean()), abs=0.002)

    def test_a_certain_path_that_is_always_later_costs_nothing(self) -> None:
        plan = pmo.make_plan({"a": 10, "b": 30, "gate": (2, "a; b")}, start="2026-01-01", calendar="24h")
        row = pmo.risk.merge_bias(pmo.risk.simulate(plan, uniform(["a"]), rule=CERTAIN, iterations=1_000)).row(0, named=True)
        assert row["delay"] == 0
        assert row["worst"] == "b"
        assert row["p80"] == row["p80_worst"] == after(30)

    def test_nothing_merges_and_strangers(self) -> None:
        sim = pmo.risk.simulate(pmo.make_plan({"a": 10, "b": (10, "a")}), iterations=200)
        assert pmo.risk.merge_bias(sim).is_empty()
        with pytest.raises(InvalidInput, match="'zz' is not an activity"):
            pmo.risk.merge_bias(sim, ["zz"])


CERTAIN = RangeRule("triangular", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
INDEPENDENT = RangeRule("triangular", 0.8, 1.0, 1.4, 1.0, 1.0, 1.0)
SHARED = RangeRule("triangular", 0.8, 1.0, 1.4, 0.8, 1.0, 1.4)


class TestFalseCertainty:
    def chain(self, n: int = 40) -> Any:
        return pmo.make_plan({f"a{i}": (10, f"a{i - 1}") if i else 10 for i in range(n)})

    def test_independent_ranges_are_told(self) -> None:
        found = pmo.risk.false_certainty(pmo.risk.simulate(self.chain(), rule=INDEPENDENT, iterations=2_000))
        assert found.warned
        assert found.exponent == pytest.approx(0.5, abs=0.05)
        assert found.effective == pytest.approx(40, rel=0.01)
        assert found.correlation == pytest.approx(0, abs=0.01)
        each = math.sqrt((0.8**2 + 1 + 1.4**2 - 0.8 - 0.8 * 1.4 - 1.4) / 18) / ((0.8 + 1 + 1.4) / 3)
        assert found.variation == pytest.approx(each / math.sqrt(40), rel=0.05)
        assert found.spread_shared > 2 * found.spread == pytest.approx(2 * found.spread_independent, rel=0.1)
        assert found.p80_shared > found.p80
        assert found.sentences[0].startswith("False certainty: 40 ranges vary independently")

    def test_its_proposal_is_a_risk_that_mends_it(self) -> None:
        plan = self.chain()
        first = pmo.risk.false_certainty(pmo.risk.simulate(plan, rule=INDEPENDENT, iterations=2_000))
        second = pmo.risk.false_certainty(pmo.risk.simulate(plan, rule=INDEPENDENT, risks=first.driver, iterations=2_000))
        assert not second.warned
        assert second.spread == pytest.approx(first.spread_shared, rel=0.1)

    def test_a_shared_factor_is_no_false_certainty(self) -> None:
        found = pmo.risk.false_certainty(pmo.risk.simulate(self.chain(), rule=SHARED, iterations=2_000))
        assert not found.warned
        assert found.exponent is not None
        assert found.exponent < 0.2
        assert found.spread > 2 * found.spread_independent
        assert "share causes" in found.sentences[0]

    def test_risks_that_widen_the_finish_are_no_shared_cause(self) -> None:
        event = {"risk": "R1", "name": "Rock", "kind": "event", "probability": 0.4, "unit": "days", "shape": "triangular"}
        risks = pl.DataFrame([{**event, "low": 10.0, "likely": 20.0, "high": 30.0, "meaning": "minmax", "activities": ["a1"]}])
        found = pmo.risk.false_certainty(pmo.risk.simulate(self.chain(4), rule=INDEPENDENT, risks=risks, iterations=1_000))
        assert found.spread > 1.2 * found.spread_independent
        assert found.sentences[0].startswith("Risks widen the finish: it spreads over")

    def test_few_activities_cannot_cancel(self) -> None:
        found = pmo.risk.false_certainty(pmo.risk.simulate(self.chain(3), rule=INDEPENDENT, iterations=1_000))
        assert not found.warned
        certain = pmo.risk.false_certainty(pmo.risk.simulate(self.chain(3), rule=CERTAIN, iterations=1_000))
        assert (certain.exponent, certain.warned, certain.activities) == (None, False, 0)


def test_kendall_of_the_published_example() -> None:
    """W16; and against the count of pairs."""
    durations = np.array([[10, 9, 11, 8], [8, 12, 10, 8]])
    finish = durations.max(axis=0)
    found = [kendall(row, finish) for row in durations]
    assert found == pytest.approx([1 / 3, 0.912871], abs=1e-6)
    assert math.isnan(kendall(np.ones(4), finish))
    assert indices(durations, finish, durations == finish, finish - durations)["kendall"] == pytest.approx(found)


def test_every_activity_has_its_percentiles_with_intervals() -> None:
    plan = pmo.make_plan({"a": 10, "b": (10, "a")}, start="2026-01-01", calendar="24h")
    for sampling in ("latin_hypercube", "plain"):
        sim = pmo.risk.simulate(plan, uniform(["a", "b"]), iterations=2_000, milestones=("a",), sampling=sampling)
        told = pmo.risk.activity_percentiles(sim, (50, 80))
        assert told["activity"].to_list() == ["a", "a", "b", "b"]
        assert told.filter(activity="b").drop("activity").equals(pmo.risk.percentiles(sim, (50, 80)))
        assert told.filter(activity="a").drop("activity").equals(pmo.risk.percentiles(sim, (50, 80), milestone="a"))


def _durations(sim: Any) -> np.ndarray:
    from pmo_lib.risk.again import tiles

    return next(iter(tiles(sim, durations=True)))[1] / 1440
