"""One block of iterations, step by step: sample, pass, mark, add up. Called by any number of threads, each with its own scratch.

Blocks are int32 `[activities, lanes]`, in the network's topological order, as in `schedule.kernel`. What a block adds up are whole numbers, so that the
order in which blocks end changes nothing. A network with several calendars runs through `schedule.kernel`, one with a single calendar through `passes`.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.engine.passes import forward_single, longest_single
from pmo_lib.sampling import LANES, NARROW
from pmo_lib.schedule.kernel import Arrays, forward, latest, longest_path

LINE = 64  # bytes of a cache line
HUGE = 20_000  # activities from which blocks are narrow: a whole block would take a thread 9 bytes x LANES of each


def lanes_of(activities: int) -> int:
    """Iterations of a block for a network of so many activities."""
    return LANES if activities < HUGE else NARROW


class Scratch(NamedTuple):
    """What one thread needs for one block; constant rows of `duration` are filled once."""

    words: np.ndarray  # uint32 [lanes]
    strata: np.ndarray  # uint32 [lanes]
    u: np.ndarray  # float64 [lanes], as is value
    value: np.ndarray
    tail: np.ndarray  # float32 [lanes], as are side, inside and z
    bits: np.ndarray  # the memory of tail, as int32
    side: np.ndarray
    inside: np.ndarray
    z: np.ndarray
    cell: np.ndarray  # int32 [lanes]
    normal: np.ndarray  # float32 [latents, lanes]: the normals that correlated variables share
    factor: np.ndarray  # float32 [lanes]: the systemic factor
    one: np.ndarray  # float32 [lanes]: no factor
    finish: np.ndarray  # int32 [lanes]
    late: np.ndarray  # int32 [lanes]
    duration: np.ndarray  # int32 [n, lanes], as are those below; empty where the network's kind does not need them
    ef: np.ndarray
    es: np.ndarray
    ls: np.ndarray
    lf: np.ndarray
    marked: np.ndarray  # uint8 [n, lanes]
    top: np.ndarray  # int32 [n]: each row's latest early finish
    live: np.ndarray  # uint8 [n]: 0: no iteration of the block has the row on its longest path, and its row of `marked` is not written


class Output(NamedTuple):
    """Where the blocks write, each its own columns."""

    finish: np.ndarray  # [iterations] int32: the project's
    watched_from: np.ndarray  # [groups + 1] int64: group g watches rows watched[watched_from[g] : watched_from[g + 1]]
    watched: np.ndarray  # rows of the network
    latest: np.ndarray  # [groups, iterations] int32: the latest finish of each group
    durations: bool  # what `kept` holds: durations, or else early finishes
    begin: int  # first row that `kept` holds
    kept: np.ndarray  # [rows, iterations] int32


def scratch(fixed: np.ndarray, *, single: bool, by_float: bool, latents: int = 0, lanes: int = LANES) -> Scratch:
    """Fresh scratch for a network with these fixed durations [n], whose correlated variables share `latents` normals."""
    n, aligned = fixed.size, partial(_aligned, lanes)
    tail, duration = aligned(np.float32), aligned(np.int32, n)
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
        top=np.zeros(n, np.int32),
        live=np.zeros(n, np.uint8),
    )


def _aligned(lanes: int, kind: type, rows: int | None = None) -> np.ndarray:
    """Zeros [lanes], or [rows, lanes], that begin with a line of the cache: a vector that straddles two lines costs a fifth more."""
    size = (1 if rows is None else rows) * lanes * np.dtype(kind).itemsize
    memory = np.zeros(size + LINE, np.uint8)
    begin = -memory.ctypes.data % LINE
    made = memory[begin : begin + size].view(kind)
    return made if rows is None else made.reshape(rows, lanes)


@kernel
def keep(block, s, out):
    """The block's finishes, the latest of each watched group, and the rows that are to be kept.

    The iteration is counted without sign: of a number that may be negative the compiler asks each time from which end it counts, and makes no vectors.
    """
    at, used = np.uint64(block[4]), np.uint64(block[2])
    for k in range(used):
        out.finish[at + k] = s.finish[k]
    for g in range(out.watched_from.size - 1):
        for w in range(out.watched_from[g], out.watched_from[g + 1]):
            for k in range(used):
                out.latest[g, at + k] = max(out.latest[g, at + k], s.ef[out.watched[w], k])
    for i in range(out.kept.shape[0]):
        if out.durations:
            for k in range(used):
                out.kept[i, at + k] = s.duration[out.begin + i, k]
        else:
            for k in range(used):
                out.kept[i, at + k] = s.ef[out.begin + i, k]


def dated(net: Arrays, s: Scratch) -> None:
    """Early dates of the block's durations, and the project's finish."""
    if s.es.shape[0] == 0:
        forward_single(net, s)
    else:
        forward(net, s.duration, s.es, s.ef)
        latest(net, s.ef, s.finish)


def marked(net: Arrays, s: Scratch) -> None:
    """The longest path of each iteration."""
    if s.es.shape[0] == 0:
        longest_single(net, s)
    else:
        longest_path(net, s.es, s.ef, s.finish, s.marked)
        s.live[:] = 1


@kernel
def add_marks(used, s, critical):
    """Adds to `critical` [n] in how many of the iterations each row is on the longest path."""
    for i in range(critical.size):
        if s.live[i]:
            row, count = s.marked[i], np.int32(0)
            for k in range(used):
                count = np.int32(count + np.int32(row[k]))
            critical[i] += count


@kernel
def add_without_float(used, s, critical):
    """Adds to `critical` [n] in how many of the iterations each row has no float."""
    for i in range(critical.size):
        late, early, count = s.lf[i], s.ef[i], np.int32(0)
        for k in range(used):
            count = np.int32(count + np.int32(late[k] <= early[k]))
        critical[i] += count
