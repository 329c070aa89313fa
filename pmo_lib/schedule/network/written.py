"""MS Project: a manually scheduled task stands where somebody wrote it, be it on a Sunday, whatever links, constraints and calendars say.

References: Microsoft, How Project schedules tasks: behind the scenes. G. Horine, Project Management: Absolute Beginner's Guide, user-controlled
scheduling: constraints and calendars are ignored, and relationships move no dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pmo_lib.calendar import Calendar, add, between
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project


class Written(NamedTuple):
    """Where a manually scheduled task stands."""

    start: datetime
    finish: datetime
    calendar: Calendar
    duration: int  # [working minutes] between the two
    lasts: int  # [working minutes] how long before its late finish it must start: its duration, though some of it may lie in time without work


def written(plan: Project, cal: Calendar, row: Mapping[str, Any]) -> Written:
    """The dates of the activity in this `row`, whose work would run on `cal` if it were not scheduled by hand."""
    start, finish = _dates(cal, row)
    whole = max(between(cal, start, finish), 0)
    if whole != row["duration"]:  # its resources' calendars have no say: its duration may run on its own
        own = _own_calendar(plan, row)
        if own.works and between(own, start, finish) == row["duration"]:
            cal, whole = own, row["duration"]
    return Written(start, finish, cal, whole, max(row["duration"], whole))


def _dates(cal: Calendar, row: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Its start and finish; where only one was written, the other lies its duration from it."""
    start, finish = row["stored_start"], row["stored_finish"]
    return start or add(cal, finish, -row["duration"]), finish or add(cal, start, row["duration"])


def _own_calendar(plan: Project, row: Mapping[str, Any]) -> Calendar:
    """The task's own calendar or else the project's, whoever is on it."""
    known = calendars(plan)
    return known[row["calendar"]] if row["calendar"] in known else project_calendar(plan, known)
