"""The normal distribution between bounds: a duration is never negative, so its lower tail ends at 0 unless another bound is given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.checks import REACH, chances, finite, plain


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution of mean `mu` and standard deviation `sigma`, given that it lies within [low, high].

    `mu` and `sigma` are those of the whole bell; `mean` and `var` are those of the part between the bounds.
    """

    mu: float
    sigma: float
    low: float = 0.0
    high: float = math.inf

    def __post_init__(self) -> None:
        finite("Normal", mu=self.mu, sigma=self.sigma)
        if self.sigma < 0 or not self.low < self.high:
            raise InvalidInput(f"Normal: needs sigma >= 0 and low < high, and has sigma {self.sigma:g}, low {self.low:g}, high {self.high:g}")
        if not self.low <= self.mu <= self.high:
            raise InvalidInput(f"Normal: its mean must lie within its bounds, and {self.mu:g} lies outside {self.low:g} to {self.high:g}; move the bounds")

    @classmethod
    def of_percentiles(cls, low: float, high: float, p: tuple[float, float] = (0.10, 0.90), bounds: tuple[float, float] = (0.0, math.inf)) -> Normal:
        """The one between the bounds whose two percentiles are `low` and `high`."""
        from scipy import optimize

        if not bounds[0] < low < high < bounds[1]:
            told = f"{low:g} and {high:g} within {bounds[0]:g} to {bounds[1]:g}"
            raise InvalidInput(f"Normal: its percentiles must rise and lie within its bounds, and are {told}; correct the points")
        z = special.ndtri(np.asarray(p))
        sigma = (high - low) / (z[1] - z[0])

        def missed(at: Any) -> Any:
            share = special.ndtr((np.asarray(bounds) - at[0]) / math.exp(at[1]))
            return (at[0] + math.exp(at[1]) * special.ndtri(share[0] + np.asarray(p) * (share[1] - share[0])) - (low, high)) / sigma

        found = optimize.root(missed, (low - z[0] * sigma, math.log(sigma)), tol=1e-13)
        if not np.abs(found.fun).max() < 1e-9:
            raise InvalidInput(f"Normal: none within {bounds[0]:g} to {bounds[1]:g} has {low:g} and {high:g} as those percentiles; take pert")
        return cls(float(found.x[0]), math.exp(found.x[1]), *bounds)

    @property
    def _ends(self) -> tuple[float, float]:
        """The bounds in standard deviations from `mu`."""
        return (self.low - self.mu) / self.sigma, (self.high - self.mu) / self.sigma

    @property
    def mean(self) -> float:
        return self.mu if self.sigma == 0 else self.mu + self.sigma * self._moments()[0]

    @property
    def var(self) -> float:
        if self.sigma == 0:
            return 0.0
        first, second = self._moments()
        return self.sigma**2 * (second - first**2)

    def _moments(self) -> tuple[float, float]:
        """Mean and mean square of the standardised value between the bounds."""
        a, b = self._ends
        share = special.ndtr(b) - special.ndtr(a)
        density = [math.exp(-z * z / 2) / math.sqrt(2 * math.pi) for z in (a, b)]
        return (density[0] - density[1]) / share, 1 + (a * density[0] - (b * density[1] if math.isfinite(b) else 0.0)) / share

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        p = chances(p)
        if self.sigma == 0:
            return plain(np.full(p.shape, self.mu))
        a, b = special.ndtr(self._ends[0]), special.ndtr(-self._ends[1])
        lower, upper = a + p * (1 - a - b), b + (1 - p) * (1 - a - b)  # from the nearer end, so that neither tail loses its digits
        z = np.where(lower <= 0.5, special.ndtri(lower), -special.ndtri(upper))
        return plain(np.clip(self.mu + self.sigma * z, self.low, self.high))

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return self.low if self.sigma else self.mu

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn: its tail ends where the quantile tables end."""
        return min(self.high, self.mu + self.sigma * REACH * 1.1)  # what lies beyond a bound widens the rest

    def times(self, factor: float) -> Normal:
        """The same range in another unit."""
        return Normal(self.mu * factor, self.sigma * factor, self.low * factor, self.high * factor)
