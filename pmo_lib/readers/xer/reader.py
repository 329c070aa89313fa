"""Primavera P6 XER. P6's target dates are planned dates; a baseline is a project of its own, where the file holds one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.readers.building import sound_bases, tables_from
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer import baselines, external, plan, resources
from pmo_lib.readers.xer.calendars import calendar_rows
from pmo_lib.readers.xer.durations import at_completion
from pmo_lib.readers.xer.file import Row, XerFile, load
from pmo_lib.readers.xer.unstated import with_durations
from pmo_lib.readers.xer.values import in_any_case

NAME = "xer"
VERSION = "xer/1"
RUNS_IN = "child"

FLOATS = {"FT_FF": "finish", "FT_SF": "start", "FT_MIN": "smallest"}
LAG_CALENDARS = {"Predecessor": "predecessor", "Successor": "successor", "ProjDefault": "project", "24Hour": "24h"}  # P6 writes `rcal_` before it


def matches(head: bytes, path: Path) -> bool:
    """Whether the file's first bytes are an XER's."""
    if head.startswith((b"\xff\xfeE\x00R\x00M\x00", b"\xfe\xff\x00E\x00R\x00M")):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    first, _, rest = text.partition(b"\n")
    return first.startswith(b"ERMHDR") or (first.startswith(b"%T\t") and rest.startswith(b"%F\t"))  # tools that make XER leave the header out


def parse(path: Path) -> list[Project]:
    """Every project of the file, in its order, the exported ones first; one that is the baseline of another is no project but that.

    Raises `UnreadableFile` where there is no project in it.
    """
    data, notes = path.read_bytes(), Notes()
    file = load(data, path.name, notes)
    projects, held = baselines.parted(_projects(file, path, notes), notes)
    rows = sorted(projects, key=lambda row: row["export_flag"] != "Y")
    origin = {"source": NAME, "application": "p6", "file": path.name, "content_hash": hashlib.sha256(data).hexdigest(), "reader": VERSION}
    return [_project(file, row, held.get(row["proj_id"], []), {**origin, "position": position}, notes.copy()) for position, row in enumerate(rows)]


def _projects(file: XerFile, path: Path, notes: Notes) -> list[Row]:
    """The rows of PROJECT; where that table is missing, one made up for each project that TASK names."""
    known = [row for row in file["PROJECT"] if row["proj_id"]]
    if known:
        return known
    if not file["TASK"]:
        raise UnreadableFile(path.name, "it holds no project: the tables PROJECT and TASK are missing or empty", remedy="export a project from P6")
    notes.add(
        "warning", "table-missing", "PROJECT", "the file has no PROJECT table; name, data date and options are not known", "export the project again from P6"
    )
    ids = dict.fromkeys(row["proj_id"] for row in file["TASK"])
    return [Row({"proj_id": 0, "proj_short_name": 1}, [key, key or path.stem], 0) for key in ids]


def _project(file: XerFile, row: Row, measures: list[Row], origin: dict[str, Any], notes: Notes) -> Project:
    key = row["proj_id"]
    # a file with one project may leave the reference to it out of its other tables
    alone = len(file["PROJECT"]) <= 1
    own = {table: [each for each in file[table] if each["proj_id"] == key or (alone and not each["proj_id"])] for table in ("TASK", "PROJWBS", "SCHEDOPTIONS")}
    calendars, shifts, exceptions = calendar_rows(file["CALENDAR"], key, notes)
    sound_bases(calendars, notes)
    known = {calendar["calendar"] for calendar in calendars}
    options = _options(row, own["SCHEDOPTIONS"], calendars, notes)
    elements = plan.wbs(own["PROJWBS"], notes)
    said = {**origin, "options": options, "baseline": f"Baseline {_named(measures[0])}" if measures else None}
    info = _info(file, row, own["PROJWBS"], elements, known, said, notes)
    ids = plan.identities(own["TASK"], notes)
    people = resources.resources(file, known, info.data_date, notes)
    costs = resources.activity_costs(file, ids, notes)
    facts = plan.ActivityFacts({element["wbs"] for element in elements}, known, costs, options.critical_float, options.critical == "longest_path")
    tables = {
        "activities": plan.activities(own["TASK"], ids, facts, notes),
        "relationships": plan.relationships(file["TASKPRED"], ids, key, notes),
        "external_relationships": external.external_relationships(file, ids, key, notes),
        "wbs": elements,
        "calendars": calendars,
        "shifts": shifts,
        "exceptions": exceptions,
        "resources": people,
        "assignments": resources.assignments(file["TASKRSRC"], ids, {each["resource"]: each["kind"] for each in people}, notes),
        "baselines": baselines.baseline_rows(file, measures, ids, notes),
        "codes": resources.codes(file, ids),
        "custom_fields": resources.custom_fields(file, ids, key),
    }
    return at_completion(Project(info, tables_from(with_durations(info, tables, notes), notes), notes.frame()))


def _info(
    file: XerFile, row: Row, wbs_rows: list[Row], elements: list[dict[str, Any]], calendars: set[str], origin: dict[str, Any], notes: Notes
) -> ProjectInfo:
    place = f"PROJECT, line {row.line}"
    root = next((each for each in wbs_rows if each["proj_node_flag"] == "Y"), None)
    name = root["wbs_name"] if root else elements[0]["name"] if len([each for each in elements if each["level"] == 0]) == 1 else ""
    manager = next((each["obs_name"] for each in file["OBS"] if root and each["obs_id"] == root["obs_id"]), None)
    currency = file.header[8].strip() if len(file.header) > 8 else ""
    dates = {"data_date": "last_recalc_date", "planned_start": "plan_start_date", "must_finish": "plan_end_date", "stored_finish": "scd_end_date"}
    return ProjectInfo(
        key=_named(row),
        name=row["proj_name"] or name or _named(row),
        source_id=row["proj_id"] or None,
        guid=plan.guid(row["guid"]),
        calendar=row["clndr_id"] if row["clndr_id"] in calendars else _default_calendar(file, calendars),
        currency=currency if len(currency) == 3 and currency.isalpha() else None,
        manager=manager or None,
        **{ours: notes.instant(row[theirs], theirs, place) for ours, theirs in dates.items()},
        **origin,
    )


def _named(row: Row) -> str:
    return row["proj_short_name"] or row["proj_id"]


def _default_calendar(file: XerFile, calendars: set[str]) -> str | None:
    """The file's default calendar; where it marks none, its only one."""
    marked = next((row["clndr_id"] for row in file["CALENDAR"] if row["default_flag"] == "Y" and row["clndr_id"] in calendars), None)
    return marked or (next(iter(calendars)) if len(calendars) == 1 else None)


def _options(row: Row, stated: list[Row], calendars: list[dict[str, Any]], notes: Notes) -> SchedulingOptions:
    """What P6 scheduled with; its defaults where the file leaves SCHEDOPTIONS out."""
    if not stated:
        notes.add(
            "warning",
            "options-missing",
            "SCHEDOPTIONS",
            "the file does not state the scheduling options; P6's defaults are assumed",
            "schedule the project in P6 and export again",
        )
    found = stated[0] if stated else Row({}, [], 0)
    _noted(found, notes)
    place = f"PROJECT, line {row.line}"
    per_day = next((calendar["minutes_per_day"] for calendar in calendars if calendar["calendar"] == row["clndr_id"]), 480)
    return SchedulingOptions(
        out_of_sequence=_out_of_sequence(found),
        lag_calendar=_chosen(found, "sched_calendar_on_relationship_lag", LAG_CALENDARS) or "predecessor",  # type: ignore[arg-type]
        total_float=_chosen(found, "sched_float_type", FLOATS) or "finish",  # type: ignore[arg-type]
        critical="longest_path" if row["critical_path_type"] == "CT_DrivPath" else "float",
        critical_float=plan.minutes(row, "critical_drtn_hr_cnt", place, notes) or 0,
        open_ends_critical=found["sched_open_critical_flag"] == "Y",
        lag_from="actual_start" if found["sched_lag_early_start_flag"] == "N" else "early_start",
        use_expected_finish=found["sched_use_expect_end_flag"] != "N",  # Oracle, P6 help, "Schedule options": checked by default
        ignore_external=found["sched_outer_depend_type"] == "SD_None",
        minutes_per_day=per_day,
        minutes_per_week=5 * per_day,
    )


def _chosen(found: Row, column: str, words: dict[str, str]) -> str | None:
    """Our word for what an option says, in whatever case; None where it says nothing that P6 has."""
    return in_any_case(words).get(found[column].lower().removeprefix("rcal_"))


def _noted(found: Row, notes: Notes) -> None:
    """Options that change dates and that a single project cannot honour, and values that P6 does not have."""
    place = f"SCHEDOPTIONS, line {found.line}"
    for column, known in (("sched_float_type", FLOATS), ("sched_calendar_on_relationship_lag", LAG_CALENDARS)):
        if found[column] and not _chosen(found, column, known):
            notes.add("error", "value-unknown", f"{place}: {found[column][:40]!r}", f"{column} has a value that P6 does not have; its default is taken")
    if found["sched_use_project_end_date_for_float"] == "N":
        message = "float is counted to the finish of all projects that were open together in P6; here it is counted to this project's own"
        notes.add("info", "option-float-of-open-projects", place, message, "schedule with 'each project' in P6's options to have it as here")


def _out_of_sequence(found: Row) -> Any:
    if found["sched_progress_override"] == "Y":
        return "progress_override"
    return "actual_dates" if found["sched_retained_logic"] == "N" else "retained_logic"
