"""Who offends a check, with what there is to know of each: for a person who is to mend it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from pmo_lib.calendar import DAY
from pmo_lib.office.assessment import Assessment
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project

Row = Mapping[str, Any]
BETWEEN = " -> "


def day_lengths(plan: Project) -> dict[str, int]:
    """Minutes of a day of each activity: those of its calendar, round the clock where its duration is elapsed."""
    cals, default = calendars(plan), project_calendar(plan)
    rows = plan.tables["activities"].select("activity", "calendar", "elapsed").iter_rows() if "activities" in plan.tables else ()
    return {activity: DAY if elapsed else cals.get(calendar or "", default).minutes_per_day for activity, calendar, elapsed in rows}


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
        before, after, kind = ends(name, names)
        rows = [one for one in written.get((before, after), []) if kind in (None, one["type"])]
        logic = "; ".join(_logic(one, plan.info.options.minutes_per_day) for one in rows) or kind or ""
        yield {"predecessor": before, "predecessor_name": names.get(before), "logic": logic, "successor": after, "successor_name": names.get(after)}


def ends(name: str, names: Container[str]) -> tuple[str, str, str | None]:
    """Predecessor, successor and, where it is told, the type of a relationship as a check names it: "A -> B" or "A -> B SS"."""
    before, _, after = name.partition(BETWEEN)
    if after in names:
        return before, after, None
    after, _, kind = after.rpartition(" ")
    return before, after, kind


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
    per_day, found = day_lengths(plan), []
    for name in named:
        row, dates = known.get(name), dated.get(name, {})
        said: dict[str, Any] = {"activity": name}
        if row is not None:
            day = per_day[name]
            spare = dates.get("total_float")
            said |= {"name": row["name"], "start": dates.get("early_start"), "finish": dates.get("early_finish")}
            said |= {"duration_days": row["duration"] / day, "total_float_days": None if spare is None else spare / day}
        found.append(said)
    return found
