"""Who offends a check, with what there is to know of each: for a person who is to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pmo_lib.office.assessment import Assessment
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project

Row = Mapping[str, Any]
BETWEEN = " -> "


def offenders(assessment: Assessment, row: Row) -> list[dict[str, Any]]:
    """Everything that offends a check (a row of `tables.schedule_results.Checks`): relationships with both ends, activities with their dates, duration and
    total float [working days], of a practice the checks that failed."""
    if row["group"] == "gao":
        titles = {one["check"]: one for one in assessment.checks.iter_rows(named=True)} if assessment.checks is not None else {}
        return [{"check": name, "title": titles[name]["title"], "remedy": titles[name]["remedy"]} for name in row["offenders"]]
    if any(BETWEEN in name for name in row["offenders"]):
        return list(_relationships(assessment.plan, row["offenders"]))
    return _activities(assessment, row["offenders"])


def _relationships(plan: Project, named: Sequence[str]) -> Iterator[dict[str, Any]]:
    names = dict(plan.tables["activities"].select("activity", "name").iter_rows())
    written: dict[tuple[str, str], list[Row]] = {}
    for one in plan.tables["relationships"].iter_rows(named=True):
        written.setdefault((one["predecessor"], one["successor"]), []).append(one)
    for name in named:
        before, _, after = name.partition(BETWEEN)
        kind = None
        if after not in names:
            after, _, kind = after.rpartition(" ")
        rows = [one for one in written.get((before, after), []) if kind in (None, one["type"])]
        logic = "; ".join(_logic(one, plan.info.options.minutes_per_day) for one in rows) or kind or ""
        yield {"predecessor": before, "predecessor_name": names.get(before), "logic": logic, "successor": after, "successor_name": names.get(after)}


def _logic(one: Row, per_day: int) -> str:
    """As in "FS+2d"; round the clock "ed", of a percentage "%"."""
    if one["lag_percent"] is not None:
        return f"{one['type']}{one['lag_percent']:+g}%"
    unit, day = ("ed", 1440) if one["lag_kind"].startswith("elapsed") else ("d", per_day)
    return one["type"] + (f"{round(one['lag'] / day, 2):+g}{unit}" if one["lag"] else "")


def _activities(assessment: Assessment, named: Sequence[str]) -> list[dict[str, Any]]:
    plan = assessment.plan
    known = {row["activity"]: row for row in plan.tables["activities"].iter_rows(named=True)} if "activities" in plan.tables else {}
    dated = {} if assessment.dates is None else {row["activity"]: row for row in assessment.dates.iter_rows(named=True)}
    cals, default = calendars(plan), project_calendar(plan)
    found = []
    for name in named:
        row, dates = known.get(name), dated.get(name, {})
        said: dict[str, Any] = {"activity": name}
        if row is not None:
            day = 1440 if row["elapsed"] else cals.get(row["calendar"] or "", default).minutes_per_day
            spare = dates.get("total_float")
            said |= {"name": row["name"], "start": dates.get("early_start"), "finish": dates.get("early_finish")}
            said |= {"duration_days": row["duration"] / day, "total_float_days": None if spare is None else spare / day}
        found.append(said)
    return found
