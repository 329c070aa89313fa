"""Durations at completion of what has begun. An XER states the planned and the remaining duration only; the time worked lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, between
from pmo_lib.errors import PMOError
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project


def at_completion(plan: Project) -> Project:
    """The plan with each started activity's duration as P6 shows it: what was worked until now or until its finish, and what remains."""
    activities = plan.tables["activities"]
    if activities["actual_start"].null_count() == activities.height:
        return plan
    known = calendars(plan)
    default = project_calendar(plan, known)
    columns = ("calendar", "actual_start", "actual_finish", "duration", "remaining_duration")
    durations = [_duration(row, known, default, plan.info.data_date) for row in activities.select(columns).iter_rows(named=True)]
    return replace(plan, tables={**plan.tables, "activities": activities.with_columns(pl.Series("duration", durations, pl.Int64))})


def _duration(row: dict[str, Any], known: Mapping[str, Calendar], default: Calendar, data_date: datetime | None) -> int:
    begun, until = row["actual_start"], row["actual_finish"] or data_date
    if begun is None or until is None or row["duration"] == 0:
        return row["duration"]
    try:
        worked = between(known.get(row["calendar"], default), begun, max(until, begun))
    except PMOError:  # a calendar without working time: the planned duration stands
        return row["duration"]
    return worked + row["remaining_duration"]
