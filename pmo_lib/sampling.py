"""Addressed randomness: the number for (seed, variable, iteration) is a pure function, so no draw depends on any other.

Philox4x32-10 gives 32 bits for each address. A Latin hypercube turns them into one draw a stratum, (permuted stratum + jitter) / strata, where the
permutation is keyed by (seed, variable, replicate); replicates of the hypercube are independent, which is what makes an honest interval possible.

References: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011); McKay, Beckman and Conover, Technometrics 21 (1979).
"""

from __future__ import annotations

import hashlib

import numba
import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.errors import InvalidInput

LANES = 512  # iterations of a block: four words of each of LANES / 4 counters, so that the loop over counters is a vector operation
NARROW = LANES // 4  # iterations of a quarter of a block, drawn alike: of networks so large that whole blocks would take too much memory
TOP_BITS = 23  # bits of a draw: single precision holds every place and its middle exactly
JITTER_BITS = 16  # at most, of a draw within its stratum
SMALL = 512  # strata below which the product of two factors is shuffled better than a power of two

_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_32, _u32, _16, _UPPER = np.uint64(32), np.uint32, np.uint32(16), np.uint32(0xFFFF0000)
_JITTER, _ROUND_1, _ROUND_2 = np.uint32(0), np.uint32(1 << 30), np.uint32(2 << 30)  # what the number is for: added to the replicate


def variable_id(name: str) -> np.uint64:
    """A 64-bit address that depends on the name alone: adding a variable leaves the draws of the others as they were."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def replicate_bounds(iterations: int, replicates: int, sampling: str) -> np.ndarray:
    """The iteration at which each independent replicate of the hypercube begins, and the end: [replicates + 1]. Plain sampling has a single one."""
    if sampling not in ("latin_hypercube", "plain"):
        raise InvalidInput(f"sampling is 'latin_hypercube' or 'plain', and is {sampling!r}")
    if iterations < 1 or replicates < 1:
        raise InvalidInput(f"iterations and replicates are 1 or more, and are {iterations} and {replicates}")
    if iterations >= 1 << TOP_BITS:
        raise InvalidInput(f"iterations stay below {1 << TOP_BITS:,}, and are {iterations:,}")
    count = min(replicates, iterations) if sampling == "latin_hypercube" else 1
    return np.array([r * iterations // count for r in range(count + 1)], dtype=np.int64)


def blocks(bounds: np.ndarray, lanes: int = LANES) -> np.ndarray:
    """The blocks that cover the replicates, none across a border: int64 [blocks, 5]. `lanes` is LANES, or NARROW for quarters of blocks.

    The columns: replicate, first position in it, iterations used, iterations of the replicate, first iteration.
    """
    rows = [(r, p, min(lanes, size - p), size, bounds[r] + p) for r, size in enumerate(np.diff(bounds)) for p in range(0, size, lanes)]
    return np.array(rows, dtype=np.int64)


@numba.njit(inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Four random words for a counter of four and a key of two words: Philox4x32-10. Inlined, so that loops around it vectorise."""
    for _ in range(10):
        p0, p1 = _MULTIPLY_0 * np.uint64(c0), _MULTIPLY_1 * np.uint64(c2)
        c0, c1, c2, c3 = _u32(_u32(p1 >> _32) ^ c1 ^ k0), _u32(p1), _u32(_u32(p0 >> _32) ^ c3 ^ k1), _u32(p0)
        k0, k1 = _u32(k0 + _WEYL_0), _u32(k1 + _WEYL_1)
    return c0, c1, c2, c3


@kernel
def words_of(seed, variable, replicate, first, out):
    """out = 32 random bits for each position from `first`: a whole block's, or a quarter's, which begin with multiples of their length."""
    k0, k1, low, high = _u32(seed), _u32(seed >> _32), _u32(variable), _u32(variable >> _32)
    base, purpose = _u32(first // LANES * LANES // 4), _u32(_JITTER + _u32(replicate))
    calls = LANES // 4
    if out.size == NARROW:
        word = first % LANES // NARROW
        for j in range(calls):
            a, b, c, d = philox(_u32(base + _u32(j)), purpose, low, high, k0, k1)
            out[j] = (a if word == 0 else b) if word < 2 else (c if word == 2 else d)
        return
    for j in range(calls):
        a, b, c, d = philox(_u32(base + _u32(j)), purpose, low, high, k0, k1)
        out[j], out[calls + j], out[2 * calls + j], out[3 * calls + j] = a, b, c, d


@inner
def jitter_of(seed, variable, replicate, first, out):
    """As `words_of`, 16 random bits in the upper half of each word: two positions share one of Philox's words."""
    k0, k1, low, high = _u32(seed), _u32(seed >> _32), _u32(variable), _u32(variable >> _32)
    base, purpose = _u32(first // LANES * LANES // 8), _u32(_JITTER + _u32(replicate))
    calls = LANES // 8
    if out.size == NARROW:
        quarter = first % LANES // NARROW
        for j in range(calls):
            a, b, c, d = philox(_u32(base + _u32(j)), purpose, low, high, k0, k1)
            one, other = (a, b) if quarter % 2 == 0 else (c, d)
            out[j], out[calls + j] = (one & _UPPER, other & _UPPER) if quarter < 2 else (_u32(one << _16), _u32(other << _16))
        return
    for j in range(calls):
        a, b, c, d = philox(_u32(base + _u32(j)), purpose, low, high, k0, k1)
        out[j], out[calls + j], out[2 * calls + j], out[3 * calls + j] = a & _UPPER, b & _UPPER, c & _UPPER, d & _UPPER
        out[4 * calls + j], out[5 * calls + j], out[6 * calls + j], out[7 * calls + j] = _u32(a << _16), _u32(b << _16), _u32(c << _16), _u32(d << _16)


@kernel
def permutation_keys(seed, variables, replicates):
    """Four odd multipliers and four addends for each variable and replicate: uint32 [variables, replicates, 8]."""
    keys = np.empty((variables.size, replicates, 8), np.uint32)
    k0, k1, zero, odd = _u32(seed), _u32(seed >> _32), _u32(0), _u32(1)
    for v in range(variables.size):
        low, high = _u32(variables[v]), _u32(variables[v] >> _32)
        for r in range(replicates):
            a, b, c, d = philox(zero, _u32(_ROUND_1 + _u32(r)), low, high, k0, k1)
            keys[v, r, 0], keys[v, r, 1], keys[v, r, 2], keys[v, r, 3] = a | odd, b | odd, c | odd, d | odd
            a, b, c, d = philox(zero, _u32(_ROUND_2 + _u32(r)), low, high, k0, k1)
            keys[v, r, 4], keys[v, r, 5], keys[v, r, 6], keys[v, r, 7] = a, b, c, d
    return keys


@numba.njit(inline="always")
def _mixed(x, mask, shift, a0, a1, a2, a3, b0, b1, b2, b3):
    """A keyed bijection of 0..mask: each round multiplies by an odd number, adds, and folds the high half into the low."""
    x = _u32(_u32(x * a0) + b0) & mask
    x = _u32(x ^ _u32(x >> shift))
    x = _u32(_u32(x * a1) + b1) & mask
    x = _u32(x ^ _u32(x >> shift))
    x = _u32(_u32(x * a2) + b2) & mask
    x = _u32(x ^ _u32(x >> shift))
    x = _u32(_u32(x * a3) + b3) & mask
    return _u32(x ^ _u32(x >> shift))


@inner
def permuted(first, strata, key, out):
    """out = the permuted strata of positions first, first + 1, … (beyond the last: of the last).

    The bijection is of a power of two where one lies closely above the number of strata, else of the product of two factors. A value beyond the strata
    walks on along its cycle until it is one of them.
    """
    bits = 1
    while (1 << bits) < strata:
        bits += 1
    if strata < SMALL or (1 << bits) - strata > strata // 8:
        _permuted_by_factors(first, strata, key, out)
        return
    # a shift that is known to be below 32 keeps the loop in 32-bit lanes
    mask, shift, last, start = _u32((1 << bits) - 1), _u32((bits + 1) // 2) & _u32(31), _u32(strata - 1), _u32(first)
    a0, a1, a2, a3, b0, b1, b2, b3 = key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7]
    for i in range(out.size):
        out[i] = _mixed(min(_u32(start + _u32(i)), last), mask, shift, a0, a1, a2, a3, b0, b1, b2, b3)
    for i in range(out.size):
        while out[i] > last:
            out[i] = _mixed(out[i], mask, shift, a0, a1, a2, a3, b0, b1, b2, b3)


@numba.njit(inline="always")
def _stepped(x, other, size, a, b):
    """x + a number below `size` that depends on the other digit, modulo `size`."""
    word = _u32(_u32(other * a) + b)
    return _wrapped(_u32(x + (_u32((_u32(word * word) >> _16) * size) >> _16)), size)


@numba.njit(inline="always")
def _wrapped(x, size):
    return min(x, _u32(x - size))  # what is below `size` becomes huge


@numba.njit(inline="always")
def _shuffled(x, rows, columns, a0, a1, a2, a3, b0, b1, b2, b3):
    """A keyed bijection of 0 … rows * columns - 1: a Feistel network on the two digits of x. The quotient of numbers below 2^23 is exact."""
    high = _u32(np.int32(np.float32(np.int32(x)) / np.float32(np.int32(columns))))
    low = _u32(x - _u32(high * columns))
    high = _stepped(high, low, rows, a0, b0)
    low = _stepped(low, high, columns, a1, b1)
    high = _stepped(high, low, rows, a2, b2)
    low = _stepped(low, high, columns, a3, b3)
    return _u32(_u32(high * columns) + low)


@inner
def _permuted_by_factors(first, strata, key, out):
    """`permuted` on two factors of nearly the same size, whose product exceeds the strata by as little as may be."""
    root = int(np.sqrt(np.float64(strata)))
    while root * root < strata:
        root += 1
    rows, columns = root, root
    for wider in range(root, root + 16):
        count = (strata + wider - 1) // wider
        if count * wider < rows * columns and 4 * count >= wider:
            rows, columns = count, wider
    r, c, last, start, most = _u32(rows), _u32(columns), _u32(strata - 1), _u32(first), _u32(0)
    a0, a1, a2, a3, b0, b1, b2, b3 = key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7]
    for i in range(out.size):
        out[i] = _shuffled(min(_u32(start + _u32(i)), last), r, c, a0, a1, a2, a3, b0, b1, b2, b3)
    for i in range(out.size):
        most = max(most, out[i])
    if most > last:
        for i in range(out.size):
            while out[i] > last:
                out[i] = _shuffled(out[i], r, c, a0, a1, a2, a3, b0, b1, b2, b3)


@kernel
def placed(words, strata, bits):
    """words = the place of each draw among strata * 2^bits equal ones: its stratum, and `bits` random bits within it."""
    high, low = _u32(bits) & _u32(31), _u32(32 - bits) & _u32(31)
    for i in range(words.size):
        words[i] = _u32(_u32(strata[i] << high) | _u32(words[i] >> low))


@kernel
def spread(places, width, u):
    """u = the middle of each place, in (0, 1)."""
    for i in range(u.size):
        u[i] = (np.float64(np.int32(places[i])) + 0.5) * width


@kernel
def places_of(seed, variable, keys, latin, replicate, first, size, words, strata):
    """words = the places of a variable's draws from position `first` of a replicate; of how many places, comes back."""
    bits = TOP_BITS
    if latin:
        while (1 << (TOP_BITS - bits)) < size or bits > JITTER_BITS:
            bits -= 1
        jitter_of(seed, variable, replicate, first, words)
        permuted(first, size, keys[replicate], strata)
    else:
        words_of(seed, variable, replicate, first, words)
    placed(words, strata, bits)
    return (size << bits) if latin else 1 << bits


def uniforms(name: str, iterations: int, *, seed: int, sampling: str = "latin_hypercube", replicates: int = 10) -> np.ndarray:
    """The uniform numbers [iterations] that the simulation uses for the variable of that name."""
    bounds, variable, latin = replicate_bounds(iterations, replicates, sampling), variable_id(name), sampling == "latin_hypercube"
    keys = permutation_keys(np.uint64(seed), np.array([variable]), bounds.size - 1)[0]
    words, strata, u = np.empty(LANES, np.uint32), np.zeros(LANES, np.uint32), np.empty(LANES)
    numbers = np.empty(iterations)
    for r, first, used, size, at in blocks(bounds):
        places = places_of(np.uint64(seed), variable, keys, latin, r, first, size, words, strata)
        spread(words, 1.0 / places, u)
        numbers[at : at + used] = u[:used]
    return numbers
