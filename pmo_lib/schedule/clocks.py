"""Whose clock runs: the calendar of each activity, and of each lag, by the source's rules."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, calendars, intersection, project_calendar
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project


def activity_calendars(plan: Project) -> dict[str, Calendar]:
    """The calendar on which each activity's duration runs, by activity id.

    Elapsed durations run round the clock. P6: a resource-dependent activity follows its resources' calendar. MS Project: a task follows its
    resources' calendar, within its own task calendar if it has one, unless it ignores resource calendars.

    Raises `NotSchedulable` where such a calendar has no working time.
    """
    known = calendars(plan)
    default = project_calendar(plan, known)
    of_resources = _resource_calendars(plan, known)
    met: dict[tuple[int, int], Calendar] = {}
    chosen = {}
    columns = ["activity", "kind", "calendar", "elapsed", "ignore_resource_calendars"]
    for activity, kind, own, elapsed, ignores in plan.tables["activities"].select(columns).iter_rows():
        task = known.get(own) if own is not None else None
        cal = task or default
        if elapsed:
            cal = ROUND_THE_CLOCK
        elif plan.info.application == "msp" and not ignores:
            cal = _with_resources(task, default, of_resources.get(activity, []), met)
        elif kind == "resource_dependent":
            cal = _common(of_resources.get(activity, []), cal)
        if not cal.works:
            raise NotSchedulable(f"calendar {cal.name}, on which {activity} is to be done, has no working time; give it a working day")
        chosen[activity] = cal
    return chosen


def _resource_calendars(plan: Project, known: Mapping[str, Calendar]) -> dict[str, list[Calendar]]:
    """For each activity the calendars of the people and machines on it."""
    if "assignments" not in plan.tables or "resources" not in plan.tables:
        return {}
    working = plan.tables["resources"].filter(pl.col("kind").cast(pl.String).is_in(["labour", "equipment"]))
    calendar_of = dict(working.select("resource", "calendar").iter_rows())
    found: dict[str, list[Calendar]] = {}
    for activity, resource in plan.tables["assignments"].select("activity", "resource").iter_rows():
        key = calendar_of.get(resource)
        if key is not None and key in known:
            found.setdefault(activity, []).append(known[key])
    return found


def _with_resources(task: Calendar | None, default: Calendar, resources: list[Calendar], met: dict[tuple[int, int], Calendar]) -> Calendar:
    chosen = _common(resources, task or default)
    if task is None or chosen is task or same_time(chosen, task):
        return chosen
    key = (id(task), id(chosen))
    if key not in met:
        met[key] = intersection(task, chosen)
    return met[key] if met[key].works else task


def _common(resources: list[Calendar], otherwise: Calendar) -> Calendar:
    """The resources' calendar. Where they keep different times the default stands in: the dates of single assignments are not followed."""
    different = [c for c in resources if not same_time(c, resources[0])]
    return resources[0] if resources and not different else otherwise


def same_time(a: Calendar, b: Calendar) -> bool:
    """Whether two calendars work at the same times."""
    return a is b or (a.week, a.weeks, a.exceptions) == (b.week, b.weeks, b.exceptions)


def lag_calendar(plan: Project, kind: str, predecessor: Calendar, successor: Calendar, project: Calendar) -> Calendar:
    """The calendar on which a lag runs."""
    if kind.startswith("elapsed"):
        return ROUND_THE_CLOCK
    return {"predecessor": predecessor, "successor": successor, "project": project, "24h": ROUND_THE_CLOCK}[plan.info.options.lag_calendar]
