"""Calendars that nothing uses."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts


def _unused_calendars(facts: Facts) -> Measured | Missing:
    tables = facts.plan.tables
    if "calendars" not in tables or tables["calendars"].is_empty():
        return Missing("the plan holds no calendars")
    rows = list(tables["calendars"].select("calendar", "name", "base").iter_rows())
    used = {row["calendar"] for row in facts.every.values()} | {facts.plan.info.calendar} | {base for _, _, base in rows}
    if "resources" in tables:
        used |= set(tables["resources"]["calendar"])
    unused = [name for key, name, _ in rows if key not in used]
    return Measured(len(unused), len(unused), len(rows), unused)


CHECK = Check(
    name="unused_calendars",
    title="Unused calendars",
    group="structure",
    unit="count",
    definition="Calendars that no activity, resource, project or other calendar refers to",
    remedy="Remove it, or find whose calendar it was meant to be",
    measure=_unused_calendars,
)
