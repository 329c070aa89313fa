"""Working time between two instants, asked thousands of times: `calendar.between` without its arrays."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime

from pmo_lib.calendar import Calendar, round_minutes, timeline


class Worked:
    """One calendar over some years. Called with two instants it gives the working minutes from the first to the second, negative where that comes first."""

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        line = timeline(calendar, first.date().replace(month=1, day=1), last.date().replace(month=12, day=31))
        self.origin = line.origin
        self.starts, self.ends, self.before = line.starts.tolist(), line.ends.tolist(), line.before.tolist()

    def __call__(self, one: datetime, other: datetime) -> int:
        return self._until(other) - self._until(one)

    def _until(self, when: datetime) -> int:
        clock = round_minutes(when - self.origin)
        i = bisect_right(self.starts, clock) - 1
        return self.before[i] + min(clock, self.ends[i]) - self.starts[i] if i >= 0 else 0
