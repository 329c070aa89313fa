"""The small values of MSPDI: elements by name, ISO durations, units, flags."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from pmo_lib.readers.notes import Notes

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DURATION = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?")
ZONED = re.compile(r"T.*(Z|[+-]\d\d:?\d\d)$")
ELAPSED_FORMATS = {4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52}
PERCENT_FORMATS = {19, 20, 51, 52}
REMEDY = "correct it in the source and import again"


class Item:
    """One element and where it is; each method gives a child's value, or None (and a finding) where there is none."""

    __slots__ = ("element", "notes", "place")

    def __init__(self, element: Element, place: str, notes: Notes) -> None:
        self.element, self.place, self.notes = element, place, notes

    def text(self, name: str) -> str:
        """The child's text, "" where it has none."""
        return (self.element.findtext(name) or "").strip()

    def items(self, path: str) -> list[Item]:
        """The children on a path, as items of the same place."""
        return [Item(element, self.place, self.notes) for element in self.element.iterfind(path)]

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str) -> float | None:
        text = self.text(name)
        if not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if not abs(found) < 1e15:
            self.notes.add("error", "number-unreadable", f"{self.place}: {text[:40]!r}", f"{name} is not a number and was left out", REMEDY)
            return None
        return found

    def whole(self, name: str) -> int | None:
        found = self.number(name)
        return None if found is None else int(found)

    def money(self, name: str) -> float | None:
        """An amount, which MSPDI writes in hundredths."""
        found = self.number(name)
        return None if found is None else found / 100

    def tenths(self, name: str) -> int | None:
        """Minutes from tenths of minutes."""
        found = self.number(name)
        return None if found is None else self.notes.whole_minutes(found / 10, name, self.place)

    def minutes(self, name: str) -> int | None:
        """Whole minutes of an ISO 8601 duration, as in PT8H0M0S."""
        text = self.text(name)
        if not text:
            return None
        found = minutes_of(text)
        if found is None:
            self.notes.add("error", "duration-unreadable", f"{self.place}: {text[:40]!r}", f"{name} is not a duration and was left out", REMEDY)
            return None
        return self.notes.whole_minutes(found, name, self.place)

    def instant(self, name: str) -> datetime | None:
        text = self.text(name)
        if text.upper() in ("NA", "N/A"):
            return None
        if ZONED.search(text):
            self.notes.add("info", "time-zone", self.place, "dates with a time zone were read as local time, without it")
        return self.notes.instant(text, name, self.place)

    def day(self, name: str) -> date | None:
        found = self.instant(name)
        return found.date() if found else None


def minutes_of(text: str) -> float | None:
    """Minutes of an ISO 8601 duration (a day is 24 hours); None where it is none."""
    match = DURATION.fullmatch(text)
    if not match or text in ("P", "-P"):
        return None
    sign, years, months, days, hours, minutes, seconds = match.groups()
    whole = float(years or 0) * 365 + float(months or 0) * 30 + float(days or 0)
    total = whole * 1440 + float(hours or 0) * 60 + float(minutes or 0) + float(seconds or 0) / 60
    return -total if sign else total


def minute_of_day(text: str) -> int | None:
    """Minutes since midnight of HH:MM:SS."""
    match = re.fullmatch(r"(?:\d{4}-\d{2}-\d{2}T)?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?", text.strip())
    if not match:
        return None
    found = int(match.group(1)) * 60 + int(match.group(2))
    return found if found <= 1440 and int(match.group(2)) < 60 else None
