"""Where calendars come from: a plan's tables, with what each inherits from its bases, and the organisation's standards."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from pmo_lib.calendar import DAY, Calendar, DatedShifts, DatedWeek, Shift, Shifts
from pmo_lib.errors import InvalidInput, NotSchedulable
from pmo_lib.project import Project
from pmo_lib.spans import joined
from pmo_lib.standards import CalendarRule, standards

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calendars(plan: Project) -> dict[str, Calendar]:
    """The plan's calendars by key, each with what it inherits from its base; empty where the plan has none.

    The nearest calendar of the base chain that says something of a date or weekday wins; a base's exception holds for what derives from it.
    The calendars of the last few plans are remembered, with their timelines: certifying one plan asks for them some twenty times.
    """
    if "calendars" not in plan.tables:
        return {}
    said = tuple(plan.tables.get(name) for name in ("calendars", "shifts", "exceptions"))
    for frames, known in _remembered:
        if all(one is other for one, other in zip(frames, said, strict=True)):
            return dict(known)
    rows = {row["calendar"]: row for row in plan.tables["calendars"].iter_rows(named=True)}
    weeks, exceptions = _weeks(said[1]), _exceptions(said[2])
    found = {key: _resolved(key, rows, weeks, exceptions) for key in rows}
    _remembered.append((said, found))
    return dict(found)


# frames and what was made of them: the frames are held, so that no other can take their place in memory
_remembered: deque[tuple[tuple[pl.DataFrame | None, ...], dict[str, Calendar]]] = deque(maxlen=4)


def project_calendar(plan: Project, known: Mapping[str, Calendar] | None = None) -> Calendar:
    """The calendar of what names none: the project's; the standards' `mon-fri` where the project has none."""
    known = calendars(plan) if known is None else known
    if plan.info.calendar is not None and plan.info.calendar in known:
        return known[plan.info.calendar]
    return calendar_from_rule("mon-fri", standards().calendars["mon-fri"])


def _resolved(key: str, rows: Mapping[str, Any], weeks: Mapping[str, Any], exceptions: Mapping[str, list[DatedShifts]]) -> Calendar:
    chain = [key]
    while (base := rows[chain[-1]]["base"]) in rows:
        if base in chain:
            raise NotSchedulable(f"calendar {rows[key]['name']} derives from itself; give one of its bases none")
        chain.append(base)
    week: list[Shifts] = [()] * 7
    alternatives: list[DatedWeek] = []
    dated: list[DatedShifts] = []
    for calendar in reversed(chain):
        default, own = weeks.get(calendar, ({}, []))
        for weekday, shifts in default.items():
            week[weekday - 1] = shifts
        alternatives += own
        dated += exceptions.get(calendar, [])
    return Calendar(rows[key]["name"], rows[key]["minutes_per_day"], tuple(week), tuple(alternatives), tuple(dated))


def _weeks(shifts: pl.DataFrame | None) -> dict[str, tuple[dict[int, Shifts], list[DatedWeek]]]:
    """For each calendar its default week (weekday → shifts) and its alternative weeks."""
    weeks: dict[str, tuple[dict[int, Shifts], list[DatedWeek]]] = {}
    if shifts is None:
        return weeks
    rows = shifts.with_columns(_from=pl.col("first").fill_null(date.min), _to=pl.col("last").fill_null(date.max)).sort(
        "calendar", "_from", "_to", "weekday", "start", maintain_order=True
    )
    for (calendar, first, last), group in groupby(rows.iter_rows(named=True), itemgetter("calendar", "_from", "_to")):
        said = {weekday: _shifts(days) for weekday, days in groupby(group, itemgetter("weekday"))}
        default, alternatives = weeks.setdefault(calendar, ({}, []))
        if (first, last) == (date.min, date.max):
            default.update(said)
        else:
            alternatives.append(DatedWeek(first, last, tuple(said.get(weekday) for weekday in range(1, 8))))
    return weeks


def _exceptions(exceptions: pl.DataFrame | None) -> dict[str, list[DatedShifts]]:
    """For each calendar its dated exceptions, the longer before the shorter, so that the more special one wins."""
    found: dict[str, list[DatedShifts]] = {}
    if exceptions is None:
        return found
    rows = exceptions.with_columns(_length=pl.col("first") - pl.col("last")).sort("calendar", "_length", "first", "last", "start")
    for (calendar, first, last), group in groupby(rows.iter_rows(named=True), itemgetter("calendar", "first", "last")):
        found.setdefault(calendar, []).append(DatedShifts(first, last, _shifts(group)))
    return found


def _shifts(rows: Iterable[Mapping[str, Any]]) -> Shifts:
    """The rows' shifts in order, overlapping ones merged."""
    return tuple(joined((r["start"], r["finish"]) for r in rows if r["start"] is not None and r["finish"] is not None and r["start"] < r["finish"]))


def calendar_from_rule(name: str, rule: CalendarRule) -> Calendar:
    """A calendar as the standards write it: weekdays, shifts as `08:00-12:00`, holidays as ISO dates.

    Raises `InvalidInput` naming the calendar and the value.
    """
    try:
        shifts = tuple(sorted(_shift(text) for text in rule.shifts))
        holidays = tuple(DatedShifts(day, day, ()) for day in sorted(date.fromisoformat(text) for text in rule.holidays))
        unknown = [day for day in rule.week if day not in WEEKDAYS]
    except ValueError as error:
        raise InvalidInput(f"calendar {name}: {error}; write shifts as 08:00-12:00 and holidays as 2026-12-25") from error
    if unknown:
        raise InvalidInput(f"calendar {name}: unknown weekday {unknown[0]!r}; known are {', '.join(WEEKDAYS)}")
    week = tuple(shifts if day in rule.week else () for day in WEEKDAYS)
    return Calendar(name, sum(finish - start for start, finish in shifts) or DAY, week, (), holidays)


def _shift(text: str) -> Shift:
    ends = [part.strip().split(":") for part in text.split("-")]
    if len(ends) != 2 or any(len(end) != 2 for end in ends):
        raise ValueError(f"{text!r} is not a shift")
    (h1, m1), (h2, m2) = ends
    return int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)
