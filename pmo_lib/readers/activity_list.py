"""Activity lists from Excel and CSV, through a mapping of their columns. A row that cannot be read is parted off with its sheet and row number."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from pmo_lib.by_hand import calendar_tables
from pmo_lib.calendar import Calendar, between, calendar_from_rule
from pmo_lib.errors import InvalidInput, UnreadableFile
from pmo_lib.notation import lag_minutes, parse_predecessors
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.readers import cells, project_list
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.mapping import ACTIVITY_HEADERS, Mapping, guess_columns, guess_mapping, mapping_file, read_mapping
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import Sheet, is_spreadsheet, is_text, read_sheet
from pmo_lib.standards import standards

NAME = "activity_list"
VERSION = "activity_list/1"
RUNS_IN = "child"
DATES = ("start", "finish", "actual_start", "actual_finish", "baseline_start", "baseline_finish")
ENDS = {"finish", "actual_finish", "baseline_finish"}
NEEDS = {"name", "id"}
REMEDY = "correct the cell and import again"
UNITS_OF_RESOURCE = re.compile(r"(.+?)\s*\[\s*(\d+(?:[.,]\d+)?)\s*%?\s*\]$")

FOREIGN_TYPES = {"vorga": {"EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}, "prede": {"FD": "FS", "DD": "SS", "DF": "SF"}}

Row = dict[str, Any]


def matches(head: bytes, path: Path) -> bool:
    """Whether it is an Excel file, or text with a row of headers of activities, or of projects, which `project_list` then takes."""
    if is_spreadsheet(head, path):
        return True
    if not is_text(head):
        return False
    try:
        read_sheet(path, lambda headers: max(_fit(headers), project_list.fit(headers)))
    except UnreadableFile:
        return False
    return True


def parse(path: Path) -> list[Project]:
    """The list as a project, through the mapping that is kept beside it, or else a guessed one. Raises `UnreadableFile`."""
    return [read_activity_list(path)]


def read_activity_list(path: str | Path, mapping: Mapping | None = None) -> Project:
    """The list as a project. Without `mapping`, the one kept beside the file holds, else it is guessed; either way a finding shows it.

    Raises `UnreadableFile` where there are no activities in it, `InvalidInput` where a mapping names columns that the file lacks.
    """
    path = Path(path)
    kept = mapping_file(path)
    if mapping is None and kept.is_file():
        try:
            return _read(path, read_mapping(kept.read_text(encoding="utf-8"), kept.name))
        except (InvalidInput, OSError, UnicodeDecodeError) as fault:
            raise UnreadableFile(path.name, f"its mapping cannot be used: {fault}", remedy="correct the mapping, or remove it to have one guessed") from None
    return _read(path, mapping)


def _read(path: Path, mapping: Mapping | None) -> Project:
    wanted = set(mapping.columns.values()) if mapping else set()
    sheet = read_sheet(path, (lambda found: len(wanted.intersection(found))) if wanted else _fit)
    guessed = guess_mapping(sheet.headers)
    chosen = (
        mapping
        if mapping and mapping.columns
        else replace(mapping or guessed, columns=guessed.columns, duration_unit=guessed.duration_unit, others=guessed.others)
    )
    absent = [header for header in chosen.columns.values() if header not in sheet.headers]
    if absent:
        has = ", ".join(filter(None, sheet.headers))
        raise InvalidInput(f"{path.name}: the mapping names the column {absent[0]!r}, which the file lacks; it has {has}")
    notes = Notes()
    notes.add(
        "info", "mapping", sheet.name or path.name, f"columns: {chosen.told()}", f"to change it, keep a mapping beside the file as {mapping_file(path).name}"
    )
    if sheet.encoding:
        notes.add("info", "encoding", path.name, f"the text is not Unicode and was read as {sheet.encoding}", "save it as UTF-8 if letters look wrong")
    return _Reader(sheet, chosen, notes).project(path)


def _fit(headers: list[str]) -> int:
    """How many headers are known; none count without a name or id and something besides."""
    found = guess_columns([header for header in headers if header], ACTIVITY_HEADERS)
    useful = {"start", "finish", "duration"} & found.keys()
    return len(found) if NEEDS & found.keys() and useful else 0


class _Reader:
    """One list on its way to a project: its sheet, mapping, calendar and notes."""

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
        self.kept_dates = self.taken_actuals = 0

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

    def project(self, path: Path) -> Project:
        """The project with its tables and findings."""
        activities = [row for number, line in self.sheet.rows if (row := self._activity(number, line))]
        if not activities:
            first = self.notes.frame().filter(severity="error")
            because = f": {first['place'][0]}: {first['message'][0]}" if first.height else ""
            raise UnreadableFile(
                path.name, f"no row of it can be read as an activity{because}", remedy=(first["remedy"][0] if first.height else None) or "check the mapping"
            )
        self._structure(activities)
        links = self._relationships(activities)
        self._keep_dates(activities, {link["successor"] for link in links})
        self._tell(sum(row["_unmeasured"] and row["kind"] != "summary" for row in activities))
        people, bookings = self._resources(activities)
        columns = {row["activity"]: row for row in activities}
        baselines = [row["_baseline"] for row in columns.values() if row["_baseline"]]
        rows = {"activities": activities, "relationships": links, "wbs": self.elements, "resources": people, "assignments": bookings, "baselines": baselines}
        tables = {**tables_from({name: [_public(row) for row in found] for name, found in rows.items()}, self.notes), **calendar_tables(self.calendars)}
        starts = [row["stored_start"] for row in activities if row["stored_start"]]
        finishes = [row["stored_finish"] for row in activities if row["stored_finish"]]
        info = ProjectInfo(
            key=path.stem,
            name=path.stem,
            source=NAME,
            file=path.name,
            content_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
            reader=VERSION,
            planned_start=min(starts or finishes, default=None),
            stored_finish=max(finishes or starts, default=None),
            calendar=self.mapping.calendar,
            baseline="Baseline columns of the list" if baselines else None,
            options=self.options,
        )
        return Project(info, {name: frame for name, frame in tables.items() if name == "activities" or frame.height}, self.notes.frame())

    def _text(self, line: list[str], name: str) -> str:
        return line[self.at[name]] if name in self.at else ""

    def _refuse(self, place: str, code: str, message: str, remedy: str = REMEDY) -> None:
        self.notes.add("error", code, place, message, remedy)

    def _activity(self, number: int, line: list[str]) -> Row | None:
        """One row as an activity; None, and a finding, where it has to be left out."""
        place = self.sheet.place(number)
        stated, name = self._text(line, "id"), self._text(line, "name")
        if not (stated or name):
            if any(self._text(line, column) for column in self.at):
                self._refuse(place, "activity-without-name", "a row without id and name was left out")
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
        """Every date of the row; None where one of start and finish cannot be read, as the row would then mean something else."""
        found: Row = {"_actual_start": False, "_actual_finish": False}
        for name in DATES:
            text = self._text(line, name)
            found[name] = None
            if not text or cells.plain(text) in ("na", "n/a", "-", "nv", "none"):
                continue
            order = self.orders[name]
            if order is None and cells.is_ambiguous(text):
                message = f"{self.mapping.columns[name]} can be day/month or month/day ({text[:20]}), and nothing in the column decides; the row was left out"
                self._refuse(place, "date-ambiguous", message, 'set date_order = "dmy" or "mdy" in the mapping')
                return None
            stated = cells.dated(text, order)
            if stated is None:
                lost = "; the row was left out" if name in ("start", "finish") else ""
                self._refuse(place, "date-unreadable", f"{self.mapping.columns[name]} is no date: {text[:40]!r}{lost}")
                if name in ("start", "finish"):
                    return None
                continue
            found[name] = stated.at if stated.timed else _on_the_clock(stated.at, name in ENDS, calendar)
            if stated.actual and name in ("start", "finish"):
                found[f"_actual_{name}"] = True
        if found["start"] and found["finish"] and found["finish"] < found["start"]:
            self._refuse(place, "finish-before-start", "the finish is before the start; the row was left out")
            return None
        return found

    def _lengths(self, line: list[str], place: str, dates: Row, calendar: Calendar) -> Row | None:
        """Duration and kind; without a stated duration, the working time from start to finish."""
        text = self._text(line, "duration")
        milestone = cells.yes(self._text(line, "milestone"))
        stated = cells.duration(text, self.mapping.duration_unit, self.minutes_per) if text else None
        if text and stated is None:
            self._refuse(place, "duration-unreadable", f"the duration cannot be read: {text[:40]!r}; the row was left out")
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

    def _structure(self, activities: list[Row]) -> None:
        """Unique ids; summary rows from outline numbers or levels, else groups from the WBS column."""
        seen: set[str] = set()
        for row in activities:
            if row["activity"] in seen:
                message = f"the id {row['activity']} came before; this row is shown with its row number"
                self.notes.add("warning", "activity-id-twice", row["_place"], message, REMEDY)
                row["activity"] = f"{row['activity']}#{row['row']}"
            seen.add(row["activity"])
            row["uid"] = row["activity"]
            if row["_baseline"]:
                row["_baseline"] = self._baseline(row)
        self.elements: list[Row] = []
        levels = _levels(activities)
        if levels:
            self._outline(activities, levels)
        else:
            self._groups(activities)

    def _outline(self, activities: list[Row], levels: list[int]) -> None:
        stack: list[tuple[int, Row]] = []
        for at, (row, level) in enumerate(zip(activities, levels, strict=True)):
            while stack and stack[-1][0] >= level:
                stack.pop()
            row["wbs"] = stack[-1][1]["activity"] if stack else None
            if at + 1 < len(levels) and levels[at + 1] > level:
                row["kind"] = "summary"
                self.elements.append(
                    {
                        "wbs": row["activity"],
                        "parent": row["wbs"],
                        "code": row["_wbs"] or row["_outline"],
                        "name": row["name"],
                        "level": len(stack),
                        "activity": row["activity"],
                    }
                )
                stack.append((level, row))

    def _groups(self, activities: list[Row]) -> None:
        for name in dict.fromkeys(row["_wbs"] for row in activities if row["_wbs"]):
            self.elements.append({"wbs": name, "code": name, "name": name, "level": 0})
        for row in activities:
            row["wbs"] = row["_wbs"] or None

    def _baseline(self, row: Row) -> Row:
        start, finish = row["_baseline"]["baseline_start"], row["_baseline"]["baseline_finish"]
        length = between(self.calendar, start, finish) if start and finish and start <= finish else None
        return {"baseline": 0, "activity": row["activity"], "start": start, "finish": finish, "duration": length, "cost": row["planned_cost"]}

    def _relationships(self, activities: list[Row]) -> list[Row]:
        known = {row["activity"]: row for row in activities}
        rows = []
        for row in activities:
            if not row["_predecessors"]:
                continue
            try:
                links = parse_predecessors(self._in_english(row["_predecessors"]), known)
            except InvalidInput as fault:
                self._refuse(row["_place"], "predecessors-unreadable", str(fault))
                continue
            for link in links:
                before = known.get(link.ref) or self._numbered(link.ref, activities)
                if before is None or before is row:
                    message = f"predecessor {link.ref[:40]!r} is no activity of the list; the relationship was left out"
                    self._refuse(row["_place"], "predecessor-unknown", message)
                    continue
                lag = lag_minutes(link, before["duration"], self.options.minutes_per_day, self.options.minutes_per_week, self.options.days_per_month)
                percent = link.amount if link.unit == "percent" else None
                rows.append(
                    {
                        "predecessor": before["activity"],
                        "successor": row["activity"],
                        "type": link.type,
                        "lag": lag,
                        "lag_kind": link.lag_kind,
                        "lag_percent": percent,
                    }
                )
        return rows

    def _in_english(self, text: str) -> str:
        """MS Project's German and French names of the four types, and their letter for days, where the column's header is in that language."""
        words = FOREIGN_TYPES.get(cells.plain(self.mapping.columns["predecessors"])[:5], {})
        for theirs, ours in words.items():
            text = re.sub(rf"(?<=\w){theirs}(?=\s*(?:[+\-;,]|$))", ours, text)
        return re.sub(r"(?<=\d)\s*(?:t|Tage?|j|jours?)\b", "d", text) if words else text

    def _numbered(self, ref: str, activities: list[Row]) -> Row | None:
        """The activity of that position, where the list has no ids of its own."""
        return activities[int(ref) - 1] if "id" not in self.at and ref.isdigit() and 0 < int(ref) <= len(activities) else None

    def _keep_dates(self, activities: list[Row], linked: set[str]) -> None:
        """Without predecessors nothing would hold an activity at its date, so its stated start is its earliest."""
        for row in activities:
            if row["activity"] in linked or row["actual_start"] or row["kind"] == "summary":
                continue
            if row["stored_start"] or row["stored_finish"]:
                milestone = row["kind"] == "finish_milestone" and row["stored_finish"]
                row["constraint"] = "finish_on_or_after" if milestone else "start_on_or_after" if row["stored_start"] else "finish_on_or_after"
                row["constraint_date"] = row["stored_finish"] if row["constraint"] == "finish_on_or_after" else row["stored_start"]
                self.kept_dates += 1

    def _tell(self, unmeasured: int) -> None:
        told = [
            (self.kept_dates, "info", "dates-kept", "without predecessors, their stated dates are kept as earliest dates", "add a column Predecessors"),
            (
                self.taken_actuals,
                "info",
                "actuals-from-percent",
                "progress without actual dates: the stated start, and the finish at 100 %, are taken as actual",
                "add the columns Actual start and Actual finish",
            ),
            (unmeasured, "warning", "duration-missing", "without a duration, or both dates, they are taken as milestones", "state a duration, or both dates"),
        ]
        for count, severity, code, message, remedy in told:
            if count:
                self.notes.add(severity, code, f"{count:,} activities", message, remedy)

    def _resources(self, activities: list[Row]) -> tuple[list[Row], list[Row]]:
        people: dict[str, Row] = {}
        bookings = []
        for row in activities:
            if row["kind"] == "summary":
                continue
            for name, units in _people(row["_resources"]):
                people.setdefault(name, {"resource": name, "name": name, "kind": "labour"})
                bookings.append({"activity": row["activity"], "resource": name, "units": units})
        return list(people.values()), bookings


def _public(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _on_the_clock(day: datetime, end: bool, calendar: Calendar) -> datetime:
    """A day without time of day: the beginning of its work, or for a finish the end; on a day off, of the usual working day."""
    shifts = calendar.on(day.date()) or next((each for each in calendar.week if each), ((480, 1020),))
    return datetime.combine(day.date(), time()) + timedelta(minutes=shifts[-1][1] if end else shifts[0][0])


def _levels(activities: list[Row]) -> list[int]:
    """Each row's depth, from outline levels, outline numbers or WBS codes that number the rows (1, 1.1, 1.2); empty where none says it for all."""
    stated = [row["_level"] for row in activities]
    if all(level.isdigit() for level in stated):
        return [int(level) for level in stated]
    for name in ("_outline", "_wbs"):
        codes = [row[name] for row in activities]
        numbering = all(re.fullmatch(r"\d+(\.\d+)*", code) for code in codes) and len(set(codes)) == len(codes)
        if numbering and any("." in code for code in codes):
            return [code.count(".") for code in codes]
    return []


def _people(text: str) -> Iterable[tuple[str, float]]:
    """Names and units, as in `Anna[50%]; Bob`."""
    for piece in re.split(r"[;,\n]", text):
        named = piece.strip()
        if found := UNITS_OF_RESOURCE.match(named):
            yield found[1].strip(), float(found[2].replace(",", ".")) / 100
        elif named:
            yield named, 1.0
