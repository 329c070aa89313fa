"""MPXJ's calendars as rows: only what is a calendar's own, exceptions expanded. Runs beside the JVM."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pmo_lib.readers.mpxj.values import constant, day, text
from pmo_lib.readers.overruled import Occurrence, Rank, less_overruled

Row = dict[str, Any]


USUAL = [(480, 720), (780, 1020)]  # what MPXJ takes for a working weekday of which an MPP 8 file says nothing


def calendar_rows(project: Any, p6: bool, mpp8: bool = False) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows of calendars, shifts and exceptions; `mpp8`: a derived calendar's usual weekdays are MPXJ's guess, and inherited in truth."""
    calendars, shifts, exceptions = [], [], []
    for calendar in project.getCalendars():
        key = str(calendar.getUniqueID())
        calendars.append(_calendar(calendar, key, p6))
        own = _week(calendar, key, calendar.getParent() is None)
        shifts += _stated(own) if mpp8 and calendar.getParent() is not None else own
        for week in calendar.getWorkWeeks():
            span = week.getDateRange()
            first, last = (day(span.getStart()), day(span.getEnd())) if span is not None else (None, None)
            shifts += [row | {"first": first, "last": last} for row in _week(week, key, False)]
        exceptions += [
            {"calendar": key, "first": when.first, "last": when.last, "start": start, "finish": finish, "name": name}
            for when, (single, name) in less_overruled(_dated(calendar))
            for start, finish in _shifts(single)
        ]
    return calendars, shifts, exceptions


def _calendar(calendar: Any, key: str, p6: bool) -> Row:
    resource = constant(calendar.getType()) == "RESOURCE" if p6 else calendar.getParent() is not None
    own = p6 and constant(calendar.getType()) == "PROJECT"
    return {
        "calendar": key,
        "name": text(calendar.getName()) or key,
        "base": text(calendar.getParentUniqueID()),
        "kind": "resource" if resource else "project" if own else "global",
        "minutes_per_day": min(max(int(calendar.getMinutesPerDay() or 480), 1), 1440),
    }


def _week(days: Any, key: str, whole: bool) -> list[Row]:
    """The weekdays that say something of their own; `whole`: the calendar has no base, so every weekday does."""
    rows = []
    for weekday in _weekdays():
        kind = constant(days.getCalendarDayType(weekday))
        if kind in (None, "DEFAULT") and not whole:
            continue
        hours = days.getCalendarHours(weekday) if kind != "NON_WORKING" else None
        rows += [{"calendar": key, "weekday": int(weekday.getValue()), "start": start, "finish": finish} for start, finish in _shifts(hours)]
    return rows


def _stated(week: list[Row]) -> list[Row]:
    """The weekdays that differ from the usual ones: Monday to Friday, eight hours a day."""
    of_day: dict[int, list[Row]] = {}
    for row in week:
        of_day.setdefault(row["weekday"], []).append(row)
    usual = {day: USUAL if day <= 5 else [(None, None)] for day in range(1, 8)}
    return [row for day, rows in of_day.items() if [(row["start"], row["finish"]) for row in rows] != usual[day] for row in rows]


def _dated(calendar: Any) -> Iterator[tuple[Occurrence, tuple[Any, str | None]]]:
    """Each exception's days, itself and its name, which the expanded ones have lost."""
    for exception in calendar.getCalendarExceptions():
        recurring = exception.getRecurring()
        rank = Rank.DATED if recurring is None else Rank[constant(recurring.getRecurrenceType()) or "DAILY"]
        for single in exception.getExpandedExceptions() if recurring is not None else (exception,):
            first, last = day(single.getFromDate()), day(single.getToDate())
            if first is not None and last is not None:
                yield Occurrence(rank, first, last), (single, text(exception.getName()))


def _shifts(hours: Any) -> list[tuple[int | None, int | None]]:
    """Shifts in minutes of the day; one empty shift where nobody works. A shift that ends at midnight ends at 1440."""
    found = []
    for span in hours or ():
        start, finish = span.getStart(), span.getEnd()
        if start is None or finish is None:
            continue
        begins, ends = _minute(start), _minute(finish)
        found.append((begins, ends if ends > begins else 1440))
    return found or [(None, None)]


def _minute(time: Any) -> int:
    return int(time.toSecondOfDay()) // 60


@cache
def _weekdays() -> list[Any]:
    import jpype  # only where a JVM runs

    return list(jpype.JClass("java.time.DayOfWeek").values())
