"""Ranges: what they refuse, what their points mean, and that the tabulated quantiles are the quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk import Cumulative, Discrete, Lognormal, Normal, Pert, Triangular, Uniform
from pmo_lib.risk.distributions.by_name import Distribution, ranged
from pmo_lib.risk.engine.block import scratch
from pmo_lib.risk.engine.quantiles import probit, probit_table, quantile, tails_of_chances, tails_of_places
from pmo_lib.risk.lowering.variables import Made, lowered
from pmo_lib.sampling import LANES, TOP_BITS

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
        (lambda: ranged("trigen", 1, 2, 3), "low and high are percentiles; say p10_p90"),
        (lambda: ranged("triangular", 1, 2, 3, values=(1, 2)), "takes points, not values"),
        (lambda: ranged("normal", 1, None, 3), "cannot be minmax"),
        (lambda: ranged("normal", 1, 1.5, 3, "p10_p90"), "symmetric"),
        (lambda: ranged("normal", 1, None, 3, "p10_p90", values=(2.0, 9.0)), "rise and lie within its bounds"),
        (lambda: Normal(-1, 2), "mean must lie within its bounds"),
        (lambda: Normal(1, -2), "sigma >= 0"),
        (lambda: Discrete((7, 9), (0.5, 0.6)), "add up to 1, and 0.5, 0.6 add up to 1.1"),
        (lambda: Discrete((7, 9), (1.5, -0.5)), "between 0 and 1, and one is 1.5"),
        (lambda: Discrete((9, 7), (0.5, 0.5)), "7 follows 9"),
        (lambda: Discrete((7, 9), (1.0,)), "has 1 for 2"),
        (lambda: Discrete((), ()), "needs values"),
        (lambda: Discrete((7, float("nan")), (0.5, 0.5)), "value 2 must be a number"),
        (lambda: Cumulative((1, 2), (0.1, 1)), "rise from 0 to 1"),
        (lambda: Cumulative((1, 2, 3, 4), (0, 0.6, 0.4, 1)), "rise from 0 to 1"),
        (lambda: Cumulative.of_histogram((1, 2, 3), (0.5, 0.2, 0.3)), "one fewer than edges"),
        (lambda: ranged("empirical", 0, None, 0, values=(1, 2), weights=(0.5, 0.5)), "weights stay empty"),
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


@pytest.mark.parametrize("shape", ["triangular", "trigen", "pert", "uniform", "lognormal"])
@pytest.mark.parametrize(("meaning", "tail"), [("p10_p90", 0.1), ("p5_p95", 0.05)])
def test_points_are_the_percentiles_they_are_said_to_be(shape: str, meaning: str, tail: float) -> None:
    made = ranged(shape, 8.0, 11.0, 20.0, meaning)
    assert made.ppf(np.array([tail, 1 - tail])) == pytest.approx([8, 20], rel=1e-7)
    if shape == "lognormal":
        assert made.ppf(0.5) == pytest.approx(11)


SMOOTH = [Pert(5, 8, 20), Pert(0, 0, 1), Pert(0, 5, 10, 12), Lognormal(10, 3), Lognormal(10, 2, 4), Normal(10, 3), Normal(10, 30), Normal(10, 8, 6, 19)]


@pytest.mark.parametrize("made", SMOOTH, ids=str)
def test_tables_are_the_quantiles(made: Distribution) -> None:
    top, tables = 1 << TOP_BITS, Made()
    _, points, at = lowered(made, tables)
    held = scratch(np.ones(1, np.int32), single=True, by_float=True)
    for first in (0, 1_000, top // 3, top // 2 - LANES // 2, top - LANES):
        places = (first + np.arange(LANES)).astype(np.uint32)
        u = (places + 0.5) / top
        tails_of_places(places, top, held.tail, held.side)
        probit(probit_table(), held.bits, held.side, held.inside, held.cell, held.z)
        assert held.z == pytest.approx(special.ndtri(u), abs=5e-6)
        by_places = held.z.copy()
        tails_of_chances(u, held.tail, held.side)
        probit(probit_table(), held.bits, held.side, held.inside, held.cell, held.z)
        assert held.z == pytest.approx(by_places, abs=1e-6)
        quantile(tables.arrays()["tables"][at], held.cell, held.z)
        reach = made.ppf(0.9999) - made.ppf(0.0001)
        assert np.abs(points[0] + points[1] * held.z - made.ppf(u)).max() < (4e-6 if 100 < first < top - LANES else 2e-4) * reach


def test_tables_keep_the_mean() -> None:
    """Straight lines through the knots would all lie on one side of a bent curve."""
    z = np.linspace(-5, 5, 400_001)
    for made in SMOOTH:
        tables = Made()
        _, _, at = lowered(made, tables)
        table = tables.arrays()["tables"][at].astype(float)
        place = (z + 6.5) * (1024 / 13)
        cell = place.astype(int)
        drawn = table[cell] + (table[cell + 1] - table[cell]) * (place - cell)
        weight = np.exp(-z * z / 2)
        straight = lowered(made, Made())[1]
        mean = straight[0] + straight[1] * float(drawn @ weight / weight.sum())
        assert mean == pytest.approx(made.mean, rel=2e-6)


def test_tables_are_shared_where_rounding_alone_differs() -> None:
    tables = Made()
    for minutes in (480, 513.7, 1.1, 99_999):
        lowered(Pert(0.9 * minutes, 1.0 * minutes, 1.25 * minutes), tables)
    assert len(tables.tables) == 1
    lowered(Pert(0.9, 1.0, 1.3), tables)
    assert len(tables.tables) == 2


class TestAgainstScipy:
    """`ppf`, `mean` and `var` are those of scipy.stats, which is too slow to import in the library."""

    P = np.array([0.0, 1e-6, 0.05, 0.1, 0.3, 0.5, 0.77, 0.9, 0.99, 1 - 1e-6, 1.0])

    @pytest.mark.parametrize(
        ("made", "name", "arguments"),
        [
            (Triangular(5, 8, 20), "triang", {"c": 0.2, "loc": 5, "scale": 15}),
            (Pert(5, 8, 20), "beta", {"a": 1.8, "b": 4.2, "loc": 5, "scale": 15}),
            (Uniform(3, 9), "uniform", {"loc": 3, "scale": 6}),
            (Lognormal(10, 3), "lognorm", {"s": np.sqrt(np.log(1.09)), "scale": 10 / np.sqrt(1.09)}),
            (Normal(10, 8), "truncnorm", {"a": -10 / 8, "b": np.inf, "loc": 10, "scale": 8}),
            (Normal(10, 8, 6, 19), "truncnorm", {"a": -0.5, "b": 9 / 8, "loc": 10, "scale": 8}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_smooth(self, made: Distribution, name: str, arguments: dict) -> None:
        from scipy import stats

        theirs = getattr(stats, name)(**arguments)
        assert made.ppf(self.P) == pytest.approx(theirs.ppf(self.P), rel=1e-8)
        assert (made.mean, made.var) == pytest.approx((theirs.mean(), theirs.var()), rel=1e-8)
        assert isinstance(made.ppf(0.3), float)

    def test_discrete(self) -> None:
        from scipy import stats

        made, theirs = Discrete((7, 9, 11), (0.3, 0.5, 0.2)), stats.rv_discrete(values=((7, 9, 11), (0.3, 0.5, 0.2)))
        p = np.array([1e-6, 0.3, 0.3001, 0.79, 0.8, 0.81, 1.0])
        assert made.ppf(p).tolist() == theirs.ppf(p).tolist()
        assert (made.mean, made.var) == pytest.approx((theirs.mean(), theirs.var()))

    def test_histogram(self) -> None:
        from scipy import stats

        edges, shares = (2.0, 4.0, 5.0, 9.0), (0.5, 0.2, 0.3)
        made, theirs = Cumulative.of_histogram(edges, shares), stats.rv_histogram((np.array(shares), np.array(edges)), density=False)
        p = np.linspace(0, 1, 23)
        assert made.ppf(p) == pytest.approx(theirs.ppf(p))
        assert (made.mean, made.var) == pytest.approx((theirs.mean(), theirs.var()))

    def test_empirical(self) -> None:
        observed = [4.0, 9.0, 2.5, 4.0, 7.0, 3.0]
        made = ranged("empirical", 0, None, 0, values=observed)
        p = np.array([0.01, 1 / 6, 0.2, 0.5, 0.67, 0.9, 1.0])
        assert made.ppf(p).tolist() == np.quantile(observed, p, method="inverted_cdf").tolist()
        assert (made.mean, made.var) == pytest.approx((np.mean(observed), np.var(observed)))


def test_ends_that_cannot_be_drawn_are_no_ends() -> None:
    """The least and the greatest are those that occur: planning horizons and the refusal of negative durations rest on them."""
    assert (Discrete((-5, 3, 8), (0.0, 0.5, 0.5)).least, Discrete((3, 8), (1.0, 0.0)).greatest) == (3, 3)
    level = Cumulative((-5, 3, 8, 99), (0.0, 0.0, 1.0, 1.0))
    assert (level.least, level.greatest) == (3, 8)
    assert level.ppf(np.array([0.0, 0.5, 1.0])).tolist() == [3, 5.5, 8]
    assert Normal(10, 3).least == 0
    assert Normal(0, 3).greatest > Normal(0, 3).ppf(1 - 4e-11)


@pytest.mark.parametrize("meaning", ["p10_p90", "p5_p95"])
def test_bounded_normal_has_the_percentiles_it_is_given(meaning: str) -> None:
    """Near its bound a normal between bounds is not the plain one: its percentiles are found numerically."""
    tail = 0.1 if meaning == "p10_p90" else 0.05
    made = ranged("normal", 1, None, 9, meaning)
    assert made.ppf(np.array([tail, 1 - tail])) == pytest.approx([1, 9], rel=1e-7)
    assert made.ppf(0.0) == 0
    bounded = ranged("normal", 3, None, 9, meaning, values=(2.0, 11.0))
    assert bounded.ppf(np.array([0.0, tail, 1 - tail, 1.0])) == pytest.approx([2, 3, 9, 11], rel=1e-7)


def test_scaling_is_a_change_of_unit() -> None:
    for made in (*SMOOTH, Triangular(1, 2, 4), Uniform(1, 3), Discrete((1, 2), (0.5, 0.5)), Cumulative((1, 3, 4), (0, 0.5, 1))):
        assert made.times(480).ppf(0.3) == pytest.approx(480 * made.ppf(0.3))
        assert made.times(480).mean == pytest.approx(480 * made.mean)
        assert made.times(480).greatest == pytest.approx(480 * made.greatest)
