"""Microsoft Project XML (MSPDI). The Unique ID is the activity's id, as it survives the sorting and moving of rows."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime
from pathlib import Path, PureWindowsPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.readers.building import sound_bases, sound_weeks, tables_from
from pmo_lib.readers.mspdi import elsewhere, outline, plan, resources, splits
from pmo_lib.readers.mspdi.calendars import calendar_rows
from pmo_lib.readers.mspdi.values import Item
from pmo_lib.readers.notes import Notes

NAME = "mspdi"
VERSION = "mspdi/1"
RUNS_IN = "child"
NAMESPACE = "schemas.microsoft.com/project"
ROOT = re.compile(r"<([\w.-]+:)?Project[\s>]")
HEAD = 4096  # bytes in which a comment may say who wrote the file
PASSED_OVER = {"TimephasedData", "Views", "Filters", "Groups", "Tables", "Maps", "Reports", "Drawings", "DataLinks", "VBAProjects", "Notes"}


def matches(head: bytes, path: Path) -> bool:
    """Whether the file's first bytes are an MSPDI's root element."""
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", errors="ignore")
    return ROOT.search(text) is not None and NAMESPACE in text


def parse(path: Path) -> list[Project]:
    """The file's one project.

    Raises `UnreadableFile` where it is not well-formed, declares entities, or is no project.
    """
    data, notes = path.read_bytes(), Notes()
    root = _tree(data, path.name)
    if root.tag != "Project":
        raise UnreadableFile(path.name, f"its root element is {root.tag[:40]!r}, not Project", remedy="save it from MS Project as XML")
    origin = {"source": NAME, "application": "msp", "file": path.name, "content_hash": hashlib.sha256(data).hexdigest(), "reader": VERSION}
    return [_project(Item(root, "project", notes), path, origin, notes, data[:HEAD])]


def _tree(data: bytes, name: str) -> Element:
    """The elements without their namespace, and without what we do not read, which is most of a large file."""
    try:
        _refuse_declarations(data)
        return _elements(data)
    except DefusedXmlException:
        reason = "it declares a document type or entities, which no project file needs and an attack does"
        raise UnreadableFile(name, reason, remedy="save it from MS Project again") from None
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            name, "it is not well-formed XML, or breaks off", place=f"line {line}, column {column + 1}", remedy="copy or export it again"
        ) from None
    except (LookupError, ValueError):
        raise UnreadableFile(name, "its text encoding is not one that XML can have here", remedy="save it as UTF-8") from None


class _RootReached(Exception):
    """Not an error: what comes before the root element has been seen."""


class _Prolog:
    """A parser's target that stops at the root element."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise _RootReached


def _refuse_declarations(data: bytes) -> None:
    """Let defusedxml see what comes before the root element: only there can a document type and entities be declared.

    The whole file through defusedxml, which parses in Python, would take six times as long.
    """
    parser = DefusedXMLParser(target=_Prolog(), forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except _RootReached:
        pass


def _elements(data: bytes) -> Element:
    above: list[Element] = []
    element = Element("")
    for event, element in iterparse(io.BytesIO(data), events=("start", "end")):  # noqa: S314  declarations were refused before
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]
            above.append(element)
            continue
        above.pop()
        if element.tag in PASSED_OVER and above and not (element.tag == "TimephasedData" and splits.tells_of_splits(above[-1], element)):
            above[-1].remove(element)
    return element


def _project(root: Item, path: Path, origin: dict[str, Any], notes: Notes, head: bytes) -> Project:
    options = _options(root)
    calendars, shifts, exceptions = calendar_rows(root.items("Calendars/Calendar"), options.minutes_per_day)
    sound_bases(calendars, notes)
    sound_weeks(calendars, shifts, notes)
    known = {row["calendar"] for row in calendars}
    tasks = plan.real_tasks(root.items("Tasks/Task"))
    elsewhere.tell(root, tasks, head)
    above = outline.parents(tasks)
    summary = outline.summaries(tasks, above)
    people = resources.resources(root.items("Resources/Resource"), known)
    bookings = root.items("Assignments/Assignment")
    things = {"activity": tasks, "resource": root.items("Resources/Resource"), "assignment": bookings}
    codes, coded_fields = resources.outline_codes(root.items("OutlineCodes/OutlineCode"), things)
    kinds = {row["resource"]: row["kind"] for row in people}
    tables = {
        "activities": plan.activities(tasks, above, summary, known),
        "relationships": plan.relationships(tasks),
        "splits": splits.splits(bookings, set(above)),
        "wbs": plan.wbs(tasks, above, summary),
        "calendars": calendars,
        "shifts": shifts,
        "exceptions": exceptions,
        "resources": people,
        "assignments": resources.assignments(bookings, set(above), kinds),
        "baselines": plan.baselines(tasks),
        "codes": codes,
        "custom_fields": [*resources.custom_fields(root.items("ExtendedAttributes/ExtendedAttribute"), things), *coded_fields],
    }
    info = _info(root, path, tables, known, options, origin)
    made = elsewhere.lasting(Project(info, tables_from(tables, notes)), tasks)
    return Project(made.info, made.tables, notes.frame())


def _info(root: Item, path: Path, tables: dict[str, Any], calendars: set[str], options: SchedulingOptions, origin: dict[str, Any]) -> ProjectInfo:
    saved_as = PureWindowsPath(root.text("Name")).stem  # takes both kinds of slashes
    calendar = root.text("CalendarUID")
    if calendar not in ("", "-1") and calendar not in calendars and calendars:
        message = "the project's calendar is not in the file; Monday to Friday, 08:00 to 17:00, is assumed"
        root.notes.add("warning", "reference-missing", f"project: CalendarUID {calendar[:20]}", message, "save it from MS Project again")
    if calendar in ("", "-1") and tables["calendars"]:
        calendar = _usual(root, tables["calendars"])
    measured = any(row["baseline"] == 0 for row in tables["baselines"])
    return ProjectInfo(
        key=saved_as or path.stem,
        name=root.text("Title") or saved_as or path.stem,
        source_id=root.text("UID") or None,
        guid=root.text("GUID").lower() or None,
        data_date=root.instant("StatusDate"),
        planned_start=root.instant("StartDate") or _first_start(root, tables["activities"]),
        stored_finish=root.instant("FinishDate"),
        calendar=calendar if calendar in calendars else None,
        currency=root.text("CurrencyCode") or root.text("CurrencySymbol") or None,
        manager=root.text("Manager") or None,
        baseline="Baseline of the file" if measured else None,
        options=options,
        **origin,
    )


def _first_start(root: Item, activities: list[dict[str, Any]]) -> datetime | None:
    """Where the project starts that does not say it: with the first of its tasks."""
    found = min((row["stored_start"] for row in activities if row["stored_start"]), default=None)
    if found is not None:
        root.notes.add("info", "project-start-unstated", root.place, "the project states no start; it starts with the first of its tasks")
    return found


def _usual(root: Item, calendars: list[dict[str, Any]]) -> str:
    """The calendar of a project that names none: Standard, as a new project has in MS Project, or else the first of the file that is no resource's."""
    shared = [row for row in calendars if row["kind"] == "global"] or calendars
    chosen = next((row for row in shared if row["name"] == "Standard"), shared[0])
    root.notes.add("info", "calendar-unstated", root.place, f"the project names no calendar; its tasks follow {chosen['name']}")
    return chosen["calendar"]


def _options(root: Item) -> SchedulingOptions:
    """MS Project's own rules, and what the file states of its options."""
    per_day = min(max(root.whole("MinutesPerDay") or 480, 1), 1440)
    return SchedulingOptions(
        # a started task keeps to its late predecessor only where in-progress tasks may be split
        out_of_sequence="progress_override" if root.text("SplitsInProgressTasks") == "0" else "retained_logic",
        lag_calendar="successor",
        total_float="smallest",
        critical_float=(root.whole("CriticalSlackLimit") or 0) * per_day,
        open_ends_critical=root.flag("MultipleCriticalPaths"),
        schedule_from="finish" if root.text("ScheduleFromStart") == "0" else "start",
        honour_constraints=root.flag("HonorConstraints") if root.text("HonorConstraints") else True,
        minutes_per_day=per_day,
        minutes_per_week=max(root.whole("MinutesPerWeek") or 2400, 1),
        days_per_month=max(root.whole("DaysPerMonth") or 20, 1),
    )
