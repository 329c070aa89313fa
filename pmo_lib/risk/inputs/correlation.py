"""Correlation between durations: what people state, checked, and lowered to a Gaussian copula.

Stated as a matrix (activity by activity), as pairs (a, b, rho), or as groups (group, activity, rho or loading). Behind each correlated duration lies a
standard normal; pairs and matrices mix independent normals by the Cholesky factor of each connected set of activities, groups by one shared factor a group.

Marginals stay what the ranges say. Under Latin hypercube each independent normal is stratified, so that means stay nearly exact, but the mixed duration
no longer has exactly one draw a stratum: exact strata would need a whole replicate sorted, and then no number could be addressed by itself.

References: Cario and Nelson, Modeling and generating random vectors with arbitrary marginal distributions and correlation matrix (1997);
Kruskal, Journal of the American Statistical Association 53 (1958), for the coefficients of the bivariate normal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.risk.distributions.by_name import Distribution
    from pmo_lib.schedule.network import Network

Coefficient = Literal["spearman", "kendall", "normal", "pearson"]
SYMMETRIC = 1e-6  # how far the two halves of a matrix may differ: people copy rounded numbers


@dataclass(frozen=True, slots=True)
class Correlation:
    """Stated correlation: of pairs (`matrix`), or by `groups`.

    `coefficient` says what the numbers are: Spearman's rho, Kendall's tau, that of the normals behind the ranks, or Pearson's of the durations themselves.
    """

    coefficient: Coefficient
    activities: tuple[str, ...]
    matrix: np.ndarray | None  # [activities, activities]; None: by groups
    groups: tuple[tuple[str, str, float | None, float | None], ...] = ()  # group, activity, rho, loading

    @property
    def frame(self) -> pl.DataFrame:
        """As a frame that `correlated` takes."""
        if self.matrix is None:
            return pl.DataFrame(self.groups, schema=["group", "activity", "rho", "loading"], orient="row")
        return pl.DataFrame({"activity": list(self.activities), **dict(zip(self.activities, self.matrix.T.tolist(), strict=True))})


def correlated(frame: Any, coefficient: Coefficient = "spearman") -> Correlation:
    """The correlation that a frame (Polars or pandas) states; `coefficient` says what its numbers are.

    A matrix has the column `activity` and one column for each; one half of it may be empty. Pairs have a, b, rho; pairs that are not named are
    independent. Groups have group, activity, and either rho (the same for each pair of the group) or loading (the activity's correlation with the
    group's own normal factor; an activity may load on several).

    Raises `InvalidInput` where a number breaks its rule, with the row's name.
    """
    if isinstance(frame, Correlation):
        return frame
    if coefficient not in get_args(Coefficient):
        raise InvalidInput(f"coefficient is one of {', '.join(get_args(Coefficient))}, and is {coefficient!r}")
    table = frame if isinstance(frame, pl.DataFrame) else pl.from_pandas(frame)
    columns = set(table.columns)
    if {"group", "activity"} <= columns and columns & {"rho", "loading"}:
        return _groups(table, coefficient)
    if {"a", "b", "rho"} <= columns:
        return _pairs(table, coefficient)
    if "activity" in columns:
        return _matrix(table, coefficient)
    raise InvalidInput(
        "correlation needs the columns a, b, rho (pairs), or group, activity, rho (groups), or activity and one column for each activity (a matrix); "
        f"it has {', '.join(table.columns)}"
    )


def _matrix(table: pl.DataFrame, coefficient: Coefficient) -> Correlation:
    names = tuple(table["activity"].cast(pl.String).to_list())
    _once(names)
    others = [column for column in table.columns if column != "activity"]
    lacking = [name for name in names if name not in others] or [column for column in others if column not in names]
    if lacking:
        raise InvalidInput(f"correlation: the matrix needs a row and a column for each activity, and {lacking[0]} has one only")
    given = table.select(pl.col(names).cast(pl.Float64, strict=False)).to_numpy().astype(float)
    matrix = np.where(np.isnan(given), given.T, given)
    for i, j in np.argwhere(np.isnan(matrix) & ~np.eye(len(names), dtype=bool))[:1]:
        raise InvalidInput(f"correlation: the matrix has no number for {names[i]} and {names[j]}; write 0 where they are independent")
    matrix[np.diag_indices(len(names))] = np.where(np.isnan(np.diag(matrix)), 1.0, np.diag(matrix))
    for i in np.flatnonzero(np.abs(np.diag(matrix) - 1) > SYMMETRIC)[:1]:
        raise InvalidInput(f"correlation: {names[i]} with itself is 1, and the matrix says {matrix[i, i]:g}; is it one of covariances?")
    for i, j in np.argwhere(np.abs(matrix - matrix.T) > SYMMETRIC)[:1]:
        raise InvalidInput(f"correlation: {names[i]} and {names[j]} have {matrix[i, j]:g} in one half of the matrix and {matrix[j, i]:g} in the other")
    for i, j in np.argwhere(np.abs(matrix) > 1)[:1]:
        raise InvalidInput(_beyond(f"{names[i]} and {names[j]}", float(matrix[i, j])))
    return Correlation(coefficient, names, (matrix + matrix.T) / 2)


def _pairs(table: pl.DataFrame, coefficient: Coefficient) -> Correlation:
    rows = table.select(pl.col("a", "b").cast(pl.String), pl.col("rho").cast(pl.Float64, strict=False)).rows()
    names = tuple(dict.fromkeys(name for a, b, _ in rows for name in (a, b)))
    place = {name: i for i, name in enumerate(names)}
    matrix, seen = np.eye(len(names)), set()
    for a, b, rho in rows:
        if a is None or b is None or a == b:
            raise InvalidInput(f"correlation: a pair is of two activities, and one is {a} and {b}")
        if rho is None or not -1 <= rho <= 1:
            raise InvalidInput(_beyond(f"{a} and {b}", rho))
        if frozenset((a, b)) in seen:
            raise InvalidInput(f"correlation: the pair {a} and {b} is named twice; leave one row out")
        seen.add(frozenset((a, b)))
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = rho
    return Correlation(coefficient, names, matrix)


def _groups(table: pl.DataFrame, coefficient: Coefficient) -> Correlation:
    if coefficient == "pearson":
        raise InvalidInput("correlation: Pearson's coefficient of the durations differs from pair to pair of a group; state it as pairs, or say spearman")
    missing = [pl.lit(None, pl.Float64).alias(name) for name in ("rho", "loading") if name not in table.columns]
    texts, numbers = pl.col("group", "activity").cast(pl.String), pl.col("rho", "loading").cast(pl.Float64, strict=False)
    rows = table.with_columns(missing).select(texts, numbers).rows()
    within: dict[str, float] = {}
    members: set[tuple[str, str]] = set()
    for group, activity, rho, loading in rows:
        if (rho is None) == (loading is None):
            raise InvalidInput(f"correlation: {activity} in group {group} needs either rho or loading")
        if loading is not None and not -1 <= loading <= 1:
            raise InvalidInput(_beyond(f"{activity} in group {group}", loading))
        if rho is not None and not 0 <= rho <= 1:
            raise InvalidInput(f"correlation: rho within a group lies between 0 and 1, and {group} has {rho:g}; state negative correlation as pairs")
        if rho is not None and within.setdefault(group, rho) != rho:
            raise InvalidInput(f"correlation: group {group} has one rho for all its pairs, and {activity} says {rho:g} after {within[group]:g}; take loading")
        if (group, activity) in members:
            raise InvalidInput(f"correlation: {activity} is in group {group} twice; leave one row out")
        members.add((group, activity))
    return Correlation(coefficient, tuple(dict.fromkeys(activity for _, activity, _, _ in rows)), None, tuple(rows))


def _once(names: Sequence[str]) -> None:
    twice = [name for i, name in enumerate(names) if name in names[:i]]
    if twice:
        raise InvalidInput(f"correlation: {twice[0]} has two rows; leave one out")


def signed(value: float) -> str:
    """A coefficient as people read it, with a true minus."""
    return f"{value:.3g}".replace("-", "−")


def _beyond(what: str, value: float | None) -> str:
    return f"correlation: a coefficient lies between −1 and 1, and {what} has {'none' if value is None else signed(value)}"


def of_normals(value: Any, coefficient: Coefficient) -> Any:
    """The correlation of the normals behind the ranks, from Spearman's rho or Kendall's tau of the durations."""
    if coefficient == "spearman":
        return 2 * np.sin(np.pi * np.asarray(value) / 6)
    if coefficient == "kendall":
        return np.sin(np.pi * np.asarray(value) / 2)
    return np.asarray(value, float)


def of_durations(value: Any, coefficient: Coefficient) -> Any:
    """The inverse of `of_normals`."""
    if coefficient == "spearman":
        return 6 / np.pi * np.arcsin(np.asarray(value) / 2)
    if coefficient == "kendall":
        return 2 / np.pi * np.arcsin(np.asarray(value))
    return np.asarray(value, float)


def among(plan: Project, net: Network, own: Mapping[str, Distribution], given: Any) -> Correlation:
    """The stated correlation among the activities that are still open; those finished since are left aside, as in estimates.

    Raises `InvalidInput` for an activity that the plan lacks, or one whose duration is certain.
    """
    stated = correlated(given)
    known = set(plan.tables["activities"]["activity"])
    done = {activity for activity, task in net.tasks.items() if task.finished}
    for activity in stated.activities:
        if activity not in known:
            raise InvalidInput(f"correlation names {activity}, which {plan.info.key} lacks; correct the activity id")
        if activity not in done and (activity not in own or own[activity].var == 0):
            why = "its range is a single value" if activity in own else "nothing of it is drawn (a milestone, a summary or level of effort)"
            raise InvalidInput(f"correlation: the duration of {activity} is certain, {why}, and correlates with nothing; leave its row out")
    return _without(stated, done)


def _without(given: Correlation, aside: Set[str]) -> Correlation:
    """The correlation among the other activities."""
    keep = [i for i, name in enumerate(given.activities) if name not in aside]
    matrix = None if given.matrix is None else given.matrix[np.ix_(keep, keep)]
    groups = tuple(row for row in given.groups if row[1] not in aside)
    return Correlation(given.coefficient, tuple(given.activities[i] for i in keep), matrix, groups)


def loadings(given: Correlation) -> tuple[tuple[str, ...], dict[str, dict[int, float]]]:
    """The groups, and each activity's loadings on their normal factors, by the group's number.

    Raises `InvalidInput` for an activity whose loadings leave nothing of its own.
    """
    groups = tuple(dict.fromkeys(group for group, _, _, _ in given.groups))
    found: dict[str, dict[int, float]] = {}
    for group, activity, rho, loading in given.groups:
        factor = math.sqrt(float(of_normals(rho, given.coefficient))) if rho is not None else float(loading or 0.0)
        found.setdefault(activity, {})[groups.index(group)] = factor
    for activity, own in found.items():
        total = math.fsum(value * value for value in own.values())
        if total > 1 + SYMMETRIC:
            raise InvalidInput(f"correlation: {activity} is bound by its groups to more than all it is (squared loadings add up to {total:.3g}); lower them")
    return groups, found
