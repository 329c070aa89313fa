"""An activity list's rows, read cell by cell. A row whose meaning hangs on a cell that cannot be read is parted off."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from pmo_lib.calendar import Calendar, between
from pmo_lib.errors import InvalidInput
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.project import SchedulingOptions
from pmo_lib.readers import cells
from pmo_lib.readers.limits import YEARS
from pmo_lib.readers.lists.mapping import Mapping
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import Sheet
from pmo_lib.standards import standards

DATES = ("start", "finish", "actual_start", "actual_finish", "baseline_start", "baseline_finish")
ENDS = {"finish", "actual_finish", "baseline_finish"}
REMEDY = "correct the cell and import again"

Row = dict[str, Any]  # names that begin with _ are for `lists.structure`, not for the tables


class ListRows:
    """One list's rows, read cell by cell: its sheet, mapping, calendars and notes."""

    def __init__(self, sheet: Sheet, mapping: Mapping, notes: Notes) -> None:
        rules = standards().calendars
        if mapping.calendar not in rules:
            raise InvalidInput(f"the mapping's calendar {mapping.calendar!r} is none of the standards'; they have {', '.join(rules)}")
        self.sheet, self.mapping, self.notes = sheet, mapping, notes
        self.at = {name: sheet.headers.index(header) for name, header in mapping.columns.items()}
        self.rules = rules
        self.calendars = {mapping.calendar: calendar_from_rule(mapping.calendar, rules[mapping.calendar])}
        self.calendar = self.calendars[mapping.calendar]
        week = sum(finish - start for shifts in self.calendar.week for start, finish in shifts)
        day = self.calendar.minutes_per_day
        self.minutes_per = {"day": float(day), "week": float(week), "month": 20.0 * day}
        self.options = SchedulingOptions(minutes_per_day=day, minutes_per_week=week)
        self.orders = self._date_orders()
        self.scale = self._percent_scale()
        self.comma = {
            name: mapping.decimal == "," if mapping.decimal else cells.decimal_comma(self._column(name)) for name in ("cost", "actual_cost", "percent")
        }
        self.taken_actuals = 0

    def _column(self, name: str) -> list[str]:
        return [row[self.at[name]] for _, row in self.sheet.rows if row[self.at[name]]] if name in self.at else []

    def _date_orders(self) -> dict[str, cells.DateOrder | None]:
        """The order of day and month in each date column: the mapping's, or the column's own clear values; other columns of the file are a witness too."""
        if self.mapping.date_order:
            return dict.fromkeys(DATES, self.mapping.date_order)
        clear = {name: cells.date_order(self._column(name)) for name in DATES}
        told = set(clear.values()) - {"either"}
        witness = cast("cells.DateOrder | None", told.pop() if len(told) == 1 and "both" not in told else None)
        return {name: None if order == "both" else witness if order == "either" else cast("cells.DateOrder", order) for name, order in clear.items()}

    def _percent_scale(self) -> float:
        """What a bare number of the per cent column is divided by: 1 where all are shares, 100 else."""
        if self.mapping.percent:
            return 1.0 if self.mapping.percent == "share" else 100.0
        bare = [value for text in self._column("percent") if "%" not in text and (value := cells.number(text, False)) is not None]
        return 1.0 if bare and max(bare) <= 1 else 100.0

    def _text(self, line: list[str], name: str) -> str:
        return line[self.at[name]] if name in self.at else ""

    def refuse(self, place: str, code: str, message: str, remedy: str = REMEDY) -> None:
        self.notes.add("error", code, place, message, remedy)

    def activity(self, number: int, line: list[str]) -> Row | None:
        """One row as an activity; None, and a finding, where it has to be left out."""
        place = self.sheet.place(number)
        stated, name = self._text(line, "id"), self._text(line, "name")
        if not (stated or name):
            if any(self._text(line, column) for column in self.at):
                self.refuse(place, "activity-without-name", "a row without id and name was left out")
            return None
        calendar = self._own_calendar(line, place)
        dates = self._dates(line, place, self.calendars.get(calendar or "", self.calendar))
        if dates is None:
            return None
        lengths = self._lengths(line, place, dates, self.calendars.get(calendar or "", self.calendar))
        if lengths is None:
            return None
        return {
            "activity": stated or str(number),
            "row": number,
            "name": name or stated,
            "calendar": calendar,
            **self._progress(line, place, dates, lengths),
            "stored_start": dates["start"],
            "stored_finish": dates["finish"],
            "planned_cost": self._money(line, "cost", place),
            "actual_cost": self._money(line, "actual_cost", place),
            "_place": place,
            "_predecessors": self._text(line, "predecessors"),
            "_resources": self._text(line, "resource"),
            "_wbs": self._text(line, "wbs"),
            "_outline": self._text(line, "outline"),
            "_level": self._text(line, "level"),
            "_baseline": dates if dates["baseline_start"] or dates["baseline_finish"] else None,
        }

    def _own_calendar(self, line: list[str], place: str) -> str | None:
        """The standards' calendar that the row names; null for the list's own."""
        named = self._text(line, "calendar")
        if not named:
            return None
        key = next((key for key in self.rules if cells.plain(key) == cells.plain(named)), None)
        if key is None:
            message = f"calendar {named!r} is none of the standards'; the list's calendar {self.mapping.calendar!r} is used"
            self.notes.add("warning", "calendar-unknown", place, message, "add it to the standards")
        elif key not in self.calendars:
            self.calendars[key] = calendar_from_rule(key, self.rules[key])
        return key

    def _dates(self, line: list[str], place: str, calendar: Calendar) -> Row | None:
        """Every date of the row; None where one of start and finish cannot be read that the row needs, as it would then mean something else."""
        found: Row = {"_actual_start": False, "_actual_finish": False}
        for name in DATES:
            text = self._text(line, name)
            found[name] = None
            if not text or cells.plain(text) in ("na", "n/a", "-", "nv", "none"):
                continue
            order = self.orders[name]
            if order is None and cells.is_ambiguous(text):
                message = f"{self.mapping.columns[name]} can be day/month or month/day ({text[:20]}), and nothing in the column decides; the row was left out"
                self.refuse(place, "date-ambiguous", message, 'set date_order = "dmy" or "mdy" in the mapping')
                return None
            stated = cells.dated(text, order)
            if stated is None:
                needed = self._needed(line, name)
                message = f"{self.mapping.columns[name]} is no date between {cells.FIRST} and {YEARS[-1]}: {text[:40]!r}"
                self.refuse(place, "date-unreadable", f"{message}; {'the row' if needed else 'it'} was left out")
                if needed:
                    return None
                continue
            found[name] = stated.at if stated.timed else _on_the_clock(stated.at, name in ENDS, calendar)
            if stated.actual and name in ("start", "finish"):
                found[f"_actual_{name}"] = True
        if found["start"] and found["finish"] and found["finish"] < found["start"]:
            self.refuse(place, "finish-before-start", "the finish is before the start; the row was left out")
            return None
        return found

    def _needed(self, line: list[str], name: str) -> bool:
        """Whether the row says too little without its start, or its finish: a duration does for a finish, a duration and predecessors for a start."""
        if name not in ("start", "finish"):
            return False
        return not self._text(line, "duration") or (name == "start" and not self._text(line, "predecessors"))

    def _lengths(self, line: list[str], place: str, dates: Row, calendar: Calendar) -> Row | None:
        """Duration and kind; without a stated duration, the working time from start to finish."""
        text = self._text(line, "duration")
        milestone = cells.yes(self._text(line, "milestone"))
        stated = cells.duration(text, self.mapping.duration_unit, self.minutes_per) if text else None
        if text and stated is None:
            fault = "is negative" if text.startswith("-") else "cannot be read, or is longer than 200 years"
            self.refuse(place, "duration-unreadable", f"the duration {fault}: {text[:40]!r}; the row was left out")
            return None
        minutes, elapsed = stated or (0, False)
        if stated is None and dates["start"] and dates["finish"] and not milestone:
            minutes = between(calendar, dates["start"], dates["finish"])
        unmeasured = stated is None and not milestone and not (dates["start"] and dates["finish"])
        kind = "task" if minutes else "start_milestone" if dates["start"] and not dates["finish"] else "finish_milestone"
        return {"duration": minutes, "elapsed": elapsed, "kind": kind, "_unmeasured": unmeasured}

    def _progress(self, line: list[str], place: str, dates: Row, lengths: Row) -> Row:
        """Per cent, actual dates and what remains. Where only a per cent is stated, the stated dates are the actual ones."""
        share = self._share(line, place)
        begun, ended = (
            dates["actual_start"] or (dates["start"] if dates["_actual_start"] else None),
            dates["actual_finish"] or (dates["finish"] if dates["_actual_finish"] else None),
        )
        if share and not begun and (dates["start"] or dates["finish"]):
            begun = dates["start"] or dates["finish"]
            self.taken_actuals += 1
        if share == 1 and not ended:
            ended = dates["finish"] or begun
        if ended and not begun:
            begun = dates["start"] if dates["start"] and dates["start"] <= ended else ended
            self.taken_actuals += 1
        share = 1.0 if ended else min(share or 0.0, 1.0)
        remaining = self._text(line, "remaining")
        left = cells.duration(remaining, self.mapping.duration_unit, self.minutes_per) if remaining else None
        if remaining and left is None:
            self.notes.add("error", "duration-unreadable", place, f"the remaining duration cannot be read: {remaining[:40]!r}", REMEDY)
        to_do = left[0] if left else round(lengths["duration"] * (1 - share))
        return {
            **lengths,
            "percent_complete": share,
            "actual_start": begun,
            "actual_finish": ended,
            "remaining_duration": 0 if ended else to_do if begun else lengths["duration"],
        }

    def _share(self, line: list[str], place: str) -> float | None:
        text = self._text(line, "percent")
        if not text:
            return None
        value = cells.number(text, self.comma["percent"])
        if value is None or value < 0:
            self.notes.add("error", "percent-unreadable", place, f"per cent complete cannot be read: {text[:40]!r}", REMEDY)
            return None
        share = value / (100.0 if "%" in text else self.scale)
        if share > 1:
            self.notes.add("warning", "percent-above-100", place, "more than 100 % complete was taken as 100 %", REMEDY)
        return min(share, 1.0)

    def _money(self, line: list[str], name: str, place: str) -> float | None:
        text = self._text(line, name)
        value = cells.number(text, self.comma[name]) if text else None
        if text and value is None:
            self.notes.add("error", "number-unreadable", place, f"{self.mapping.columns[name]} is no number: {text[:40]!r}", REMEDY)
        return value


def _on_the_clock(day: datetime, end: bool, calendar: Calendar) -> datetime:
    """A day without time of day: the beginning of its work, or for a finish the end; on a day off, of the usual working day."""
    shifts = calendar.on(day.date()) or next((each for each in calendar.week if each), ((480, 1020),))
    return datetime.combine(day.date(), time()) + timedelta(minutes=shifts[-1][1] if end else shifts[0][0])
