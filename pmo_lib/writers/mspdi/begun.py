"""Begun work in MS Project's terms, where a start, a duration and a finish are one sum: of P6's begun activities, which keep an original duration."""

from __future__ import annotations

from typing import Any

from pmo_lib.calendar import Calendar, add, between, next_working, subtract
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.writers.mspdi.elements import Row, rows

ORIGINAL = "Original Duration"


def restated(plan: Project) -> dict[str, Row]:
    """The begun activities that MS Project holds otherwise, with the values that go out."""
    if plan.info.application == "msp":
        return {}
    clocks = calendars(plan)
    default = project_calendar(plan, clocks)
    begun = [row for row in rows(plan, "activities") if row["actual_start"] is not None and row["kind"] != "summary"]
    found = {row["activity"]: row | as_it_stands(row, clocks.get(row["calendar"], default)) for row in begun}
    return {row["activity"]: found[row["activity"]] for row in begun if found[row["activity"]] != row}


def as_it_stands(row: Row, calendar: Calendar) -> dict[str, Any]:
    """What MS Project makes of a begun activity whose dates are these.

    Finished: the working time between its dates is its duration. Running: its remaining duration ends where it does now. Done are the rest of its
    duration where that had time enough since the start, with a split until work goes on; else the time that there was. Per cent complete is the
    done share of the duration.
    """
    start, left = row["actual_start"], row["remaining_duration"]
    if row["actual_finish"] is not None:
        return {"duration": between(calendar, start, max(row["actual_finish"], start)), "remaining_duration": 0, "percent_complete": 1.0}
    if row["stored_finish"] is None or left <= 0:
        return {}
    goes_on = max(subtract(calendar, row["stored_finish"], left), start)
    done, spent = row["duration"] - left, between(calendar, start, goes_on)
    pause: dict[str, Any] = {}
    if row["suspended"] is None and row["resumed"] is None and 0 < done < spent:
        pause = {"suspended": add(calendar, start, done), "resumed": next_working(calendar, goes_on)}
    elif done != spent:
        done = spent
    return {"duration": done + left, "percent_complete": min(round(100 * done / (done + left)), 99) / 100, **pause}
