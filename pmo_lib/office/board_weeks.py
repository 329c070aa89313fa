"""The whole weeks that a board's forecast draws from, and what past forecasts teach: chosen once, for every figure, picture and simulation of a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.plots import words

if TYPE_CHECKING:
    from pmo_lib.flow import Balance, Calibration, History

FEWEST = 2  # weeks of throughput for a forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """A board's past by whole weeks. Made by `weeks`."""

    past: pl.DataFrame  # tables.flow_results.Throughput: all of them
    drawn: pl.DataFrame  # of them the latest, which a forecast draws from
    known: Calibration | None  # None: there are too few
    seen_on: date  # when the board was looked at

    @property
    def begin(self) -> date:
        """The first day ahead: what was finished in the week that is not over is not left."""
        return self.seen_on + timedelta(days=1)

    def calibration(self) -> Calibration:
        """What past forecasts teach. Raises `NotAvailable` where the weeks do not bear a forecast, and says why."""
        if self.known is None:
            raise NotAvailable(f"a forecast from throughput needs {FEWEST} whole weeks of it, and the board has {self.past.height or 'none'} yet")
        if not self.drawn["finished"].sum():
            last = self.past.filter(pl.col("finished") > 0)["period"].to_list()[-1]
            raise NotAvailable(
                f"nothing was finished in the {self.known.window} weeks up to {words.day(self.seen_on)}, and the last item in the week of {words.day(last)}; "
                "give a longer window, or look at the board as of an earlier day"
            )
        return self.known

    def when_done(self, items: int, confidence: Sequence[float]) -> pl.DataFrame:
        """`flow.when_done` of that many, calibrated on the board's own past. Raises `NotAvailable` as `calibration`."""
        known = self.calibration()
        return flow.when_done(self.drawn, items, confidence=confidence, start=self.begin, calibration=known)

    def balance(self, cycles: pl.DataFrame) -> Balance:
        """Little's law over the weeks that are drawn from; `cycles` is `flow.cycle_times`. Raises `NotAvailable` where nothing was finished in them."""
        if self.drawn.is_empty():
            raise NotAvailable("no week is over yet in which something was finished")
        first = self.drawn["period"][0]
        return flow.balance(cycles, first=first, last=first + timedelta(days=7 * self.drawn.height - 1))


def weeks(h: History, window: int | None = None) -> Weeks:
    """The board's weeks. `window` is how many are drawn from; None: those whose forecasts of the past lost least."""
    past = flow.throughput(h)
    known = flow.calibration(past, window=window) if past.height >= FEWEST else None
    return Weeks(past=past, drawn=past.tail(known.window if known else FEWEST), known=known, seen_on=h.seen_on)
