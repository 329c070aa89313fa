"""What a value in Jira's payloads says: instants, people, options, texts. One way for all its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pmo_lib.readers.limits import YEARS
from pmo_lib.readers.notes import Notes

REMEDY = "correct it in Jira and pull again"
MILLISECONDS = 100_000_000_000  # a number of seconds beyond this is one of milliseconds: the year 5138
UNZONED = "instants without a time zone are taken as UTC"


def instant(value: Any, what: str, place: str, notes: Notes) -> datetime | None:
    """The instant in UTC, of `2021-01-25T11:09:27.985+0800` or of seconds or milliseconds since 1970; None, and a finding, where it is none."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS else value, UTC)
        else:
            found = datetime.fromisoformat(str(value))
            if found.tzinfo is None:
                notes.add("info", "time-without-zone", place, UNZONED, "export with time zones")
                found = found.replace(tzinfo=UTC)
            found = found.astimezone(UTC)
        if found.year in YEARS:
            return found
    except (ValueError, TypeError, OverflowError, OSError):
        pass
    notes.add("error", "date-unreadable", f"{place}: {str(value)[:40]!r}", f"{what} is not a date between 1900 and 2199 and was left out", REMEDY)
    return None


def day(value: Any, what: str, place: str, notes: Notes) -> date | None:
    """The day of `2026-03-31`, or of an instant on its own clock."""
    if value is None or value == "":
        return None
    return notes.day(value if isinstance(value, str) else str(value), what, place)


def text(value: Any) -> str | None:
    """What people see of a value: a person's name, an option's words; None for nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        return sound(value).strip() or None
    if isinstance(value, dict):
        for name in ("displayName", "value", "name", "title", "key", "accountId", "id"):
            if value.get(name) not in (None, ""):
                parent = text(str(value[name])) or ""
                child = text(value.get("child")) if name == "value" else None
                return f"{parent} - {child}" if child else parent
        return None
    if isinstance(value, list):
        return ", ".join(filter(None, map(text, value))) or None
    return str(value)


def sound(said: str) -> str:
    """The text without what no database takes: null characters, halves of characters."""
    if not said.isascii():
        said = said.encode("utf-8", "replace").decode("utf-8")
    return said.replace("\x00", "")


def texts(value: Any) -> list[str]:
    """The words of each of several values."""
    return [said for each in value if (said := text(each))] if isinstance(value, list) else []


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one: absent and null say the same."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; what is none is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def number(value: Any) -> float | None:
    """A number, also of text; None where it is none."""
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def minutes(seconds: Any, what: str, place: str, notes: Notes) -> int | None:
    """Seconds of work as whole minutes; None, and a finding, for what is no amount of work."""
    if seconds is None or seconds == "":
        return None
    amount = number(seconds)
    if amount is None or amount < 0:
        notes.add("error", "work-unreadable", f"{place}: {str(seconds)[:40]!r}", f"{what} is no amount of work and was left out", REMEDY)
        return None
    return notes.whole_minutes(amount / 60, what, place)
