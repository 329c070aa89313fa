"""Ranges lowered to what the compiled block reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pmo_lib.risk.block import TABLE, TRIANGULAR, UNIFORM, Variables
from pmo_lib.risk.distributions import Distribution, Lognormal, Pert, Triangular, Uniform
from pmo_lib.risk.estimates import SYSTEMIC, Ranges
from pmo_lib.risk.quantiles import CELLS, probit_table, quantile_table
from pmo_lib.risk.sampling import permutation_keys, variable_id

POINTS = 5


def variables(activities: Sequence[str], ranges: Ranges, seed: int, replicates: int, *, latin: bool) -> Variables:
    """The variables of a network whose rows are `activities`; the systemic factor comes last."""
    rows = [i for i, activity in enumerate(activities) if activity in ranges.own]
    kept: list[Distribution] = [ranges.own[activities[i]] for i in rows]
    names = [f"duration:{activities[i]}" for i in rows]
    if ranges.systemic is not None:
        rows, kept, names = [*rows, -1], [*kept, ranges.systemic], [*names, SYSTEMIC]
    shared = [i >= 0 and activities[i] in ranges.assumed for i in rows]
    return of(names, kept, seed, replicates, latin=latin)._replace(row=np.array(rows, np.int32), systemic=np.array(shared, np.uint8))


def of(names: Sequence[str], distributions: Sequence[Distribution], seed: int, replicates: int, *, latin: bool) -> Variables:
    """Variables of these names and distributions, which belong to no row of a network."""
    tables: dict[tuple[object, ...], int] = {}
    made: list[np.ndarray] = []
    lowered = [_lowered(one, tables, made) for one in distributions]
    address = np.array([variable_id(name) for name in names], np.uint64)
    return Variables(
        seed=np.uint64(seed % (1 << 64)),
        latin=latin,
        row=np.full(len(names), -1, np.int32),
        address=address,
        keys=permutation_keys(np.uint64(seed % (1 << 64)), address, replicates if latin else 0),
        shape=np.array([shape for shape, _, _ in lowered], np.int8),
        points=np.array([points for _, points, _ in lowered], np.float64).reshape(len(lowered), POINTS),
        table=np.array([table for _, _, table in lowered], np.int32),
        systemic=np.zeros(len(names), np.uint8),
        tables=np.array(made, np.float64).reshape(len(made), CELLS, 4),
        probit=probit_table(),
    )


def _lowered(one: Distribution, tables: dict[tuple[object, ...], int], made: list[np.ndarray]) -> tuple[int, tuple[float, ...], int]:
    """Shape, points and table of one distribution; equal tables are shared."""
    if isinstance(one, Lognormal):
        if one.sd == 0:
            return UNIFORM, (one.mean, 0.0, 0.0, 0.0, 0.0), 0
        return TABLE, (one.shift, one.median - one.shift, 0.0, 0.0, 0.0), _table(("lognormal", one.sigma), one, tables, made)
    width = one.high - one.low
    if isinstance(one, Uniform) or width == 0:
        return UNIFORM, (one.low, width, 0.0, 0.0, 0.0), 0
    if isinstance(one, Triangular):
        left, right = one.likely - one.low, one.high - one.likely
        return TRIANGULAR, (one.low, width, left / width, width * left, width * right), 0
    return TABLE, (one.low, width, 0.0, 0.0, 0.0), _table(("pert", one.alpha, one.beta), one, tables, made)


def _table(key: tuple[object, ...], one: Pert | Lognormal, tables: dict[tuple[object, ...], int], made: list[np.ndarray]) -> int:
    if key not in tables:
        tables[key] = len(made)
        made.append(quantile_table(one))
    return tables[key]
