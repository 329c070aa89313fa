"""Ranges given as lists: chances of single values, a cumulative curve, a histogram, or what was observed.

Chances must add up to 1 and curves must rise; nothing is sorted, scaled or clipped in silence.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.checks import chances, finite, plain

ADDS_UP = 1e-6  # how far from 1 the chances may add up: people write 0.3333


@dataclass(frozen=True, slots=True)
class Discrete:
    """Single values, each with its chance. A percentile is the smallest value that at least that share meets."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        _numbers("Discrete", self.values)
        _shares("Discrete", self.weights, len(self.values), "one chance a value")
        _rising("Discrete", self.values)

    @classmethod
    def of_observations(cls, observed: Sequence[float]) -> Discrete:
        """What was observed (empirical), each observation as likely as another: the inverse of the empirical distribution function."""
        _numbers("Empirical", observed)
        values, counts = np.unique(np.asarray(observed, float), return_counts=True)
        return cls(tuple(values.tolist()), tuple((counts / counts.sum()).tolist()))

    @property
    def mean(self) -> float:
        return math.fsum(value * weight for value, weight in zip(self.values, self.shares, strict=True))

    @property
    def var(self) -> float:
        return math.fsum(weight * (value - self.mean) ** 2 for value, weight in zip(self.values, self.shares, strict=True))

    @property
    def shares(self) -> tuple[float, ...]:
        """The chances, adding up to exactly 1 but for rounding."""
        total = math.fsum(self.weights)
        return tuple(weight / total for weight in self.weights)

    @property
    def steps(self) -> np.ndarray:
        """The chance of each value or a smaller one; the last is 1."""
        steps = np.cumsum(self.shares)
        steps[-1] = 1.0
        return steps

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        at = np.searchsorted(self.steps, chances(p) - 1e-12, side="left")
        return plain(np.asarray(self.values, float)[np.minimum(at, len(self.values) - 1)])

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return next(value for value, weight in zip(self.values, self.weights, strict=True) if weight > 0)

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn."""
        return next(value for value, weight in zip(reversed(self.values), reversed(self.weights), strict=True) if weight > 0)

    def times(self, factor: float) -> Discrete:
        """The same range in another unit."""
        return Discrete(tuple(value * factor for value in self.values), self.weights)


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A curve through points (value, chance of that value or less), straight between them, from 0 to 1."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        _numbers("Cumulative", self.values)
        _rising("Cumulative", self.values)
        if len(self.values) < 2 or len(self.weights) != len(self.values):
            raise InvalidInput(f"Cumulative: needs two or more values, each with its chance, and has {len(self.values)} and {len(self.weights)}")
        chances(self.weights)
        if self.weights[0] != 0 or self.weights[-1] != 1 or any(a > b for a, b in itertools.pairwise(self.weights)):
            raise InvalidInput(f"Cumulative: its chances rise from 0 to 1, and are {_told(self.weights)}; add the ends, or say discrete")

    @classmethod
    def of_histogram(cls, edges: Sequence[float], weights: Sequence[float]) -> Cumulative:
        """Bins between rising edges, each with its share, every value of a bin alike."""
        _shares("Histogram", weights, len(edges) - 1, "one share a bin, so one fewer than edges")
        steps = np.cumsum(np.asarray(weights) / math.fsum(weights))
        return cls(tuple(edges), (0.0, *np.minimum(steps[:-1], 1.0).tolist(), 1.0))

    @property
    def _bins(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        values = np.asarray(self.values, float)
        return values[:-1], values[1:], np.diff(self.weights)

    @property
    def mean(self) -> float:
        low, high, share = self._bins
        return float(share @ (low + high) / 2)

    @property
    def var(self) -> float:
        low, high, share = self._bins
        return float(share @ (((low + high) / 2 - self.mean) ** 2 + (high - low) ** 2 / 12))

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies; the lower end where the curve is level."""
        p, values, steps = chances(p), np.asarray(self.values, float), np.asarray(self.weights)
        after = np.clip(np.searchsorted(steps, p, side="left"), 1, len(values) - 1)
        width = steps[after] - steps[after - 1]
        inside = np.divide(p - steps[after - 1], width, out=np.zeros(p.shape), where=width > 0)
        at_zero = values[np.searchsorted(steps, 0.0, side="right") - 1]  # p = 0 is the least value that can be drawn
        return plain(np.where(p <= 0, at_zero, values[after - 1] + inside * (values[after] - values[after - 1])))

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return float(self.ppf(0.0))

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn."""
        return float(self.ppf(1.0))

    def times(self, factor: float) -> Cumulative:
        """The same range in another unit."""
        return Cumulative(tuple(value * factor for value in self.values), self.weights)


def _numbers(shape: str, values: Sequence[float]) -> None:
    if not values:
        raise InvalidInput(f"{shape}: needs values, and has none; list them in the column values")
    for place, value in enumerate(values, 1):
        finite(shape, **{f"value {place}": math.nan if value is None else value})


def _shares(shape: str, weights: Sequence[float], count: int, rule: str) -> None:
    if len(weights) != count:
        raise InvalidInput(f"{shape}: needs {rule}, and has {len(weights)} for {count}; correct the column weights")
    for weight in weights:
        if weight is None or not 0 <= weight <= 1:
            raise InvalidInput(f"{shape}: a chance lies between 0 and 1, and one is {weight}")
    if abs(math.fsum(weights) - 1) > ADDS_UP:
        raise InvalidInput(f"{shape}: the chances must add up to 1, and {_told(weights)} add up to {math.fsum(weights):.6g}; they are never scaled")


def _rising(shape: str, values: Sequence[float]) -> None:
    for a, b in itertools.pairwise(values):
        if a >= b:
            raise InvalidInput(f"{shape}: values must rise, and {b:g} follows {a:g}; put them in order with their chances (they are never sorted)")


def _told(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
