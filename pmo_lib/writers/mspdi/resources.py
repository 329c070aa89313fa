"""Resources and their assignments; split tasks, which MS Project keeps in the timephased work of their assignments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from pmo_lib.project import Project
from pmo_lib.writers.mspdi.calendars import Clocks
from pmo_lib.writers.mspdi.elements import Row, grouped, money, numbers, period, put, rows
from pmo_lib.writers.mspdi.outline import Outline

RESOURCE_TYPES = {"material": 0, "cost": 2, "labour": 1, "equipment": 1}
UNASSIGNED = -65535
CONTOURED = 8  # the contour of work that somebody edited, as splitting does
REMAINING, ACTUAL, HOURS = 1, 2, 2


def write_resources(parent: Element, plan: Project, clocks: Clocks) -> dict[str, int]:
    """Every resource; returns their Unique IDs."""
    uids = numbers(row["resource"] for row in rows(plan, "resources"))
    for number, row in enumerate(rows(plan, "resources"), start=1):
        item = SubElement(parent, "Resource")
        for name, value in [
            ("UID", uids[row["resource"]]),
            ("ID", number),
            ("Name", row["name"]),
            ("Type", RESOURCE_TYPES[row["kind"]]),
            ("IsNull", False),
            ("Initials", row["code"]),
            ("MaxUnits", row["max_units"]),
            ("StandardRate", row["standard_rate"]),
            ("StandardRateFormat", 8 if row["kind"] == "material" else 2),
            ("CalendarUID", clocks.of_resource(row["resource"], row["calendar"])),
            ("IsCostResource", row["kind"] == "cost"),
        ]:
            put(item, name, value)
    return uids


def write_assignments(parent: Element, plan: Project, outline: Outline, uids: dict[str, int]) -> None:
    """Every assignment of a task that is written."""
    splits = grouped(plan, "splits", "activity")
    tasks = {row["activity"]: row for row in rows(plan, "activities")}
    found = [row for row in rows(plan, "assignments") if row["activity"] in outline.uids]
    found += [_nobody(tasks[activity]) for activity in splits if activity in outline.uids and not any(row["activity"] == activity for row in found)]
    known = numbers(str(row["uid"] or "") for row in found)
    plain = len(known) == len(found) and "" not in known
    for number, row in enumerate(found, start=1):
        item = SubElement(parent, "Assignment")
        uid = known[row["uid"]] if plain else number
        quantity = row["planned_quantity"]
        for name, value in [
            ("UID", uid),
            ("TaskUID", outline.uids[row["activity"]]),
            ("ResourceUID", uids.get(row["resource"], UNASSIGNED)),
            ("ActualCost", money(row["actual_cost"])),
            ("ActualWork", period(row["actual_work"])),
            ("Cost", money(row["planned_cost"])),
            ("Finish", row["finish"]),
            ("RemainingCost", money(row["remaining_cost"])),
            ("RemainingWork", period(row["remaining_work"])),
            ("Start", row["start"]),
            ("Units", row["units"]),
            ("Work", period(row["planned_work"] if quantity is None else quantity * 60)),
        ]:
            put(item, name, value)
        if row["activity"] in splits:
            _split(item, uid, splits[row["activity"]], tasks[row["activity"]], row)


def _nobody(task: Row) -> Row:
    """The assignment without a resource that a split task needs to be split."""
    amounts = dict.fromkeys(("uid", "resource", "actual_cost", "planned_cost", "remaining_cost", "planned_quantity"))
    work = {"planned_work": task["duration"], "actual_work": task["duration"] - task["remaining_duration"], "remaining_work": task["remaining_duration"]}
    return {**amounts, **work, "activity": task["activity"], "units": 1.0, "start": task["stored_start"], "finish": task["stored_finish"]}


def _split(item: Element, uid: int, stretches: Sequence[Row], task: Row, assignment: Row) -> None:
    """Work in each stretch by its share of the time, and an explicit nothing in each rest between."""
    put(item, "WorkContour", CONTOURED)
    spans = [(row["start"], row["finish"]) for row in sorted(stretches, key=lambda row: row["start"])]
    whole = sum((finish - start).total_seconds() for start, finish in spans) or 1.0
    work = assignment["planned_work"] or task["duration"]
    worked: list[tuple[datetime, datetime, float]] = [(start, finish, max(work * (finish - start).total_seconds() / whole, 1.0)) for start, finish in spans]
    rests = [(one[1], other[0], 0.0) for one, other in pairwise(spans)]
    until = task["actual_finish"] or (task["suspended"] or task["resumed"] if task["actual_start"] else None)
    for start, finish, minutes in sorted([*worked, *rests]):
        data = SubElement(item, "TimephasedData")
        for name, value in [
            ("Type", ACTUAL if until is not None and finish <= until else REMAINING),
            ("UID", uid),
            ("Start", start),
            ("Finish", finish),
            ("Unit", HOURS),
            ("Value", period(minutes)),
        ]:
            put(data, name, value)
