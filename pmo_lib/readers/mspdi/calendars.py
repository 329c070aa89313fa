"""MSPDI calendars: the week, alternative working weeks, exceptions with recurring ones expanded."""

from __future__ import annotations

from datetime import date
from typing import Any

from pmo_lib.readers.building import usual_week
from pmo_lib.readers.mspdi.recurrence import MOST, RECURRING, Recurrence, days
from pmo_lib.readers.mspdi.values import REMEDY, Item, minute_of_day
from pmo_lib.readers.overruled import Occurrence, Rank, less_overruled

Rows = list[dict[str, Any]]
RANKS = {2: Rank.YEARLY, 3: Rank.YEARLY, 4: Rank.MONTHLY, 5: Rank.MONTHLY, 6: Rank.WEEKLY, 7: Rank.DAILY}


def calendar_rows(found: list[Item], minutes_per_day: int) -> tuple[Rows, Rows, Rows]:
    """Rows for calendars, shifts and exceptions."""
    table: Rows = []
    shifts: Rows = []
    exceptions: Rows = []
    for item in found:
        key = item.text("UID")
        item.place = f"calendar {item.text('Name') or key}"
        base = item.text("BaseCalendarUID")
        base = None if item.flag("IsBaseCalendar") or base in ("", "-1") else base
        kind = "global" if item.flag("IsBaseCalendar") else "resource"
        table.append({"calendar": key, "name": item.text("Name") or key, "base": base, "kind": kind, "minutes_per_day": minutes_per_day})
        shifts += _weeks(item, key, base)
        exceptions += _exceptions(item, key)
    return table, shifts, exceptions


def _weeks(item: Item, key: str, base: str | None) -> Rows:
    rows = _week(item.items("WeekDays/WeekDay"), key, None, None)
    if not rows and base is None:
        item.notes.add(
            "warning", "calendar-without-week", item.place, "a calendar without a working week; Monday to Friday, 08:00 to 17:00, is assumed", REMEDY
        )
        rows = usual_week(key)
    for week in item.items("WorkWeeks/WorkWeek"):
        first, last = _period(week)
        if first and last:
            rows += _week(week.items("WeekDays/WeekDay"), key, first, last)
    return rows


def _week(found: list[Item], key: str, first: date | None, last: date | None) -> Rows:
    rows: Rows = []
    for day in found:
        number = day.whole("DayType")
        if number is not None and 1 <= number <= 7:
            weekday = (number - 2) % 7 + 1  # MSPDI counts from Sunday
            rows += [{"calendar": key, "weekday": weekday, **shift, "first": first, "last": last} for shift in _shifts(day)]
    return rows


def _exceptions(item: Item, key: str) -> Rows:
    """From Exceptions (2007 and later), else from the week days of type 0, which newer versions write beside them."""
    modern = item.items("Exceptions/Exception")
    found = modern or [day for day in item.items("WeekDays/WeekDay") if day.text("DayType") == "0"]
    dated: list[tuple[Occurrence, Rows]] = []
    for exception in found:
        first, last = _period(exception)
        if first is None or last is None or first > last:
            exception.notes.add("error", "exception-unreadable", item.place, "a calendar exception without a first day before its last was left out", REMEDY)
            continue
        own = [{**shift, "name": exception.text("Name") or None} for shift in _shifts(exception)]
        rank = RANKS.get(exception.whole("Type") or 0, Rank.DATED)
        dated += [(Occurrence(rank, start, end), own) for start, end in _spans(exception, first, last)]
    return [{"calendar": key, "first": when.first, "last": when.last, **shift} for when, own in less_overruled(dated) for shift in own]


def _spans(exception: Item, first: date, last: date) -> list[tuple[date, date]]:
    """First and last day of each occurrence."""
    if exception.whole("Type") not in RECURRING:
        return [(first, last)]
    found = days(_rule(exception, first, last))
    if len(found) == MOST:
        exception.notes.add("warning", "exception-endless", exception.place, f"only the first {MOST:,} days of a recurring exception were read", REMEDY)
    return [(day, day) for day in found]


def _period(item: Item) -> tuple[date | None, date | None]:
    period = next(iter(item.items("TimePeriod")), item)
    return period.day("FromDate"), period.day("ToDate")


def _rule(item: Item, first: date, last: date) -> Recurrence:
    def value(name: str) -> int:
        return item.whole(name) or 0

    return Recurrence(
        type=value("Type"),
        first=first,
        last=last,
        period=value("Period") or 1,
        days_of_week=value("DaysOfWeek"),
        month_item=value("MonthItem"),
        month_position=value("MonthPosition"),
        month=min(max(value("Month"), 0), 11),
        month_day=value("MonthDay"),
        occurrences=value("Occurrences") if item.flag("EnteredByOccurrences") else 0,
    )


def _shifts(day: Item) -> list[dict[str, int | None]]:
    shifts = []
    if day.flag("DayWorking"):
        for time in day.items("WorkingTimes/WorkingTime"):
            start, finish = minute_of_day(time.text("FromTime")), minute_of_day(time.text("ToTime"))
            finish = finish or (None if finish is None else 1440)  # midnight ends the day
            if start is not None and finish is not None and start < finish:
                shifts.append({"start": start, "finish": finish})
            elif time.text("FromTime") or time.text("ToTime"):
                day.notes.add("error", "shift-unreadable", day.place, "a shift without a start before its finish was left out", REMEDY)
    return sorted(shifts, key=lambda shift: shift["start"]) or [{"start": None, "finish": None}]
