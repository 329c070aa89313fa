"""Quantile functions as tables on z = probit(u), so that the sampled path needs neither libm nor a special function.

A table cuts z in [-6.5, 6.5] into equal cells, each with the cubic through its four nearest knots: the error stays below 1e-6 of the range.
z itself comes from u through a table whose cells halve towards 0, addressed by the bits of u.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from pmo_lib.compiled import kernel
from pmo_lib.risk.checks import REACH

CELLS = 256
OCTAVES, BITS = 53, 7  # probit: cells of 1/128 of each octave of u, from 2^-53 to 1/2
_FRACTION = 52 - BITS


def probit_table() -> np.ndarray:
    """probit at the knots between 2^-53 and 1/2, and one more: [OCTAVES * 2^BITS + 2]."""
    first = np.int64(1023 - OCTAVES) << BITS
    knots = ((first + np.arange(((OCTAVES - 1) << BITS) + 2)) << _FRACTION).view(np.float64)
    return special.ndtri(knots)


def quantile_table(quantiles: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Cubic coefficients [CELLS, 4] of a quantile function of z."""
    z = np.linspace(-REACH, REACH, CELLS + 1)
    step = z[1] - z[0]
    q = quantiles(np.concatenate(([z[0] - step], z, [z[-1] + step])))
    a, b, c, d = q[:-3], q[1:-2], q[2:-1], q[3:]  # at -1, 0, 1, 2 cells
    return np.stack([b, c - a / 3 - b / 2 - d / 6, (a + c) / 2 - b, (d - a) / 6 + (b - c) / 2], axis=1)


@kernel
def probit(table, u, tail, bits, z):
    """z[i] = probit(u[i]); `tail` is float64 scratch and `bits` the same memory as int64."""
    for i in range(u.size):
        tail[i] = min(u[i], 1.0 - u[i])
    for i in range(u.size):
        at = (bits[i] >> _FRACTION) - ((1023 - OCTAVES) << BITS)
        inside = np.float64(bits[i] & ((1 << _FRACTION) - 1)) * 2.0**-_FRACTION
        if at < 0:
            at, inside = 0, 0.0
        value = table[at] + (table[at + 1] - table[at]) * inside
        z[i] = value if u[i] <= 0.5 else -value


@kernel
def quantile(table, z, out):
    """out[i] = the tabulated quantile at z[i]; held at its ends beyond the reach."""
    for i in range(z.size):
        place = min(max((z[i] + REACH) * (CELLS / (2 * REACH)), 0.0), CELLS * 1.0)
        at = min(int(place), CELLS - 1)
        t = place - at
        out[i] = table[at, 0] + t * (table[at, 1] + t * (table[at, 2] + t * table[at, 3]))
