"""Draws of a block, compiled: each variable's own numbers become durations, whatever its shape, factor and correlation.

Rows of a block have LANES iterations, or NARROW for very large networks; the numbers of an iteration are the same in both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.risk.engine.quantiles import probit, quantile, tails_of_chances, tails_of_places
from pmo_lib.sampling import places_of, spread

TRIANGULAR, UNIFORM, TABLE, STEPS, CURVE = 0, 1, 2, 3, 4


class Variables(NamedTuple):
    """The uncertain quantities of a network as the kernel sees them: v of them, the systemic factor (if any) last."""

    seed: np.uint64
    latin: bool
    row: np.ndarray  # [v] int32: row of the network; -1: the systemic factor
    address: np.ndarray  # [v] uint64: variable id
    keys: np.ndarray  # [v, replicates, 8] uint32: permutation keys
    shape: np.ndarray  # [v] int8
    points: np.ndarray  # [v, 5] float64 [working minutes]: what `_shaped` reads
    table: np.ndarray  # [v] int32: which quantile table, or which list
    systemic: np.ndarray  # [v] uint8: 1: multiplied by the systemic factor
    tables: np.ndarray  # [tables, CELLS + 1] float32: quantiles on z
    probit: np.ndarray  # float32: probit table
    list_from: np.ndarray  # [lists + 1] int64: where each list of chances and values begins
    list_chance: np.ndarray  # float64, rising to 1 in each list
    list_value: np.ndarray  # float64
    chance: np.ndarray  # [CELLS + 1] float32: the normal distribution function as a table on z
    latent: np.ndarray  # [l] uint64: variable ids of the normals that correlated variables share
    latent_keys: np.ndarray  # [l, replicates, 8] uint32
    own: np.ndarray  # [v] float32: weight of a correlated variable's own normal
    mix_from: np.ndarray  # [v + 1] int64: where each variable's shares of the shared normals begin; those without any are not correlated
    mix: np.ndarray  # int32: which shared normal
    weight: np.ndarray  # float32: its weight
    rest_row: np.ndarray  # int32: rows that are drawn and have rest between the parts of a split task
    rest: np.ndarray  # int32: that rest [working minutes], which is added to what is drawn


@inner
def _triangular(place, top, split, low, width, rise, fall, factor, row):
    """row = the quantile at each place (of `top`), times the factor, rounded. The side of the mode is told by whole numbers."""
    half, last = np.float32(0.5), np.int32(top - 1)
    for k in range(row.size):
        at = np.int32(place[k])
        left = at < split
        inward = at if left else np.int32(last - at)
        root = np.sqrt((np.float32(inward) + half) * (rise if left else fall))
        row[k] = np.int32((low + (root if left else width - root)) * factor[k] + half)


@inner
def _listed(chance, listed, curve, u, value):
    """value = the first listed whose chance reaches u; on a curve, the place on the line that leads there."""
    for k in range(u.size):
        low, high = 0, chance.size - 1
        while low < high:
            middle = (low + high) // 2
            if chance[middle] < u[k]:
                low = middle + 1
            else:
                high = middle
        value[k] = listed[low]
        if curve:
            share = (chance[low] - u[k]) / (chance[low] - chance[low - 1])  # a curve begins at 0, which no u reaches
            value[k] -= share * (listed[low] - listed[low - 1])


@inner
def general(variables, v, s):
    """s.value = the variable's values for s.u, whatever its shape, before rounding."""
    points, u, value = variables.points, s.u, s.value
    low, width = points[v, 0], points[v, 1]
    if variables.shape[v] == TRIANGULAR:
        mode, rise, fall = points[v, 2], points[v, 3], points[v, 4]
        for k in range(u.size):
            left = u[k] < mode
            root = np.sqrt(u[k] * rise if left else (1.0 - u[k]) * fall)
            value[k] = low + root if left else low + width - root
        return
    if variables.shape[v] >= STEPS:
        begin, end = variables.list_from[variables.table[v]], variables.list_from[variables.table[v] + 1]
        _listed(variables.list_chance[begin:end], variables.list_value[begin:end], variables.shape[v] == CURVE, u, value)
        return
    if variables.shape[v] == TABLE:
        tails_of_chances(u, s.tail, s.side)
        probit(variables.probit, s.bits, s.side, s.inside, s.cell, s.z)
        quantile(variables.tables[variables.table[v]], s.cell, s.z)
        for k in range(value.size):
            value[k] = low + width * s.z[k]
        return
    for k in range(u.size):
        value[k] = low + width * u[k]


@inner
def _tabled(variables, v, factor, s, row):
    """row = the variable's quantile at s.z, times the factor, rounded. s.z is used up."""
    half, low, width = np.float32(0.5), np.float32(variables.points[v, 0]), np.float32(variables.points[v, 1])
    quantile(variables.tables[variables.table[v]], s.cell, s.z)
    for k in range(row.size):
        row[k] = np.int32((low + width * s.z[k]) * factor[k] + half)


@inner
def _normal(variables, top, s):
    """s.z = the normals of the places in s.words."""
    tails_of_places(s.words, top, s.tail, s.side)
    probit(variables.probit, s.bits, s.side, s.inside, s.cell, s.z)


@inner
def _mixed(variables, v, s):
    """s.z = the variable's correlated normal, from its own in s.z and the shared ones, in the order of its shares."""
    z, own = s.z, variables.own[v]
    for k in range(z.size):
        z[k] = own * z[k]
    for m in range(variables.mix_from[v], variables.mix_from[v + 1]):
        weight, shared = variables.weight[m], s.normal[variables.mix[m]]
        for k in range(z.size):
            z[k] += weight * shared[k]


@inner
def _rounded(value, factor, row):
    for k in range(row.size):
        row[k] = np.int32(value[k] * factor[k] + 0.5)


@inner
def _places(variables, address, keys, replicate, first, size, s):
    return places_of(variables.seed, address, keys, variables.latin, replicate, first, size, s.words, s.strata)


@kernel
def sample(variables, replicate, first, size, s):
    """s.duration = the durations at a replicate of that size from position `first`, rounded to whole minutes, with their rest."""
    points, top = variables.points, 1
    for at in range(variables.latent.size):
        top = _places(variables, variables.latent[at], variables.latent_keys[at], replicate, first, size, s)
        _normal(variables, top, s)
        s.normal[at, :] = s.z
    last = variables.row.size - 1
    for at in range(last + 1):
        v = last - at  # the systemic factor, which is the last, comes first
        row, shape = variables.row[v], variables.shape[v]
        factor = s.factor if variables.systemic[v] else s.one
        correlated = variables.mix_from[v] < variables.mix_from[v + 1]
        if not correlated or variables.own[v] > 0:
            top = _places(variables, variables.address[v], variables.keys[v], replicate, first, size, s)
        if shape == TRIANGULAR and row >= 0 and not correlated:
            split = np.int32(points[v, 2] * top)
            rise, fall = np.float32(points[v, 3] / top), np.float32(points[v, 4] / top)
            _triangular(s.words, top, split, np.float32(points[v, 0]), np.float32(points[v, 1]), rise, fall, factor, s.duration[row])
            continue
        if correlated:
            if variables.own[v] > 0:
                _normal(variables, top, s)
            else:
                s.z[:] = 0
            _mixed(variables, v, s)
        elif shape == TABLE:
            _normal(variables, top, s)
        if shape == TABLE and row >= 0:
            _tabled(variables, v, factor, s, s.duration[row])
            continue
        if correlated:
            quantile(variables.chance, s.cell, s.z)
            for k in range(s.u.size):
                s.u[k] = s.z[k]
        else:
            spread(s.words, 1.0 / top, s.u)
        general(variables, v, s)
        if row >= 0:
            _rounded(s.value, factor, s.duration[row])
        else:
            for k in range(s.factor.size):
                s.factor[k] = s.value[k]
    for r in range(variables.rest_row.size):
        resting, rest = s.duration[variables.rest_row[r]], variables.rest[r]
        for k in range(resting.size):
            resting[k] = np.int32(resting[k] + rest)
