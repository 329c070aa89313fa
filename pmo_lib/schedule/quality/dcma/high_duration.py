"""DCMA 8: activities too long to be followed."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, Row, share
from pmo_lib.schedule.quality.facts import Facts


def _high_duration(facts: Facts) -> Measured | Missing:
    limit = facts.limits.high_duration_days
    long = [row["activity"] for row in facts.open if facts.days(row["activity"], _minutes(facts, row)) > limit]
    return share(long, len(facts.open), facts.nothing)


def _minutes(facts: Facts, row: Row) -> int:
    """The duration that counts. An activity that was never baselined counts with what is planned now."""
    if facts.limits.high_duration_of == "remaining":
        return row["remaining_duration"]
    planned = facts.baseline.get(row["activity"])
    if planned is None:
        return row["duration"]
    if planned["duration"] is None and planned["start"] is not None:
        return facts.worked(row["activity"], planned["start"], planned["finish"])
    return row["duration"] if planned["duration"] is None else planned["duration"]


CHECK = Check(
    name="high_duration",
    title="High duration",
    group="dcma",
    reference="DCMA 8",
    definition="Incomplete activities whose {high_duration_of} is above {high_duration_days:g} working days, of all incomplete activities",
    options={"high_duration_of": {"baseline": "baseline duration (the present one where there is none)", "remaining": "remaining duration"}},
    remedy="Break the activity up into parts whose end can be reported within a period or two",
    measure=_high_duration,
)
