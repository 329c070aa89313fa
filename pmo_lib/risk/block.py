"""One block of iterations, compiled: sample, pass, mark, add up. Called by any number of threads, each with its own scratch.

Blocks are int32 `[activities, LANES]`, in the network's topological order, as in `schedule.kernel`. What a block adds up are whole numbers, so that the
order in which blocks end changes nothing.

A network with several calendars runs through `schedule.kernel`. One with a single calendar has passes of its own here, which keep one array besides the
durations (a start is a finish less a duration), so that a block stays in the processor's nearest caches; tests hold both to the same result.
Sums are cast to int32 at once: numba makes int64 of them otherwise, and vectors of half the lanes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.quantiles import probit, quantile, tails_of_chances, tails_of_places
from pmo_lib.sampling import LANES, places_of, spread
from pmo_lib.schedule.kernel import FAR, FF, FS, SS, backward, forward, latest, longest_path

TRIANGULAR, UNIFORM, TABLE, STEPS, CURVE = 0, 1, 2, 3, 4
LINE = 64  # bytes of a cache line


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


class Scratch(NamedTuple):
    """What one thread needs for one block; constant rows of `duration` are filled once."""

    words: np.ndarray  # uint32 [LANES]
    strata: np.ndarray  # uint32 [LANES]
    u: np.ndarray  # float64 [LANES], as is value
    value: np.ndarray
    tail: np.ndarray  # float32 [LANES], as are side, inside and z
    bits: np.ndarray  # the memory of tail, as int32
    side: np.ndarray
    inside: np.ndarray
    z: np.ndarray
    cell: np.ndarray  # int32 [LANES]
    normal: np.ndarray  # float32 [latents, LANES]: the normals that correlated variables share
    factor: np.ndarray  # float32 [LANES]: the systemic factor
    one: np.ndarray  # float32 [LANES]: no factor
    finish: np.ndarray  # int32 [LANES]
    late: np.ndarray  # int32 [LANES]
    duration: np.ndarray  # int32 [n, LANES], as are those below; empty where the network's kind does not need them
    ef: np.ndarray
    es: np.ndarray
    ls: np.ndarray
    lf: np.ndarray
    marked: np.ndarray  # uint8 [n, LANES]


class Output(NamedTuple):
    """Where the blocks write, each its own columns."""

    finish: np.ndarray  # [iterations] int32: the project's
    watched_from: np.ndarray  # [groups + 1] int64: group g watches rows watched[watched_from[g] : watched_from[g + 1]]
    watched: np.ndarray  # rows of the network
    latest: np.ndarray  # [groups, iterations] int32: the latest finish of each group
    durations: bool  # what `kept` holds: durations, or else early finishes
    begin: int  # first row that `kept` holds
    kept: np.ndarray  # [rows, iterations] int32


def scratch(fixed: np.ndarray, *, single: bool, by_float: bool, latents: int = 0) -> Scratch:
    """Fresh scratch for a network with these fixed durations [n], whose correlated variables share `latents` normals."""
    n, tail, duration = fixed.size, aligned(np.float32), aligned(np.int32, fixed.size)
    duration[:] = fixed[:, None]
    several, late = 0 if single else n, 0 if single or not by_float else n
    factor, one = aligned(np.float32), aligned(np.float32)
    factor[:], one[:] = 1, 1
    return Scratch(
        words=aligned(np.uint32),
        strata=aligned(np.uint32),
        u=aligned(np.float64),
        value=aligned(np.float64),
        tail=tail,
        bits=tail.view(np.int32),
        side=aligned(np.float32),
        inside=aligned(np.float32),
        cell=aligned(np.int32),
        z=aligned(np.float32),
        normal=aligned(np.float32, latents),
        factor=factor,
        one=one,
        finish=aligned(np.int32),
        late=aligned(np.int32),
        duration=duration,
        ef=aligned(np.int32, n),
        es=aligned(np.int32, several),
        ls=aligned(np.int32, late),
        lf=aligned(np.int32, late),
        marked=aligned(np.uint8, 0 if by_float else n),
    )


def aligned(kind: type, rows: int | None = None) -> np.ndarray:
    """Zeros [LANES], or [rows, LANES], that begin with a line of the cache: a vector that straddles two lines costs a fifth more."""
    size = (1 if rows is None else rows) * LANES * np.dtype(kind).itemsize
    memory = np.zeros(size + LINE, np.uint8)
    begin = -memory.ctypes.data % LINE
    made = memory[begin : begin + size].view(kind)
    return made if rows is None else made.reshape(rows, LANES)


@kernel
def _triangular(place, top, split, low, width, rise, fall, factor, row):
    """row = the quantile at each place (of `top`), times the factor, rounded. The side of the mode is told by whole numbers."""
    half, last = np.float32(0.5), np.int32(top - 1)
    for k in range(LANES):
        at = np.int32(place[k])
        left = at < split
        inward = at if left else np.int32(last - at)
        root = np.sqrt((np.float32(inward) + half) * (rise if left else fall))
        row[k] = np.int32((low + (root if left else width - root)) * factor[k] + half)


@kernel
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


@kernel
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
        for k in range(LANES):
            value[k] = low + width * s.z[k]
        return
    for k in range(u.size):
        value[k] = low + width * u[k]


@kernel
def _tabled(variables, v, factor, s, row):
    """row = the variable's quantile at s.z, times the factor, rounded. s.z is used up."""
    half, low, width = np.float32(0.5), np.float32(variables.points[v, 0]), np.float32(variables.points[v, 1])
    quantile(variables.tables[variables.table[v]], s.cell, s.z)
    for k in range(LANES):
        row[k] = np.int32((low + width * s.z[k]) * factor[k] + half)


@kernel
def _normal(variables, top, s):
    """s.z = the normals of the places in s.words."""
    tails_of_places(s.words, top, s.tail, s.side)
    probit(variables.probit, s.bits, s.side, s.inside, s.cell, s.z)


@kernel
def _mixed(variables, v, s):
    """s.z = the variable's correlated normal, from its own in s.z and the shared ones, in the order of its shares."""
    z, own = s.z, variables.own[v]
    for k in range(LANES):
        z[k] = own * z[k]
    for m in range(variables.mix_from[v], variables.mix_from[v + 1]):
        weight, shared = variables.weight[m], s.normal[variables.mix[m]]
        for k in range(LANES):
            z[k] += weight * shared[k]


@kernel
def _rounded(value, factor, row):
    for k in range(row.size):
        row[k] = np.int32(value[k] * factor[k] + 0.5)


@kernel
def _places(variables, address, keys, replicate, first, size, s):
    return places_of(variables.seed, address, keys, variables.latin, replicate, first, size, s.words, s.strata)


@kernel
def sample(variables, replicate, first, size, s):
    """s.duration = the durations at positions first … first + LANES of a replicate of that size, rounded to whole minutes, with their rest."""
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
            for k in range(LANES):
                s.u[k] = s.z[k]
        else:
            spread(s.words, 1.0 / top, s.u)
        general(variables, v, s)
        if row >= 0:
            _rounded(s.value, factor, s.duration[row])
        else:
            for k in range(LANES):
                s.factor[k] = s.value[k]
    for r in range(variables.rest_row.size):
        resting, rest = s.duration[variables.rest_row[r]], variables.rest[r]
        for k in range(LANES):
            resting[k] = np.int32(resting[k] + rest)


@kernel
def forward_single(net, duration, ef):
    """Early finishes: each row is first the start, then the finish."""
    for i in range(duration.shape[0]):
        own, row, low, low_finish = duration[i], ef[i], net.es_low[i], net.ef_low[i]
        link = net.pred_from[i]
        if link < net.pred_from[i + 1] and net.pred_type[link] == FS:
            first, lag = ef[net.pred[link]], net.pred_lag[link]
            for k in range(LANES):
                row[k] = max(low, np.int32(first[k] + lag))
            link += 1
        else:
            for k in range(LANES):
                row[k] = low
        if low_finish > -FAR:
            for k in range(LANES):
                row[k] = max(row[k], np.int32(low_finish - own[k]))
        for p in range(link, net.pred_from[i + 1]):
            kind, lag, j = net.pred_type[p], net.pred_lag[p], net.pred[p]
            other, length = ef[j], duration[j]
            if kind == FS:
                for k in range(LANES):
                    row[k] = max(row[k], np.int32(other[k] + lag))
            elif kind == FF:
                for k in range(LANES):
                    row[k] = max(row[k], np.int32(other[k] + lag - own[k]))
            elif kind == SS:
                for k in range(LANES):
                    row[k] = max(row[k], np.int32(other[k] - length[k] + lag))
            else:
                for k in range(LANES):
                    row[k] = max(row[k], np.int32(other[k] - length[k] + lag - own[k]))
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(LANES):
                row[k] = min(row[k], min(high, np.int32(high_finish - own[k])))
        for k in range(LANES):
            row[k] = np.int32(row[k] + own[k])


@kernel
def float_single(net, used, s, critical):
    """Counts where an activity has no float to the iteration's own finish. Late starts take the place of the early finishes."""
    for k in range(used, s.finish.size):
        s.finish[k] = FAR  # what is not used has float without end
    last_row = s.duration.shape[0] - 1
    for at in range(last_row + 1):
        i = last_row - at  # a loop that counts down keeps the loops inside it from vectors
        own, row, late, last = s.duration[i], s.ef[i], s.late, s.finish
        for k in range(LANES):
            late[k] = last[k]
        for link in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
            other, length = s.ef[j], s.duration[j]
            if kind == FS:
                for k in range(LANES):
                    late[k] = min(late[k], np.int32(other[k] - lag))
            elif kind == FF:
                for k in range(LANES):
                    late[k] = min(late[k], np.int32(other[k] + length[k] - lag))
            elif kind == SS:
                for k in range(LANES):
                    late[k] = min(late[k], np.int32(other[k] - lag + own[k]))
            else:
                for k in range(LANES):
                    late[k] = min(late[k], np.int32(other[k] + length[k] - lag + own[k]))
        without = np.int32(0)
        for k in range(LANES):
            without = np.int32(without + np.int32(late[k] <= row[k]))
        for k in range(LANES):
            row[k] = np.int32(late[k] - own[k])
        critical[i] += without


@kernel
def longest_single(net, s):
    """`schedule.kernel.longest_path` for a network with one calendar, without branches inside the block."""
    last_row = s.duration.shape[0] - 1
    for at in range(last_row + 1):
        i = last_row - at  # a loop that counts down keeps the loops inside it from vectors
        row, end, own, last = s.marked[i], s.ef[i], s.duration[i], s.finish
        drives = np.uint8(net.drives[i])
        for k in range(LANES):
            row[k] = drives & np.uint8(end[k] == last[k])
        for link in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
            other, length, then = s.ef[j], s.duration[j], s.marked[j]
            if kind == FS:
                for k in range(LANES):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] + lag) >= np.int32(other[k] - length[k]))
            elif kind == FF:
                for k in range(LANES):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] + lag) >= other[k])
            elif kind == SS:
                for k in range(LANES):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] - own[k] + lag) >= np.int32(other[k] - length[k]))
            else:
                for k in range(LANES):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] - own[k] + lag) >= other[k])


@kernel
def keep(block, s, out):
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
def run_longest_path(net, variables, blocks, s, critical, out):
    """Rows of `sampling.blocks`, into `out`; `critical` [n] int64 counts the iterations in which an activity lies on the longest path; empty: uncounted."""
    single = net.grid.size == 0
    for b in range(blocks.shape[0]):
        sample(variables, blocks[b, 0], blocks[b, 1], blocks[b, 3], s)
        if single:
            forward_single(net, s.duration, s.ef)
        else:
            forward(net, s.duration, s.es, s.ef)
        latest(net, s.ef, s.finish)
        keep(blocks[b], s, out)
        if critical.size == 0:
            continue
        if single:
            longest_single(net, s)
        else:
            longest_path(net, s.es, s.ef, s.finish, s.marked)
        for i in range(critical.size):
            row, count = s.marked[i], np.int32(0)
            for k in range(blocks[b, 2]):
                count = np.int32(count + np.int32(row[k]))
            critical[i] += count


@kernel
def run_float(net, variables, blocks, s, critical, out):
    """As `run_longest_path`; critical is what has no float to that iteration's own finish."""
    single = net.grid.size == 0
    for b in range(blocks.shape[0]):
        sample(variables, blocks[b, 0], blocks[b, 1], blocks[b, 3], s)
        if single:
            forward_single(net, s.duration, s.ef)
        else:
            forward(net, s.duration, s.es, s.ef)
        latest(net, s.ef, s.finish)
        keep(blocks[b], s, out)
        if single:
            float_single(net, blocks[b, 2], s, critical)
            continue
        backward(net, s.duration, s.ef, s.finish, s.ls, s.lf)
        for i in range(critical.size):
            late, early, count = s.lf[i], s.ef[i], np.int32(0)
            for k in range(blocks[b, 2]):
                count = np.int32(count + np.int32(late[k] <= early[k]))
            critical[i] += count
