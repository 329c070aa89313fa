"""The changes between two versions of a plan, each with the group to which the attribution counts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import Calendar, between, between_each
from pmo_lib.matching import wbs_paths
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.schedule.comparison.calendar_changes import of_calendars, resource_calendars
from pmo_lib.schedule.comparison.halfway import DATED, Halfway, extension
from pmo_lib.schedule.comparison.movements import in_both
from pmo_lib.schedule.dates import Run

Row = dict[str, Any]
OF_PROJECT = (("data_date", "data date", "progress"), ("planned_start", "project start", "constraints"), ("must_finish", "must finish by", "constraints"))
BELONGING = (("splits", "resources", "resources", "part"), ("external_relationships", "constraint", "constraints", "relationship"))
DATES = {
    "constraint": (("constraint", "constraint_date", "constraint"), ("constraint_2", "constraint_2_date", "secondary constraint")),
    "single": (
        ("deadline", "deadline"), ("expected_finish", "expected finish"), ("external_early_start", "external early start"),
        ("external_late_finish", "external late finish"),
    ),
}  # fmt: skip


def changes(half: Halfway, runs: tuple[Run, Run] | None) -> list[Row]:
    """Rows of `tables.schedule_results.Changes`, largest first; slips only where both plans were scheduled (`runs`).

    Summary tasks are told of where they are linked or constrained otherwise, inactive tasks where they became so.
    """
    rows = [*_of_project(half), *of_calendars(half), *_added_and_removed(half), *_of_activities(half), *_relinked(half)]
    if runs is not None:
        rows += _slips(half, *runs)
    order = {kind: i for i, kind in enumerate(("slipped", "gained", "duration"))} | {"moved": 10, "renamed": 11}  # new names move nothing, and are told last
    return sorted(rows, key=lambda row: (-abs(row.get("days") or 0.0), order.get(row["change"], 9), not row.get("retroactive")))


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The rows as `tables.schedule_results.Changes`."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import Changes

    filled = [{"subject": "activity", "retroactive": False, **row} for row in rows]
    return framed(Changes, filled)


def _of_project(half: Halfway) -> Iterator[Row]:
    was, now = half.older.info, half.newer.info
    whom = {"subject": "project", "activity": now.key, "name": now.name}
    for attribute, name, group in OF_PROJECT:
        one, other = getattr(was, attribute), getattr(now, attribute)
        if one != other:
            yield whom | {"change": "project", "field": name, "before": _instant(one), "after": _instant(other), "group": group}
    if half.calendar_keys.get(was.calendar or "", was.calendar) != now.calendar:
        named = [project_calendar(plan).name for plan in (half.older, half.newer)]
        yield whom | {"change": "calendar", "field": "project calendar", "before": named[0], "after": named[1], "group": "calendars"}
    if was.application != now.application:
        yield whom | {"change": "option", "field": "application", "before": was.application, "after": now.application, "group": "options"}
    for option in fields(SchedulingOptions):
        one, other = getattr(was.options, option.name), getattr(now.options, option.name)
        if one != other:
            yield whom | {"change": "option", "field": option.name.replace("_", " "), "before": str(one), "after": str(other), "group": "options"}


def _added_and_removed(half: Halfway) -> Iterator[Row]:
    for plan, known, what in ((half.newer, half.kept, "added"), (half.older, half.match.pairs.keys(), "removed")):
        leaves = plan.tables["activities"].filter(pl.col("active"), pl.col("kind").cast(pl.String) != "summary")
        for activity, name in leaves.select("activity", "name").iter_rows():
            if activity not in known:
                yield {"activity": activity, "name": name, "change": what, "group": "scope"}


def _of_activities(half: Halfway) -> Iterator[Row]:
    """What of each activity is another, in the order of the plan."""
    tell = _Teller(half)
    longer = {f"{column}_longer": extension(column) for column in ("duration", "remaining_duration")}
    back = {new: old for old, new in half.match.pairs.items()}
    other = {new for old, new in half.match.pairs.items() if old != new} | tell.otherwise()
    for row in half.pairs.filter(_another(half.pairs) | pl.col("activity").is_in(other)).with_columns(**longer).iter_rows(named=True):
        whom = {"activity": row["activity"], "name": row["name"]}
        if row["active"] != row["active_old"]:
            yield whom | _pair("kind", "active", row, "scope")
        if not row["active"]:
            continue
        found = list(_constrained(row))
        if row["kind"] != "summary":
            found += [*tell.identity(row, back[row["activity"]]), *tell.lengths(row), *tell.actuals(row), *tell.setting(row)]
        yield from (whom | one for one in found)


def _another(pairs: pl.DataFrame) -> pl.Expr:
    """Whether anything that changes tell of is another in an activity's own columns: dates that are stored count for manual tasks alone."""
    both = [column for column in pairs.columns if f"{column}_old" in pairs.columns]
    dated = [column for column in both if column.startswith("stored_")]
    differ = {column: pl.col(column).ne_missing(pl.col(f"{column}_old")) for column in both}
    return pl.any_horizontal(differ[column] & (pl.col("manual") if column in dated else True) for column in both)


def _pair(change: str, column: str, row: Mapping[str, Any], group: str, name: str | None = None) -> Row:
    said = [None if row[key] is None else str(row[key]) for key in (f"{column}_old", column)]
    return {"change": change, "field": name or column.replace("_", " "), "before": said[0], "after": said[1], "group": group}


def _lengths(change: str, column: str, row: Mapping[str, Any], per_day: int, group: str) -> Row:
    said = [f"{round(row[key] / per_day, 2):g} d" for key in (f"{column}_old", column)]
    return {"change": change, "field": column.replace("_", " "), "before": said[0], "after": said[1], "group": group}


class _Teller:
    """What of one activity differs, one method a kind of difference."""

    def __init__(self, half: Halfway) -> None:
        self.half = half
        self.since = half.older.info.data_date
        self.known = calendars(half.newer)
        self.default = project_calendar(half.newer, self.known)
        self.names = [{None: project_calendar(plan).name} | {key: cal.name for key, cal in calendars(plan).items()} for plan in (half.older, half.newer)]
        self.old_keys = {new: old for old, new in half.calendar_keys.items()}
        self.places = [wbs_paths(plan) for plan in (half.older, half.newer)]
        before, now = resource_calendars(half.older), resource_calendars(half.newer)
        self.resources = {half.ids[a]: frozenset(half.calendar_keys[key] for key in keys) for a, keys in before.items()}, now
        both = (half.older, half.ids), (half.newer, None)
        self.parts = {name: [_parts(name, plan, ids) for plan, ids in both] for name, *_ in BELONGING}
        self.crews = [_crews(plan, ids) for plan, ids in both]

    def otherwise(self) -> set[str]:
        """Activities of which something differs that stands in other tables."""
        pairs = [self.resources, self.crews, *self.parts.values()]
        return {activity for before, now in pairs for activity in before.keys() | now.keys() if before.get(activity) != now.get(activity)}

    def identity(self, row: Row, old: str) -> Iterator[Row]:
        if old != row["activity"]:
            yield {"change": "renamed", "field": "id", "before": old, "after": row["activity"]}
        if row["name"] != row["name_old"]:
            yield _pair("renamed", "name", row, "") | {"group": None}
        places = self.places[0].get(row["wbs_old"]), self.places[1].get(row["wbs"])
        if row["wbs"] != row["wbs_old"] and places[0] != places[1]:
            yield {"change": "moved", "field": "WBS", "before": places[0], "after": places[1], "group": "scope"}

    def lengths(self, row: Row) -> Iterator[Row]:
        per_day = self.per_day(row)
        begun, what = row["actual_start"] is not None, "remaining_duration"
        for column in ("remaining_duration",) if begun else ("duration", "remaining_duration"):
            longer = row[f"{column}_longer"]
            if longer:
                what = column
                yield _lengths("duration", column, row, per_day, "durations") | {"days": longer / per_day}
                break
        else:
            if row[what] != row[f"{what}_old"] and row["actual_finish"] is None:
                yield _lengths("progress", what, row, per_day, "progress")
        for column in ("kind", "elapsed"):
            if row[column] != row[f"{column}_old"]:
                yield _pair("kind", column, row, "durations", "type" if column == "kind" else None)

    def actuals(self, row: Row) -> Iterator[Row]:
        """Dates of work done: those before the older status date, which the older plan did not have or had otherwise, are retroactive."""
        for column in ("actual_start", "actual_finish"):
            was, now = row[f"{column}_old"], row[column]
            if was != now:
                late = was is not None or (self.since is not None and now < self.since and between(self.calendar(row), now, self.since) > 0)
                yield _pair("actuals", column, row, "progress") | {"retroactive": late}
        # where work goes on after a status date follows from its progress: told where nothing else of it is
        told = row["actual_start"] != row["actual_start_old"] or row["remaining_duration"] != row["remaining_duration_old"]
        if row["resumed"] != row["resumed_old"] and row["actual_finish"] is None and not told:
            yield _pair("progress", "resumed", row, "progress")

    def setting(self, row: Row) -> Iterator[Row]:
        if row["calendar"] != row["calendar_old"]:
            names = self.names[0].get(self.old_keys.get(row["calendar_old"])), self.names[1].get(row["calendar"])
            yield {"change": "calendar", "field": "calendar", "before": names[0], "after": names[1], "group": "calendars"}
        of = [known.get(row["activity"], frozenset()) for known in self.resources]
        if of[0] != of[1]:
            said = [", ".join(sorted(self.names[1].get(key) or self.names[0].get(self.old_keys.get(key)) or key for key in keys)) or None for keys in of]
            yield {"change": "resources", "field": "resource calendars", "before": said[0], "after": said[1], "group": "resources"}
        for column in ("levelling_delay", "ignore_resource_calendars", "task_type"):
            if row[column] != row[f"{column}_old"]:
                yield _pair("resources", column, row, "resources")
        if row["actual_finish"] is None:
            yield from self.belonging(row)

    def belonging(self, row: Row) -> Iterator[Row]:
        """Who is assigned, parts of split work, and relationships with other projects of the file."""
        crews = [known.get(row["activity"]) for known in self.crews]
        if crews[0] != crews[1]:
            yield {"change": "resources", "field": "assigned", "before": crews[0], "after": crews[1], "group": "resources"}
        for name, change, group, counted in BELONGING:
            parts = [known.get(row["activity"], []) for known in self.parts[name]]
            if parts[0] != parts[1]:
                said = [f"{len(one)} {counted}{'' if len(one) == 1 else 's'}" if one else None for one in parts]
                yield {"change": change, "field": name.replace("_", " "), "before": said[0], "after": said[1], "group": group}

    def calendar(self, row: Row) -> Calendar:
        return self.known.get(row["calendar"], self.default)

    def per_day(self, row: Row) -> int:
        return 1440 if row["elapsed"] else self.calendar(row).minutes_per_day


def _constrained(row: Row) -> Iterator[Row]:
    for kind, when, name in DATES["constraint"]:
        values = [(row[f"{kind}{side}"], row[f"{when}{side}"] if row[f"{kind}{side}"] != "as_late_as_possible" else None) for side in ("_old", "")]
        if values[0] != values[1]:
            said = [_constraint(*value) for value in values]
            yield {"change": "constraint", "field": name, "before": said[0], "after": said[1], "group": "constraints"}
    for column, name in DATES["single"]:
        if row[column] != row[f"{column}_old"]:
            yield _pair("constraint", column, row, "constraints", name)
    if row["manual"] != row["manual_old"]:
        yield _pair("constraint", "manual", row, "constraints", "manually scheduled")
    elif row["manual"]:
        for column in DATED[:2]:
            if row[column] != row[f"{column}_old"]:
                yield _pair("constraint", column, row, "constraints", column.replace("stored_", "manual "))


def _constraint(kind: str | None, when: datetime | None) -> str | None:
    return kind and kind.replace("_", " ") + (f" {when}" if when else "")


def _instant(when: datetime | None) -> str | None:
    return None if when is None else str(when)


def _parts(name: str, plan: Project, ids: Mapping[str, str] | None) -> dict[str, list[tuple[Any, ...]]]:
    """For each activity its rows of a table."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    if name in plan.tables:
        for row in plan.tables[name].iter_rows(named=True):
            activity = row.pop("activity")
            found.setdefault(ids[activity] if ids else activity, []).append(tuple(row.values()))
    return found


def _crews(plan: Project, ids: Mapping[str, str] | None) -> dict[str, str]:
    """For each activity its resources by name, with their units where they are not whole."""
    if "assignments" not in plan.tables or "resources" not in plan.tables:
        return {}
    names = plan.tables["resources"].select("resource", "name")
    rows = plan.tables["assignments"].select("activity", "resource", "units").join(names, on="resource")
    found: dict[str, list[str]] = {}
    for activity, name, units in rows.select("activity", "name", "units").iter_rows():
        share = "" if units is None or round(units, 3) in (0, 1) else f" {units * 100:.0f}\u00a0%"
        found.setdefault(ids[activity] if ids else activity, []).append(f"{name}{share}")
    return {activity: ", ".join(sorted(crew)) for activity, crew in found.items()}


def _relinked(half: Halfway) -> Iterator[Row]:
    """One row a successor and group: the relationships that went, and those that came."""
    names = dict(half.newer.tables["activities"].select("activity", "name").iter_rows())
    changed: dict[tuple[str, str], tuple[list[Row], list[Row]]] = {}
    for part, side in (("logic_before", 0), ("logic_now", 1), ("scope_before", 0), ("scope_now", 1)):
        for link in half.links[part].iter_rows(named=True):
            if link["successor"] in half.kept:
                changed.setdefault((link["successor"], part.split("_")[0]), ([], []))[side].append(link)
    per_day = half.newer.info.options.minutes_per_day
    for (successor, group), (went, came) in changed.items():
        said = ["; ".join(_link(link, per_day) for link in sorted(links, key=_in_text)) or None for links in (went, came)]
        yield {"activity": successor, "name": names[successor], "change": "relinked", "before": said[0], "after": said[1], "group": group}


def _in_text(link: Mapping[str, Any]) -> str:
    return str([link[column] for column in ("predecessor", "successor", "type", "lag_kind", "lag", "lag_percent")])


def _link(link: Mapping[str, Any], per_day: int) -> str:
    """A relationship in MS Project's notation."""
    kind, lag = link["lag_kind"], link["lag"]
    if "percent" in kind and link["lag_percent"] is not None:
        text = f"{link['lag_percent']:+g}{'e' if kind.startswith('elapsed') else ''}%" if link["lag_percent"] else ""
    else:
        text = f"{lag / 1440:+g}ed" if kind == "elapsed" else f"{lag / per_day:+g}d"
    return f"{link['predecessor']} {link['type']}{text if lag else ''}"


def _slips(half: Halfway, before: Run, now: Run) -> Iterator[Row]:
    """The scheduled finish of each activity, ours on both sides: what a file stores may be older than its changes."""
    names = dict(half.newer.tables["activities"].select("activity", "name").iter_rows())
    activities, *places = in_both(half, before, now)
    ends = [run.columns[0]["early_finish"][place] for run, place in zip((before, now), places, strict=True)]
    moved = np.flatnonzero(~np.isnat(ends[0]) & ~np.isnat(ends[1]) & (ends[0] != ends[1]))
    days = np.zeros(len(activities))
    for cal, rows in now.net.tasks.by_calendar([activities[i] for i in moved]):
        days[moved[rows]] = between_each(cal, *(end[moved[rows]] for end in ends)) / cal.minutes_per_day
    for i in moved[days[moved] != 0].tolist():
        said = {"before": str(ends[0][i].item()), "after": str(ends[1][i].item()), "days": float(days[i])}
        yield {"activity": activities[i], "name": names[activities[i]], "change": "slipped" if days[i] > 0 else "gained", "field": "finish"} | said
