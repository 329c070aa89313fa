"""Quantile functions as tables on z = probit(u), so that the sampled path needs neither libm nor a special function.

A table cuts z in [-6.5, 6.5] into 1,024 equal cells: the error stays below 3e-6 of the range. z itself comes from the place of u through a table whose
cells halve towards 0, addressed by the bits of u as a single-precision number. Both are read along straight lines in single precision.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from pmo_lib.compiled import kernel
from pmo_lib.risk.distributions.checks import REACH

CELLS = 1024  # between z = -REACH and REACH
OCTAVES, BITS = 24, 7  # probit: cells of 1/128 of each octave of u, from 2^-24 to 1/2
_FRACTION = 23 - BITS
_FIRST = (127 - OCTAVES) << BITS
_PER_CELL, _PER_Z = np.float32(2.0**-_FRACTION), np.float32(CELLS / (2 * REACH))
_1 = np.uint32(1)
_REACH, _LAST = np.float32(REACH), np.float32(CELLS - 0.001)


def probit_table() -> np.ndarray:
    """probit at the knots between 2^-24 and 1/2, and one more: float32 [(OCTAVES - 1) * 2^BITS + 2]."""
    knots = ((_FIRST + np.arange(((OCTAVES - 1) << BITS) + 2)).astype(np.int32) << _FRACTION).view(np.float32)
    return special.ndtri(knots.astype(np.float64)).astype(np.float32)


def quantile_table(quantiles: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A quantile function of z at its knots, float32 [CELLS + 1], to be read along straight lines.

    Each knot is moved by a twelfth of its second difference, so that the lines have the curve's mean in each cell.
    """
    z = np.linspace(-REACH, REACH, CELLS + 1)
    step = z[1] - z[0]
    q = quantiles(np.concatenate(([z[0] - step], z, [z[-1] + step])))
    return (q[1:-1] - (q[:-2] - 2 * q[1:-1] + q[2:]) / 12).astype(np.float32)


@kernel
def tails_of_places(place, top, tail, side):
    """tail = the smaller chance on either side of the middle of each place, of `top`; side = -1 below the median, else 1."""
    half, width, last = np.float32(0.5), np.float32(1.0 / top), np.int32(top - 1)
    for i in range(tail.size):
        at = np.int32(place[i])
        tail[i] = (np.float32(min(at, np.int32(last - at))) + half) * width
        side[i] = np.float32(-1) if at < np.int32(last - at) else np.float32(1)


@kernel
def tails_of_chances(u, tail, side):
    """As `tails_of_places`, for chances."""
    for i in range(tail.size):
        tail[i] = np.float32(min(u[i], 1.0 - u[i]))
        side[i] = np.float32(-1) if u[i] < 0.5 else np.float32(1)


@kernel
def probit(table, bits, side, inside, cell, z):
    """z = probit of the chances whose tails, single-precision numbers, have these `bits`. `inside` and `cell` are scratch.

    Here as in `quantile` the cells are found first, which is done by vectors, and then looked up: together neither would be.
    """
    for i in range(z.size):
        cell[i] = np.int32(np.int32(bits[i] >> _FRACTION) - _FIRST)
        inside[i] = np.float32(np.int32(bits[i] & np.int32((1 << _FRACTION) - 1))) * _PER_CELL
    for i in range(z.size):
        at = np.uint32(cell[i])
        low = table[at]
        z[i] = low + (table[at + _1] - low) * inside[i]
    for i in range(z.size):
        z[i] = -side[i] * z[i]


@kernel
def quantile(table, cell, z):
    """z = the tabulated quantile at z; held at its ends beyond the reach. `cell` is scratch."""
    for i in range(z.size):
        place = min(max((z[i] + _REACH) * _PER_Z, np.float32(0)), _LAST)
        cell[i] = np.int32(place)
        z[i] = place - np.float32(np.int32(place))
    for i in range(z.size):
        at = np.uint32(cell[i])
        low = table[at]
        z[i] = low + (table[at + _1] - low) * z[i]
