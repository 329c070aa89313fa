"""The contribution of an activity's own range stands beside its other indices."""

from __future__ import annotations

import polars as pl
import pytest

import pmo_lib as pmo


def test_leading_activities_have_their_contribution() -> None:
    """A chain: what is taken off the P80 by certainty of one is what a run without its range gives."""
    plan = pmo.make_plan({"A": 10, "B": (10, "A"), "C": (2, "B")}, start="2026-01-05", calendar="24h")
    ranges = {"shape": ["uniform"] * 3, "meaning": ["minmax"] * 3, "likely": [None] * 3}
    estimates = pl.DataFrame(
        {"activity": ["A", "B", "C"], "low": [8.0, 6.0, 1.9], "high": [20.0, 16.0, 2.2], **ranges}, schema_overrides={"likely": pl.Float64}
    )
    sim = pmo.risk.simulate(plan, estimates, iterations=4_000)
    found = pmo.risk.sensitivity(sim, contributions=2)
    assert found["activity"].to_list() == ["A", "B", "C"]
    assert found["contribution_p80"].is_null().to_list() == [False, False, True]
    without = pmo.risk.simulate(
        plan, estimates.with_columns(low=pl.when(activity="A").then(10.0).otherwise("low"), high=pl.when(activity="A").then(10.0).otherwise("high"))
    )
    p80 = [pmo.risk.percentiles(one, (80,))["finish"][0] for one in (sim, without)]
    assert found["contribution_p80"][0] == pytest.approx((p80[0] - p80[1]).total_seconds() / 86_400, abs=0.2)
    assert pmo.risk.sensitivity(sim)["contribution_p80"].null_count() == 3
