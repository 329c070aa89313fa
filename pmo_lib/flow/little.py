"""Little's law on a board: both sides, and which of its assumptions fail. It explains; it does not forecast.

Source: Little (1961); the assumptions as Vacanti lists them for finished work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pmo_lib.errors import NotAvailable
from pmo_lib.flow.crossings import EPOCH

UNEVEN = 0.1  # of arrivals against departures, and of work in progress at the ends against its mean: more than this is a difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Averages over a window of days, both ends counted. Little's law says that `wip / throughput` is `cycle_time`."""

    days: int
    wip: float  # average number of items in progress a day
    throughput: float  # items finished a day
    arrivals: float  # items started a day
    cycle_time: float  # days, of the items finished in the window
    failing: tuple[str, ...]  # the assumptions that do not hold, in words

    @property
    def expected(self) -> float:
        """Average cycle time that the law gives [days]."""
        return self.wip / self.throughput


def balance(cycles: pl.DataFrame | Sequence[tuple[int, int | None]], *, first: date | int, last: date | int) -> Balance:
    """Little's law over the days `first` to `last`, inclusive: of `cycle_times`, or of (start day, finish day) pairs in whole numbers.

    Raises `NotAvailable` where nothing was finished in the window.
    """
    begin, end, dropped = _days(cycles)
    lo, hi = _day(first), _day(last)
    days = np.arange(lo, hi + 1)
    wip = np.array([np.count_nonzero((begin <= day) & (end >= day)) for day in days])
    done = (end >= lo) & (end <= hi)
    if not done.any():
        raise NotAvailable("Little's law needs items finished in the window; there are none, so choose a longer one")
    came, went = int(np.count_nonzero((begin >= lo) & (begin <= hi))), int(np.count_nonzero(done))
    failing = []
    if abs(came - went) > UNEVEN * went:
        failing.append(f"{came} items arrived and {went} left: the two are not alike")
    if abs(int(wip[-1]) - int(wip[0])) > max(UNEVEN * wip.mean(), 1):
        failing.append(f"work in progress went from {wip[0]} to {wip[-1]}: it is not alike at both ends")
    if lost := int(np.count_nonzero((dropped >= lo) & (dropped <= hi))):
        failing.append(f"{lost} item{' that was' if lost == 1 else 's that were'} begun did not end as done: not all that enters leaves")
    if np.any((begin < lo) & (end >= lo)) or np.any((begin <= hi) & (end > hi)):
        failing.append("some items began before the window or ended after it: it does not start and end empty")
        failing += _ageing(begin, end, lo, hi)
    return Balance(
        days=days.size,
        wip=float(wip.mean()),
        throughput=went / days.size,
        arrivals=came / days.size,
        cycle_time=float((end[done] - begin[done] + 1).mean()),
        failing=tuple(failing),
    )


def _ageing(begin: np.ndarray, end: np.ndarray, lo: int, hi: int) -> list[str]:
    """Whether what is in progress grew older, or younger, over the window; nothing where at one end nothing was in progress."""
    before, after = ((day - begin[(begin <= day) & (end >= day)] + 1) for day in (lo, hi))
    if not before.size or not after.size or abs(after.mean() - before.mean()) <= max(UNEVEN * before.mean(), 1):
        return []
    return [f"the average age of what is in progress went from {before.mean():.0f} to {after.mean():.0f} days: it is not alike at both ends"]


def _days(cycles: pl.DataFrame | Sequence[tuple[int, int | None]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days of start and finish, and those on which items were begun that were cancelled."""
    never = np.iinfo(np.int64).max
    if isinstance(cycles, pl.DataFrame):
        begun = cycles.filter(pl.col("started").is_not_null()).select("cancelled", pl.col("started", "finished").dt.date().to_physical().cast(pl.Int64))
        rows, gone = begun.filter(~pl.col("cancelled")), begun.filter("cancelled")
        return rows["started"].to_numpy(), rows["finished"].fill_null(never).to_numpy(), gone["started"].to_numpy()
    pairs = [(begin, never if end is None else end) for begin, end in cycles]
    return np.array([begin for begin, _ in pairs], np.int64), np.array([end for _, end in pairs], np.int64), np.empty(0, np.int64)


def _day(value: date | int) -> int:
    return value if isinstance(value, int) else (value - EPOCH).days
