"""Activity lists from Excel and CSV, through a mapping of their columns. A row that cannot be read is parted off with its sheet and row number."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from pmo_lib.by_hand import calendar_tables
from pmo_lib.errors import InvalidInput, UnreadableFile
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.headers import ACTIVITY_HEADERS, guess_columns, project_fit
from pmo_lib.readers.jira import csv_export
from pmo_lib.readers.lists import finished, stages
from pmo_lib.readers.lists.mapping import Mapping, guess_mapping, mapping_file, read_mapping
from pmo_lib.readers.lists.rows import ListRows, Row
from pmo_lib.readers.lists.structure import keep_dates, relationships, resources, structure
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import is_spreadsheet, is_text, read_sheet

NAME = "activity_list"
VERSION = "activity_list/1"
RUNS_IN = "child"
NEEDS = {"name", "id"}


def matches(head: bytes, path: Path) -> bool:
    """Whether it is an Excel file, or text with a row of headers of activities, or of projects, which `lists.projects` then takes."""
    if is_spreadsheet(head, path):
        return True
    if not is_text(head):
        return False
    try:
        read_sheet(path, lambda headers: max(_fit(headers), project_fit(headers)))
    except UnreadableFile:
        return False
    return True


def parse(path: Path) -> list[Project]:
    """The list as a project, through the mapping that is kept beside it, or else a guessed one; a workbook of issues as boards. Raises `UnreadableFile`."""
    if not mapping_file(path).is_file() and csv_export.is_issue_list(path):
        return csv_export.parse(path)
    if not mapping_file(path).is_file() and not _has_activities(path) and stages.is_stage_list(path):
        return stages.parse(path)
    if not mapping_file(path).is_file() and not _has_activities(path) and finished.is_finish_list(path):
        return finished.parse(path)
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
    return _project(path, ListRows(sheet, chosen, notes))


def _has_activities(path: Path) -> bool:
    try:
        return bool(read_sheet(path, lambda headers: max(_fit(headers), project_fit(headers))).headers)
    except UnreadableFile:
        return False


def _fit(headers: list[str]) -> int:
    """How many headers are known; none count without a name or id and something besides."""
    found = guess_columns([header for header in headers if header], ACTIVITY_HEADERS)
    useful = {"start", "finish", "duration"} & found.keys()
    return len(found) if NEEDS & found.keys() and useful else 0


def _project(path: Path, reading: ListRows) -> Project:
    """The project with its tables and findings."""
    activities = [row for number, line in reading.sheet.rows if (row := reading.activity(number, line))]
    if not activities:
        raise _nothing(path, reading)
    elements = structure(reading, activities)
    links = relationships(reading, activities)
    kept = keep_dates(activities, {link["successor"] for link in links})
    if not any(row[f"{kind}_{end}"] for row in activities for kind in ("stored", "actual") for end in ("start", "finish")):
        reading.notes.add("warning", "start-missing", path.name, "no row has a date; the plan is scheduled from 3 January 2000", "add a column Start")
    _tell(reading, kept, sum(row["_unmeasured"] and row["kind"] != "summary" for row in activities))
    people, bookings = resources(activities)
    baselines = [row["_baseline"] for row in activities if row["_baseline"]]
    rows = {"activities": activities, "relationships": links, "wbs": elements, "resources": people, "assignments": bookings, "baselines": baselines}
    tables = {
        **tables_from({name: [_public(row) for row in found] for name, found in rows.items() if found}, reading.notes),
        **calendar_tables(reading.calendars),
    }
    return Project(
        _info(path, reading, activities, bool(baselines)),
        {name: frame for name, frame in tables.items() if name == "activities" or frame.height},
        reading.notes.frame(),
    )


def _info(path: Path, reading: ListRows, activities: list[Row], measured: bool) -> ProjectInfo:
    starts = [row["stored_start"] for row in activities if row["stored_start"]]
    finishes = [row["stored_finish"] for row in activities if row["stored_finish"]]
    return ProjectInfo(
        key=path.stem,
        name=path.stem,
        source=NAME,
        file=path.name,
        content_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
        reader=VERSION,
        planned_start=min(starts or finishes, default=None),
        stored_finish=max(finishes or starts, default=None),
        calendar=reading.mapping.calendar,
        baseline="Baseline columns of the list" if measured else None,
        options=reading.options,
    )


def _nothing(path: Path, reading: ListRows) -> UnreadableFile:
    first = reading.notes.frame().filter(severity="error")
    if first.is_empty():
        return UnreadableFile(path.name, "no row of it can be read as an activity", remedy="check the mapping")
    because = f"no row of it can be read as an activity: {first['place'][0]}: {first['message'][0]}"
    return UnreadableFile(path.name, because, remedy=first["remedy"][0])


def _tell(reading: ListRows, kept: int, unmeasured: int) -> None:
    """What was taken for granted, as findings."""
    progress = "progress without actual dates: the stated start, and the finish at 100 %, are taken as actual"
    told = [
        (kept, "info", "dates-kept", "without predecessors, their stated dates are kept as earliest dates", "add a column Predecessors"),
        (reading.taken_actuals, "info", "actuals-from-percent", progress, "add the columns Actual start and Actual finish"),
        (unmeasured, "warning", "duration-missing", "without a duration, or both dates, they are taken as milestones", "state a duration, or both dates"),
    ]
    for count, severity, code, message, remedy in told:
        if count:
            reading.notes.add(severity, code, f"{count:,} activities", message, remedy)


def _public(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.startswith("_")}
