"""One block of iterations, compiled: sample, pass, mark, add up. Called by any number of threads, each with its own scratch.

Blocks are int32 `[activities, LANES]`, in the network's topological order, as in `schedule.kernel`. What a block adds up are whole numbers, so that the
order in which blocks end changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.quantiles import probit, quantile
from pmo_lib.risk.sampling import LANES, permuted, spread, words_of
from pmo_lib.schedule.kernel import FF, FS, SS, backward, forward, latest, longest_path

TRIANGULAR, UNIFORM, TABLE = 0, 1, 2


class Variables(NamedTuple):
    """The uncertain quantities of a network as the kernel sees them: v of them, the systemic factor (if any) last."""

    seed: np.uint64
    latin: bool
    row: np.ndarray  # [v] int32: row of the network; -1: the systemic factor
    address: np.ndarray  # [v] uint64: variable id
    keys: np.ndarray  # [v, replicates, 8] uint32: permutation keys
    shape: np.ndarray  # [v] int8
    points: np.ndarray  # [v, 5] float64 [working minutes]: what `_shaped` reads
    table: np.ndarray  # [v] int32: which quantile table
    systemic: np.ndarray  # [v] uint8: 1: multiplied by the systemic factor
    tables: np.ndarray  # [tables, CELLS, 4] float64
    probit: np.ndarray  # probit table


class Scratch(NamedTuple):
    """What one thread needs for one block; constant rows of `duration` are filled once."""

    words: np.ndarray
    strata: np.ndarray
    u: np.ndarray
    tail: np.ndarray
    bits: np.ndarray
    z: np.ndarray
    value: np.ndarray
    factor: np.ndarray
    finish: np.ndarray
    duration: np.ndarray
    es: np.ndarray
    ef: np.ndarray
    ls: np.ndarray
    lf: np.ndarray
    marked: np.ndarray


class Sums(NamedTuple):
    """What blocks add up, int64 [n]; durations and finishes count from the deterministic ones, so that squares stay small."""

    critical: np.ndarray  # iterations in which it is critical
    duration: np.ndarray
    duration_squared: np.ndarray


class Output(NamedTuple):
    """Where the blocks write, each its own columns."""

    finish: np.ndarray  # [iterations] int32: the project's
    watched_from: np.ndarray  # [groups + 1] int64: group g watches rows watched[watched_from[g] : watched_from[g + 1]]
    watched: np.ndarray  # rows of the network
    latest: np.ndarray  # [groups, iterations] int32: the latest finish of each group
    durations: bool  # what `kept` holds: durations, or else early finishes
    begin: int  # first row that `kept` holds
    kept: np.ndarray  # [rows, iterations] int32


def scratch(fixed: np.ndarray, both: bool = True) -> Scratch:
    """Fresh scratch for a network with these fixed durations [n]; `both`: with room for the backward pass."""
    n, tail = fixed.size, np.empty(LANES)
    late = (n if both else 0, LANES)
    return Scratch(
        words=np.zeros(LANES, np.uint32),
        strata=np.zeros(LANES, np.uint32),
        u=np.empty(LANES),
        tail=tail,
        bits=tail.view(np.int64),
        z=np.empty(LANES),
        value=np.empty(LANES),
        factor=np.ones(LANES),
        finish=np.empty(LANES, np.int32),
        duration=np.repeat(fixed.astype(np.int32)[:, None], LANES, axis=1),
        es=np.empty((n, LANES), np.int32),
        ef=np.empty((n, LANES), np.int32),
        ls=np.empty(late, np.int32),
        lf=np.empty(late, np.int32),
        marked=np.empty((n, LANES), np.uint8),
    )


def sums(n: int) -> Sums:
    """Sums of nothing yet."""
    return Sums(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64))


@kernel
def _triangular(low, high, mode, rise, fall, u, value):
    for k in range(u.size):
        left = u[k] < mode
        root = np.sqrt(u[k] * rise if left else (1.0 - u[k]) * fall)
        value[k] = low + root if left else high - root


@kernel
def _stretched(low, width, share, value):
    for k in range(share.size):
        value[k] = low + width * share[k]


@kernel
def _rounded(value, row):
    for k in range(row.size):
        row[k] = np.int32(value[k] + 0.5)


@kernel
def _multiplied(value, factor, row):
    for k in range(row.size):
        row[k] = np.int32(value[k] * factor[k] + 0.5)


@kernel
def sample(variables, replicate, first, size, s):
    """s.duration = the durations at positions first … first + LANES of a replicate of that size, rounded to whole minutes."""
    points, u, value = variables.points, s.u, s.value
    last = variables.row.size - 1
    width = 1.0 / size if variables.latin else 1.0
    for at in range(last + 1):
        v = last - at  # the systemic factor, which is the last, comes first
        words_of(variables.seed, variables.address[v], replicate, first, s.words)
        if variables.latin:
            permuted(first, size, variables.keys[v, replicate], s.strata)
        spread(s.words, s.strata, width, u)
        if variables.shape[v] == TRIANGULAR:
            _triangular(points[v, 0], points[v, 1], points[v, 2], points[v, 3], points[v, 4], u, value)
        elif variables.shape[v] == UNIFORM:
            _stretched(points[v, 0], points[v, 1], u, value)
        else:
            probit(variables.probit, u, s.tail, s.bits, s.z)
            quantile(variables.tables[variables.table[v]], s.z, u)
            _stretched(points[v, 0], points[v, 1], u, value)
        row = variables.row[v]
        if row < 0:
            for k in range(value.size):
                s.factor[k] = value[k]
        elif variables.systemic[v]:
            _multiplied(value, s.factor, s.duration[row])
        else:
            _rounded(value, s.duration[row])


@kernel
def _longest_single(net, s):
    """`schedule.kernel.longest_path` for a network with one calendar, without branches inside the block."""
    es, ef, marked, finish = s.es, s.ef, s.marked, s.finish
    for i in range(es.shape[0] - 1, -1, -1):
        row, start, end = marked[i], es[i], ef[i]
        if net.drives[i]:
            for k in range(row.size):
                row[k] = end[k] == finish[k]
        else:
            for k in range(row.size):
                row[k] = 0
        for link in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
            leaves = end if kind in (FS, FF) else start
            reaches = es[j] if kind in (FS, SS) else ef[j]
            then = marked[j]
            for k in range(row.size):
                row[k] |= then[k] & np.uint8(leaves[k] + lag >= reaches[k])


@kernel
def _without_float(net, s):
    backward(net, s.duration, s.ef, s.finish, s.ls, s.lf)
    for i in range(s.ef.shape[0]):
        row, late, early = s.marked[i], s.lf[i], s.ef[i]
        for k in range(row.size):
            row[k] = late[k] <= early[k]


@kernel
def _add(fixed, s, count, total):
    """Adds the block's first `count` iterations to the sums."""
    for i in range(fixed.size):
        marked, own, middle = s.marked[i], s.duration[i], fixed[i]
        critical, first, second = np.int64(0), np.int64(0), np.int64(0)
        for k in range(count):
            critical += marked[k]
        for k in range(count):
            off = np.int64(np.int32(own[k] - middle))
            first += off
            second += off * off
        total.critical[i] += critical
        total.duration[i] += first
        total.duration_squared[i] += second


@kernel
def _kept(block, s, out):
    """The block's finishes, the latest of each watched group, and the rows that are to be kept."""
    at, used = block[4], block[2]
    for k in range(used):
        out.finish[at + k] = s.finish[k]
    for g in range(out.watched_from.size - 1):
        for w in range(out.watched_from[g], out.watched_from[g + 1]):
            for k in range(used):
                out.latest[g, at + k] = max(out.latest[g, at + k], s.ef[out.watched[w], k])
    for i in range(out.kept.shape[0]):
        for k in range(used):
            out.kept[i, at + k] = s.duration[out.begin + i, k] if out.durations else s.ef[out.begin + i, k]


@kernel
def run_longest_path(net, variables, fixed, blocks, s, total, out):
    """Rows of `sampling.blocks`, into `out` and onto the sums; critical is what lies on the longest path."""
    for b in range(blocks.shape[0]):
        sample(variables, blocks[b, 0], blocks[b, 1], blocks[b, 3], s)
        forward(net, s.duration, s.es, s.ef)
        latest(net, s.ef, s.finish)
        _kept(blocks[b], s, out)
        if net.grid.size == 0:
            _longest_single(net, s)
        else:
            longest_path(net, s.es, s.ef, s.finish, s.marked)
        _add(fixed, s, blocks[b, 2], total)


@kernel
def run_float(net, variables, fixed, blocks, s, total, out):
    """As `run_longest_path`; critical is what has no float to that iteration's own finish."""
    for b in range(blocks.shape[0]):
        sample(variables, blocks[b, 0], blocks[b, 1], blocks[b, 3], s)
        forward(net, s.duration, s.es, s.ef)
        latest(net, s.ef, s.finish)
        _kept(blocks[b], s, out)
        _without_float(net, s)
        _add(fixed, s, blocks[b, 2], total)
