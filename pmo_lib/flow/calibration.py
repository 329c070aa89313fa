"""What a forecast asks for so that it comes true as often as it says, learnt from past forecasts: the board's own, and other teams'.

Drawing past periods independently is too sure where throughput drifts. Every past forecast has a score, the chance that it gave to more items than came;
a forecast asked at the score that the wanted share of them stayed below is met that often. Own scores overlap, so that those of h periods ahead count
1/h each; other teams' count as 20 forecasts of one's own, which decides while the own past is short and steadies it later.

Sources: recalibration by the distribution of past scores, Dawid, Statistical theory: the prequential approach (1984); conformal prediction, Vovk, Gammerman
and Shafer, Algorithmic Learning in a Random World, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.law import Past
from pmo_lib.flow.recorded import TEAMS
from pmo_lib.flow.track_record import CONFIDENCE, HORIZONS, TrackRecord
from pmo_lib.flow.trial import LEARN, WINDOWS, Trial, counts_of

OTHERS = 20.0  # forecasts of one's own that other teams' count for
CERTAIN = 1 - 1e-12  # as far as a record tells chances apart


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of past forecasts with their weights, in rising order."""

    scores: np.ndarray
    share: np.ndarray  # of the weight at or below each
    widened: float  # what a share is multiplied by, since few forecasts say little of the next: 1 + 1 / how many they count for

    def level(self, share: float) -> float:
        """The chance to ask for so that it is met that often."""
        return float(self.scores[min(int(np.searchsorted(self.share, min(share * self.widened, 1.0) - 1e-12)), self.scores.size - 1)])

    def chance(self, drawn: float) -> float:
        """How often forecasts with that chance are met."""
        if drawn >= CERTAIN:
            return 1.0
        below = int(np.searchsorted(self.scores, drawn + 1e-12, side="right"))
        return float(self.share[below - 1]) / self.widened if below else 0.0


def scores(trial: Trial, origin: int, window: int, learn: int = LEARN, record: TrackRecord = TEAMS) -> Scores:
    """What is known at `origin` of forecasts like that trial's."""
    own, others = trial.scores(origin, window, learn), record.at(trial.horizon)
    values = np.concatenate([own, others])
    weights = np.concatenate([np.full(own.size, 1 / trial.horizon), np.full(others.size, OTHERS / others.size)])
    order = np.argsort(values, kind="stable")
    whole = float(weights.sum())
    return Scores(values[order], np.cumsum(weights[order]) / whole, 1 + 1 / whole)


@dataclass(slots=True)
class Calibration:
    """A board's whole past, the window that is drawn from, and what past forecasts teach. Made by `calibration`."""

    counts: np.ndarray  # [periods]
    window: int  # [periods] the latest, that forecasts are drawn from
    learn: int
    record: TrackRecord
    _known: dict[int, Scores] = field(default_factory=dict)

    def level(self, periods: int, confidence: float) -> float:
        """The chance to ask for so many periods ahead, so that the forecast is met as often as `confidence` says."""
        return self._at(periods).level(confidence)

    def chance(self, periods: int, drawn: float) -> float:
        """How often a forecast of so many periods with the chance `drawn` would be met."""
        return self._at(periods).chance(drawn) if periods else drawn

    @property
    def own(self) -> int:
        """Own past forecasts of four periods that were learnt from."""
        return len(Trial(self.counts, 4, (self.window,)).earlier(self.counts.size, self.learn))

    def _at(self, periods: int) -> Scores:
        horizon = min(periods, HORIZONS[-1])  # beyond the longest that teams were tried at as for it
        if horizon not in self._known:
            self._known[horizon] = scores(Trial(self.counts, horizon, (self.window,)), self.counts.size, self.window, self.learn, self.record)
        return self._known[horizon]


def calibration(past: Past, *, window: int | None = None, horizon: int = 4, learn: int = LEARN, record: TrackRecord = TEAMS) -> Calibration:
    """What the whole past teaches. Without a `window` it is the one of 8, 12 and 26 periods whose forecasts of `horizon` periods lost least."""
    counts = counts_of(past)
    if window is not None and window < 1:
        raise InvalidInput(f"a window is 1 period or more, and is {window}")
    windows = (window,) if window else tuple(w for w in WINDOWS if w < counts.size) or (counts.size,)
    chosen = Trial(counts, horizon, windows).best(counts.size, CONFIDENCE, learn)
    return Calibration(counts, min(chosen, counts.size), learn, record)


def level(past: Past, *, periods: int, confidence: float = 0.85, window: int | None = None, learn: int = LEARN) -> float:
    """The confidence to ask `how_many` for, so that past forecasts of that many periods would have been met as often as `confidence` says."""
    if not 0 < confidence < 1:
        raise InvalidInput(f"a confidence lies between 0 and 1, and is {confidence}")
    return calibration(past, window=window, horizon=periods, learn=learn).level(periods, confidence)


def told(known: Calibration) -> str:
    """What a calibrated forecast rests on, in words."""
    own = f"{known.own} past forecasts of its own" if known.own else "none of its own yet"
    return f"chances are those that past forecasts bear out: those of {known.record.teams} teams of record, and {own}"
