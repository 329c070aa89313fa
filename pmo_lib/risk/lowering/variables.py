"""Ranges lowered to what the compiled block reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import special

from pmo_lib.risk.distributions.by_name import Distribution
from pmo_lib.risk.distributions.lists import Cumulative, Discrete
from pmo_lib.risk.distributions.normal import Normal
from pmo_lib.risk.distributions.sampled import Sampled
from pmo_lib.risk.distributions.shapes import Lognormal, Triangular, Uniform
from pmo_lib.risk.engine.drawing import CURVE, STEPS, TABLE, TRIANGULAR, UNIFORM, Variables
from pmo_lib.risk.engine.quantiles import CELLS, probit_table, quantile_table
from pmo_lib.risk.inputs.correlation import Correlation
from pmo_lib.risk.inputs.ranges import SYSTEMIC, Ranges
from pmo_lib.risk.lowering.copula import copula
from pmo_lib.sampling import permutation_keys, variable_id

POINTS = 5
NOTHING = (0.0,) * POINTS


def variables(activities: Sequence[str], ranges: Ranges, seed: int, replicates: int, *, latin: bool, correlation: Correlation | None = None) -> Variables:
    """The variables of a network whose rows are `activities`; the systemic factor comes last. `correlation` binds uncertain activities alone."""
    rows = [i for i, activity in enumerate(activities) if activity in ranges.own]
    kept: list[Distribution] = [ranges.own[activities[i]] for i in rows]
    names = [one.source if isinstance(one, Sampled) else f"duration:{activities[i]}" for i, one in zip(rows, kept, strict=True)]
    if ranges.systemic is not None:
        rows, kept, names = [*rows, -1], [*kept, ranges.systemic], [*names, SYSTEMIC]
    shared = [i >= 0 and activities[i] in ranges.assumed for i in rows]
    made = of(names, kept, seed, replicates, latin=latin)._replace(row=np.array(rows, np.int32), systemic=np.array(shared, np.uint8))
    resting = [i for i in rows if i >= 0 and activities[i] in ranges.rest]
    made = made._replace(rest_row=np.array(resting, np.int32), rest=np.array([ranges.rest[activities[i]] for i in resting], np.int32))
    if correlation is None or not correlation.activities:
        return made
    order = [activities[i] if i >= 0 else "" for i in rows]
    bound = copula(correlation, ranges.own, order)
    latent = np.array([variable_id(name) for name in bound.names], np.uint64)
    keys = permutation_keys(made.seed, latent, replicates if latin else 0)
    return made._replace(latent=latent, latent_keys=keys, own=bound.own, mix_from=bound.mix_from, mix=bound.mix, weight=bound.weight)


def of(names: Sequence[str], distributions: Sequence[Distribution], seed: int, replicates: int, *, latin: bool) -> Variables:
    """Variables of these names and distributions, which belong to no row of a network."""
    made = Made()
    found = [lowered(one, made) for one in distributions]
    address = np.array([variable_id(name) for name in names], np.uint64)
    return Variables(
        seed=np.uint64(seed % (1 << 64)),
        latin=latin,
        row=np.full(len(names), -1, np.int32),
        address=address,
        keys=permutation_keys(np.uint64(seed % (1 << 64)), address, replicates if latin else 0),
        shape=np.array([shape for shape, _, _ in found], np.int8),
        points=np.array([points for _, points, _ in found], np.float64).reshape(len(found), POINTS),
        table=np.array([table for _, _, table in found], np.int32),
        systemic=np.zeros(len(names), np.uint8),
        probit=probit_table(),
        chance=quantile_table(special.ndtr),
        latent=np.empty(0, np.uint64),
        latent_keys=np.empty((0, replicates if latin else 0, 8), np.uint32),
        own=np.ones(len(names), np.float32),
        mix_from=np.zeros(len(names) + 1, np.int64),
        mix=np.empty(0, np.int32),
        weight=np.empty(0, np.float32),
        rest_row=np.empty(0, np.int32),
        rest=np.empty(0, np.int32),
        **made.arrays(),
    )


class Made:
    """Tables and lists as they are collected; equal ones are shared."""

    def __init__(self) -> None:
        self.tables: dict[tuple[object, ...], tuple[int, np.ndarray]] = {}
        self.lists: list[tuple[np.ndarray, np.ndarray]] = []

    def table(self, key: tuple[object, ...], quantiles: Callable[[np.ndarray], np.ndarray]) -> int:
        """The number of the table of these quantiles on z."""
        if key not in self.tables:
            self.tables[key] = (len(self.tables), quantile_table(quantiles))
        return self.tables[key][0]

    def list(self, chances: np.ndarray, values: Sequence[float] | np.ndarray) -> int:
        """The number of this list of chances and values."""
        self.lists.append((chances, np.asarray(values, np.float64)))
        return len(self.lists) - 1

    def arrays(self) -> dict[str, np.ndarray]:
        """What the block reads of them."""
        return {
            "tables": np.array([table for _, table in self.tables.values()], np.float32).reshape(len(self.tables), CELLS + 1),
            "list_from": np.cumsum([0, *(values.size for _, values in self.lists)]).astype(np.int64),
            "list_chance": np.concatenate([np.empty(0), *(chances for chances, _ in self.lists)]),
            "list_value": np.concatenate([np.empty(0), *(values for _, values in self.lists)]),
        }


def lowered(one: Distribution, made: Made) -> tuple[int, tuple[float, ...], int]:
    """Shape, points, and table or list of one distribution."""
    if isinstance(one, Discrete | Sampled):
        return STEPS, NOTHING, made.list(one.steps, one.values)
    if isinstance(one, Cumulative):
        return CURVE, NOTHING, made.list(np.asarray(one.weights), one.values)
    if one.var == 0:
        return UNIFORM, (one.mean, 0.0, 0.0, 0.0, 0.0), 0
    if isinstance(one, Lognormal):
        sigma = one.sigma
        return TABLE, (one.shift, one.median - one.shift, 0.0, 0.0, 0.0), made.table(("lognormal", _same(sigma)), lambda z: np.exp(sigma * z))
    if isinstance(one, Normal):
        standard = Normal(0.0, 1.0, (one.low - one.mu) / one.sigma, (one.high - one.mu) / one.sigma)
        return TABLE, (one.mu, one.sigma, 0.0, 0.0, 0.0), made.table(("normal", _same(standard.low), _same(standard.high)), lambda z: by_tail(standard, z))
    width = one.high - one.low
    if isinstance(one, Uniform) or width == 0:  # rounding may leave a variance where all points are one
        return UNIFORM, (one.low, width, 0.0, 0.0, 0.0), 0
    if isinstance(one, Triangular):
        left, right = one.likely - one.low, one.high - one.likely
        return TRIANGULAR, (one.low, width, left / width, width * left, width * right), 0
    alpha, beta = one.alpha, one.beta
    return TABLE, (one.low, width, 0.0, 0.0, 0.0), made.table(("pert", _same(alpha), _same(beta)), lambda z: special.betaincinv(alpha, beta, special.ndtr(z)))


def by_tail(standard: Normal, z: np.ndarray) -> np.ndarray:
    """A bounded standard normal's quantiles where the chance is that of z, without losing the digits of the upper tail."""
    low, high = special.ndtr(standard.low), special.ndtr(-standard.high)
    share = 1 - low - high
    lower, upper = low + special.ndtr(z) * share, high + special.ndtr(-z) * share
    return np.where(lower <= 0.5, special.ndtri(lower), -special.ndtri(upper))


def _same(parameter: float) -> float:
    """Parameters that differ in rounding alone share a table."""
    return float(f"{parameter:.12g}")
