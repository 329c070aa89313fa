"""Ranges: what they refuse, what their points mean, and that the tabulated quantiles are the quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk import Lognormal, Pert, Triangular, Uniform
from pmo_lib.risk.distributions import ranged
from pmo_lib.risk.quantiles import probit, probit_table, quantile, quantile_table

POINTS = st.lists(st.floats(0, 1000), min_size=3, max_size=3).map(sorted)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Triangular(3, 2, 5), "low must not exceed likely, and 3 > 2"),
        (lambda: Pert(3, 6, 5), "likely must not exceed high, and 6 > 5"),
        (lambda: Uniform(3, 2), "low must not exceed high"),
        (lambda: Pert(1, 2, 3, -1), "lam weighs the mode"),
        (lambda: Triangular(1, float("nan"), 3), "likely must be a number"),
        (lambda: Lognormal(-1, 2), "needs mean > shift"),
        (lambda: ranged("lognormal", 1, None, 3), "cannot be minmax"),
        (lambda: ranged("triangular", 1, None, 3), "needs a most likely value"),
        (lambda: ranged("weibull", 1, 2, 3), "not available"),
        (lambda: ranged("pert", 1, 2, 3, "p1_p99"), "not known"),
        (lambda: ranged("pert", 1, 1, 3, "p10_p90"), "say minmax where an end is the mode"),
        (lambda: ranged("lognormal", 1, 4, 5, "p10_p90"), "long tail is above"),
        (lambda: Triangular(1, 2, 3).ppf(1.5), "between 0 and 1"),
    ],
)
def test_refused(make, named) -> None:
    with pytest.raises(InvalidInput, match=named):
        make()


@settings(deadline=None, max_examples=40)
@given(POINTS)
def test_mean_is_the_integral_of_the_quantiles(points: list[float]) -> None:
    low, likely, high = points
    p = (np.arange(20_000) + 0.5) / 20_000
    for made in (Triangular(low, likely, high), Pert(low, likely, high), Uniform(low, high)):
        values = made.ppf(p)
        assert values.mean() == pytest.approx(made.mean, abs=1e-3 * (high - low) + 1e-9)
        assert values.var() == pytest.approx(made.var, abs=2e-3 * (high - low) ** 2 + 1e-9)


@pytest.mark.parametrize("shape", ["triangular", "pert", "uniform", "lognormal"])
@pytest.mark.parametrize(("meaning", "tail"), [("p10_p90", 0.1), ("p5_p95", 0.05)])
def test_points_are_the_percentiles_they_are_said_to_be(shape: str, meaning: str, tail: float) -> None:
    made = ranged(shape, 8.0, 11.0, 20.0, meaning)
    assert made.ppf(np.array([tail, 1 - tail])) == pytest.approx([8, 20], rel=1e-7)
    if shape == "lognormal":
        assert made.ppf(0.5) == pytest.approx(11)


@pytest.mark.parametrize("made", [Pert(5, 8, 20), Pert(0, 0, 1), Pert(0, 5, 10, 12), Lognormal(10, 3), Lognormal(10, 2, 4)], ids=str)
def test_tables_are_the_quantiles(made: Pert | Lognormal) -> None:
    u = np.concatenate([(np.arange(50_000) + 0.5) / 50_000, [2.0**-20, 1 - 2.0**-20, 0.5]])
    z, tail, values = np.empty(u.size), np.empty(u.size), np.empty(u.size)
    probit(probit_table(), u, tail, tail.view(np.int64), z)
    assert z == pytest.approx(special.ndtri(u), abs=4e-6)
    quantile(quantile_table(made), z, values)
    drawn = made.low + (made.high - made.low) * values if isinstance(made, Pert) else made.shift + (made.median - made.shift) * values
    assert np.abs(drawn - made.ppf(u))[:-3].max() < 3e-6 * (made.ppf(0.9999) - made.ppf(0.0001))
