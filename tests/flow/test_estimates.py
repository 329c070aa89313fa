"""Estimates against what followed: ratios by hand, the rank correlation against SciPy and a published table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from boards import board
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow
from pmo_lib.project import Project


def finished(days: list[float], **columns: list[float | None]) -> Project:
    ways = {f"i{n:02}": [(1, "To Do"), (2, "Doing"), (2 + one, "Done")] for n, one in enumerate(days)}
    ways["open"] = [(1, "To Do"), (2, "Doing")]
    return board(ways, **{name: {f"i{n:02}": value for n, value in enumerate(values)} | {"open": 7} for name, values in columns.items()})


def row(found: pl.DataFrame, estimate: str, actual: str) -> dict[str, object]:
    return found.row(by_predicate=(pl.col("estimate") == estimate) & (pl.col("actual") == actual), named=True)


def test_ratios_by_hand() -> None:
    made = finished([1, 2, 4], original_estimate=[480, 960, 960], spent=[960, 960, None], points=[1.0, None, 0.0])
    found = flow.estimate_accuracy(made)
    hours = row(found, "original_estimate", "spent")
    assert (hours["items"], hours["p10"], hours["p50"], hours["p90"]) == (2, 1.0, 1.0, 2.0)
    days = row(found, "original_estimate", "cycle_time")
    assert (days["items"], days["p50"], days["p90"]) == (3, 1.0, 2.0)  # 1, 1 and 2 days a working day of 480 minutes
    assert (row(found, "points", "spent")["p50"], row(found, "points", "cycle_time")["items"]) == (16.0, 1)
    assert "a rank correlation needs 10" in str(hours["reason"])


def test_what_is_missing_is_said() -> None:
    found = flow.estimate_accuracy(finished([1, 2], points=[1.0, 2.0]))
    assert row(found, "original_estimate", "spent")["reason"] == "no finished item has an original estimate"
    assert row(found, "points", "spent")["reason"] == "no finished item has logged work"
    assert flow.estimate_accuracy(board({"a": [(1, "To Do")]}))["reason"].unique().to_list() == ["nothing is finished"]
    same = row(flow.estimate_accuracy(finished(list(range(1, 13)), points=[3.0] * 12)), "points", "cycle_time")
    assert (same["rank_correlation"], same["reason"]) == (None, "all have the same points, so nothing can be ranked")


def test_perfect_order_and_its_reverse() -> None:
    days = [float(n) for n in range(1, 13)]
    assert row(flow.estimate_accuracy(finished(days, points=[n * n for n in days])), "points", "cycle_time")["rank_correlation"] == pytest.approx(1.0)
    assert row(flow.estimate_accuracy(finished(days, points=days[::-1])), "points", "cycle_time")["rank_correlation"] == pytest.approx(-1.0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1.0, 2.0, 3.0, 5.0, 8.0])), min_size=10, max_size=20))
def test_rank_correlation_is_scipys(pairs: list[tuple[int, float]]) -> None:
    from scipy.stats import spearmanr

    found = row(flow.estimate_accuracy(finished([float(d) for d, _ in pairs], points=[p for _, p in pairs])), "points", "cycle_time")
    if len({d for d, _ in pairs}) == 1 or len({p for _, p in pairs}) == 1:
        assert found["rank_correlation"] is None
        return
    r = spearmanr([p for _, p in pairs], [d for d, _ in pairs]).statistic
    assert found["rank_correlation"] == pytest.approx(r)
    assert found["low"] <= found["rank_correlation"] + 1e-12  # type: ignore[operator]
    assert found["rank_correlation"] <= found["high"] + 1e-12  # type: ignore[operator]


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Normal pairs with Pearson's 0.6 have Spearman's 6/pi asin(0.3): 300 samples of 30."""
    from pmo_lib.flow.estimates import _rank

    rng = np.random.default_rng(5)
    truth = 6 / np.pi * np.arcsin(0.3)
    inside = 0
    for _ in range(300):
        x = rng.normal(size=30)
        _, low, high = _rank(pl.DataFrame({"estimated": x, "actual": 0.6 * x + 0.8 * rng.normal(size=30)}))
        inside += low <= truth <= high  # type: ignore[operator]
    assert 0.91 <= inside / 300 <= 0.985
