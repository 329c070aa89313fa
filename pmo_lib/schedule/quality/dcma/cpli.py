"""DCMA 13: how efficiently the rest must be worked to finish on time."""

from __future__ import annotations

import numpy as np

from pmo_lib.calendar import between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts


def cpli(critical_path_length: float, total_float: float) -> float | None:
    """Critical path length index: (length + float) / length, both in working days; None where nothing is left (DCMA-EA PAM 200.1, point 13)."""
    return (critical_path_length + total_float) / critical_path_length if critical_path_length > 0 else None


def _cpli(facts: Facts) -> Measured | Missing:
    begun = any(row["actual_start"] is not None for row in facts.every.values())
    at = facts.at if facts.at is not None or begun else facts.plan.info.planned_start  # where nothing has begun, all the work is left
    target = facts.plan.info.must_finish
    target = target or max((row["finish"] for row in facts.baseline.values()), default=None)
    if isinstance(facts.run, str):
        return Missing(facts.run)
    if at is None or target is None:
        return Missing("the plan has no must-finish date and no baseline" if target is None else "the plan has no status date")
    if not facts.run.net.activities:
        return Missing("all work is done")
    calendar = project_calendar(facts.plan)
    finish = facts.run.net.instants(np.array(facts.run.passes.finish)).item()
    length = between(calendar, at, finish) / calendar.minutes_per_day
    spare = between(calendar, finish, target) / calendar.minutes_per_day
    value = cpli(length, spare)
    return Missing("the project's finish does not lie after its status date") if value is None else Measured(value, length + spare, length)


CHECK = Check(
    name="cpli",
    title="Critical path length index",
    group="dcma",
    reference="DCMA 13",
    rule="at_least",
    unit="index",
    definition="(Working days from the status date to the finish + total float against the must-finish date, else the baseline finish) / those days",
    remedy="The rest must go faster than it is planned to: shorten the critical path, or agree on another finish",
    measure=_cpli,
)
