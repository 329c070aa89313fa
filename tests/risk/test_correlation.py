"""Correlation: marginals stay, coefficients are as asked, contradictions are refused with a way out."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.again import tiles
from pmo_lib.risk.inputs.correlation import of_durations, of_normals
from pmo_lib.risk.lowering.copula import cholesky, nearest

PUBLISHED = tomllib.loads((Path(__file__).parent.parent / "published" / "risk.toml").read_text(encoding="utf-8"))
N = 20_000
ERROR = 4 / math.sqrt(N)  # four standard errors of a coefficient, at most
NAMES = ["a", "b", "c", "d"]
SHAPES = pl.DataFrame(
    {"activity": NAMES, "shape": ["triangular", "pert", "lognormal", "uniform"], "low": [8.0, 5.0, 8.0, 5.0], "likely": [10.0, 8.0, 11.0, None]}
).with_columns(high=pl.Series([15.0, 20.0, 20.0, 15.0]), meaning=pl.Series(["minmax", "minmax", "p10_p90", "minmax"]))
MATRIX = np.array([[1, 0.6, 0.3, -0.4], [0.6, 1, 0.5, 0.0], [0.3, 0.5, 1, -0.2], [-0.4, 0.0, -0.2, 1]])


def plan(names: list[str] = NAMES) -> Any:
    return pmo.make_plan(dict.fromkeys(names, 10), start="2026-01-01", calendar="24h")


def matrix(values: Any = MATRIX, names: list[str] = NAMES) -> pl.DataFrame:
    return pl.DataFrame({"activity": names, **dict(zip(names, np.asarray(values, float).T.tolist(), strict=True))})


def pairs(*rows: tuple[Any, Any, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "rho": pl.Float64}, orient="row")


def groups(*rows: tuple[Any, Any, Any], column: str = "rho") -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"group": pl.String, "activity": pl.String, column: pl.Float64}, orient="row")


def drawn(sim: Any, names: list[str] = NAMES) -> np.ndarray:
    rows = dict(zip(sim.network.activities, next(tiles(sim, durations=True))[1], strict=True))
    return np.array([rows[name] for name in names])


def simulated(correlation: Any, **options: Any) -> np.ndarray:
    return drawn(pmo.risk.simulate(plan(), SHAPES, correlation=correlation, seed=5, **{"iterations": N} | options))


def test_spearman_is_as_asked() -> None:
    from scipy import stats

    for sampling in ("latin_hypercube", "plain"):
        found = stats.spearmanr(simulated(matrix(), sampling=sampling), axis=1).statistic
        assert np.abs(found - MATRIX).max() < ERROR


def test_kendall_and_pearson_and_normal_are_as_asked() -> None:
    from scipy import stats

    tau = simulated(pmo.risk.correlated(pairs(("a", "b", 0.4)), "kendall"))
    assert stats.kendalltau(tau[0], tau[1]).statistic == pytest.approx(0.4, abs=ERROR)
    pearson = simulated(pmo.risk.correlated(pairs(("b", "c", 0.8), ("a", "d", -0.9)), "pearson"))
    assert np.corrcoef(pearson)[1, 2] == pytest.approx(0.8, abs=ERROR)
    assert np.corrcoef(pearson)[0, 3] == pytest.approx(-0.9, abs=ERROR)
    assert np.corrcoef(pearson)[0, 1] == pytest.approx(0, abs=ERROR)
    normal = simulated(pmo.risk.correlated(pairs(("a", "b", 0.7)), "normal"))
    scores = stats.norm.ppf((stats.rankdata(normal, axis=1) - 0.5) / N)
    assert np.corrcoef(scores)[0, 1] == pytest.approx(0.7, abs=ERROR)


@pytest.mark.parametrize("shape", ["points", "lists"])
def test_marginals_stay(shape: str) -> None:
    """Kolmogorov's distance from the uncorrelated distribution, at a chance of 1 in 10,000 to fail by accident."""
    estimates = SHAPES
    if shape == "lists":
        values, weights = [[7.0, 9.0, 11.0], [5.0, 8.0, 20.0], [2.0, 3.0, 7.0], [0.0, 14.0]], [[0.3, 0.5, 0.2], [0.0, 0.25, 1.0], None, None]
        shapes = ["discrete", "cumulative", "empirical", "normal"]
        low, high, meaning = [None, None, None, 10.0], [None, None, None, 6.0], ["minmax"] * 3 + ["mean_sd"]
        estimates = pl.DataFrame(
            {"activity": NAMES, "shape": shapes, "low": low, "high": high, "meaning": meaning, "values": values, "weights": weights}, strict=False
        )
    sim = pmo.risk.simulate(plan(), estimates, correlation=matrix(), iterations=N, seed=8)
    for name, row in zip(NAMES, drawn(sim), strict=True):
        exact = np.floor(sim.ranges.own[name].ppf((np.arange(200_000) + 0.5) / 200_000) + 0.5)
        at = np.unique(exact)[:-1:7] if shape == "points" else np.unique(exact)
        distance = np.abs(np.searchsorted(np.sort(row), at, "right") / N - np.searchsorted(exact, at, "right") / exact.size)
        assert distance.max() < 2.23 / math.sqrt(N), name
        assert row.mean() == pytest.approx(exact.mean(), abs=4 * exact.std() / math.sqrt(N))


def test_stratification_is_kept_where_nothing_is_mixed() -> None:
    """The first of a matrix is its own normal, so it has one draw a stratum; of the others the means stay far closer than plain sampling's."""
    from scipy import stats

    first = simulated(matrix(), replicates=1)[0]
    assert np.abs(np.sort(first) - stats.triang(2 / 7, 8 * 1440, 7 * 1440).ppf((np.arange(N) + 0.5) / N)).max() < 25
    spread = {}
    for sampling in ("latin_hypercube", "plain"):
        sims = [pmo.risk.simulate(plan(), SHAPES, correlation=matrix(), seed=s, iterations=500, replicates=1, sampling=sampling) for s in range(30)]
        spread[sampling] = np.std([drawn(sim)[1].mean() for sim in sims])
    assert spread["latin_hypercube"] < spread["plain"] / 3


def test_published_sum_of_correlated_normals() -> None:
    case = PUBLISHED["correlated_sum"]
    names = ["a", "b", "c"]
    chain = pmo.make_plan({"a": 10, "b": (10, "a"), "c": (10, "b")}, start="2026-01-01", calendar="24h")
    estimates = pl.DataFrame({"activity": names, "shape": "normal", "low": case["mean"], "high": np.sqrt(case["var"]), "meaning": "mean_sd"})
    for coefficient in ("pearson", "normal"):
        stated = pmo.risk.correlated(matrix(case["correlation"], names), coefficient)
        sim = pmo.risk.simulate(chain, estimates.cast({"low": pl.Float64}), correlation=stated, iterations=N, seed=3)
        days = (sim.finish - np.datetime64("2026-01-01")) / np.timedelta64(1, "D")
        assert days.mean() == pytest.approx(case["total_mean"], abs=4 * case["total_sd"] / math.sqrt(N))
        assert days.var() == pytest.approx(case["total_var"], rel=4 * math.sqrt(2 / N))


def test_full_correlation_is_one_draw() -> None:
    names = ["a", "b", "c"]
    same = pl.DataFrame({"activity": names, "shape": "pert", "low": 5.0, "likely": 8.0, "high": 20.0})
    for stated in (matrix(np.ones((3, 3)), names), groups(*(("site", name, 1.0) for name in names)), pairs(("a", "b", 1), ("b", "c", 1), ("a", "c", 1))):
        rows = drawn(pmo.risk.simulate(plan(names), same, correlation=stated, iterations=2_000), names)
        assert np.array_equal(rows[0], rows[1])
        assert np.array_equal(rows[0], rows[2])


def test_groups_and_loadings() -> None:
    from scipy import stats

    found = stats.spearmanr(simulated(groups(("site", "a", 0.5), ("site", "b", 0.5), ("site", "c", 0.5))), axis=1).statistic
    expected = np.full((4, 4), 0.5)
    expected[3], expected[:, 3] = 0, 0
    np.fill_diagonal(expected, 1)
    assert np.abs(found - expected).max() < ERROR
    both = groups(("site", "a", 0.6), ("site", "b", 0.6), ("crew", "b", 0.7), ("crew", "c", -0.7), column="loading")
    found = of_normals(stats.spearmanr(simulated(both), axis=1).statistic, "spearman")
    assert found[0, 1] == pytest.approx(0.36, abs=ERROR)
    assert found[1, 2] == pytest.approx(-0.49, abs=ERROR)
    assert found[0, 2] == pytest.approx(0, abs=ERROR)


def test_draws_are_addressed() -> None:
    """Threads and blocks change nothing, nor does a further activity at the end of the matrix, in a group, or without correlation."""
    one, two = (pmo.risk.simulate(plan(), SHAPES, correlation=matrix(), iterations=9_999, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.finish_minutes, two.finish_minutes)
    assert_frame_equal(one.activities, two.activities, check_exact=True)
    more = [*NAMES, "e"]
    wider = np.eye(5)
    wider[:4, :4] = MATRIX
    wider[4, 0] = wider[0, 4] = 0.5
    added = pl.concat([SHAPES, SHAPES[:1].with_columns(activity=pl.lit("e"))])
    grouped = [groups(*(("g", name, 0.5) for name in names)) for names in (NAMES, more)]
    for before, after in ((matrix(), matrix(wider, more)), grouped):
        small = drawn(pmo.risk.simulate(plan(), SHAPES, correlation=before, iterations=1_000))
        large = drawn(pmo.risk.simulate(plan(more[::-1]), added, correlation=after, iterations=1_000))
        assert np.array_equal(small, large)
    loose = drawn(pmo.risk.simulate(plan(), SHAPES, iterations=1_000))
    bound = drawn(pmo.risk.simulate(plan(), SHAPES, correlation=pairs(("a", "b", 0.5)), iterations=1_000))
    assert np.array_equal(loose[2:], bound[2:])


def test_conversions() -> None:
    assert [of_normals(rho, "spearman") for rho in (0.3, 0.5, 0.8)] == pytest.approx([0.3129, 0.5176, 0.8135], abs=5e-5)
    for coefficient in ("spearman", "kendall", "normal"):
        assert of_durations(of_normals(0.37, coefficient), coefficient) == pytest.approx(0.37)


@pytest.mark.parametrize("case", PUBLISHED["nearest_correlation"], ids=lambda case: case["id"])
def test_nearest(case: dict) -> None:
    assert nearest(np.array(case["matrix"], float)) == pytest.approx(np.array(case["nearest"]), abs=6e-5)


def test_contradictions_are_refused_with_the_nearest() -> None:
    wrong = pairs(("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.5))
    with pytest.raises(InvalidInput, match=r"not positive semi-definite.*the nearest that can: .*nearest_correlation") as refused:
        simulated(wrong)
    offered = re.findall(r"(\w) and (\w) ([−.\d]+) for", str(refused.value))
    simulated(pairs(*((a, b, float(value.replace("−", "-"))) for a, b, value in offered)), iterations=500)
    repaired = pmo.risk.nearest_correlation(wrong)
    assert repaired.matrix is not None
    assert np.linalg.eigvalsh(of_normals(repaired.matrix, "spearman"))[0] > -1e-9
    simulated(repaired, iterations=500)
    assert pmo.risk.correlated(repaired.frame).matrix == pytest.approx(repaired.matrix)
    possible = pmo.risk.correlated(matrix())
    assert pmo.risk.nearest_correlation(possible) is possible


def test_ids_are_told_as_they_are_written() -> None:
    """A true minus stands before numbers alone: an id with one could not be looked for."""
    names = [f"A-1{i}" for i in range(3)]
    close = pmo.make_plan(dict.fromkeys(names, 10))
    given = pl.DataFrame({"a": [names[0], names[1], names[0]], "b": [names[1], names[2], names[2]], "rho": [0.9, 0.9, -0.9]})
    with pytest.raises(InvalidInput, match=r"A-10 and A-12 −0\.\d+ for −0.9"):
        pmo.risk.simulate(close, correlation=given, iterations=100)
    with pytest.raises(InvalidInput, match=r"between −1 and 1, and A-10 and A-11 has −1.5"):
        pmo.risk.simulate(close, correlation=given.head(1).with_columns(rho=-1.5), iterations=100)


def test_cholesky_of_a_singular_matrix() -> None:
    given = np.array([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    factor = cholesky(given)
    assert factor @ factor.T == pytest.approx(given)


def test_half_a_matrix_is_enough() -> None:
    upper = np.where(np.triu(np.ones((4, 4))) > 0, MATRIX, np.nan)
    frame = matrix(upper).with_columns(pl.col(NAMES).fill_nan(None))
    assert pmo.risk.correlated(frame).matrix == pytest.approx(MATRIX)
    assert pmo.risk.correlated(frame.to_pandas()).matrix == pytest.approx(MATRIX)


def test_what_is_finished_is_left_aside() -> None:
    from datetime import datetime

    done = {"actual_start": datetime(2026, 1, 1), "actual_finish": datetime(2026, 1, 11), "percent_complete": 1.0, "remaining_duration": 0}
    begun = pmo.make_plan(dict.fromkeys("abc", 10), start="2026-01-01", calendar="24h", data_date="2026-01-12", details={"a": done})
    frame = SHAPES.filter(pl.col("activity").is_in(["b", "c"]))
    both = pmo.risk.simulate(begun, frame, correlation=pairs(("a", "b", 0.5), ("b", "c", 0.5)), iterations=500)
    alone = pmo.risk.simulate(begun, frame, correlation=pairs(("b", "c", 0.5)), iterations=500)
    assert np.array_equal(both.finish_minutes, alone.finish_minutes)


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (pairs(("a", "zz", 0.5)), "names zz, which"),
        (pairs(("a", "gate", 0.5)), "duration of gate is certain, nothing of it is drawn"),
        (pairs(("a", "sure", 0.5)), "duration of sure is certain, its range is a single value"),
        (groups(("g", "a", 0.5), ("g", "sure", 0.5)), "duration of sure is certain"),
        (pairs(("a", "b", 1.5)), "a and b has 1.5"),
        (pairs(("a", "b", None)), "a and b has none"),
        (pairs(("a", "a", 0.5)), "of two activities"),
        (pairs(("a", "b", 0.5), ("b", "a", 0.5)), "named twice"),
        (matrix([[1, 0.5], [0.4, 1]], ["a", "b"]), "0.5 in one half of the matrix and 0.4 in the other"),
        (matrix([[4, 0.5], [0.5, 1]], ["a", "b"]), "covariances"),
        (matrix([[1, 0.5], [0.5, 1]], ["a", "b"]).drop("b"), "b has one only"),
        (matrix([[1, float("nan")], [float("nan"), 1]], ["a", "b"]), "no number for a and b"),
        (pl.concat([matrix([[1, 0.5], [0.5, 1]], ["a", "b"])] * 2), "a has two rows"),
        (groups(("g", "a", -0.5), ("g", "b", -0.5)), "negative correlation as pairs"),
        (groups(("g", "a", 0.5), ("g", "b", 0.6)), "one rho for all its pairs, and b says 0.6 after 0.5"),
        (groups(("g", "a", 0.5), ("g", "a", 0.5)), "twice"),
        (groups(("g", "a", 0.9), ("h", "a", 0.9), column="loading"), "squared loadings add up to 1.62"),
        (groups(("g", "a", None)), "either rho or loading"),
        (pl.DataFrame({"x": [1]}), "needs the columns a, b, rho"),
    ],
)
def test_refused(frame: pl.DataFrame, named: str) -> None:
    made = pmo.make_plan({"a": 10, "b": 10, "sure": 10, "gate": (0, "a")}, start="2026-01-01", calendar="24h")
    estimates = pl.DataFrame({"activity": ["a", "b", "sure"], "shape": "uniform", "low": [5.0, 5.0, 7.0], "high": [9.0, 9.0, 7.0]})
    with pytest.raises(InvalidInput, match=named):
        pmo.risk.simulate(made, estimates, correlation=frame, iterations=100)


def test_coefficients_that_cannot_be() -> None:
    with pytest.raises(InvalidInput, match="coefficient is one of"):
        pmo.risk.correlated(matrix(), "rank")  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidInput, match="differs from pair to pair"):
        pmo.risk.correlated(groups(("g", "a", 0.5)), "pearson")
    with pytest.raises(InvalidInput, match="can lie between"):
        simulated(pmo.risk.correlated(pairs(("c", "a", -0.99)), "pearson"))
