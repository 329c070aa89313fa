"""Activities whose calendar the plan does not hold: their dates rest on a guess."""

from __future__ import annotations

from pmo_lib.calendar import Calendar
from pmo_lib.plan_calendars import calendars
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _missing_calendars(facts: Facts) -> Measured | Missing:
    known = calendars(facts.plan)
    wanting = [activity for activity, row in facts.every.items() if not _works(known, row["calendar"] or facts.plan.info.calendar)]
    return share(wanting, len(facts.every), "the plan has no activities with work")


def _works(known: dict[str, Calendar], key: str | None) -> bool:
    return key is not None and key in known and known[key].works


CHECK = Check(
    name="missing_calendars",
    title="Missing calendars",
    group="structure",
    definition="Activities whose own calendar, or the project's where they have none, is not in the plan or has no working time, of all activities",
    remedy="Give the activity, or the project, a calendar that has working time",
    measure=_missing_calendars,
)
