"""When a number of items will be done, and how many will be done by a date: the exact law of sums of past periods, without sampling noise.

Each period ahead is like one of the past periods, any with the same chance and independently; zeros count. The law of the sum of k of them is a convolution.
Source: the Monte Carlo forecast on throughput (Vacanti; Magennis), whose limit this is.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable

if TYPE_CHECKING:
    from pmo_lib.flow.calibration import Calibration

Past = Sequence[int] | pl.DataFrame
LONGEST = 10_000  # periods that a forecast reaches; beyond that the window says nothing
EXACT = 1e-12  # what sums of products may lose


def when_done(
    past: Past,
    items: int,
    *,
    confidence: float | Sequence[float] = (0.5, 0.85, 0.95),
    start: date | None = None,
    calibration: Calibration | None = None,
) -> pl.DataFrame:
    """Fewest periods in which `items` are done with at least each confidence (`tables.flow_results.WhenDone`).

    `past` is `throughput(...)`, or the finished items of past periods. `start` is the first day ahead (default: the day after the window, where it has
    dates). A confidence is a share (0.85) or per cent (85). With a `calibration` chances are those that past forecasts bear out.

    Raises `NotAvailable` where the window is empty or nothing was finished in it, `InvalidInput` for a negative count or a confidence out of its range.
    """
    from pmo_lib.tables.flow_results import WhenDone

    window = Window(past, start)
    if items < 0:
        raise InvalidInput(f"items is 0 or more, and is {items}")
    asked = confidences(confidence)
    open_ = dict(asked)
    left = np.zeros(max(items, 1))  # law of what is finished so far, cut where all is done
    left[0] = 1.0
    found: dict[float, tuple[int, float]] = {given: (0, 1.0) for given, _ in asked} if items == 0 else {}
    periods, chance = 0, 0.0
    while len(found) < len(asked):
        periods += 1
        if periods > LONGEST:
            raise NotAvailable(f"{items:,} items take more than {LONGEST:,} periods at this throughput; check the window")
        left = np.convolve(left, window.law)[:items]
        drawn = 1.0 - left.sum()
        chance = drawn if calibration is None else max(chance, calibration.chance(periods, drawn))
        found |= {given: (periods, chance) for given, share in open_.items() if given not in found and chance >= share - EXACT}
    rows = [{"confidence": given, "periods": found[given][0], "chance": _share(found[given][1]), "items": items} for given, _ in asked]
    return WhenDone.validate(window.told(rows, WhenDone))


def how_many(
    past: Past,
    *,
    periods: int | None = None,
    by: date | None = None,
    confidence: float | Sequence[float] = (0.5, 0.85, 0.95),
    start: date | None = None,
    calibration: Calibration | None = None,
) -> pl.DataFrame:
    """Most items that are done in `periods` whole periods (or `by` a date) with at least each confidence (`tables.flow_results.HowMany`).

    `past`, `start`, `confidence` and `calibration` as in `when_done`. Only whole periods that end by the date count.
    """
    from pmo_lib.tables.flow_results import HowMany

    window = Window(past, start)
    if (periods is None) == (by is None):
        raise InvalidInput("how_many takes either periods or by, a date")
    ahead = window.until(by) if by is not None else periods
    if ahead is None or not 0 <= ahead <= LONGEST:
        raise InvalidInput(f"periods is 0 to {LONGEST:,}, and is {ahead}")
    tail = np.cumsum(power(window.law, ahead)[::-1])[::-1]  # chance of at least n
    rows = []
    for given, share in confidences(confidence):
        items = most(tail, share if calibration is None or not ahead else calibration.level(ahead, share))
        chance = float(tail[items]) if calibration is None else calibration.chance(ahead, float(tail[items]))
        rows.append({"confidence": given, "items": items, "chance": _share(chance), "periods": ahead})
    return HowMany.validate(window.told(rows, HowMany))


class Window:
    """The past periods: the law of one period, and the dates where they are known."""

    __slots__ = ("counts", "first", "last", "law", "length", "start")

    def __init__(self, past: Past, start: date | None) -> None:
        dated = isinstance(past, pl.DataFrame)
        if dated and past["group"].n_unique() > 1:
            raise InvalidInput("the throughput is of several groups; choose one, as in throughput.filter(pl.col('group') == 'Team A')")
        counts = np.asarray(past["finished"].to_numpy() if dated else past)
        if not counts.size or not counts.sum():
            raise NotAvailable("a forecast needs past periods in which something was finished; there are none, so choose a longer window")
        if counts.min() < 0 or not np.equal(counts, counts.astype(np.int64)).all():
            raise InvalidInput(f"finished items of a period are whole numbers of 0 or more, and one is {counts.min()}")
        self.counts = counts.astype(np.int64)
        self.law = np.bincount(self.counts) / counts.size
        days = past["period"].to_list() if dated else []
        self.length = (days[1] - days[0]).days if len(days) > 1 else None
        self.first = days[0] if days else None
        self.last = days[-1] + timedelta(days=(self.length or 1) - 1) if days else None
        self.start = start or (self.last + timedelta(days=1) if self.last else None)

    def only(self, kept: np.ndarray, counts: np.ndarray | None = None) -> Window:
        """The same window with these of its periods, and with other counts where given."""
        made = copy(self)
        made.counts = (self.counts if counts is None else counts)[kept]
        made.law = np.bincount(made.counts) / made.counts.size
        return made

    def until(self, by: date) -> int:
        """Whole periods ahead that end on that day or before."""
        if self.start is None or self.length is None:
            raise InvalidInput("a forecast by a date needs throughput with dates; give periods instead")
        if by < self.start:
            raise InvalidInput(f"the date {by} lies before {self.start}, where the forecast begins; give a later one")
        return ((by - self.start).days + 1) // self.length

    def told(self, rows: list[dict[str, Any]], schema: Any) -> pl.DataFrame:
        """The rows with their dates and this window, as a frame of that schema."""
        from pmo_lib.tables.framing import types

        for row in rows:
            known = self.start is not None and self.length is not None and row["periods"] is not None
            end = self.start + timedelta(days=row["periods"] * self.length - 1) if known else None  # type: ignore[operator]
            row |= {"date": end, "sampled": self.counts.size, "counted": int(self.counts.sum()), "window_from": self.first, "window_to": self.last}
        return pl.DataFrame([{name: row[name] for name in types(schema)} for row in rows], schema=dict(types(schema)))


def confidences(asked: float | Sequence[float]) -> list[tuple[float, float]]:
    """As given, and as a share; above 1 it is per cent."""
    given = [asked] if isinstance(asked, (int, float)) else list(asked)
    shares = [one / 100 if one > 1 else one for one in given]
    if not shares or not all(0 < one < 1 for one in shares) or len(set(shares)) < len(shares):
        raise InvalidInput(f"a confidence lies between 0 and 1 (or 0 and 100 per cent), each asked once; this is {asked!r}")
    return [(float(one), share) for one, share in zip(given, shares, strict=True)]


def power(law: np.ndarray, times: int) -> np.ndarray:
    """The law of a sum of that many. By Fourier transform, which keeps the sums to some 1e-15 and does not take minutes where a week had 5,000 items."""
    size = (law.size - 1) * times + 1
    found = np.fft.irfft(np.fft.rfft(law, _length(size)) ** times, _length(size))[:size]
    return np.maximum(found, 0.0)


def _length(size: int) -> int:
    """The next power of two, for which the transform is quickest."""
    return 1 << max(size - 1, 1).bit_length()


def most(tail: np.ndarray, share: float) -> int:
    """The most items whose chance, of at least so many, reaches the share."""
    return int(np.flatnonzero(tail >= share - EXACT)[-1])


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
