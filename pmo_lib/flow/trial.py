"""The forecasts of throughput that could have been made in the past, and how each would have scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.law import Past, most, power

WINDOWS = (8, 12, 26)  # past periods to draw from
LEARN = 52  # past forecasts that are learnt from


@dataclass(slots=True)
class Trial:
    """The past, and the forecasts of `horizon` periods from its windows. `origin` is the first period that a forecast did not know."""

    counts: np.ndarray
    horizon: int
    windows: tuple[int, ...]
    _tails: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)
    _losses: dict[tuple[int, int, float], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.horizon < 1 or not self.windows or min(self.windows) < 1:
            raise InvalidInput(f"horizon and windows are 1 or more, and are {self.horizon} and {self.windows}")

    @property
    def first(self) -> int:
        """First origin that every window reaches."""
        return max(self.windows)

    def tail(self, window: int, origin: int) -> np.ndarray:
        """Chance of at least n items in the periods from `origin` on, for n = 0, 1, …"""
        if (window, origin) not in self._tails:
            law = np.bincount(self.counts[origin - window : origin]) / window
            self._tails[window, origin] = np.cumsum(power(law, self.horizon)[::-1])[::-1]
        return self._tails[window, origin]

    def actual(self, origin: int) -> int:
        """What was finished in the periods from `origin` on."""
        return int(self.counts[origin : origin + self.horizon].sum())

    def earlier(self, origin: int, learn: int) -> range:
        """Origins of the forecasts whose outcome was known by then."""
        end = origin - self.horizon + 1
        return range(max(self.first, end - learn), max(end, self.first))

    def best(self, origin: int, confidence: Sequence[float], learn: int) -> int:
        """The window whose earlier forecasts lost least; the shortest on equal terms."""
        before = self.earlier(origin, learn)
        if not before or len(self.windows) == 1:
            return min(self.windows)
        lost = {w: sum(self._lost(w, o, share) for o in before for share in confidence) for w in sorted(self.windows)}
        return min(lost, key=lost.__getitem__)

    def scores(self, origin: int, window: int, learn: int) -> np.ndarray:
        """Scores of the earlier forecasts."""
        return np.array([self.score(window, o) for o in self.earlier(origin, learn)])

    def _lost(self, window: int, origin: int, share: float) -> float:
        key = window, origin, share
        if key not in self._losses:
            self._losses[key] = pinball_loss(self.actual(origin), most(self.tail(window, origin), share), share)
        return self._losses[key]

    def score(self, window: int, origin: int) -> float:
        """The chance that the forecast gave to more items than came: at a confidence it is met where that is below it."""
        tail, beyond = self.tail(window, origin), self.actual(origin) + 1
        return min(float(tail[beyond]), 1.0) if beyond < tail.size else 0.0


def counts_of(past: Past) -> np.ndarray:
    """Finished items of each past period."""
    return np.asarray(past["finished"].to_numpy() if isinstance(past, pl.DataFrame) else past, np.int64)


def pinball_loss(actual: int, items: int, share: float) -> float:
    """Pinball loss of the forecast as the (1 - share) quantile of what comes [items] (Koenker and Bassett 1978)."""
    return (1 - share) * (actual - items) if actual >= items else share * (items - actual)
