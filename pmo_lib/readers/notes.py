"""What a reader noticed on its way: the rows of `findings`, gathered so that one fault in a thousand places is one finding."""

from __future__ import annotations

import math
from datetime import date, datetime

import polars as pl

from pmo_lib.readers.limits import LONGEST, YEARS
from pmo_lib.readers.spoken import spoken
from pmo_lib.tables import finding, findings_frame


class Notes:
    """Findings in the order in which they were made; equal ones are counted under the first place."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], dict[str, str | None]] = {}
        self._times: dict[tuple[str, str], int] = {}

    def add(self, severity: str, code: str, place: str, message: str, remedy: str | None = None) -> None:
        """Note one finding; the same code and message again is counted, not repeated."""
        place, message = (said if said.isascii() else said.encode("utf-8", "replace").decode("utf-8") for said in (place, message))
        key = code, message
        self._rows.setdefault(key, finding(severity, code, place, message, remedy))
        self._times[key] = self._times.get(key, 0) + 1

    def extend(self, rows: list[dict[str, str | None]]) -> None:
        """Take over the findings of `tables.part`."""
        for row in rows:
            self.add(str(row["severity"]), str(row["code"]), str(row["place"]), str(row["message"]), row["remedy"])

    def whole_minutes(self, minutes: float, what: str, place: str) -> int | None:
        """`minutes` rounded to a whole minute, noted where it was not one already; None where it is absurd."""
        if not abs(minutes) <= LONGEST:
            self.add(
                "error", "value-absurd", place, f"left out, because it is more than 200 years: {spoken(what)}", "correct it in the source and import again"
            )
            return None
        whole = math.floor(minutes + 0.5)
        if abs(minutes - whole) > 0.01:
            self.add("info", "rounded", place, f"rounded to a whole minute: {spoken(what)}")
        return whole

    def instant(self, text: str, what: str, place: str) -> datetime | None:
        """The local instant that an ISO-like `text` says; None, and a finding, where it says none."""
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            self.add(
                "error",
                "date-unreadable",
                f"{place}: {text[:40]!r}",
                f"{what} is not a date between 1900 and 2199 and was left out",
                "correct it in the source and import again",
            )
            return None
        return found

    def day(self, text: str, what: str, place: str) -> date | None:
        """The day of an instant."""
        found = self.instant(text, what, place)
        return found.date() if found else None

    def copy(self) -> Notes:
        """A second book that begins with what is noted here, for the several projects of one file."""
        twin = Notes()
        twin._rows, twin._times = {key: dict(row) for key, row in self._rows.items()}, dict(self._times)
        return twin

    def frame(self) -> pl.DataFrame:
        """The findings table."""
        rows = []
        for key, row in self._rows.items():
            more = self._times[key] - 1
            rows.append({**row, "place": f"{row['place']} and {more:,} more"} if more else row)
        return findings_frame(rows)
