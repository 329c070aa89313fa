"""The classical PERT formulas, for comparison with the simulation: they follow a single path, and so come out early wherever paths merge.

Reference: Malcolm et al., Operations Research 7 (1959).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.shapes import Pert


def expected(low: float, likely: float, high: float) -> tuple[float, float]:
    """Mean (low + 4 likely + high) / 6 and variance ((high - low) / 6)² of one activity, in the unit of its points and its square."""
    Pert(low, likely, high)
    return (low + 4 * likely + high) / 6, ((high - low) / 6) ** 2


def along(path: Iterable[tuple[float, float, float]]) -> tuple[float, float]:
    """Mean and variance of a path: the sums of its activities'."""
    found = [expected(*points) for points in path]
    return sum(mean for mean, _ in found), sum(var for _, var in found)


def chance_by(limit: float, mean: float, var: float) -> float:
    """The chance (0..1) that a path ends by `limit`, by the normal law. It ignores every other path."""
    if var < 0:
        raise InvalidInput(f"a variance is 0 or more, and is {var}")
    return float(special.ndtr((limit - mean) / math.sqrt(var))) if var else float(mean <= limit)
