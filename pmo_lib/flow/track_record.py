"""How sure forecasts of throughput were on other teams' past: what calibration begins with where a board's own past is short.

The score of a past forecast is the chance that it gave to more items than came. Were weeks drawn from one urn, scores would be spread evenly; throughput
drifts, so that high ones are too many, and the more so the further ahead. `TEAMS` holds the scores of 15 teams, 13 of them of TAWOS (Tawosi and others,
A versatile dataset of agile open source software projects, MSR 2022); `make prove AREA=flow` prints it anew, and tries each team with the others' alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from pmo_lib.errors import NotAvailable
from pmo_lib.flow.law import Past
from pmo_lib.flow.trial import LEARN, WINDOWS, Trial, counts_of

HORIZONS = (1, 2, 3, 4, 6, 8, 10, 13, 17, 26)  # periods ahead
SHARES = (0.005, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99, 0.995)
CONFIDENCE = (0.5, 0.85)  # by which windows are chosen
GRID = (np.arange(200) + 0.5) / 200  # scores that stand for a distribution of them
FURTHEST = 7.0  # standard normal deviates: a chance of 1 in 10^12, as far as chances can be told apart


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Quantiles of the scores of past forecasts: what the share `SHARES[s]` of forecasts of `horizons[h]` periods stayed at or below is the standard normal
    probability of `scores[h, s]`. As deviates, since far ahead it matters whether a forecast was sure of 999 in 1,000 or of 999,999 in a million."""

    scores: np.ndarray  # [horizons, shares] standard normal deviates
    teams: int
    horizons: tuple[int, ...] = HORIZONS

    def at(self, horizon: int) -> np.ndarray:
        """Scores that stand for the forecasts of that many periods: [200]. Between the horizons by their logarithm; beyond the longest as for it."""
        place = np.interp(np.log(horizon), np.log(self.horizons), np.arange(len(self.horizons)))
        low, part = int(place), place % 1
        high = min(low + 1, len(self.horizons) - 1)
        return ndtr(np.interp(GRID, SHARES, (1 - part) * self.scores[low] + part * self.scores[high]))


def track_record(pasts: Sequence[Past], *, windows: Sequence[int] = WINDOWS, horizons: Sequence[int] = HORIZONS) -> TrackRecord:
    """What the past of several teams says of forecasts, from forecasts that do not overlap.

    Raises `NotAvailable` where no past is long enough for the longest horizon.
    """
    return pooled([past_scores(past, windows=windows, horizons=horizons) for past in pasts])


def pooled(teams: Sequence[Mapping[int, Sequence[float]]]) -> TrackRecord:
    """A record of the `past_scores` of several teams, a forecast of each as weighty as any other."""
    horizons = tuple(teams[0]) if teams else ()
    found = {horizon: [score for team in teams for score in team[horizon]] for horizon in horizons}
    if not horizons or not all(found.values()):
        raise NotAvailable("a track record needs a team with a past of two of its longest horizons beyond its longest window, and there is none")
    deviates = [np.clip(ndtri(np.array(scores)), -FURTHEST, FURTHEST) for scores in found.values()]
    return TrackRecord(np.array([np.quantile(each, SHARES) for each in deviates]), len(teams), horizons)


def past_scores(past: Past, *, windows: Sequence[int] = WINDOWS, horizons: Sequence[int] = HORIZONS) -> dict[int, list[float]]:
    """The scores of one team's past forecasts by horizon; none where its past is too short."""
    counts = counts_of(past)
    found = {}
    for horizon in horizons:
        trial = Trial(counts, horizon, tuple(windows))
        origins = range(trial.first + horizon, counts.size - horizon + 1, horizon)
        found[horizon] = [trial.score(trial.best(origin, CONFIDENCE, LEARN), origin) for origin in origins]
    return found
