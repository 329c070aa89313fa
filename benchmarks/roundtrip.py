"""A plan, written as Microsoft Project XML and read back: what is another than it should be.

What should be is the plan less the losses that the writer tells of (`writers/mspdi/losses.py`), put here into values column by column.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.matching import said, wbs_paths
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.writers.mspdi.begun import ORIGINAL, as_it_stands
from pmo_lib.writers.mspdi.constraints import held

ACTIVITY_ID = "Activity ID"
NEW = ("activity", "uid", "row", "wbs", "calendar")  # another key, or compared by what it means
LOST = ("planned_start", "planned_finish", "constraint_2", "constraint_2_date", "external_early_start", "external_late_finish", "expected_finish")
OF_ASSIGNMENTS = ("units", "planned_work", "actual_work", "remaining_work", "planned_cost", "actual_cost", "remaining_cost", "start", "finish")
OF_INFO = ("key", "data_date", "planned_start", "stored_finish", "currency", "guid")
KINDS = {"start_milestone": "finish_milestone", "level_of_effort": "task", "resource_dependent": "task"}
TYPES = {("p6", "resource_dependent"): "fixed_units"}
CENT = 1e-4  # money is kept in hundredths of cents


def differences(plan: Project, back: Project) -> list[str]:
    """A line for each thing that is missing, new, or another than the writer says."""
    ids = _ids(plan, back)
    return [*_info(plan, back), *_activities(plan, back, ids), *_relationships(plan, back, ids), *_resources(plan, back, ids), *_records(plan, back, ids)]


def _ids(plan: Project, back: Project) -> dict[str, str]:
    """The new Unique ID of each activity."""
    own = plan.tables["activities"]["activity"].to_list()
    fields = back.tables["custom_fields"] if "custom_fields" in back.tables else pl.DataFrame({"subject": [], "field": [], "key": [], "value": []})
    told = dict(fields.filter(pl.col("field") == ACTIVITY_ID).select("value", "key").iter_rows())
    return {activity: told.get(activity, activity) for activity in own}


def _info(plan: Project, back: Project) -> Iterable[str]:
    for name in OF_INFO:
        if getattr(plan.info, name) != getattr(back.info, name):
            yield f"info {name}: {getattr(plan.info, name)!r} became {getattr(back.info, name)!r}"
    if said(plan.info.name) != said(back.info.name):
        yield f"info name: {plan.info.name!r} became {back.info.name!r}"


def _activities(plan: Project, back: Project, ids: Mapping[str, str]) -> Iterable[str]:
    found = {row["activity"]: row for row in back.tables["activities"].iter_rows(named=True)}
    clocks = [calendars(one) for one in (plan, back)]
    default = [project_calendar(one, known) for one, known in zip((plan, back), clocks, strict=True)]
    places = [wbs_paths(one) for one in (plan, back)]
    elements = {row["activity"] for row in plan.tables["wbs"].iter_rows(named=True)} if "wbs" in plan.tables else set()
    for row in plan.tables["activities"].iter_rows(named=True):
        if row["kind"] == "summary" and row["activity"] not in elements:
            continue  # P6's WBS summary activity
        other = found.get(ids[row["activity"]])
        if other is None:
            yield f"activity {row['activity']} is missing"
            continue
        expected = _expected(plan, row, clocks[0].get(row["calendar"], default[0]))
        yield from (
            f"activity {row['activity']} {name}: {expected[name]!r} became {other[name]!r}"
            for name in row
            if name not in NEW and name not in LOST and not _same(expected[name], other[name])
        )
        if said(places[0].get(row["wbs"], "")) != said(places[1].get(other["wbs"], "")) and plan.info.application != "msp":
            yield f"activity {row['activity']} stands elsewhere: {places[0].get(row['wbs'])} became {places[1].get(other['wbs'])}"
        if not alike(clocks[0].get(row["calendar"], default[0]), clocks[1].get(other["calendar"], default[1])):
            yield f"activity {row['activity']} follows another calendar"


def _expected(plan: Project, row: dict[str, Any], clock: Calendar) -> dict[str, Any]:
    """An activity's values as MS Project holds them."""
    if plan.info.application != "msp" and row["actual_start"] is not None and row["kind"] != "summary":
        row = row | as_it_stands(row, clock)
    if plan.info.application != "msp":
        row = row | held(row)
    running = row["actual_start"] is not None and row["actual_finish"] is None
    p6 = plan.info.application == "p6"
    return row | {
        "name": row["name"].strip() or row["name"],
        "kind": KINDS.get(row["kind"], row["kind"]),
        "constraint_date": None if row["constraint"] == "as_late_as_possible" else row["constraint_date"],
        "suspended": row["suspended"] if running else None,
        "resumed": row["resumed"] if running else None,
        "percent_complete": round(row["percent_complete"] * 100) / 100,
        "physical_percent": None if row["physical_percent"] is None else round(row["physical_percent"] * 100) / 100,
        "ignore_resource_calendars": row["ignore_resource_calendars"] or (p6 and row["kind"] == "task"),
        "task_type": row["task_type"] or TYPES.get((plan.info.application, row["kind"]), None if plan.info.application == "msp" else "fixed_duration"),
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=CENT)
    return one == other


def alike(one: Calendar, other: Calendar) -> bool:
    """Whether two calendars work at the same times, day by day over their exceptions and the weeks."""
    if one.week != other.week:
        return False
    spans = [(span.first, min(span.last, span.first + timedelta(days=400))) for cal in (one, other) for span in (*cal.weeks, *cal.exceptions)]
    days = {first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)}
    return all(one.on(day) == other.on(day) for day in days)


def _relationships(plan: Project, back: Project, ids: Mapping[str, str]) -> Iterable[str]:
    columns = ["predecessor", "successor", "type", "lag", "lag_kind", "lag_percent"]
    both = [one.tables["relationships"].select(columns).rows() if "relationships" in one.tables else [] for one in (plan, back)]
    mine = [(ids.get(before, before), ids.get(after, after), *rest) for before, after, *rest in both[0]]
    yield from _counted("relationship", mine, both[1])


def _resources(plan: Project, back: Project, ids: Mapping[str, str]) -> Iterable[str]:
    both: list[list[Any]] = [one.tables["resources"].to_dicts() if "resources" in one.tables else [] for one in (plan, back)]
    yield from _counted("resource", *[[_resource(row) for row in rows] for rows in both])
    clocks = [calendars(one) for one in (plan, back)]
    for row, other in zip(*both, strict=False):
        one, now = clocks[0].get(row["calendar"]), clocks[1].get(other["calendar"])
        if one is not None and (now is None or not alike(one, now)):
            yield f"resource {row['name']} follows another calendar"
    names = [{row["resource"]: row["name"].strip() for row in rows} for rows in both]
    for side, one in enumerate((plan, back)):
        rows = one.tables["assignments"].to_dicts() if "assignments" in one.tables else []
        keys = ids if side == 0 else {}
        both[side] = [(keys.get(row["activity"], row["activity"]), names[side].get(row["resource"]), *_amounts(row)) for row in rows]
    split = {ids[activity] for activity in plan.tables["splits"]["activity"]} if "splits" in plan.tables else set()
    yield from _counted("assignment", both[0], [row for row in both[1] if row in both[0] or row[1] is not None or row[0] not in split])


def _resource(row: Mapping[str, Any]) -> tuple[Any, ...]:
    kind = "labour" if row["kind"] == "equipment" else row["kind"]
    return row["name"].strip(), row["code"], kind, row["max_units"], _rounded(row["standard_rate"])


def _amounts(row: Mapping[str, Any]) -> Iterable[Any]:
    return (_rounded(row[column]) for column in OF_ASSIGNMENTS)


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


def _records(plan: Project, back: Project, ids: Mapping[str, str]) -> Iterable[str]:
    """Baselines, splits, and fields with codes among them, as far as MS Project has fields for them."""
    for name in ("baselines", "splits"):
        both = [one.tables[name].to_dicts() if name in one.tables else [] for one in (plan, back)]
        mine = [tuple(_rounded(value) for value in (row | {"activity": ids.get(row["activity"], row["activity"])}).values()) for row in both[0]]
        yield from _counted(name, mine, [tuple(_rounded(value) for value in row.values()) for row in both[1]])
    held = {row["field"] for row in back.tables["custom_fields"].iter_rows(named=True)} if "custom_fields" in back.tables else set()
    mine = [(ids.get(row["key"], row["key"]), row["field"], row["value"]) for row in _rows(plan, "custom_fields") if row["subject"] == "activity"]
    mine += [(ids.get(row["activity"], row["activity"]), row["type"], row["value"]) for row in _rows(plan, "codes")]
    theirs = [(row["key"], row["field"], row["value"]) for row in _rows(back, "custom_fields") if row["field"] not in (ACTIVITY_ID, ORIGINAL)]
    yield from _counted("field", *[[(key, field, _plain(value)) for key, field, value in dict.fromkeys(rows) if field in held] for rows in (mine, theirs)])


def _plain(value: str) -> str:
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value.strip()


def _rows(plan: Project, name: str) -> list[dict[str, Any]]:
    return plan.tables[name].to_dicts() if name in plan.tables else []


def _counted(what: str, mine: Iterable[tuple[Any, ...]], theirs: Iterable[tuple[Any, ...]]) -> Iterable[str]:
    one, other = Counter(mine), Counter(theirs)
    yield from (f"{what} {row} is missing" for row in (one - other).elements())
    yield from (f"{what} {row} is new" for row in (other - one).elements())
