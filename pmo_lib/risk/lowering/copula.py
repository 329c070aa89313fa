"""The Gaussian copula behind stated correlation: which independent normals each correlated duration mixes, and with what weights.

References: Higham, Computing the nearest correlation matrix, IMA Journal of Numerical Analysis 22 (2002); Cario and Nelson (1997) for Pearson's coefficient.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from pmo_lib.compiled import kernel
from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution
from pmo_lib.risk.distributions.checks import REACH
from pmo_lib.risk.inputs.correlation import Correlation, correlated, loadings, of_durations, of_normals, signed

DEFINITE = 1e-9  # an eigenvalue below minus this is no rounding
CHANGED, FEW = 5e-4, 6  # what counts as another coefficient, and pairs that are told one by one
NODES, TERMS = 96, 48  # of the quadrature and of the series for Pearson's coefficient


class Copula(NamedTuple):
    """Each variable's normal is `own` times its own normal plus the weighted sum of shared ones."""

    names: tuple[str, ...]  # of the shared normals, by which they are drawn
    own: np.ndarray  # [v] float32
    mix_from: np.ndarray  # [v + 1] int64: where each variable's shares begin; a variable without any is not correlated
    mix: np.ndarray  # number of the shared normal
    weight: np.ndarray  # float32


def copula(given: Correlation, own: Mapping[str, Distribution], order: Sequence[str]) -> Copula:
    """The copula of the variables of these activities, in this order; `own` are their distributions.

    Raises `InvalidInput` where no joint distribution has the stated coefficients.
    """
    if given.matrix is None:
        groups, found = loadings(given)
        shares = {activity: {at: value for at, value in by_group.items() if value} for activity, by_group in found.items()}
        left = {activity: math.sqrt(max(1 - math.fsum(value * value for value in by_group.values()), 0.0)) for activity, by_group in found.items()}
        return _arrays(tuple(f"group:{group}" for group in groups), shares, left, order)
    normals = _of_normals(given, own)
    _definite(given, normals)
    shares, names = {}, []
    for members in _connected(normals):
        factor = cholesky(np.ascontiguousarray(normals[np.ix_(members, members)]))
        first = len(names)
        names += [f"duration:{given.activities[i]}" for i in members]
        for row, i in enumerate(members):
            shares[given.activities[i]] = {first + column: float(factor[row, column]) for column in range(row + 1) if factor[row, column]}
    return _arrays(tuple(names), shares, {}, order)


def _arrays(names: tuple[str, ...], shares: Mapping[str, Mapping[int, float]], left: Mapping[str, float], order: Sequence[str]) -> Copula:
    each = [shares.get(activity, {}) for activity in order]
    return Copula(
        names=names,
        own=np.array([left.get(activity, 0.0) for activity in order], np.float32),
        mix_from=np.cumsum([0, *(len(one) for one in each)]).astype(np.int64),
        mix=np.array([at for one in each for at in one], np.int32),
        weight=np.array([value for one in each for value in one.values()], np.float32),
    )


@kernel
def cholesky(matrix):
    """The lower triangular factor of a positive semi-definite matrix, in fixed-order arithmetic; a column without anything left is 0."""
    n = matrix.shape[0]
    factor = np.zeros((n, n))
    for j in range(n):
        left = matrix[j, j]
        for k in range(j):
            left -= factor[j, k] * factor[j, k]
        if left < 1e-12:
            continue
        factor[j, j] = math.sqrt(left)
        for i in range(j + 1, n):
            value = matrix[i, j]
            for k in range(j):
                value -= factor[i, k] * factor[j, k]
            factor[i, j] = value / factor[j, j]
    return factor


def _connected(matrix: np.ndarray) -> list[list[int]]:
    """The sets of activities that are bound to each other, each of two or more, in the stated order."""
    left, found = list(range(len(matrix))), []
    while left:
        members, front = {left[0]}, [left[0]]
        while front:
            front = [j for j in np.flatnonzero(matrix[front].any(axis=0)).tolist() if j not in members]
            members.update(front)
        left = [i for i in left if i not in members]
        if len(members) > 1:
            found.append(sorted(members))
    return found


def _definite(given: Correlation, normals: np.ndarray) -> None:
    """Refuses coefficients that contradict each other, with the nearest that do not."""
    if not len(normals):
        return
    least = float(np.linalg.eigvalsh(normals)[0])
    if least >= -DEFINITE:
        return
    assert given.matrix is not None
    offer = "lower the largest" if given.coefficient == "pearson" else _offered(given, of_durations(nearest(normals), given.coefficient))
    raise InvalidInput(
        "correlation: the coefficients contradict each other (not positive semi-definite, "
        f"smallest eigenvalue {signed(least)}), no durations can have them; {offer}"
    )


def _offered(given: Correlation, near: np.ndarray) -> str:
    """The nearest coefficients that durations can have, by pair where they are few: shrunk by as little as lets their three digits hold it too."""
    assert given.matrix is not None
    stated, names = given.matrix.tolist(), given.activities
    pairs = [(int(i), int(j)) for i, j in np.argwhere(np.triu(np.abs(near - given.matrix) > CHANGED, 1))]
    pairs.sort(key=lambda pair: -abs(near[pair] - stated[pair[0]][pair[1]]))
    whole = "risk.nearest_correlation(…) gives them in Python"
    if len(pairs) > FEW:
        i, j = pairs[0]
        told = f"{names[i]} and {names[j]}, from {signed(stated[i][j])} to {signed(float(near[i, j]))}"
        return f"the nearest that can change {len(pairs):,} pairs, most that of {told}; {whole}"
    shown = _in_digits(near, given)
    told = ", ".join(f"{names[i]} and {names[j]} {signed(float(shown[i, j]))} for {signed(stated[i][j])}" for i, j in pairs)
    return f"the nearest that can: {told}; {whole}"


def _in_digits(near: np.ndarray, given: Correlation) -> np.ndarray:
    """Coefficients with three digits that durations can have, next to these."""
    for shrink in (1, 0.999, 0.998, 0.995, 0.99):
        found = np.round(near * shrink, 3)
        np.fill_diagonal(found, 1)
        normals = of_normals(found, given.coefficient)
        np.fill_diagonal(normals, 1)
        if np.linalg.eigvalsh(normals)[0] >= -DEFINITE:
            return found
    return found


def nearest_correlation(given: Any, coefficient: str = "spearman") -> Correlation:
    """The correlation nearest to the stated one that durations can have (Higham); the same where it is possible already. Not for `pearson`."""
    stated = correlated(given, coefficient)  # pyright: ignore[reportArgumentType]  `correlated` refuses what is no coefficient
    if stated.matrix is None or not len(stated.matrix):
        return stated
    if stated.coefficient == "pearson":
        raise InvalidInput("nearest_correlation: what Pearson's coefficients durations can have depends on their ranges; state Spearman's")
    normals = of_normals(stated.matrix, stated.coefficient)
    if np.linalg.eigvalsh(normals)[0] >= -DEFINITE:
        return stated
    near = of_durations(nearest(normals), stated.coefficient)
    np.fill_diagonal(near, 1.0)
    return Correlation(stated.coefficient, stated.activities, near)


def nearest(matrix: np.ndarray, steps: int = 2_000) -> np.ndarray:
    """The correlation matrix nearest to a symmetric one in the Frobenius norm: alternating projections with Dykstra's correction."""
    here, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(steps):
        values, vectors = np.linalg.eigh(here - correction)
        lifted = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = lifted - (here - correction)
        before, here = here, lifted.copy()
        np.fill_diagonal(here, 1.0)
        if np.abs(here - before).max() < 1e-10:
            break
    values, vectors = np.linalg.eigh(here)
    lifted = (vectors * np.maximum(values, 1e-10)) @ vectors.T  # what the last step left below 0
    scale = 1 / np.sqrt(np.diag(lifted))
    found = lifted * np.outer(scale, scale)
    return (found + found.T) / 2


def _of_normals(given: Correlation, own: Mapping[str, Distribution]) -> np.ndarray:
    assert given.matrix is not None
    if given.coefficient != "pearson":
        normals = np.array(of_normals(given.matrix, given.coefficient))
    else:
        normals = np.eye(len(given.matrix))
        series = {activity: _series(own[activity]) for activity in given.activities}
        for i, j in np.argwhere(np.triu(given.matrix, 1)):
            a, b = given.activities[i], given.activities[j]
            normals[i, j] = normals[j, i] = _normal_of(a, b, series[a] * series[b], float(given.matrix[i, j]))
    np.fill_diagonal(normals, 1.0)
    return normals


def _series(one: Distribution) -> np.ndarray:
    """Coefficients of the quantile function in normalised Hermite polynomials of z, in standard deviations: their products by pair give r's power series."""
    z, weight = special.roots_hermitenorm(NODES)
    weight = weight / weight.sum()
    values = np.asarray(one.ppf(special.ndtr(np.clip(z, -REACH, REACH))), float)
    before, here = np.zeros(NODES), np.ones(NODES)
    found = np.zeros(TERMS)
    for k in range(1, TERMS):
        before, here = here, (z * here - math.sqrt(k - 1) * before) / math.sqrt(k)
        found[k] = float(weight @ (values * here))
    return found / math.sqrt(math.fsum(found * found))


def _normal_of(a: str, b: str, terms: np.ndarray, wanted: float) -> float:
    """The correlation of the normals at which the durations have Pearson's coefficient `wanted`: it rises with it, so it is bisected."""

    def reached(r: float) -> float:
        return float(np.polynomial.polynomial.polyval(r, terms))

    low, high = -1.0, 1.0
    if not reached(low) - 1e-9 <= wanted <= reached(high) + 1e-9:
        ends = f"{signed(reached(low))} and {signed(reached(high))}"
        raise InvalidInput(
            f"correlation: Pearson's coefficient of {a} and {b} can lie between {ends} with their ranges, and is to be {signed(wanted)}; state Spearman's"
        )
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < wanted else (low, middle)
    return (low + high) / 2
