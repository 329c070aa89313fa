"""The law of what is finished in several periods: the sum of as many past ones, each with the same chance and independently.

A law is an array: the chance of 0, 1, 2, … items. Source: the distribution of a sum is the convolution of its parts' (Feller, An Introduction to Probability
Theory and Its Applications 1, chapter XI).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

Past = Sequence[int] | pl.DataFrame  # finished items of past periods, or `throughput(...)`
EXACT = 1e-12  # what sums of products may lose


def power(law: np.ndarray, times: int) -> np.ndarray:
    """The law of a sum of that many. By Fourier transform, which keeps the sums to some 1e-15 and does not take minutes where a week had 5,000 items."""
    size = (law.size - 1) * times + 1
    found = np.fft.irfft(np.fft.rfft(law, _length(size)) ** times, _length(size))[:size]
    return np.maximum(found, 0.0)


def _length(size: int) -> int:
    """The next power of two, for which the transform is quickest."""
    return 1 << max(size - 1, 1).bit_length()


def most(tail: np.ndarray, share: float) -> int:
    """The most items whose chance, of at least so many, reaches the share."""
    return int(np.flatnonzero(tail >= share - EXACT)[-1])
