"""Whose clock runs: the calendar of each activity, and of each lag, by the source's rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import pairwise

import numpy as np
import polars as pl

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, DatedWeek, add, intersection
from pmo_lib.errors import NotSchedulable
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.index import index
from pmo_lib.spans import joined


@dataclass(frozen=True, slots=True)
class Clocks(Mapping[str, Calendar]):
    """The calendar of each activity, by its id, and as numbers by its row in the table of activities."""

    place: Mapping[str, int]  # activity: its row
    calendars: list[Calendar]
    number: np.ndarray  # [rows of activities] which of the calendars
    of_lags: np.ndarray  # [rows of activities] on which of them a lag runs that follows the activity's calendar

    def __getitem__(self, activity: str) -> Calendar:
        return self.calendars[self.number[self.place[activity]]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.place)

    def __len__(self) -> int:
        return len(self.place)


def activity_calendars(plan: Project) -> Clocks:
    """The calendar on which each activity's duration runs, by activity id.

    Elapsed durations run round the clock. P6: a resource-dependent activity follows its resources' calendar; of several who keep different times each
    works on their own, and the activity lasts as long as the last of them. MS Project: a task follows its resources' calendar, within its own task
    calendar if it has one, unless it ignores resource calendars or its duration is fixed. Work goes on while any of several resources works. Its lags
    run on the task's own calendar, or else the project's, whenever its resources work.

    References: Microsoft, Q159773, "Project Lag Uses Base Calendar Instead of Resource Calendar". Oracle, P6 help, "Activity types": the
    resources of a resource-dependent activity are scheduled by their own calendars, independently.

    Raises `NotSchedulable` where such a calendar has no working time.
    """
    known = calendars(plan)
    default = project_calendar(plan, known)
    activities, found = plan.tables["activities"], index(plan)
    place, number = found.row, found.calendar.copy()
    listed = [known.get(key, default) for key in found.calendars]
    special = activities if plan.info.application == "msp" else activities.filter(activities["elapsed"] | (activities["kind"] == "resource_dependent"))
    for activity, cal in _by_rule(plan, special, known, default).items():
        met = next((i for i, each in enumerate(listed) if each is cal), None)
        if met is None:
            met = len(listed)
            listed.append(cal)
        number[place[activity]] = met
    for i in np.flatnonzero(np.bincount(number)):
        if not listed[i].works:
            activity = activities["activity"][int(np.flatnonzero(number == i)[0])]
            raise NotSchedulable(f"calendar {listed[i].name}, on which {activity} is to be done, has no working time; give it a working day")
    usual = plan.info.application == "msp" and all(cal.works for cal in listed[: len(found.calendars)])
    return Clocks(place, listed, number, found.calendar if usual else number)


def _by_rule(plan: Project, rows: pl.DataFrame, known: Mapping[str, Calendar], default: Calendar) -> dict[str, Calendar]:
    """The calendars of activities that may follow another than their own."""
    if rows.is_empty():
        return {}
    of_resources = _resource_calendars(plan, known)
    met: dict[tuple[int, ...], Calendar] = {}  # what was made of which calendars, so that it is made once
    chosen = {}
    columns = ["activity", "kind", "calendar", "elapsed", "ignore_resource_calendars", "task_type", "remaining_duration", "stored_early_start"]
    for activity, kind, own, elapsed, ignores, task_type, left, start in rows.select(columns).iter_rows():
        task = known.get(own) if own is not None else None
        cal = task or default
        if elapsed:
            cal = ROUND_THE_CLOCK
        elif plan.info.application == "msp" and task_type == "fixed_duration":
            pass  # the duration stands, whenever its resources work
        elif plan.info.application == "msp" and not ignores:
            cal = _with_resources(task, default, of_resources.get(activity, []), met)
        elif kind == "resource_dependent":
            cal = _slowest(of_resources.get(activity, []), cal, start or plan.info.data_date or plan.info.planned_start, left)
        chosen[activity] = cal
    return chosen


def _resource_calendars(plan: Project, known: Mapping[str, Calendar]) -> dict[str, list[Calendar]]:
    """For each activity the calendars of the people and machines on it whose hours tell on its dates."""
    if "assignments" not in plan.tables or "resources" not in plan.tables:
        return {}
    working = plan.tables["resources"].filter(pl.col("kind").cast(pl.String).is_in(["labour", "equipment"]))
    calendar_of = dict(working.select("resource", "calendar").iter_rows())
    found: dict[str, list[Calendar]] = {}
    for activity, resource, drives in plan.tables["assignments"].select("activity", "resource", "drives").iter_rows():
        key = calendar_of.get(resource) if drives is not False else None
        if key is not None and key in known:
            found.setdefault(activity, []).append(known[key])
    return found


def of_assignments(plan: Project, activities: Collection[str]) -> dict[str, Calendar]:
    """The calendar of each of these activities' resources together, whatever its own duration runs on."""
    found = _resource_calendars(plan, calendars(plan)) if activities else {}
    met: dict[tuple[int, ...], Calendar] = {}
    return {activity: _common(found[activity], found[activity][0], met) for activity in activities if found.get(activity)}


def _slowest(resources: list[Calendar], otherwise: Calendar, start: datetime | None, left: int) -> Calendar:
    """The calendar of the resource that is done last, when all begin about then."""
    if start is None or len(resources) < 2:
        return resources[0] if resources else otherwise
    able = [cal for cal in resources if cal.works]
    return max(able, key=lambda cal: add(cal, start, left)) if able else resources[0]


def _with_resources(task: Calendar | None, default: Calendar, resources: list[Calendar], met: dict[tuple[int, ...], Calendar]) -> Calendar:
    chosen = _common(resources, task or default, met)
    if task is None or chosen is task or same_time(chosen, task):
        return chosen
    key = (0, id(task), id(chosen))
    if key not in met:
        met[key] = intersection(task, chosen)
    return met[key] if met[key].works else task


def _common(resources: list[Calendar], otherwise: Calendar, met: dict[tuple[int, ...], Calendar]) -> Calendar:
    """The resources' calendar. Where they keep different times the activity goes on while any of them works."""
    if not resources:
        return otherwise
    different = [c for i, c in enumerate(resources) if not any(same_time(c, earlier) for earlier in resources[:i])]
    key = (1, *sorted(id(c) for c in different))
    if key not in met:
        met[key] = reduce(union, different)
    return met[key]


def union(a: Calendar, b: Calendar) -> Calendar:
    """The calendar that works where either does."""
    week = tuple(tuple(joined((*x, *y))) for x, y in zip(a.week, b.week, strict=True))
    spans = {(s.first, s.last) for c in (a, b) for s in (*c.weeks, *c.exceptions)}
    edges = sorted({edge for first, last in spans for edge in (first.toordinal(), last.toordinal() + 1)})
    weeks = []
    for begin, end in pairwise(edges):
        # while no exception or alternative week begins or ends, all Mondays are alike, and so on
        if any(first.toordinal() <= begin <= last.toordinal() for first, last in spans):
            days = [date.fromordinal(n) for n in range(begin, min(end, begin + 7))]
            shifts = {day.weekday(): tuple(joined((*a.on(day), *b.on(day)))) for day in days}
            weeks.append(DatedWeek(days[0], date.fromordinal(end - 1), tuple(shifts.get(weekday) for weekday in range(7))))
    return Calendar(f"{a.name} or {b.name}", a.minutes_per_day, week, tuple(weeks))


def same_time(a: Calendar, b: Calendar) -> bool:
    """Whether two calendars work at the same times."""
    return a is b or (a.week, a.weeks, a.exceptions) == (b.week, b.weeks, b.exceptions)


def lag_calendar(plan: Project, kind: str, predecessor: Calendar, successor: Calendar, project: Calendar) -> Calendar:
    """The calendar on which a lag runs."""
    if kind.startswith("elapsed"):
        return ROUND_THE_CLOCK
    match plan.info.options.lag_calendar:
        case "predecessor":
            return predecessor
        case "successor":
            return successor
        case "project":
            return project
        case "24h":
            return ROUND_THE_CLOCK
