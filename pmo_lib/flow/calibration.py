"""How well forecasts of throughput came true on the board's own past, and what to ask for so that they do.

A rolling origin: at each past week the forecast that would have been made then, from earlier weeks alone, is held against what followed. The window
it draws from is the one that would have lost least until then. Forecasts do not overlap, so that their hits can be counted as independent.

Drawing past periods independently is too sure where throughput drifts. The remedy is conformal: every earlier forecast has a score, the chance that it
gave to more items than came. Asking at the score that the wanted share of past forecasts stayed below makes forecasts that are met that often.

Sources: pinball loss, Koenker and Bassett 1978; conformal prediction, Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, chapter 2;
Clopper and Pearson 1934.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.forecast import Past, most, power

WINDOWS = (8, 12, 26)  # past periods to draw from
LEARN = 52  # past forecasts that are learnt from
FEWEST = 20  # below this many past forecasts nothing is learnt from them
DRAWN, CALIBRATED = "as drawn", "calibrated"


def backtest(past: Past, *, horizon: int = 4, confidence: Sequence[float] = (0.5, 0.85), windows: Sequence[int] = WINDOWS, learn: int = LEARN) -> pl.DataFrame:
    """Every forecast of `horizon` periods that could have been made, held against what followed (`tables.flow_results.Backtest`).

    Two rows a point and confidence: as drawn, and calibrated on up to `learn` earlier forecasts. Raises `NotAvailable` where the past is too short.
    """
    from pmo_lib.tables.flow_results import Backtest

    trial = _Trial(_counts(past), horizon, tuple(windows))
    rows = []
    for origin in range(trial.first + FEWEST + horizon, trial.counts.size - horizon + 1, horizon):
        window = trial.best(origin, confidence, learn)
        actual = int(trial.actual(origin))
        for share in confidence:
            for method, asked in ((DRAWN, share), (CALIBRATED, trial.level(origin, window, share, learn))):
                items = most(trial.tail(window, origin), asked)
                rows.append((origin, method, share, asked, window, horizon, items, actual, actual >= items, _loss(actual, items, share)))
    if not rows:
        raise NotAvailable(
            f"a back-test of {horizon} periods needs {trial.first + FEWEST + 2 * horizon} past periods, and there are {trial.counts.size}; shorten the horizon"
        )
    return Backtest.validate(pl.DataFrame(rows, schema=dict(Backtest.create_empty().schema), orient="row"))


def hit_rates(tested: pl.DataFrame) -> pl.DataFrame:
    """How often forecasts were met: one row a method and confidence (`tables.flow_results.HitRates`), from `backtest`, or several of them together."""
    from scipy.special import betaincinv

    from pmo_lib.tables.flow_results import HitRates

    sums = tested.group_by("method", "confidence", maintain_order=True).agg(
        forecasts=pl.len().cast(pl.Int64), hits=pl.col("met").sum().cast(pl.Int64), loss=pl.col("loss").mean()
    )
    rows = []
    for method, confidence, n, hits, loss in sums.iter_rows():
        low = float(betaincinv(hits, n - hits + 1, 0.025)) if hits else 0.0
        high = float(betaincinv(hits + 1, n - hits, 0.975)) if hits < n else 1.0
        rows.append((method, confidence, n, hits, hits / n, low, high, loss, _verdict(method, confidence, hits / n, low, high)))
    return HitRates.validate(pl.DataFrame(rows, schema=dict(HitRates.create_empty().schema), orient="row"))


def level(past: Past, *, periods: int, confidence: float = 0.85, window: int | None = None, learn: int = LEARN) -> float:
    """The confidence to ask `how_many` for, so that past forecasts of that many periods would have been met as often as `confidence` says.

    With fewer than 20 past forecasts to learn from it is `confidence` itself.
    """
    counts = _counts(past)
    if not 0 < confidence < 1:
        raise InvalidInput(f"a confidence lies between 0 and 1, and is {confidence}")
    windows = (window,) if window else tuple(w for w in WINDOWS if w < counts.size) or (counts.size,)
    trial = _Trial(counts, periods, windows)
    end = counts.size
    return trial.level(end, trial.best(end, (confidence,), learn), confidence, learn)


@dataclass(slots=True)
class _Trial:
    """The past, and the forecasts that could have been made from its windows. `origin` is the first period that a forecast did not know."""

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

    def _lost(self, window: int, origin: int, share: float) -> float:
        key = window, origin, share
        if key not in self._losses:
            self._losses[key] = _loss(self.actual(origin), most(self.tail(window, origin), share), share)
        return self._losses[key]

    def level(self, origin: int, window: int, share: float, learn: int) -> float:
        before = self.earlier(origin, learn)
        if len(before) < FEWEST:
            return share
        scores = sorted(self._score(window, o) for o in before)
        return min(scores[min(math.ceil((len(scores) + 1) * share), len(scores)) - 1], 1.0)

    def _score(self, window: int, origin: int) -> float:
        """The chance that the forecast gave to more items than came: the forecast at a confidence is met where that is below it."""
        tail, beyond = self.tail(window, origin), self.actual(origin) + 1
        return float(tail[beyond]) if beyond < tail.size else 0.0


def _counts(past: Past) -> np.ndarray:
    return np.asarray(past["finished"].to_numpy() if isinstance(past, pl.DataFrame) else past, np.int64)


def _loss(actual: int, items: int, share: float) -> float:
    """Pinball loss of the forecast as the (1 - share) quantile of what comes [items]."""
    return (1 - share) * (actual - items) if actual >= items else share * (items - actual)


def _verdict(method: str, confidence: float, rate: float, low: float, high: float) -> str:
    told = f"{confidence:.0%} forecasts {method} were met {rate:.0%} of the time ({low:.0%} to {high:.0%})"
    if low <= confidence <= high:
        return f"{told}: as often as they say"
    if rate > confidence:
        return f"{told}: more often than they say, so they are cautious"
    remedy = (
        "throughput drifts, so ask for the calibrated forecast"
        if method == DRAWN
        else "throughput changed faster than the past could teach; read them as optimistic"
    )
    return f"{told}: less often than they say; {remedy}"
