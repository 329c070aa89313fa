"""The ends of a percentile's interval, from how independent replicates of a Latin hypercube differ.

Any value may be the percentile that the replicates do not contradict: where Student's t-test of their shares at or below it, by their own scatter there,
allows for the share p (test inversion). The scatter at the value that is tested counts, not that at the sample's percentile: under the hypercube it changes
from draw to draw, since a path has one draw of each replicate in a stratum, on either side of a value within it by the toss of a coin, and none that
could be on either side of a stratum's border. Where the sample's percentile happens to lie near a border, the scatter there would promise far too much.

Values are told by ranks, with parts of a draw: of n draws some number N lie at or below the percentile, which lies anywhere between the draws N and N + 1:
its rank is N and a number even on 0 to 1. The width of their sum is that of N and the even one's, added as squares.

References: Francisco and Fuller, Quantile estimation with a complex survey design, Annals of Statistics 19 (1991), for test inversion beside the interval
of Woodruff, Journal of the American Statistical Association 47 (1952); Beran and Hall, Interpolated nonparametric prediction intervals and confidence
intervals, Journal of the Royal Statistical Society B 55 (1993).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

WINDOW = 64  # gaps between draws that are looked at first, to each side
NOTHING = 1e-9  # a scatter [draws] that is none but for rounding


def ends(ordered: np.ndarray, parts: Sequence[np.ndarray], p: float, confidence: float) -> tuple[float, float]:
    """Ranks (from 1) at the ends of the interval of the share `p`; `parts` are the sorted replicates, `ordered` all of them.

    From the middle outwards, as far as the gaps between draws are allowed for. A finish that follows a single variable is stratified itself: at a border
    of its strata every replicate has the same number of draws below, and the percentile is known to lie in that gap.
    """
    n, middle = ordered.size, ordered.size * p + 0.5
    at, even = min(max(math.floor(middle), 1), n - 1), confidence / 2
    if deviation(ordered, parts, np.array([at]))[0] <= NOTHING and stratified(parts):
        return middle - even, middle + even
    factor, width = student(len(parts), confidence), WINDOW
    while True:
        gaps = np.arange(max(at - width, 1), min(at + width, n - 1) + 1)
        reach = np.hypot(factor * deviation(ordered, parts, gaps), even)
        refused = np.abs(gaps + 0.5 - middle) - 0.5 > reach
        above, below = np.flatnonzero(refused & (gaps > at)), np.flatnonzero(refused & (gaps < at))
        if (above.size or gaps[-1] == n - 1) and (below.size or gaps[0] == 1):
            break
        width *= 2
    last, first = (above[0] if above.size else gaps.size) - 1, below[-1] + 1 if below.size else 0
    return max(middle - reach[first], float(gaps[first])), min(middle + reach[last], float(gaps[last] + 1))


def deviation(ordered: np.ndarray, parts: Sequence[np.ndarray], gaps: np.ndarray) -> np.ndarray:
    """The standard deviation of the number of draws below, by how the replicates differ, at each gap (g: between the draws g and g + 1, from 1).

    Draws that are alike are told apart by nobody: within an atom each replicate's are taken as spread evenly.
    """
    values = ordered[gaps - 1]
    low, high = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    passed = (gaps - low) / (high - low)
    shares = np.empty((len(parts), gaps.size))
    for row, part in zip(shares, parts, strict=True):
        below = np.searchsorted(part, values, "left")
        row[:] = (below + passed * (np.searchsorted(part, values, "right") - below)) / part.size
    return ordered.size * shares.std(axis=0, ddof=1) / math.sqrt(len(parts))


def stratified(parts: Sequence[np.ndarray]) -> bool:
    """Whether each of the sorted replicates has one draw in every stratum of the whole, as a single variable has."""
    if len({part.size for part in parts}) > 1:
        return False
    strata = np.array(parts)
    return bool((strata.max(axis=0)[:-1] <= strata.min(axis=0)[1:]).all())


def student(count: int, confidence: float) -> float:
    """Student's factor for the mean of so many independent values."""
    return float(special.stdtrit(count - 1, (1 + confidence) / 2))
