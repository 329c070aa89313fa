"""The tables of one of MPXJ's projects as plain rows; nothing of Java leaves these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time

from pmo_lib.readers.mpxj.activities import activity_row, baseline_rows, split_rows
from pmo_lib.readers.mpxj.calendars import calendar_rows
from pmo_lib.readers.mpxj.external import external_rows
from pmo_lib.readers.mpxj.fields import code_rows, custom_field_rows
from pmo_lib.readers.mpxj.network import element_row, relationship_rows
from pmo_lib.readers.mpxj.plan import REMEDY, Plan, Row
from pmo_lib.readers.mpxj.resources import assignment_rows, is_resource, resource_row


def rows(plan: Plan, idle: Collection[str] = ()) -> dict[str, list[Row]]:
    """Every table's rows; the calendars with these keys have no working time in the file."""
    calendars, shifts, exceptions = calendar_rows(plan.project, plan.p6, plan.type == "MPP" and int(plan.properties.getMppFileType() or 0) == 8)
    shifts = [row | {"start": None, "finish": None} if row["calendar"] in idle else row for row in shifts]
    if not calendars:
        message = "the file has no calendar; Monday to Friday, 08:00 to 17:00, is assumed"
        plan.find("warning", "no-calendar", "calendars", message, "export it again with its calendars")
    tables = {
        "activities": [activity_row(plan, task) for task in plan.tasks],
        "wbs": [element_row(plan, task) for task in plan.elements],
        "relationships": relationship_rows(plan),
        "external_relationships": external_rows(plan) if plan.p6 else [],
        "splits": [] if plan.p6 else split_rows(plan),
        "calendars": calendars,
        "shifts": shifts,
        "exceptions": exceptions,
        "resources": [resource_row(plan, resource) for resource in plan.project.getResources() if is_resource(resource)],
        "assignments": assignment_rows(plan),
        "baselines": baseline_rows(plan),
        "codes": code_rows(plan.project, plan.tasks, plan.ids),
        "custom_fields": custom_field_rows(plan.project, plan.tasks, plan.ids, plan.units),
    }
    _rounding(plan)
    for name, found in tables.items():
        for row in found:
            plan.dated(row, f"{name}, {row.get('activity') or row.get('resource') or row.get('calendar')}")
    if plan.type == "MPX":
        _days_only(plan, tables["activities"])
    return tables


def _days_only(plan: Plan, activities: list[Row]) -> None:
    """An MPX may state its dates by the day; then a finish at 00:00 means the end of that day, which no reader can tell from a milestone at its start."""
    dates = [row[column] for row in activities for column in ("stored_start", "stored_finish") if row[column] is not None]
    if dates and all(date.time() == time.min for date in dates):
        plan.find(
            "warning",
            "days-only",
            "dates",
            "this file states days without times of day, so finishes read as the beginning of their day",
            "save the plan as MPP or XML",
        )


def _rounding(plan: Plan) -> None:
    for what, of in plan.units.rounded.items():
        first, count = next(iter(of)), len(set(of))
        plan.find(
            "info",
            f"{what.replace(' ', '-')}-rounded",
            _places(first, count),
            f"rounded to a whole minute: {what}",
        )
    for what, of in plan.units.refused.items():
        plan.find(
            "error",
            f"{what.replace(' ', '-')}-refused",
            _places(of[0], len(of)),
            f"{what} is no number of minutes that a plan can have, and was left out",
            REMEDY,
        )


def _places(first: str, count: int) -> str:
    return (first if first == "project" else f"activity {first}") + (f" and {count - 1:,} more" if count > 1 else "")
