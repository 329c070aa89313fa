"""Working time: which minutes of which days count.

A `Calendar` is resolved: nothing is inherited any more. Instants are naive local `datetime`s to the minute; amounts of work are
whole minutes. Two instants with no working time between them are the same instant: a start shows as the next working moment
(Monday 08:00), a finish as the previous one (Friday 17:00).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pmo_lib.errors import InvalidInput, NotSchedulable

Shift = tuple[int, int]  # [minute of the day] from, to: 0 <= from < to <= 1440
Shifts = tuple[Shift, ...]
DAY = 1440
HALF_MINUTE = 30_000_000  # [microseconds]


@dataclass(frozen=True, slots=True)
class DatedWeek:
    """An alternative working week, from `first` to `last`; None for a weekday leaves the default."""

    first: date
    last: date
    shifts: tuple[Shifts | None, ...]


@dataclass(frozen=True, slots=True)
class DatedShifts:
    """An exception: what holds on each day from `first` to `last`; no shifts is a holiday."""

    first: date
    last: date
    shifts: Shifts


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time. Exceptions beat alternative weeks, which beat the week; among their own kind the later entry wins."""

    name: str
    minutes_per_day: int  # what one day of duration means
    week: tuple[Shifts, ...]  # Monday first
    weeks: tuple[DatedWeek, ...] = ()
    exceptions: tuple[DatedShifts, ...] = ()
    _timelines: dict[tuple[int, int], Timeline] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)
    _laid_out: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)  # schedule.network.horizon's

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise InvalidInput(f"calendar {self.name}: a week has seven days, and is given {len(self.week)}")
        for shifts in [*self.week, *(e.shifts for e in self.exceptions), *(s for w in self.weeks for s in w.shifts if s is not None)]:
            _check(self.name, shifts)

    def __reduce__(self) -> tuple[Any, ...]:
        return Calendar, (self.name, self.minutes_per_day, self.week, self.weeks, self.exceptions)

    @property
    def works(self) -> bool:
        """Whether the calendar works again and again, so that any amount of work ends some day."""
        return any(self.week)

    def on(self, day: date) -> Shifts:
        """The shifts of one day."""
        for exception in reversed(self.exceptions):
            if exception.first <= day <= exception.last:
                return exception.shifts
        for alternative in reversed(self.weeks):
            if alternative.first <= day <= alternative.last and (shifts := alternative.shifts[day.weekday()]) is not None:
                return shifts
        return self.week[day.weekday()]


def _check(name: str, shifts: Shifts) -> None:
    for (start, finish), following in zip(shifts, [*shifts, (DAY, DAY)][1:], strict=True):
        if not 0 <= start < finish <= following[0] <= DAY:
            raise InvalidInput(f"calendar {name}: shifts of a day must follow one another between minute 0 and 1440, and are {shifts}")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A calendar laid out over days: working intervals in clock minutes from `origin` (a midnight), and the work done before each.

    All methods but `worked` take and give arrays, [minutes] since the origin.
    """

    origin: datetime
    starts: np.ndarray  # [intervals] int64, clock minutes
    ends: np.ndarray  # [intervals] int64
    before: np.ndarray  # [intervals + 1] int64, working minutes before each interval; the last is the total
    _lists: list[list[int]] = field(default_factory=list, init=False, repr=False, compare=False)

    def worked(self, clock: int) -> int:
        """`working` of one instant, which is asked thousands of times: without arrays."""
        if not self._lists:
            self._lists.extend(values.tolist() for values in (self.starts, self.ends, self.before))
        starts, ends, before = self._lists
        i = bisect_right(starts, clock) - 1
        return before[i] + min(clock, ends[i]) - starts[i] if i >= 0 else 0

    def working(self, clock: Any) -> np.ndarray:
        """Working minutes from the origin to these clock minutes."""
        clock = np.asarray(clock, dtype=np.int64)
        i = np.searchsorted(self.starts, clock, side="right") - 1
        inside = np.minimum(clock, self.ends[np.maximum(i, 0)]) - self.starts[np.maximum(i, 0)]
        return np.where(i >= 0, self.before[np.maximum(i, 0)] + inside, 0)

    def start_clock(self, working: Any) -> np.ndarray:
        """The latest instant at which just this much work is done: where the next minute of work begins."""
        working = np.asarray(working, dtype=np.int64)
        i = np.clip(np.searchsorted(self.before, working, side="right") - 1, 0, len(self.starts) - 1)
        return self.starts[i] + working - self.before[i]

    def finish_clock(self, working: Any) -> np.ndarray:
        """The earliest instant at which this much work is done: where the last minute of work ends."""
        working = np.asarray(working, dtype=np.int64)
        i = np.clip(np.searchsorted(self.before, working, side="left") - 1, 0, len(self.starts) - 1)
        return self.starts[i] + working - self.before[i]


def timeline(cal: Calendar, first: date, last: date) -> Timeline:
    """The calendar from `first` to `last`, both included."""
    days = np.arange((last - first).days + 1)
    which, patterns = _pattern_of_days(cal, first, days)
    starts, ends = [], []
    for number, shifts in enumerate(patterns):
        midnight = days[which == number] * DAY
        starts += [midnight + start for start, _ in shifts]
        ends += [midnight + finish for _, finish in shifts]
    start = np.sort(np.concatenate(starts)) if starts else np.zeros(0, np.int64)
    end = np.sort(np.concatenate(ends)) if ends else np.zeros(0, np.int64)
    if not len(start):
        raise NotSchedulable(f"calendar {cal.name} has no working time between {first} and {last}; give it a working day")
    before = np.concatenate([[0], np.cumsum(end - start)])
    return Timeline(datetime(first.year, first.month, first.day), start, end, before)


def _pattern_of_days(cal: Calendar, first: date, days: np.ndarray) -> tuple[np.ndarray, list[Shifts]]:
    """For each day the number of its pattern, and the patterns."""
    patterns: dict[Shifts, int] = {}
    weekday = (days + first.weekday()) % 7
    number = np.array([patterns.setdefault(shifts, len(patterns)) for shifts in cal.week])
    which = number[weekday]
    for alternative in cal.weeks:
        held = _days_between(first, alternative.first, alternative.last)
        for position, shifts in enumerate(alternative.shifts):
            if shifts is not None:
                which[held][weekday[held] == position] = patterns.setdefault(shifts, len(patterns))
    for exception in cal.exceptions:
        which[_days_between(first, exception.first, exception.last)] = patterns.setdefault(exception.shifts, len(patterns))
    return which, list(patterns)


def _days_between(origin: date, first: date, last: date) -> slice:
    return slice(max((first - origin).days, 0), max((last - origin).days + 1, 0))


def add(cal: Calendar, t: datetime, minutes: int) -> datetime:
    """When `minutes` of work that begin at `t` are done; `t` itself for no work, `subtract` for a negative amount.

    Raises `NotSchedulable` where the calendar has no working time.
    """
    if minutes < 0:
        return subtract(cal, t, -minutes)
    if minutes == 0:
        return t
    line, clock = _around(cal, t, minutes)
    return line.origin + timedelta(minutes=int(line.finish_clock(line.working(clock) + minutes)))


def subtract(cal: Calendar, t: datetime, minutes: int) -> datetime:
    """When `minutes` of work must begin to be done at `t`."""
    if minutes < 0:
        return add(cal, t, -minutes)
    if minutes == 0:
        return t
    line, clock = _around(cal, t, -minutes)
    return line.origin + timedelta(minutes=int(line.start_clock(line.working(clock) - minutes)))


def between(cal: Calendar, t1: datetime, t2: datetime) -> int:
    """Working minutes from `t1` to `t2`, negative where `t2` comes first."""
    one, other = (t1, t2) if t1 <= t2 else (t2, t1)
    line = _years(cal, max(1, one.year - 1), min(9999, other.year + 1))
    there = line.worked(round_minutes(other - line.origin)) - line.worked(round_minutes(one - line.origin))
    return there if one is t1 else -there


def between_each(cal: Calendar, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """`between` for many instants at once, [n] datetime64 each."""
    if not len(ones):
        return np.zeros(0, np.int64)
    ends = [np.asarray(each, "datetime64[us]") for each in (ones, others)]
    years = [int(each.astype("datetime64[Y]").astype(np.int64)) + 1970 for each in (min(e.min() for e in ends), max(e.max() for e in ends))]
    line = _years(cal, max(1, years[0] - 1), min(9999, years[1] + 1))
    minutes = [((each - np.datetime64(line.origin, "us")).astype(np.int64) + HALF_MINUTE) // (2 * HALF_MINUTE) for each in ends]
    return line.working(minutes[1]) - line.working(minutes[0])


def next_working(cal: Calendar, t: datetime) -> datetime:
    """`t` if work goes on then, or else the next moment at which it does."""
    line, clock = _around(cal, t, 1)
    return line.origin + timedelta(minutes=int(line.start_clock(line.working(clock))))


def previous_working(cal: Calendar, t: datetime) -> datetime:
    """`t` if work went on until then, or else the last moment before it until which work went on."""
    line, clock = _around(cal, t, -1)
    return line.origin + timedelta(minutes=int(line.finish_clock(line.working(clock))))


def round_minutes(span: timedelta) -> int:
    """A span as whole minutes, the half minute up."""
    return int((span.total_seconds() + 30) // 60)


def _around(cal: Calendar, t: datetime, minutes: int) -> tuple[Timeline, int]:
    """A timeline that holds `t` and `minutes` of work after (before, if negative) it; and the clock minute of `t` on it."""
    years = 1
    while True:
        first, last = max(1, t.year - (years if minutes < 0 else 1)), min(9999, t.year + (years if minutes > 0 else 1))
        line = _years(cal, first, last)
        clock = round_minutes(t - line.origin)
        if 0 < line.worked(clock) + minutes < line.before[-1]:
            return line, clock
        if (first == 1 and last == 9999) or years > 8192:
            raise NotSchedulable(f"calendar {cal.name}: {abs(minutes):,} working minutes from {t:%Y-%m-%d} lie outside the years 1 to 9999")
        years *= 2


def _years(cal: Calendar, first: int, last: int) -> Timeline:
    key = (first, last)
    if key not in cal._timelines:
        if not cal.works:
            raise NotSchedulable(f"calendar {cal.name} has no working time; give it a working day")
        cal._timelines[key] = timeline(cal, date(first, 1, 1), date(last, 12, 31))
    return cal._timelines[key]


ROUND_THE_CLOCK = Calendar("24h", DAY, (((0, DAY),),) * 7)


def intersection(a: Calendar, b: Calendar) -> Calendar:
    """The calendar that works where both do, as MS Project schedules a task calendar with a resource's."""
    week = tuple(_common(x, y) for x, y in zip(a.week, b.week, strict=True))
    spans = sorted({(s.first, s.last) for c in (a, b) for s in (*c.weeks, *c.exceptions) if s.last - s.first <= timedelta(days=36525)})
    days = sorted({first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)})
    dated = tuple(DatedShifts(day, day, _common(a.on(day), b.on(day))) for day in days)
    return Calendar(f"{a.name} and {b.name}", a.minutes_per_day, week, (), dated)


def _common(a: Shifts, b: Shifts) -> Shifts:
    return tuple(sorted((max(s, u), min(f, v)) for s, f in a for u, v in b if max(s, u) < min(f, v)))
