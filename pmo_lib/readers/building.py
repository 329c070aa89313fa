"""From a reader's rows to a Project's tables: the last steps that all readers share."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.readers.notes import Notes
from pmo_lib.tables import TABLES, part

OLD = 1950  # the first year whose dates nobody doubts


def tables_from(rows: dict[str, list[dict[str, Any]]], notes: Notes) -> dict[str, pl.DataFrame]:
    """Validated tables from rows by table name; a refused row becomes a finding, an empty table is left out. A board has items and no activities."""
    tables: dict[str, pl.DataFrame] = {}
    for name, found in rows.items():
        tables[name], refused = part(TABLES[name], _first_of_each(name, found, notes), name)
        notes.extend(refused)
    if "items" in tables:
        return {name: frame for name, frame in tables.items() if name == "items" or frame.height}
    if tables["activities"].is_empty():
        notes.add("warning", "no-activities", "activities", "the plan has no activity that can be scheduled", "see the other findings, or export it again")
    _without_dangling(tables, notes)
    _without_circles(tables, notes)
    _with_old_dates_told(tables["activities"], notes)
    return {name: frame for name, frame in tables.items() if name == "activities" or frame.height}


def _first_of_each(name: str, rows: list[dict[str, Any]], notes: Notes) -> list[dict[str, Any]]:
    """The rows without those whose key came before; the schema would refuse the first one with them."""
    key = TABLES[name].primary_key()
    if len(key) != 1:
        return rows
    kept: dict[Any, dict[str, Any]] = {}
    for row in rows:
        if row[key[0]] in kept:
            message = f"a row of {name} whose key came before was left out"
            notes.add("error", "key-twice", f"{name}, {row[key[0]]}", message, "correct it in the source and import again")
        kept.setdefault(row[key[0]], row)
    return list(kept.values())


def _without_dangling(tables: dict[str, pl.DataFrame], notes: Notes) -> None:
    """Leave out what hangs on an activity that was refused."""
    kept = tables["activities"]["activity"].implode()
    for name, columns in {
        "relationships": ("predecessor", "successor"),
        "external_relationships": ("activity",),
        "splits": ("activity",),
        "assignments": ("activity",),
        "baselines": ("activity",),
        "codes": ("activity",),
    }.items():
        if name not in tables or tables[name].is_empty():
            continue
        whole = pl.all_horizontal(pl.col(column).is_in(kept) for column in columns)
        lost = tables[name].filter(~whole)
        if lost.height:
            tables[name] = tables[name].filter(whole)
            named = " -> ".join(str(lost[0, column]) for column in columns)
            notes.add(
                "error",
                "hangs-on-refused",
                f"{name}, {named}",
                f"{name.replace('_', ' ')} of activities that were refused were left out ({lost.height:,})",
                "correct the activities in the source and import again",
            )


def _with_old_dates_told(activities: pl.DataFrame, notes: Notes) -> None:
    """Dates of a lifetime ago stand as the source has them, and are told: many stand for none, as 1900 does in a spreadsheet."""
    columns = [name for name, kind in activities.schema.items() if isinstance(kind, pl.Datetime)]
    old = activities.filter(pl.any_horizontal(pl.col(name).dt.year() < OLD for name in columns))
    for row in old.select("activity", *columns).iter_rows(named=True):
        named = ", ".join(f"{name.replace('_', ' ')} {when:%Y-%m-%d}" for name in columns if (when := row[name]) is not None and when.year < OLD)
        message = f"a date before {OLD} is kept as the file has it: {named}"
        notes.add("warning", "date-old", f"activities, {row['activity']}", message, "correct it in the source if it stands for none")


def _without_circles(tables: dict[str, pl.DataFrame], notes: Notes) -> None:
    """Leave out relationships of an activity with itself."""
    if "relationships" not in tables:
        return
    circles = tables["relationships"].filter(pl.col("predecessor") == pl.col("successor"))["predecessor"]
    for activity in circles:
        message = "a relationship of an activity with itself was left out"
        notes.add("error", "relationship-to-itself", f"relationships, {activity} -> {activity}", message, "correct it in the source and import again")
    if len(circles):
        tables["relationships"] = tables["relationships"].filter(pl.col("predecessor") != pl.col("successor"))


def sound_bases(calendars: list[dict[str, Any]], notes: Notes) -> None:
    """Cut, with a finding, each calendar's base that does not exist or leads back to itself."""
    bases = {calendar["calendar"]: calendar["base"] for calendar in calendars}
    for calendar in calendars:
        seen, at = {calendar["calendar"]}, calendar["base"]
        while at is not None and at in bases and at not in seen:
            seen.add(at)
            at = bases[at]
        if at is None:
            continue
        fault = "derives from itself" if at in bases else "derives from a calendar that is not in the file"
        notes.add(
            "error",
            "calendar-base",
            f"calendar {calendar['name']}",
            f"a calendar {fault}; its base was left out",
            "correct the calendar in the source and export again",
        )
        calendar["base"] = bases[calendar["calendar"]] = None


def sound_weeks(calendars: list[dict[str, Any]], shifts: list[dict[str, Any]], notes: Notes) -> None:
    """A finding where there is no calendar at all, and of each without working time in a week that it does not inherit."""
    if not calendars:
        message = "the file has no calendar; Monday to Friday, 08:00 to 17:00, is assumed"
        notes.add("warning", "no-calendar", "calendars", message, "export it again with its calendars")
    working = {shift["calendar"] for shift in shifts if shift.get("start") is not None and shift.get("first") is None}
    for calendar in calendars:
        if calendar["base"] is None and calendar["calendar"] not in working:
            message = f"calendar {calendar['name']!r} has no working time in its week, so nothing can be scheduled on it"
            notes.add("error", "calendar-without-work", f"calendar {calendar['name']}", message, "give it a working day and export again")


def usual_week(key: str) -> list[dict[str, Any]]:
    """Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00: what both tools call their standard calendar."""
    worked = [{"calendar": key, "weekday": day, "start": start, "finish": start + 240} for day in range(1, 6) for start in (480, 780)]
    return [*worked, *({"calendar": key, "weekday": day} for day in (6, 7))]
