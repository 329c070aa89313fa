"""Java's values as Python's: instants, durations in working minutes, shares. Runs beside the JVM.

MPXJ's durations carry a unit; their text (`12.5d`, `3.0ew`) crosses the border in one call, which is why it is parsed here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pmo_lib.readers.limits import LONGEST

DURATION = re.compile(r"(-?[0-9.]+(?:E-?[0-9]+)?)(e?)(mo|[mhdwy%])$")
ELAPSED = {"m": 1, "h": 60, "d": 1440, "w": 10080, "mo": 43200, "y": 525600}
LARGEST = 2**53


@dataclass
class Units:
    """What a day, week, month and year of duration mean in this file [working minutes], and which values had to be rounded."""

    day: float = 480.0
    week: float = 2400.0
    month: float = 9600.0
    year: float = 115200.0
    rounded: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)

    def minutes(self, value: Any, what: str = "", of: str = "") -> int | None:
        """A duration as whole minutes on its own clock; `what` and `of` name it among the rounded ones."""
        parsed = split(value)
        return None if parsed is None else self.whole(parsed, what, of)

    def whole(self, parsed: tuple[float, bool, str], what: str, of: str) -> int | None:
        """`split`'s parts as whole minutes; null and noted where it is no finite number."""
        exact = self.exact(*parsed)
        if not math.isfinite(exact) or abs(exact) > (LARGEST if "work" in what else LONGEST):  # the work of many people may be longer than any plan
            self.refused.setdefault(what, []).append(of)
            return None
        nearest = math.floor(exact + 0.5)
        if abs(exact - nearest) > 1e-6:
            self.rounded.setdefault(what, []).append(of)
        return nearest

    def exact(self, number: float, elapsed: bool, unit: str) -> float:
        """Minutes, not rounded."""
        if elapsed:
            return number * ELAPSED[unit]
        return number * {"m": 1.0, "h": 60.0, "d": self.day, "w": self.week, "mo": self.month, "y": self.year}[unit]


def split(value: Any) -> tuple[float, bool, str] | None:
    """Number, whether it runs round the clock, and unit of an MPXJ duration."""
    found = DURATION.match(value.toString()) if value is not None else None
    return (float(found[1]), bool(found[2]), found[3]) if found else None


def instant(value: Any) -> datetime | None:
    """A local date and time; null beyond the years that Python's calendar knows."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value.toString())
    except ValueError:
        return None


def day(value: Any) -> date | None:
    """A local date; null beyond the years that Python's calendar knows."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value.toString())
    except ValueError:
        return None


def number(value: Any) -> float | None:
    """A Java number; null where it is not finite."""
    if value is None:
        return None
    found = float(value.doubleValue()) if hasattr(value, "doubleValue") else float(value)
    return found if math.isfinite(found) else None


def share(value: Any) -> float | None:
    """Per cent as 0..1."""
    found = number(value)
    return None if found is None else found / 100


def text(value: Any) -> str | None:
    """Text, or null."""
    return None if value is None else str(value)


def constant(value: Any) -> str | None:
    """The name of a Java constant, as in `FINISH_START`."""
    return None if value is None else str(value.name())
