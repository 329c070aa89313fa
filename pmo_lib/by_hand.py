"""Plans typed by hand: `make_plan({"A": 5, "B": (3, "A")})`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, Shifts, add, next_working
from pmo_lib.errors import InvalidInput
from pmo_lib.notation import lag_minutes, parse_predecessors, resolve
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.standards import standards
from pmo_lib.tables import TABLES
from pmo_lib.tables.framing import types

KEY = "calendar"  # key of the plan's only calendar


def make_plan(
    activities: Mapping[str, float | Sequence[Any]],
    *,
    start: str | date | datetime = "2026-01-05",
    calendar: str | Calendar = "mon-fri",
    data_date: str | date | datetime | None = None,
    must_finish: str | date | datetime | None = None,
    name: str = "plan",
    options: SchedulingOptions | None = None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
) -> Project:
    """A plan from `{name: days}` or `{name: (days, predecessors)}`, predecessors in MS Project's notation.

    Numbers among the predecessors are ids, or else row numbers from 1. No days is a finish milestone. `calendar` is a `Calendar` or the name of one
    of the standards' (`mon-fri`, `24h`); a day of duration is its hours per day. A date without a time means the start of that working day.
    `details` gives further columns of single activities, as in `{"B": {"constraint": "start_on_or_after", "constraint_date": ...}}`.

    Raises `InvalidInput` naming the activity whose days or predecessors cannot be read.
    """
    cal = _calendar(calendar)
    days = {activity: _days(activity, entry) for activity, entry in activities.items()}
    begin = _instant(start, cal)
    chosen = options or SchedulingOptions(minutes_per_day=cal.minutes_per_day, minutes_per_week=sum(f - s for shifts in cal.week for s, f in shifts))
    info = ProjectInfo(
        key=name, name=name, source="by_hand", planned_start=begin, calendar=KEY, options=chosen,
        data_date=None if data_date is None else _instant(data_date, cal), must_finish=None if must_finish is None else _finish(must_finish, cal),
    )  # fmt: skip
    minutes = {activity: round(amount * cal.minutes_per_day) for activity, amount in days.items()}
    tables = {
        "activities": _activities(minutes, details or {}),
        "relationships": _relationships(activities, minutes, chosen),
        **calendar_tables({KEY: cal}),
    }
    return Project(info, tables)


def _calendar(calendar: str | Calendar) -> Calendar:
    if isinstance(calendar, Calendar):
        return calendar
    rules = standards().calendars
    if calendar not in rules:
        raise InvalidInput(f"no calendar is called {calendar!r}; the standards have {', '.join(rules)}, or pass a Calendar")
    return calendar_from_rule(calendar, rules[calendar])


def _days(activity: str, entry: float | Sequence[Any]) -> float:
    days = entry[0] if isinstance(entry, (tuple, list)) and entry else entry
    if isinstance(days, bool) or not isinstance(days, (int, float)) or not 0 <= days < 1e6:
        raise InvalidInput(f"{activity}: {entry!r} is not a duration; write days as 5, or days and predecessors as (3, 'A')")
    return days


def _instant(value: str | date | datetime, cal: Calendar) -> datetime:
    """A date alone means the moment at which work begins on it or after it."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError as error:
            raise InvalidInput(f"{value!r} is not a date; write 2026-01-05 or 2026-01-05T08:00") from error
    return value if isinstance(value, datetime) else next_working(cal, datetime.combine(value, time()))


def _finish(value: str | date | datetime, cal: Calendar) -> datetime:
    """A date alone means the end of that day's work."""
    if isinstance(value, datetime) or (isinstance(value, str) and len(value) > 10):
        return _instant(value, cal)
    start = _instant(value, cal)
    return add(cal, start, sum(f - s for s, f in cal.on(start.date())))


def _activities(minutes: Mapping[str, int], details: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    schema = TABLES["activities"]
    rows = []
    for row, (activity, duration) in enumerate(minutes.items(), 1):
        more = details.get(activity, {})
        own = {"activity": activity, "uid": activity, "row": row, "name": activity, "kind": "task" if duration else "finish_milestone", "duration": duration}
        plain = {"active": True, "manual": False, "elapsed": False, "ignore_resource_calendars": False, "percent_complete": 0.0, "levelling_delay": 0}
        rows.append({**plain, **own, "remaining_duration": 0 if more.get("actual_finish") else duration, **more})
    unknown = [activity for activity in details if activity not in minutes]
    if unknown:
        raise InvalidInput(f"details name {unknown[0]!r}, which is not an activity of the plan")
    columns = schema.column_names()
    strange = sorted({column for more in details.values() for column in more} - set(columns))
    if strange:
        raise InvalidInput(f"details give {strange[0]!r}, which is no column of activities")
    return pl.DataFrame({c: [row.get(c) for row in rows] for c in columns}, schema=dict(types(schema)), strict=False)


def _relationships(activities: Mapping[str, Any], minutes: Mapping[str, int], options: SchedulingOptions) -> pl.DataFrame:
    schema = TABLES["relationships"]
    known = dict.fromkeys(activities)
    numbered = {str(row): activity for row, activity in enumerate(activities, 1)}
    ids = {*known, *numbered}
    rows = []
    for successor, entry in activities.items():
        if not isinstance(entry, (tuple, list)) or len(entry) < 2 or not entry[1]:
            continue
        for link in parse_predecessors(str(entry[1]), ids):
            predecessor = link.ref if link.ref in known else numbered.get(link.ref) or resolve(link, known, successor)
            lag = lag_minutes(link, minutes[predecessor], options.minutes_per_day, options.minutes_per_week, options.days_per_month)
            percent = link.amount if link.unit == "percent" else None
            rows.append({"predecessor": predecessor, "successor": successor, "type": link.type, "lag": lag, "lag_kind": link.lag_kind, "lag_percent": percent})
    return pl.DataFrame({c: [row.get(c) for row in rows] for c in types(schema)}, schema=dict(types(schema)), strict=False)


def calendar_tables(calendars: Mapping[str, Calendar]) -> dict[str, pl.DataFrame]:
    """The tables calendars, shifts and exceptions that hold these calendars: what `plan_calendars.calendars` reads back. `Project` validates them."""
    listed, shifts, exceptions = [], [], []
    for key, cal in calendars.items():
        listed.append((key, cal.name, None, "project", cal.minutes_per_day))
        shifts += [(key, *row, None, None) for row in _week_rows(cal.week)]
        shifts += [(key, *row, week.first, week.last) for week in cal.weeks for row in _week_rows(week.shifts)]
        exceptions += [(key, e.first, e.last, start, finish, None) for e in cal.exceptions for start, finish in e.shifts or ((None, None),)]
    rows = {"calendars": listed, "shifts": shifts, "exceptions": exceptions}
    return {name: pl.DataFrame(found, schema=dict(types(TABLES[name])), orient="row", strict=False) for name, found in rows.items()}


def _week_rows(week: Sequence[Shifts | None]) -> list[tuple[int, int | None, int | None]]:
    return [(weekday, start, finish) for weekday, shifts in enumerate(week, 1) if shifts is not None for start, finish in shifts or ((None, None),)]
