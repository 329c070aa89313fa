"""How well forecasts of throughput came true on the board's own past.

A rolling origin: at each past week the forecast that would have been made then, from earlier weeks alone, is held against what followed. The window
it draws from is the one that would have lost least until then. Forecasts do not overlap, so that their hits can be counted as independent.

Sources: pinball loss, Koenker and Bassett 1978; Clopper and Pearson 1934.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pmo_lib.errors import NotAvailable
from pmo_lib.flow.calibration import scores
from pmo_lib.flow.law import Past, most
from pmo_lib.flow.recorded import TEAMS
from pmo_lib.flow.track_record import TrackRecord
from pmo_lib.flow.trial import LEARN, WINDOWS, Trial, counts_of, pinball_loss

DRAWN, CALIBRATED = "as drawn", "calibrated"
NEAR = 0.05  # of the rate to the confidence: so near it is the same


def backtest(
    past: Past,
    *,
    horizon: int = 4,
    confidence: Sequence[float] = (0.5, 0.85),
    windows: Sequence[int] = WINDOWS,
    learn: int = LEARN,
    record: TrackRecord = TEAMS,
) -> pl.DataFrame:
    """Every forecast of `horizon` periods that could have been made, held against what followed (`tables.flow_forecasts.Backtest`).

    Two rows a point and confidence: as drawn, and calibrated on up to `learn` earlier forecasts and other teams' `record`. Raises `NotAvailable` where
    the past is too short.
    """
    from pmo_lib.tables.flow_forecasts import Backtest
    from pmo_lib.tables.framing import framed

    trial = Trial(counts_of(past), horizon, tuple(windows))
    rows = []
    for origin in range(trial.first + horizon, trial.counts.size - horizon + 1, horizon):
        window = trial.best(origin, confidence, learn)
        actual, known = trial.actual(origin), scores(trial, origin, window, learn, record)
        for share in confidence:
            for method, asked in ((DRAWN, share), (CALIBRATED, known.level(share))):
                items = most(trial.tail(window, origin), asked)
                rows.append((origin, method, share, asked, window, horizon, items, actual, actual >= items, pinball_loss(actual, items, share)))
    if not rows:
        needed = trial.first + 2 * horizon
        raise NotAvailable(f"a back-test of {horizon} periods needs {needed} past periods, and there are {trial.counts.size}; shorten the horizon")
    return framed(Backtest, rows)


def hit_rates(tested: pl.DataFrame) -> pl.DataFrame:
    """How often forecasts were met: one row a method and confidence (`tables.flow_forecasts.HitRates`), from `backtest`, or several of them together."""
    from scipy.special import betaincinv

    from pmo_lib.tables.flow_forecasts import HitRates
    from pmo_lib.tables.framing import framed

    sums = tested.group_by("method", "confidence", maintain_order=True).agg(
        forecasts=pl.len().cast(pl.Int64), hits=pl.col("met").sum().cast(pl.Int64), loss=pl.col("loss").mean()
    )
    rows = []
    for method, confidence, n, hits, loss in sums.iter_rows():
        low = float(betaincinv(hits, n - hits + 1, 0.025)) if hits else 0.0
        high = float(betaincinv(hits + 1, n - hits, 0.975)) if hits < n else 1.0
        rows.append((method, confidence, n, hits, hits / n, low, high, loss, _verdict(method, confidence, n, hits / n, low, high)))
    return framed(HitRates, rows)


def _verdict(method: str, confidence: float, n: int, rate: float, low: float, high: float) -> str:
    told = f"{confidence:.0%} forecasts {method} were met {rate:.0%} of the time ({low:.0%} to {high:.0%})"
    if low <= confidence <= high:
        few = abs(rate - confidence) > NEAR + 1e-9
        return f"{told}: {n} forecasts are too few to tell that from {confidence:.0%}" if few else f"{told}: as often as they say"
    if rate > confidence:
        return f"{told}: more often than they say, so they are cautious"
    remedy = (
        "throughput drifts, so ask for the calibrated forecast"
        if method == DRAWN
        else "throughput changed faster than the past could teach; read them as optimistic"
    )
    return f"{told}: less often than they say; {remedy}"
