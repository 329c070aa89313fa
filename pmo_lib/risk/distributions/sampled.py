"""A range given by draws that were made elsewhere, such as the simulated finish of an epic of a board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pmo_lib.risk.distributions.checks import chances, plain


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Values that were drawn elsewhere, in the order in which they were drawn, so that those of one `source` stay together."""

    values: np.ndarray  # [draws] float64
    source: str

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def var(self) -> float:
        return float(self.values.var())

    @property
    def steps(self) -> np.ndarray:
        """Rising chances, one a draw; the last is 1."""
        return np.arange(1, self.values.size + 1) / self.values.size

    def ppf(self, p: Any) -> Any:
        """The value below which a share `p` (0..1) lies."""
        at = np.ceil(chances(p) * self.values.size - 1e-9).astype(int) - 1
        return plain(np.sort(self.values)[np.clip(at, 0, self.values.size - 1)])

    @property
    def least(self) -> float:
        """The smallest value that can be drawn."""
        return float(self.values.min())

    @property
    def greatest(self) -> float:
        """The largest value that can be drawn."""
        return float(self.values.max())

    def times(self, factor: float) -> Sampled:
        """The same draws in another unit."""
        return Sampled(self.values * factor, self.source)
