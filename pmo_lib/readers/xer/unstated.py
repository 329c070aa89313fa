"""Files that other tools write as XER may state an activity's planned dates and no durations: then the working time between those dates is taken."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from pmo_lib.calendar import Calendar, between
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.notes import Notes

Row = dict[str, Any]
MILESTONES = ("start_milestone", "finish_milestone")
TAKEN = "no duration is stated; the working time between the planned dates was taken"
REFUSED = "an activity with neither a duration nor planned dates cannot be scheduled; it was left out"
REMEDY = "export the file from P6, which states target_drtn_hr_cnt and remain_drtn_hr_cnt"


def with_durations(info: ProjectInfo, tables: dict[str, list[Row]], notes: Notes) -> dict[str, list[Row]]:
    """The tables' rows, activities without durations given those of their planned dates, or left out; with a finding each kind."""
    lacking = [row for row in tables["activities"] if row["duration"] is None and row["remaining_duration"] in (None, 0) and row["kind"] != "summary"]
    if not lacking:
        return tables
    bare = {name: tables[name] for name in ("calendars", "shifts", "exceptions")}
    plan = Project(info, tables_from({"activities": [], **bare}, Notes()))
    known = calendars(plan)
    default = project_calendar(plan, known)
    for row in lacking:
        row |= _worked(row, known.get(row["calendar"] or "", default), info.data_date)
    refused = {row["activity"] for row in lacking if row["duration"] is None}
    taken = [row["activity"] for row in lacking if row["activity"] not in refused and row["kind"] not in MILESTONES]
    for code, severity, message, ids in (("duration-missing", "warning", TAKEN, taken), ("duration-unknown", "error", REFUSED, sorted(refused))):
        if ids:
            notes.add(severity, code, f"TASK, {ids[0]}{f' and {len(ids) - 1:,} more' if ids[1:] else ''}", message, REMEDY)
    return {**tables, "activities": [row for row in tables["activities"] if row["activity"] not in refused]}


def _worked(row: Row, cal: Calendar, at: datetime | None) -> Row:
    """Duration and remaining duration [working minutes]; None where nothing says them. A finish without a time of day is the end of that day."""
    start, finish = row["planned_start"], row["planned_finish"]
    if row["kind"] in MILESTONES:
        return {"duration": 0, "remaining_duration": 0}
    if start is None or finish is None:
        return {"duration": None, "remaining_duration": None}
    if start.time() == finish.time() == time.min:
        finish += timedelta(days=1)
    whole = max(between(cal, start, finish), 0)
    begun = row["actual_start"]
    left = whole if begun is None else max(between(cal, max(at or begun, begun), finish), 0)
    return {"duration": whole, "remaining_duration": 0 if row["actual_finish"] else min(left, whole)}
