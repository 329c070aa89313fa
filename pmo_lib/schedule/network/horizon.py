"""Calendars as tables over the days that a pass can reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from pmo_lib.calendar import DAY, Calendar, Timeline, round_minutes, timeline
from pmo_lib.errors import NotSchedulable
from pmo_lib.schedule.kernel import FAR, FF, FS, SF, SS, Arrays, backward, forward

if TYPE_CHECKING:
    from pmo_lib.schedule.network.nodes import Nodes

BOUNDS = ("es_low", "es_high", "ef_low", "ef_high", "ls_low", "ls_high", "lf_low", "lf_high")
SPARE = 400  # days kept free at either end of the horizon
KEPT = 3  # ranges over which a calendar remembers its cells
LONGEST = 400_000  # days, some 1,100 years: as far as int32 minutes and the tables' memory carry with ease


def laid_out(
    nodes: Nodes, structure: dict[str, np.ndarray], most: np.ndarray, must_finish: datetime | None, dated: Sequence[datetime]
) -> tuple[date, list[Timeline], Arrays]:
    """The first of the days that hold every pass with durations up to `most`, the calendars over them, and the network's arrays.

    No open work is scheduled before the first of `dated`; the others lie within the days too.

    The proof: a pass in which links only add (FF and SF bind starts, without subtracting the successor's duration) is monotone in every duration
    and lag, so it bounds every iteration. The horizon is widened until that pass ends inside it.
    """
    expected = {i: t.expected for i, t in nodes.own.items() if t.expected is not None and most[i] == t.duration}
    most = _without_waiting(nodes, most, expected)
    named = [when for t in nodes.own.values() for when in (*t.low.values(), *t.high.values())] + list(expected.values())
    named += [*dated, *([] if must_finish is None else [must_finish])]
    limited = must_finish is not None or any(t.high for t in nodes.own.values())
    likely = _likely(nodes, structure, most)
    first, last = padded(min(named).date(), -SPARE - (likely if limited else 0)), padded(max(named).date(), SPARE + likely)
    while True:
        days = (last - first).days
        if days > LONGEST or most.max(initial=0) >= FAR:
            longest = nodes.names[int(most.argmax())] if nodes.names else ""
            raise NotSchedulable(
                f"the durations reach beyond {LONGEST // 365:,} years (the longest is {longest}'s, {most.max(initial=0):,} working minutes); correct it"
            )
        lines, arrays = _arrays(nodes, structure, dated[0], first, last)
        late, early = _reach(_until(arrays, lines, expected), lines, most, must_finish, limited)
        if not late and not early:
            return first, lines, arrays
        wider = padded(first, -days if early else 0), padded(last, days if late else 0)
        if wider == (first, last):
            raise NotSchedulable(f"the plan begins or ends beyond the years that can be told ({first} to {last}); correct its dates")
        first, last = wider


def _without_waiting(nodes: Nodes, most: np.ndarray, expected: Mapping[int, datetime]) -> np.ndarray:
    """The longest durations, but of what ends on an expected finish what it may last beyond that."""
    if not expected:
        return most
    found = most.copy()
    for i in expected:
        found[i] = nodes.own[i].planned
    return found


def _until(arrays: Arrays, lines: Sequence[Timeline], expected: Mapping[int, datetime]) -> Arrays:
    """The network in which what has an expected finish ends no earlier: with `_without_waiting` no pass goes beyond its dates."""
    if not expected:
        return arrays
    low = arrays.ef_low.copy()
    for i, when in expected.items():
        line = lines[arrays.calendar[i]]
        low[i] = max(low[i], int(line.working(round_minutes(when - line.origin))))
    return arrays._replace(ef_low=low)


def _likely(nodes: Nodes, structure: dict[str, np.ndarray], most: np.ndarray) -> int:
    """About how many days the plan takes: a pass in which each calendar works at its weekly pace. Nothing depends on it but how often we lay out."""
    pace = np.array([7 * DAY / max(sum(b - a for shifts in cal.week for a, b in shifts), 1) for cal in nodes.calendars])
    duration = np.minimum(most * pace[nodes.calendar], FAR >> 8).astype(np.int32)[:, None]
    lag = np.minimum(structure["pred_lag"] * pace[structure["pred_calendar"]], FAR >> 8).astype(np.int32)
    nothing, low = np.full(len(most), FAR, np.int32), np.zeros(len(most), np.int32)
    bounds = {name: low if name == "es_low" else nothing if name.endswith("high") else -nothing for name in BOUNDS}
    es, ef = np.empty_like(duration), np.empty_like(duration)
    forward(Arrays(**{**structure, "pred_lag": lag}, **no_tables(), **bounds), duration, es, ef)
    return min(max(int(ef.max(initial=0)), 0) // DAY, LONGEST // 4) * 5 // 4


def _arrays(nodes: Nodes, structure: dict[str, np.ndarray], begin: datetime, first: date, last: date) -> tuple[list[Timeline], Arrays]:
    lines, arrays = tables(nodes.calendars, first, last)
    return lines, Arrays(**structure, **arrays, **_bounds(nodes, begin, lines))


def _bounds(nodes: Nodes, begin: datetime, lines: Sequence[Timeline]) -> dict[str, np.ndarray]:
    """Each bound on its activity's own calendar."""
    found = {name: np.full(len(nodes.names), FAR if name.endswith("high") else -FAR, np.int32) for name in BOUNDS}
    minute = round_minutes(begin - lines[0].origin)
    found["es_low"][:] = np.array([int(line.working(minute)) for line in lines], np.int32)[nodes.calendar]
    held: dict[tuple[str, int], list[tuple[int, int]]] = {}  # by bound and calendar: activities, clock minutes
    for i, task in nodes.own.items():
        found["es_low"][i] = -FAR
        for side, bounds in (("low", task.low), ("high", task.high)):
            for what, when in bounds.items():
                held.setdefault((f"{what}_{side}", int(nodes.calendar[i])), []).append((i, round_minutes(when - lines[0].origin)))
    for (name, clock), places in held.items():
        at, minutes = np.array(places, np.int64).T
        found[name][at] = lines[clock].working(minutes)
    return found


def _reach(arrays: Arrays, lines: Sequence[Timeline], most: np.ndarray, must_finish: datetime | None, limited: bool) -> tuple[bool, bool]:
    """Whether the longest pass comes too near the end of the horizon, and the backward pass from the earliest limit too near its beginning."""
    if not len(most):
        return False, False
    spare = SPARE * 1440 // 4
    end = int(min(line.ends[-1] for line in lines))
    duration = most.astype(np.int32)[:, None]
    es, ef = np.empty_like(duration), np.empty_like(duration)
    binding = {FF: FS, SF: SS, FS: FS, SS: SS}
    free = {name: np.full_like(arrays.es_high, FAR) for name in ("es_high", "ef_high")}
    forward(arrays._replace(pred_type=_mapped(arrays.pred_type, binding), **free), duration, es, ef)
    clock = lines[0].finish_clock(ef) if not len(arrays.grid) else ef
    over = len(arrays.grid) == 0 and int(ef.max()) >= int(lines[0].before[-1])
    late = over or int(np.max(clock)) > end - spare
    if not limited:
        return late, False
    highs = (arrays.es_high, arrays.ef_high, arrays.ls_high, arrays.lf_high)
    limits = [line.start_clock(high[(arrays.calendar == k) & (high < FAR)]).min(initial=end) for k, line in enumerate(lines) for high in highs]
    finish = np.array([min(limits)], np.int32)
    if must_finish is not None:
        finish = np.minimum(finish, np.int32(round_minutes(must_finish - lines[0].origin)))
    if not len(arrays.grid):
        finish = lines[0].working(finish).astype(np.int32)
    ls, lf = np.empty_like(duration), np.empty_like(duration)
    backward(arrays._replace(succ_type=_mapped(arrays.succ_type, {SS: FS, SF: FF, FS: FS, FF: FF})), duration, ef, finish, ls, lf)
    begins = int(ls.min())
    return late, begins < spare // 4 if not len(arrays.grid) else begins < spare


def _mapped(types: np.ndarray, to: Mapping[int, int]) -> np.ndarray:
    return np.array([to[i] for i in range(4)], np.int32)[types]


@dataclass(frozen=True, slots=True)
class Cells:
    """One calendar over some days, cut into cells that work throughout or not at all."""

    line: Timeline
    grid: int  # [minutes] of a cell
    work: np.ndarray  # [cells] int32: with t the clock minute, (work[cell] >> 1) + (t & -(work[cell] & 1)) minutes are done
    cell: np.ndarray  # [working cells + 1] int32: clock minute less working minute


def tables(calendars: Sequence[Calendar], first: date, last: date) -> tuple[list[Timeline], dict[str, np.ndarray]]:
    """Each calendar's timeline from `first` to `last`, and the kernel's arrays from `grid` to `cell`; a single one needs none."""
    if len(calendars) == 1:
        return [_kept(calendars[0], first, last, timeline)], no_tables()
    parts = [_kept(cal, first, last, _cut) for cal in calendars]
    grids = np.array([part.grid for part in parts], np.int32)
    return [part.line for part in parts], {
        "grid": grids,
        "inverse": 1.0 / grids,
        "always": np.array([bool((part.work & 1).all()) for part in parts], np.int32),
        "work_from": _offsets([part.work for part in parts]),
        "work": np.concatenate([part.work for part in parts]),
        "cell_from": _offsets([part.cell for part in parts]),
        "cell": np.concatenate([part.cell for part in parts]),
    }


def _kept(cal: Calendar, first: date, last: date, make: Callable[[Calendar, date, date], Any]) -> Any:
    """What is made of a calendar between two days; that of the last few ranges is kept with it, since a plan is seldom scheduled once."""
    kept, key = cal._laid_out, (first, last, make)
    if key not in kept:
        while len(kept) >= KEPT:
            del kept[next(iter(kept))]
        kept[key] = make(cal, first, last)
    return kept[key]


def _cut(cal: Calendar, first: date, last: date) -> Cells:
    """The calendar's cells. The horizon ends with the last minute of work: the proof of the range sees a pass that is clamped there."""
    line, grid, minutes = timeline(cal, first, last), cell_length(cal), ((last - first).days + 1) * DAY
    changes = np.zeros(minutes // grid + 1, np.int32)
    changes[line.starts // grid] += 1
    changes[line.ends // grid] -= 1  # two shifts that meet cancel
    works = np.cumsum(changes)[:-1] > 0
    edges = np.arange(0, minutes, grid)
    before = np.cumsum(works) * grid - works * grid
    work = (2 * (before - works * edges) + works).astype(np.int32)
    return Cells(line, grid, work, np.append(edges[works] - before[works], line.ends[-1] - line.before[-1]).astype(np.int32))


def no_tables() -> dict[str, np.ndarray]:
    """The kernel's calendar arrays of a network with one calendar."""
    empty = np.zeros(0, np.int32)
    return {**dict.fromkeys(("grid", "always", "work_from", "work", "cell_from", "cell"), empty), "inverse": np.zeros(0, np.float64)}


def _offsets(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.cumsum([0, *(len(part) for part in parts)]).astype(np.int32)


def cell_length(cal: Calendar) -> int:
    """The longest cell, in minutes, that starts at midnight and fits every shift of the calendar."""
    shifts = [*cal.week, *(e.shifts for e in cal.exceptions), *(s for w in cal.weeks for s in w.shifts if s is not None)]
    return reduce(gcd, (edge for day in shifts for shift in day for edge in shift), DAY)


def padded(day: date, days: int) -> date:
    """A day moved, kept within the years that a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal())) if days else day + timedelta()
