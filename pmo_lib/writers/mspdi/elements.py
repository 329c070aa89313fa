"""Elements of MSPDI: how values are written, and in which order the schema wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from pmo_lib.project import Project

Row = Mapping[str, Any]

# The sequences of MSPDI's schema (mspdi_pj12.xsd and what later versions put in), as far as we write them
ORDER: Mapping[str, tuple[str, ...]] = {
    "Project": (
        "SaveVersion", "Name", "GUID", "Title", "Manager", "ScheduleFromStart", "StartDate", "FinishDate", "CriticalSlackLimit", "CurrencyDigits",
        "CurrencyCode", "CalendarUID", "DefaultStartTime", "DefaultFinishTime", "MinutesPerDay", "MinutesPerWeek", "DaysPerMonth", "DefaultTaskType",
        "DurationFormat", "WorkFormat", "HonorConstraints", "MultipleCriticalPaths", "NewTasksEffortDriven", "NewTasksEstimated", "SplitsInProgressTasks",
        "StatusDate", "ExtendedAttributes", "Calendars", "Tasks", "Resources", "Assignments",
    ),
    "Task": (
        "UID", "GUID", "ID", "Name", "Active", "Manual", "Type", "IsNull", "WBS", "OutlineNumber", "OutlineLevel", "Priority", "Start", "Finish", "Duration",
        "ManualStart", "ManualFinish", "ManualDuration", "DurationFormat", "Work", "Stop", "Resume", "EffortDriven", "Estimated", "Milestone", "Summary",
        "Critical", "EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "FreeSlack", "TotalSlack", "PercentComplete", "Cost", "ActualStart",
        "ActualFinish", "ActualDuration", "ActualCost", "ActualWork", "RemainingDuration", "RemainingCost", "RemainingWork", "ConstraintType", "CalendarUID",
        "ConstraintDate", "Deadline", "LevelingDelay", "LevelingDelayFormat", "IgnoreResourceCalendar", "Rollup", "PhysicalPercentComplete",
        "PredecessorLink", "ExtendedAttribute", "Baseline",
    ),
    "Resource": (
        "UID", "ID", "Name", "Type", "IsNull", "Initials", "MaxUnits", "StandardRate", "StandardRateFormat", "CalendarUID", "IsCostResource",
    ),
    "Assignment": (
        "UID", "TaskUID", "ResourceUID", "ActualCost", "ActualWork", "Cost", "Finish", "RemainingCost", "RemainingWork", "Start", "Units", "Work",
        "WorkContour", "TimephasedData",
    ),
    "Calendar": ("UID", "Name", "IsBaseCalendar", "BaseCalendarUID", "WeekDays", "Exceptions", "WorkWeeks"),
    "WeekDay": ("DayType", "DayWorking", "WorkingTimes"),
    "Exception": ("EnteredByOccurrences", "TimePeriod", "Occurrences", "Name", "Type", "DayWorking", "WorkingTimes"),
    "WorkWeek": ("TimePeriod", "Name", "WeekDays"),
    "Baseline": ("Number", "Start", "Finish", "Duration", "DurationFormat", "Work", "Cost"),
    "PredecessorLink": ("PredecessorUID", "Type", "CrossProject", "LinkLag", "LagFormat"),
    "TimephasedData": ("Type", "UID", "Start", "Finish", "Unit", "Value"),
}  # fmt: skip


def ordered(parent: Element) -> None:
    """Puts the element's children, and theirs, into the schema's order."""
    sequence = {name: place for place, name in enumerate(ORDER.get(parent.tag, ()))}
    if sequence:
        parent[:] = sorted(parent, key=lambda child: sequence[child.tag])
    for child in parent:
        ordered(child)


def rows(plan: Project, name: str) -> Iterable[dict[str, Any]]:
    """The rows of a table; none where the plan has no such table."""
    return plan.tables[name].iter_rows(named=True) if name in plan.tables else ()


def grouped(plan: Project, name: str, by: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a table by the thing they belong to."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows(plan, name):
        groups.setdefault(row[by], []).append(row)
    return groups


def put(parent: Element, name: str, value: object) -> None:
    """A child element; nothing where there is no value."""
    if value is not None:
        SubElement(parent, name).text = _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n")  # XML 1.0 has no other control characters


def period(minutes: float | None) -> str | None:
    """Minutes as an ISO 8601 duration of hours, minutes and seconds."""
    if minutes is None:
        return None
    seconds = round(abs(minutes) * 60)
    return f"{'-' if minutes < 0 else ''}PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"


def money(amount: float | None) -> float | None:
    """An amount in hundredths, as MS Project keeps it."""
    return None if amount is None else round(amount * 100, 2)


def tenths(minutes: int | None) -> int | None:
    """Minutes in tenths, as MS Project keeps lags and floats."""
    return None if minutes is None else minutes * 10


def numbers(keys: Iterable[str]) -> dict[str, int]:
    """A whole number for each key, which MSPDI wants: the key itself where all are such numbers, else their place from 1."""
    keys = list(keys)
    if all(whole(key) for key in keys):
        return {key: int(key) for key in keys}
    return {key: place for place, key in enumerate(keys, start=1)}


def whole(key: str) -> bool:
    """Whether the key is a Unique ID as it stands: a whole number of 31 bits, without leading zeros."""
    return key.isdecimal() and str(int(key)) == key and 0 < int(key) < 2**31
