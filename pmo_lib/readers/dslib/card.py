"""A card's sheets as rows by their headers, its agenda as a calendar, its tracking periods with their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pmo_lib.calendar import Calendar, DatedShifts, Shifts
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import SchedulingOptions
from pmo_lib.readers import cells
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import Grid, grids

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Period:
    """One tracking period: its sheet, status date, the rows by id, and what *Tracking Overview* says of it."""

    sheet: str
    status: datetime
    rows: dict[str, Line]
    overview: Line


@dataclass(frozen=True, slots=True)
class Card:
    """The card's content; `baseline`, `risks` and the periods' rows by activity id, without the row of the project itself."""

    name: str
    baseline: dict[str, Line]
    risks: dict[str, Line]
    resources: list[Line]
    calendar: Calendar
    periods: list[Period]
    options: SchedulingOptions

    def minutes(self, text: str) -> int | None:
        """A duration such as `18d`, `4h` or `3d 5h` [working minutes]; None where it is none."""
        day, week = self.options.minutes_per_day, self.options.minutes_per_week
        found = cells.duration(text or "0", "hour", {"day": float(day), "week": float(week), "month": 20.0 * day})
        return found[0] if found else None


def card_of(path: Path, notes: Notes) -> Card:
    """The card of a workbook. Raises `UnreadableFile` where a sheet lacks its headers or the agenda its hours."""
    sheets = {name: grid for name, grid, _ in grids(path)}
    calendar = _agenda(sheets.get("Agenda", []), path.name)
    day, week = calendar.minutes_per_day, sum(finish - start for shifts in calendar.week for start, finish in shifts)
    options = SchedulingOptions(minutes_per_day=day, minutes_per_week=week)
    baseline = _lines(sheets.get("Baseline Schedule", []), ("ID", "WBS", "Baseline Start"), path.name, "Baseline Schedule")
    whole = next((line for line in baseline if line["ID"] == "0"), None)
    overview = _lines(sheets.get("Tracking Overview", []), ("Status date", "Planned Value (PV)"), path.name, "Tracking Overview")
    return Card(
        name=whole["Name"] if whole else "",
        baseline=_by_id(baseline, notes),
        risks=_by_id(_lines(sheets.get("Risk Analysis", []), ("ID", "Optimistic"), path.name, "Risk Analysis"), notes),
        resources=_lines(sheets.get("Resources", []), ("ID", "Availability"), path.name, "Resources"),
        calendar=calendar,
        periods=_periods(sheets, overview, path.name, notes),
        options=options,
    )


def number(line: Line, header: str) -> float | None:
    """The number in a column; None where there is none."""
    try:
        return float(line.get(header, ""))
    except ValueError:
        return None


def _lines(grid: Grid, needed: Sequence[str], file: str, sheet: str) -> list[Line]:
    """The rows below the header row, by header; of two columns of one name the first counts."""
    at = next((i for i, (_, row) in enumerate(grid) if set(needed) <= set(row)), None)
    if at is None:
        raise UnreadableFile(file, f"its sheet {sheet} has no row with the headers {', '.join(needed)}", remedy="export the card again")
    headers = grid[at][1]
    first = {header: place for place, header in reversed(list(enumerate(headers))) if header}
    return [{"_row": str(row), **{header: line[place] for header, place in first.items()}} for row, line in grid[at + 1 :] if any(line)]


def _by_id(lines: list[Line], notes: Notes) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for line in lines:
        if line["ID"] in ("", "0"):
            continue
        if line["ID"] in found:
            notes.add("error", "key-twice", f"row {line['_row']}", f"the id {line['ID']} came before; this row was left out", "correct it in the card")
        found.setdefault(line["ID"], line)
    return found


def _agenda(grid: Grid, file: str) -> Calendar:
    hours = [row[0] for _, row in grid if len(row) > 1 and row[1] == "Yes" and " - " in row[0]]
    works = {row[3]: row[4] == "Yes" for _, row in grid if len(row) > 4 and row[3] in WEEKDAYS}
    shifts: list[tuple[int, int]] = []
    for hour in hours:
        start, finish = (_minute(end) for end in hour.split(" - "))
        finish = finish or 1440
        if shifts and shifts[-1][1] == start:
            shifts[-1] = (shifts[-1][0], finish)
        else:
            shifts.append((start, finish))
    if not shifts or not any(works.values()):
        raise UnreadableFile(file, "its agenda has no working hour or no working day", remedy="mark working hours and days with Yes")
    own: Shifts = tuple(shifts)
    days = [datetime.fromisoformat(row[6]).date() for _, row in grid if len(row) > 6 and row[6][:4].isdigit()]
    return Calendar(
        name="Agenda",
        week=tuple(own if works.get(day) else () for day in WEEKDAYS),
        exceptions=tuple(DatedShifts(day, day, ()) for day in _distinct(days)),
        minutes_per_day=sum(finish - start for start, finish in own),
    )


def _distinct(days: list[date]) -> list[date]:
    return sorted(set(days))


def _minute(clock: str) -> int:
    hour, minute = clock.strip().split(":")
    return int(hour) * 60 + int(minute)


def _periods(sheets: dict[str, Grid], overview: list[Line], file: str, notes: Notes) -> list[Period]:
    """The tracking periods by status date; a sheet without one is left out with a finding."""
    told = {line["Status date"]: line for line in overview}
    found = []
    for sheet, grid in sheets.items():
        status = next((row[2] for _, row in grid[:3] if len(row) > 2 and row[1] == "TP Status Date"), None)
        if status is None:
            continue
        at = notes.instant(status, "the status date of a tracking period", f"sheet {sheet}")
        if at is not None:
            rows = _by_id(_lines(grid, ("ID", "Actual Start", "Tracking"), file, sheet), notes)
            found.append(Period(sheet.rpartition(" - ")[2], at, rows, told.get(status, {})))
    return sorted(found, key=lambda period: period.status)
