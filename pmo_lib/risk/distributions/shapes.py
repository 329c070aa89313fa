"""Ranges of a duration as small frozen objects: `mean`, `var` and `ppf`, in whatever unit the points are given in.

Points in the wrong order are refused; they are never swapped or clipped. What three points mean is resolved in `distributions.ranged`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.checks import REACH, chances, finite, plain


class Between:
    """What is drawn lies between its `low` and its `high`."""

    __slots__ = ()
    low: float
    high: float

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return self.low

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn."""
        return self.high


@dataclass(frozen=True, slots=True)
class Triangular(Between):
    """Triangular on [low, high] with mode `likely`."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        ordered(self, "Triangular")

    @classmethod
    def of_percentiles(cls, low: float, likely: float, high: float, p: tuple[float, float] = (0.10, 0.90)) -> Triangular:
        """The triangle of mode `likely` whose percentiles `p` are `low` and `high` (trigen): its ends lie beyond them."""
        return cls(low, likely, high) if low == high else _widened(cls(low, likely, high), p, lambda a, b: cls(a, likely, b))

    @property
    def mean(self) -> float:
        return (self.low + self.likely + self.high) / 3

    @property
    def var(self) -> float:
        a, m, b = self.low, self.likely, self.high
        return (a * a + m * m + b * b - a * m - a * b - m * b) / 18

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        a, m, b = self.low, self.likely, self.high
        left = np.sqrt(chances(p) * (b - a) * (m - a))
        right = np.sqrt((1 - np.asarray(p, float)) * (b - a) * (b - m))
        return plain(np.where(np.asarray(p) * (b - a) <= m - a, a + left, b - right))

    def times(self, factor: float) -> Triangular:
        """The same range in another unit."""
        return Triangular(self.low * factor, self.likely * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Pert(Between):
    """BetaPERT on [low, high] with mode `likely`; `lam` weighs the mode (4 is classical, larger is narrower).

    Its standard deviation is not (high - low)/6: that is only the approximation of the PERT formula.
    """

    low: float
    likely: float
    high: float
    lam: float = 4.0

    def __post_init__(self) -> None:
        ordered(self, "Pert")
        if not self.lam >= 0 or math.isinf(self.lam):
            raise InvalidInput(f"Pert: lam weighs the mode and is 0 or more, and is {self.lam}")

    @classmethod
    def of_percentiles(cls, low: float, likely: float, high: float, p: tuple[float, float] = (0.10, 0.90), lam: float = 4.0) -> Pert:
        """The one of mode `likely` whose percentiles `p` are `low` and `high`, found numerically."""
        return cls(low, likely, high, lam) if low == high else _widened(cls(low, likely, high, lam), p, lambda a, b: cls(a, likely, b, lam))

    @property
    def alpha(self) -> float:
        """First shape of the beta distribution behind it."""
        return 1 + self.lam * (self.likely - self.low) / (self.high - self.low) if self.high > self.low else 1.0

    @property
    def beta(self) -> float:
        """Second shape of the beta distribution behind it."""
        return 1 + self.lam * (self.high - self.likely) / (self.high - self.low) if self.high > self.low else 1.0

    @property
    def mean(self) -> float:
        return (self.low + self.lam * self.likely + self.high) / (self.lam + 2)

    @property
    def var(self) -> float:
        return (self.mean - self.low) * (self.high - self.mean) / (self.lam + 3)

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        return plain(self.low + (self.high - self.low) * special.betaincinv(self.alpha, self.beta, chances(p)))

    def times(self, factor: float) -> Pert:
        """The same range in another unit."""
        return Pert(self.low * factor, self.likely * factor, self.high * factor, self.lam)


@dataclass(frozen=True, slots=True)
class Uniform(Between):
    """Every value of [low, high] alike."""

    low: float
    high: float

    def __post_init__(self) -> None:
        finite("Uniform", low=self.low, high=self.high)
        if self.low > self.high:
            raise InvalidInput(f"Uniform: low must not exceed high, and {self.low:g} > {self.high:g}; give the smaller first")

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def var(self) -> float:
        return (self.high - self.low) ** 2 / 12

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        return plain(self.low + (self.high - self.low) * chances(p))

    def times(self, factor: float) -> Uniform:
        """The same range in another unit."""
        return Uniform(self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """`shift` plus a lognormal, given by the mean and standard deviation of the whole."""

    mean: float
    sd: float
    shift: float = 0.0

    def __post_init__(self) -> None:
        finite("Lognormal", mean=self.mean, sd=self.sd, shift=self.shift)
        if self.mean <= self.shift or self.sd < 0:
            raise InvalidInput(f"Lognormal: needs mean > shift and sd >= 0, and has mean {self.mean:g}, shift {self.shift:g}, sd {self.sd:g}")

    @classmethod
    def of_percentiles(cls, low: float, likely: float | None, high: float, p: tuple[float, float] = (0.10, 0.90)) -> Lognormal:
        """Through two percentiles that lie symmetrically, and through the median `likely` where given (then shifted)."""
        z = float(special.ndtri(p[1]))
        shift = 0.0
        if likely is not None:
            if not low < likely < high:
                raise InvalidInput(f"Lognormal: needs low < likely < high, and has {low:g}, {likely:g}, {high:g}")
            if not high - likely > likely - low:
                points = f"{low:g}, {likely:g}, {high:g}"
                raise InvalidInput(f"Lognormal: its long tail is above, so high - likely must exceed likely - low, which {points} do not; take pert")
            shift = (low * high - likely * likely) / (low + high - 2 * likely)
        if not shift < low < high:
            raise InvalidInput(f"Lognormal: needs 0 < low < high, and has {low:g} and {high:g}")
        mu = (math.log(low - shift) + math.log(high - shift)) / 2
        sigma = (math.log(high - shift) - math.log(low - shift)) / (2 * z)
        mean = math.exp(mu + sigma * sigma / 2)
        return cls(shift + mean, mean * math.sqrt(math.expm1(sigma * sigma)), shift)

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p((self.sd / (self.mean - self.shift)) ** 2))

    @property
    def median(self) -> float:
        return self.shift + (self.mean - self.shift) * math.exp(-(self.sigma**2) / 2)

    @property
    def var(self) -> float:
        return self.sd * self.sd

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        return plain(self.shift + (self.median - self.shift) * np.exp(self.sigma * special.ndtri(chances(p))))

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return self.shift

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn: its tail ends where the quantile tables end."""
        return self.shift + (self.median - self.shift) * math.exp(self.sigma * REACH)

    def times(self, factor: float) -> Lognormal:
        """The same range in another unit."""
        return Lognormal(self.mean * factor, self.sd * factor, self.shift * factor)


Ended = TypeVar("Ended", Triangular, Pert)


def _widened(points: Ended, tail: tuple[float, float], shape: Callable[[float, float], Ended]) -> Ended:
    """The distribution, by its ends, whose two percentiles are `points.low` and `points.high`.

    Solved for the logarithms of how far each end lies beyond its percentile, so that an end never crosses it.
    """
    from scipy import optimize

    low, likely, high = points.low, points.likely, points.high
    if not low < likely < high:
        raise InvalidInput(f"percentiles need low < likely < high, and are {low:g}, {likely:g}, {high:g}; say minmax where an end is the mode")
    scale = high - low

    def missed(logs: Any) -> Any:
        made = shape(low - scale * math.exp(logs[0]), high + scale * math.exp(logs[1]))
        return (np.asarray(made.ppf(np.asarray(tail))) - (low, high)) / scale

    found = optimize.root(missed, (-1.0, -1.0), tol=1e-13)
    if np.abs(found.fun).max() > 1e-9:
        name = type(points).__name__.lower()
        raise InvalidInput(f"no {name} with mode {likely:g} has {low:g} and {high:g} as those percentiles; say minmax, or move the mode inwards")
    return shape(low - scale * math.exp(found.x[0]), high + scale * math.exp(found.x[1]))


def ordered(points: Triangular | Pert, shape: str) -> None:
    """Refuses points that are not finite or not low <= likely <= high."""
    finite(shape, low=points.low, likely=points.likely, high=points.high)
    if points.low > points.likely:
        raise InvalidInput(f"{shape}: low must not exceed likely, and {points.low:g} > {points.likely:g}; correct the points (they are never swapped)")
    if points.likely > points.high:
        raise InvalidInput(f"{shape}: likely must not exceed high, and {points.likely:g} > {points.high:g}; correct the points (they are never swapped)")
