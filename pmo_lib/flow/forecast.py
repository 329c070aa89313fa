"""When a number of items will be done, and how many will be done by a date: the exact law of sums of past periods, without sampling noise.

Each period ahead is like one of the past periods, any with the same chance and independently; zeros count. The law of the sum of k of them is a convolution.
Source: the Monte Carlo forecast on throughput (Vacanti; Magennis), whose limit this is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.law import EXACT, Past, most, power
from pmo_lib.flow.window import Window, confidences

if TYPE_CHECKING:
    from pmo_lib.flow.calibration import Calibration

LONGEST = 10_000  # periods that a forecast reaches; beyond that the window says nothing


def when_done(
    past: Past,
    items: int,
    *,
    confidence: float | Sequence[float] = (0.5, 0.85, 0.95),
    start: date | None = None,
    calibration: Calibration | None = None,
) -> pl.DataFrame:
    """Fewest periods in which `items` are done with at least each confidence (`tables.flow_forecasts.WhenDone`).

    `past` is `throughput(...)`, or the finished items of past periods. `start` is the first day ahead (default: the day after the window, where it has
    dates). A confidence is a share (0.85) or per cent (85). With a `calibration` chances are those that past forecasts bear out.

    Raises `NotAvailable` where the window is empty or nothing was finished in it, `InvalidInput` for a negative count or a confidence out of its range.
    """
    from pmo_lib.tables.flow_forecasts import WhenDone

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
    """Most items that are done in `periods` whole periods (or `by` a date) with at least each confidence (`tables.flow_forecasts.HowMany`).

    `past`, `start`, `confidence` and `calibration` as in `when_done`. Only whole periods that end by the date count.
    """
    from pmo_lib.tables.flow_forecasts import HowMany

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


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
