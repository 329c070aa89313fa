"""How a team's throughput is spent on several bodies of work, period by period, in every iteration at once.

Throughput flows: a period that could finish more than the first has left goes on with the next. Work that waits for other work begins in the period after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from pmo_lib.flow.work import Work

Order = Literal["priority", "shares"]
NOTHING = 1e-9  # [items] what is left where all is done: sums of fractions


def spent(
    work: Sequence[Work],
    left: np.ndarray,
    growth: np.ndarray,
    finished: Callable[[int], Mapping[str | None, np.ndarray]],
    *,
    order: Order,
    longest: int,
) -> np.ndarray:
    """In which period each work is done [work, iterations] (0: there was nothing to do; longest + 1: not within `longest`).

    `left` and `growth` are [work, iterations]; `finished(period)` gives what each team can finish in a period [iterations].
    """
    names = {one.name: row for row, one in enumerate(work)}
    before = [[names[other] for other in one.after] for one in work]
    weight = np.array([left[row].mean() if one.share is None else one.share for row, one in enumerate(work)])
    left = left.copy()
    done = np.where(left > NOTHING, longest + 1, 0).astype(np.int32)
    for period in range(1, longest + 1):
        open_ = done > longest
        if not open_.any():
            break
        begun = np.array([np.all(done[rows] < period, axis=0) if rows else np.ones(done.shape[1], bool) for rows in before])
        left += np.where(open_, growth, 0.0)
        for team, able in finished(period).items():
            rows = [row for row, one in enumerate(work) if one.team == team]
            (_one_by_one if order == "priority" else _side_by_side)(left, rows, open_ & begun, able.astype(float), weight)
        done[open_ & (left <= NOTHING) & begun] = period
    return done


def _one_by_one(left: np.ndarray, rows: Sequence[int], active: np.ndarray, able: np.ndarray, weight: np.ndarray) -> None:
    """The first that can be worked on takes what it needs, the next what is over."""
    for row in rows:
        taken = np.where(active[row], np.minimum(left[row], able), 0.0)
        left[row] -= taken
        able = able - taken


def _side_by_side(left: np.ndarray, rows: Sequence[int], active: np.ndarray, able: np.ndarray, weight: np.ndarray) -> None:
    """Each that can be worked on takes its share; what one does not need goes to the others by their shares."""
    for _ in rows:
        needs = {row: active[row] & (left[row] > NOTHING) for row in rows}
        whole = sum((weight[row] * needs[row] for row in rows), np.zeros(able.size))
        if not (whole * able > 0).any():
            return
        each = np.divide(able, whole, out=np.zeros(able.size), where=whole > 0)
        for row in rows:
            taken = np.where(needs[row], np.minimum(left[row], each * weight[row]), 0.0)
            left[row] -= taken
            able = able - taken
