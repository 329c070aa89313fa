"""Every shape of range by name, and what its points mean: absolute ends (`minmax`), percentiles (`p10_p90`, `p5_p95`), or mean and deviation.

Points in the wrong order are refused; they are never swapped or clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.lists import Cumulative, Discrete
from pmo_lib.risk.distributions.normal import Normal
from pmo_lib.risk.distributions.sampled import Sampled
from pmo_lib.risk.distributions.shapes import Lognormal, Pert, Triangular, Uniform

PERCENTILES = {"p10_p90": (0.10, 0.90), "p5_p95": (0.05, 0.95)}
LISTED = ("discrete", "cumulative", "histogram", "empirical")  # given by values and weights, not by points
Distribution = Triangular | Pert | Uniform | Lognormal | Normal | Discrete | Cumulative | Sampled


class Points(NamedTuple):
    """An estimate as it is given."""

    low: float
    likely: float | None
    high: float
    meaning: str
    lam: float
    values: tuple[float, ...]
    weights: tuple[float, ...]


def ranged(
    shape: str,
    low: float,
    likely: float | None,
    high: float,
    meaning: str = "minmax",
    lam: float | None = None,
    values: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
) -> Distribution:
    """The distribution that the points describe, by their meaning; `values` and `weights` are for the shapes in LISTED, and a normal's bounds.

    Raises `InvalidInput` where the points are out of order, or no distribution of that shape has them.
    """
    if shape not in SHAPES_BUILT:
        raise InvalidInput(f"shape {shape!r} is not available; take one of {', '.join(SHAPES_BUILT)}")
    if meaning not in ("minmax", "mean_sd", *PERCENTILES):
        raise InvalidInput(f"meaning {meaning!r} is not known; take minmax, p10_p90 or p5_p95")
    if shape not in (*LISTED, "normal") and (values or weights):
        raise InvalidInput(f"{shape} takes points, not values or weights; leave those empty, or say {', '.join(LISTED)}")
    return SHAPES_BUILT[shape](Points(low, likely, high, meaning, 4.0 if lam is None else lam, tuple(values or ()), tuple(weights or ())))


def _triangular(given: Points) -> Distribution:
    likely = mode("triangular", given.likely)
    if given.meaning == "minmax":
        return Triangular(given.low, likely, given.high)
    return Triangular.of_percentiles(given.low, likely, given.high, tails("triangular", given.meaning))


def _trigen(given: Points) -> Distribution:
    if given.meaning == "minmax":
        raise InvalidInput("trigen's low and high are percentiles; say p10_p90 or p5_p95, or take triangular")
    return Triangular.of_percentiles(given.low, mode("trigen", given.likely), given.high, tails("trigen", given.meaning))


def _pert(given: Points) -> Distribution:
    likely = mode("pert", given.likely)
    if given.meaning == "minmax":
        return Pert(given.low, likely, given.high, given.lam)
    return Pert.of_percentiles(given.low, likely, given.high, tails("pert", given.meaning), given.lam)


def _uniform(given: Points) -> Distribution:
    points = Uniform(given.low, given.high)
    if given.meaning == "minmax":
        return points
    p, q = tails("uniform", given.meaning)
    beyond = (given.high - given.low) * p / (q - p)
    return Uniform(given.low - beyond, given.high + beyond)


def _lognormal(given: Points) -> Distribution:
    if given.meaning == "mean_sd":
        return Lognormal(given.low, given.high)
    if given.meaning == "minmax":
        raise InvalidInput("lognormal has no greatest value, so its points cannot be minmax; say p10_p90, p5_p95 or mean_sd, or take pert")
    return Lognormal.of_percentiles(given.low, given.likely, given.high, tails("lognormal", given.meaning))


def _normal(given: Points) -> Distribution:
    if len(given.values) not in (0, 2) or given.weights:
        raise InvalidInput("normal: values are its two bounds, the lower first, or nothing for 0 and no upper bound; weights stay empty")
    bounds = (given.values[0], given.values[1]) if given.values else (0.0, math.inf)
    if given.meaning == "mean_sd":
        return Normal(given.low, given.high, *bounds)
    if given.meaning == "minmax":
        raise InvalidInput("normal has no ends, so its points cannot be minmax; say p10_p90, p5_p95 or mean_sd, or take pert")
    if given.likely is not None and not math.isclose(2 * given.likely, given.low + given.high, rel_tol=1e-6):
        points = f"{given.low:g}, {given.likely:g}, {given.high:g}"
        raise InvalidInput(f"normal is symmetric, so likely lies midway, which {points} do not; leave likely empty, or take pert or lognormal")
    return Normal.of_percentiles(given.low, given.high, tails("normal", given.meaning), bounds)


def _empirical(given: Points) -> Distribution:
    if given.weights:
        raise InvalidInput("empirical: each observation counts alike, so weights stay empty; say discrete where chances are meant")
    return Discrete.of_observations(given.values)


SHAPES_BUILT: dict[str, Callable[[Points], Distribution]] = {
    "triangular": _triangular,
    "pert": _pert,
    "uniform": _uniform,
    "lognormal": _lognormal,
    "trigen": _trigen,
    "normal": _normal,
    "discrete": lambda given: Discrete(given.values, given.weights),
    "cumulative": lambda given: Cumulative(given.values, given.weights),
    "histogram": lambda given: Cumulative.of_histogram(given.values, given.weights),
    "empirical": _empirical,
}


def tails(shape: str, meaning: str) -> tuple[float, float]:
    """The two chances that the meaning names."""
    if meaning not in PERCENTILES:
        raise InvalidInput(f"{shape} cannot be given as {meaning}; say minmax, p10_p90 or p5_p95")
    return PERCENTILES[meaning]


def mode(shape: str, likely: float | None) -> float:
    """`likely`, which this shape cannot do without."""
    if likely is None:
        raise InvalidInput(f"{shape} needs a most likely value; give likely, or take uniform")
    return likely
