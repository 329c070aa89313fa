"""The law of a finish beyond what its iterations tell: ten thousand futures say nothing of one in a million, which calibration asks for far ahead.

The time to a count of n is about a gamma's, of which Fisher's approximation holds: the standard normal deviate of its chance is linear in the root of the
time. It is drawn out as a line through the last futures that were seen.

Source: Fisher, Statistical Methods for Research Workers (1925), on chi squared: the root of twice it, less the root of twice its degrees less one.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

SEEN = 25  # futures that are still to come where the line begins: so many tell the chance to a fifth
FROM = 0.8  # chance from which on the line is fitted


def drawn_out(law: np.ndarray, iterations: int) -> np.ndarray:
    """The chance of being done within 0, 1, 2, … periods, with its end as a line; as it is where fewer than two periods tell of that end, or where some
    futures never end."""
    last = 1 - SEEN / iterations
    seen = np.flatnonzero((law >= FROM) & (law <= last))
    if law[-1] < 1 or seen.size < 2:
        return law
    slope, at = np.polyfit(np.sqrt(seen), ndtri(law[seen]), 1)
    beyond = np.arange(seen[-1] + 1, law.size)
    made = law.copy()
    made[beyond] = np.maximum(ndtr(at + slope * np.sqrt(beyond)), law[seen[-1]])
    return made
