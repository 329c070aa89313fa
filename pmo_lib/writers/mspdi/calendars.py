"""Calendars as MS Project keeps them: base calendars stand alone, and each resource has a calendar of its own, derived from one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from pmo_lib.by_hand import calendar_tables
from pmo_lib.plan_calendars import calendars
from pmo_lib.project import Project
from pmo_lib.writers.mspdi.elements import Row, grouped, numbers, put, rows


@dataclass(slots=True)
class Clocks:
    """The calendars to be written: `uids` by the plan's keys, `own` the new calendar of each resource that had none of its own."""

    uids: dict[str, int]
    names: dict[str, str]
    base: set[Any]  # keys of base calendars
    own: dict[str, tuple[int, str]] = field(default_factory=dict)  # by resource: UID, key of the calendar that it derives from
    flattened: list[str] = field(default_factory=list)  # names of calendars that no longer inherit

    def of_resource(self, resource: str, calendar: str | None) -> int | None:
        """The UID of a resource's calendar."""
        return self.own[resource][0] if resource in self.own else self.uids.get(calendar or "")


def clocks(plan: Project) -> Clocks:
    """Which calendars become base calendars, and which resources need one of their own."""
    listed = list(rows(plan, "calendars"))
    followed: set[str | None] = {row["calendar"] for row in rows(plan, "activities")} | {plan.info.calendar} | {row["base"] for row in listed}
    found = Clocks(numbers(row["calendar"] for row in listed), {row["calendar"]: row["name"] for row in listed}, set())
    found.base.update(row["calendar"] for row in listed if row["base"] is None or row["calendar"] in followed)
    found.flattened = [row["name"] for row in listed if row["base"] is not None and row["calendar"] in found.base]
    free = max(found.uids.values(), default=0) + 1
    taken: set[str] = set()
    for row in rows(plan, "resources"):
        calendar = row["calendar"]
        if row["kind"] in ("labour", "equipment") and calendar in found.uids and (calendar in found.base or calendar in taken):
            found.own[row["resource"]] = (free + len(found.own), calendar)
        elif calendar is not None:
            taken.add(calendar)
    return found


def write(parent: Element, plan: Project, found: Clocks) -> None:
    """All calendars: base ones with what they inherited, the resources' own."""
    shifts, exceptions = grouped(plan, "shifts", "calendar"), grouped(plan, "exceptions", "calendar")
    resolved = calendars(plan)
    for row in rows(plan, "calendars"):
        key = row["calendar"]
        week, dated = shifts.get(key, []), exceptions.get(key, [])
        if row["base"] is not None and key in found.base:
            tables = calendar_tables({key: resolved[key]})
            week, dated = tables["shifts"].to_dicts(), tables["exceptions"].to_dicts()
        base = row["base"]
        item = _calendar(parent, found.uids[key], row["name"], None if base is None or key in found.base else found.uids[base])
        _week(item, [shift for shift in week if shift["first"] is None])
        _exceptions(item, dated)
        _alternatives(item, [shift for shift in week if shift["first"] is not None])
    names = {row["resource"]: row["name"] for row in rows(plan, "resources")}
    for resource, (uid, key) in found.own.items():
        _calendar(parent, uid, names[resource], found.uids[key])


def _calendar(parent: Element, uid: int, name: str, base: int | None) -> Element:
    item = SubElement(parent, "Calendar")
    put(item, "UID", uid)
    put(item, "Name", name)
    put(item, "IsBaseCalendar", base is None)
    put(item, "BaseCalendarUID", -1 if base is None else base)
    return item


def _week(parent: Element, shifts: list[Row]) -> None:
    if not shifts:
        return
    days = SubElement(parent, "WeekDays")
    for weekday in (7, 1, 2, 3, 4, 5, 6):  # MSPDI begins the week on Sunday
        found = [shift for shift in shifts if shift["weekday"] == weekday]
        if found:
            item = SubElement(days, "WeekDay")
            put(item, "DayType", weekday % 7 + 1)
            _times(item, found)


def _times(item: Element, shifts: list[Row]) -> None:
    worked = [shift for shift in shifts if shift["start"] is not None]
    put(item, "DayWorking", bool(worked))
    if worked:
        times = SubElement(item, "WorkingTimes")
        for shift in worked:
            time = SubElement(times, "WorkingTime")
            put(time, "FromTime", _clock(shift["start"]))
            put(time, "ToTime", _clock(shift["finish"]))


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}:00"


def _exceptions(parent: Element, found: Sequence[Row]) -> None:
    if not found:
        return
    items = SubElement(parent, "Exceptions")
    spells: dict[tuple[date, date, str | None], list[Row]] = {}
    for row in found:
        spells.setdefault((row["first"], row["last"], row["name"]), []).append(row)
    for (first, last, name), shifts in spells.items():
        item = SubElement(items, "Exception")
        put(item, "EnteredByOccurrences", False)
        _days(item, first, last)
        put(item, "Occurrences", (last - first).days + 1)
        put(item, "Name", name)
        put(item, "Type", 1)
        _times(item, shifts)


def _days(item: Element, first: date, last: date) -> None:
    span = SubElement(item, "TimePeriod")
    put(span, "FromDate", f"{first}T00:00:00")
    put(span, "ToDate", f"{last}T23:59:00")


def _alternatives(parent: Element, shifts: list[Row]) -> None:
    weeks = sorted({(shift["first"], shift["last"]) for shift in shifts})
    if not weeks:
        return
    items = SubElement(parent, "WorkWeeks")
    for number, (first, last) in enumerate(weeks, start=1):
        item = SubElement(items, "WorkWeek")
        _days(item, first, last)
        put(item, "Name", f"Week {number}")
        _week(item, [shift for shift in shifts if (shift["first"], shift["last"]) == (first, last)])
