"""The past periods that a forecast draws from, and the confidences that it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.law import Past


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
