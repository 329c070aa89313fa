"""How far a percentile's move is known, between two simulations on the same random numbers.

The move at a percentile is that of one order statistic. Where the numbers are shared it errs in two ways. The moves of all ranks around it err alike: of their
weighted mean, a smooth function of the draws, that error is the scatter of its influence values, one a draw, between independent replicates (Student), or
between draws that are all independent. And each rank has its own: which draw happens to stand there. How much two moves differ by the distance of their ranks
(the semivariogram) says how much; it is taken from second differences, so that a move that truly grows from rank to rank does not count as error. Of a
stationary series the variance is exactly the sum of the two. Replicates' own percentiles do not show the second: they differ as those of so many fewer draws,
and one tenth of that is far too little where most of the error is whose draw stands there.

References: Jaeckel, The infinitesimal jackknife (1972), and Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), chapter 6; Gasser, Sroka and
Jennen-Steinmetz, Residual variance and residual pattern in nonlinear regression, Biometrika 73 (1986); Hall and Sheather, On the distribution of a Studentized
quantile, Journal of the Royal Statistical Society B 50 (1988), for the width of the window; Satterthwaite, Biometrics Bulletin 2 (1946).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from pmo_lib.risk.results.percentiles import CONFIDENCE

SHARE = 0.5  # of Hall and Sheather's width, which is that of a window of equal weights: here they fall towards its ends


class Pair(NamedTuple):
    """Both simulations' values of each iteration [iterations], and in which order they stand."""

    before: np.ndarray
    after: np.ndarray
    order_before: np.ndarray
    order_after: np.ndarray
    moves: np.ndarray  # of each rank


def paired(before: np.ndarray, after: np.ndarray) -> Pair:
    """The pair of two simulations' values."""
    order = np.argsort(before, kind="stable"), np.argsort(after, kind="stable")
    return Pair(before, after, *order, after[order[1]] - before[order[0]])


def half_width(pair: Pair, p: float, bounds: np.ndarray) -> float:
    """Half the 95 % interval of the move at the share `p`; `bounds` part the replicates, a single one where all draws are independent."""
    n = pair.moves.size
    reach = window(n, p)
    if reach < 1:
        return 0.0
    middle = min(max(math.ceil(p * n - 1e-9) - 1, reach), n - 1 - reach)
    weights = 1 - np.abs(np.arange(-reach, reach + 1)) / (reach + 1)
    weights /= weights.sum()
    gamma = semivariogram(pair.moves, middle, reach)
    freedom = weights.size - 1.0 if bounds.size == 2 else bounds.size - 2.0
    alike = _alike(pair, middle, weights, gamma, bounds)
    variance = alike + doubled(weights, gamma)
    if variance <= 0:
        return 0.0
    freedom *= (variance / max(alike, variance * 1e-6)) ** 2
    return float(special.stdtrit(freedom, (1 + CONFIDENCE) / 2)) * math.sqrt(variance)


def window(n: int, p: float) -> int:
    """How many ranks the window reaches to each side of the percentile's own."""
    z = float(special.ndtri(p))
    density = math.exp(-z * z) / (2 * math.pi)
    width = n ** (-1 / 3) * float(special.ndtri((1 + CONFIDENCE) / 2)) ** (2 / 3) * (1.5 * density / (2 * z * z + 1)) ** (1 / 3)
    own = max(math.ceil(p * n - 1e-9) - 1, 0)
    return min(max(round(SHARE * width * n), 2), max(min(own, n - 1 - own), 1), (n - 1) // 2)


def _alike(pair: Pair, middle: int, weights: np.ndarray, gamma: np.ndarray, bounds: np.ndarray) -> float:
    """The variance of the weighted mean of the window's moves.

    Most draws lie below the window or above it, and those above count by how much the moves grow through it. What of that growth is only each rank's own
    error would count twice, and is taken off.
    """
    first = middle - weights.size // 2
    values = _influence(pair.after, pair.order_after, first, weights) - _influence(pair.before, pair.order_before, first, weights)
    above = np.zeros(values.size)
    above[pair.order_before[middle:]] = 1
    growth = -values.size * np.diff(weights[:-1] + weights[1:], prepend=0, append=0) / 2
    return max(_of_the_mean(values, bounds) + doubled(growth, gamma) * _of_the_mean(above, bounds), 0.0)


def _of_the_mean(values: np.ndarray, bounds: np.ndarray) -> float:
    """The variance of the mean of all iterations' values, by how the replicates differ."""
    parts = values if bounds.size == 2 else np.add.reduceat(values, bounds[:-1]) / np.diff(bounds)
    return float(parts.var(ddof=1)) / parts.size


def _influence(values: np.ndarray, order: np.ndarray, first: int, weights: np.ndarray) -> np.ndarray:
    """How far each iteration moves the weighted mean of the order statistics from `first` on, but for a constant: the gaps below its value, weighted."""
    n, last = values.size, first + weights.size - 1
    gaps = np.diff(values[order[first : last + 1]]) * (weights[:-1] + weights[1:]) * (n / 2)
    found = np.zeros(n)
    found[order[first + 1 : last + 1]] = np.cumsum(gaps)
    found[order[last + 1 :]] = gaps.sum()
    return found


def doubled(factors: np.ndarray, gamma: np.ndarray) -> float:
    """The sum of all products of two ranks' factors with the semivariogram at their distance.

    Of weights that add up to 1: the variance of one move about the weighted mean. Of factors that add up to nothing: that of their sum, negative.
    """
    return float(2 * np.correlate(factors, factors, "full")[factors.size :] @ gamma[1 : factors.size])


def semivariogram(moves: np.ndarray, middle: int, reach: int) -> np.ndarray:
    """Half the mean squared difference of two moves by the distance of their ranks, 0 to 2 `reach`, but for a trend.

    A second difference, squared, is at each distance 2 of it less half of that at twice the distance. Beyond the largest one it stays level, or grows on.
    """
    lags, squares = [1], [_second(moves, middle, reach, 1)]
    while 2 * lags[-1] <= min(reach, (moves.size - 1) // 2):
        lags.append(2 * lags[-1])
        squares.append(_second(moves, middle, reach, lags[-1]))
    rising = squares[-1] / squares[-2] if len(squares) > 1 and squares[-2] > 0 else 1.0
    rising = min(max(rising, 1.0), 2.0)  # 1: level, 2: in proportion to the distance
    found = [squares[-1] / (2 - rising / 2)]
    for square in reversed(squares[:-1]):
        found.append(square / 2 + found[-1] / 4)
    beyond = [found[0] * rising, found[0] * rising**2]
    return np.interp(np.arange(2 * reach + 1), [0, *lags, 2 * lags[-1], 4 * lags[-1]], [0, *found[::-1], *beyond])


def _second(moves: np.ndarray, middle: int, reach: int, lag: int) -> float:
    """The mean squared second difference at a lag, about the ranks of the window that have both neighbours."""
    low, high = max(middle - reach, lag), min(middle + reach, moves.size - 1 - lag)
    second = moves[low : high + 1] - (moves[low - lag : high + 1 - lag] + moves[low + lag : high + 1 + lag]) / 2
    return float(np.mean(second * second))
