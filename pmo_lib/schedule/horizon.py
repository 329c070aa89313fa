"""Calendars as tables over the days that a pass can reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from math import gcd

import numpy as np

from pmo_lib.calendar import DAY, Calendar, Timeline, timeline


def tables(calendars: Sequence[Calendar], first: date, last: date) -> tuple[list[Timeline], dict[str, np.ndarray]]:
    """Each calendar's timeline from `first` to `last`, and the kernel's arrays `grid, inverse, work_from, work, cell_from, cell` of all."""
    lines = [timeline(cal, first, last) for cal in calendars]
    grids = [cell_length(cal) for cal in calendars]
    minutes = ((last - first).days + 1) * DAY
    work = [_work(line, np.arange(0, minutes + 1, grid)) for line, grid in zip(lines, grids, strict=True)]
    cell = [_cells(line, grid) for line, grid in zip(lines, grids, strict=True)]
    return lines, {
        "grid": np.array(grids, np.int32),
        "inverse": 1.0 / np.array(grids, np.float64),
        "work_from": _offsets(work),
        "work": np.concatenate(work).astype(np.int32),
        "cell_from": _offsets(cell),
        "cell": np.concatenate(cell).astype(np.int32),
    }


def _work(line: Timeline, edges: np.ndarray) -> np.ndarray:
    """[cells, 2]: with t the clock minute, work[cell, 0] + (t & work[cell, 1]) minutes are done."""
    before = line.working(edges)
    works = np.diff(before) > 0
    return np.stack([before[:-1] - np.where(works, edges[:-1], 0), np.where(works, -1, 0)], axis=1)


def _cells(line: Timeline, grid: int) -> np.ndarray:
    """Clock minute less working minute, for each working cell.

    The horizon ends with the last minute of work: the proof of the range sees a pass that is clamped there.
    """
    begins = np.arange(0, line.before[-1], grid)
    return np.append(line.start_clock(begins) - begins, line.ends[-1] - line.before[-1])


def no_tables() -> dict[str, np.ndarray]:
    """The kernel's calendar arrays of a network with one calendar."""
    empty = np.zeros(0, np.int32)
    return {"grid": empty, "inverse": np.zeros(0, np.float64), "work_from": empty, "work": empty.reshape(0, 2), "cell_from": empty, "cell": empty}


def _offsets(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.cumsum([0, *(len(part) for part in parts)]).astype(np.int32)


def cell_length(cal: Calendar) -> int:
    """The longest cell, in minutes, that starts at midnight and fits every shift of the calendar."""
    shifts = [*cal.week, *(e.shifts for e in cal.exceptions), *(s for w in cal.weeks for s in w.shifts if s is not None)]
    return reduce(gcd, (edge for day in shifts for shift in day for edge in shift), DAY)


def padded(day: date, days: int) -> date:
    """A day moved, kept within the years that a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal())) if days else day + timedelta()
