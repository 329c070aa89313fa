"""What changed between two versions of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, between, calendars, project_calendar
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project, table
from pmo_lib.schedule.clocks import activity_calendars
from pmo_lib.schedule.dates import dates

Row = dict[str, Any]
ORDER = ["added", "removed", "renamed", "relinked", "duration", "calendar", "constraint", "actuals", "slipped", "gained"]
COLUMNS = [
    "activity",
    "uid",
    "name",
    "kind",
    "active",
    "calendar",
    "duration",
    "constraint",
    "constraint_date",
    "actual_start",
    "actual_finish",
    "stored_finish",
]


def compare(older: Project, newer: Project) -> pl.DataFrame:
    """One row a change, largest first (`tables.results.Changes`).

    Activities are matched by their source's internal id, then by the id that people see. Slipped and gained are the scheduled
    finish, in working days of the activity's calendar: the dates that the source stored where both have them, else ours. Summary and
    inactive tasks are left out.

    Raises `NotAvailable` where either lacks activities.
    """
    from pmo_lib.tables.results import Changes

    before, after = _activities(older), _activities(newer)
    pairs = _matched(before, after)
    rows = [{"activity": a, "name": row["name"], "change": "added"} for a, row in after.items() if a not in pairs.values()]
    rows += [{"activity": a, "name": row["name"], "change": "removed"} for a, row in before.items() if a not in pairs]
    rows += _changed(older, newer, before, after, pairs)
    rows.sort(key=lambda row: (-abs(row.get("days") or 0.0), ORDER.index(row["change"])))
    schema = dict(Changes.create_empty().schema)
    return Changes.validate(pl.DataFrame({column: [row.get(column) for row in rows] for column in schema}, schema=schema))


def _activities(plan: Project) -> dict[str, Row]:
    frame = table(plan, "activities", "schedule.compare").select(COLUMNS).filter(pl.col("active"), pl.col("kind").cast(pl.String) != "summary")
    return {row["activity"]: row for row in frame.iter_rows(named=True)}


def _matched(before: Mapping[str, Row], after: Mapping[str, Row]) -> dict[str, str]:
    """Older id → newer id. The same internal id under another name and id is still the same activity; a mere clash of both is not."""
    by_uid = {row["uid"]: activity for activity, row in after.items() if row["uid"] is not None}
    pairs: dict[str, str] = {}
    for activity, row in before.items():
        twin = by_uid.get(row["uid"])
        if twin is not None and (twin == activity or after[twin]["name"] == row["name"] or activity not in after):
            pairs[activity] = twin
    taken = set(pairs.values())
    return pairs | {activity: activity for activity in before if activity not in pairs and activity in after and activity not in taken}


def _changed(older: Project, newer: Project, before: Mapping[str, Row], after: Mapping[str, Row], pairs: Mapping[str, str]) -> Iterator[Row]:
    links_before, links_after = _links(older), _links(newer)
    names = _calendar_names(older), _calendar_names(newer)
    clocks, finishes = activity_calendars(newer), _finishes(older, newer, before, after, pairs)
    for old, new in pairs.items():
        was, now, cal = before[old], after[new], clocks[new]
        whom = {"activity": new, "name": now["name"]}
        if was["name"] != now["name"]:
            yield whom | {"change": "renamed", "before": was["name"], "after": now["name"]}
        linked = {(pairs.get(link[0], link[0]), *link[1:]) for link in links_before.get(old, set())}
        if linked != links_after.get(new, set()):
            yield whom | {"change": "relinked", "before": _shown(linked - links_after.get(new, set())), "after": _shown(links_after.get(new, set()) - linked)}
        if was["duration"] != now["duration"]:
            longer = (now["duration"] - was["duration"]) / cal.minutes_per_day
            yield whom | {"change": "duration", "before": _days(was["duration"], cal), "after": _days(now["duration"], cal), "days": longer}
        if names[0].get(was["calendar"]) != names[1].get(now["calendar"]):
            yield whom | {"change": "calendar", "before": names[0].get(was["calendar"]), "after": names[1].get(now["calendar"])}
        if (was["constraint"], was["constraint_date"]) != (now["constraint"], now["constraint_date"]):
            yield whom | {"change": "constraint", "before": _constraint(was), "after": _constraint(now)}
        for what in ("actual_start", "actual_finish"):
            if was[what] is not None and was[what] != now[what]:
                yield whom | {"change": "actuals", "before": str(was[what]), "after": None if now[what] is None else str(now[what])}
        if old in finishes:
            yield from _moved(whom, *finishes[old], cal)


def _calendar_names(plan: Project) -> dict[str | None, str]:
    return {None: project_calendar(plan).name} | {key: cal.name for key, cal in calendars(plan).items()}


def _links(plan: Project) -> dict[str, set[tuple[str, str, int, str]]]:
    found: dict[str, set[tuple[str, str, int, str]]] = {}
    if "relationships" in plan.tables:
        for predecessor, successor, *rest in plan.tables["relationships"].select("predecessor", "successor", "type", "lag", "lag_kind").iter_rows():
            found.setdefault(successor, set()).add((predecessor, *rest))
    return found


def _shown(links: set[tuple[str, str, int, str]]) -> str | None:
    """Links in MS Project's notation, lags in minutes."""
    return "; ".join(f"{predecessor} {type_}" + (f"{lag:+d}min" if lag else "") for predecessor, type_, lag, _ in sorted(links)) or None


def _days(minutes: int, cal: Calendar) -> str:
    return f"{minutes / cal.minutes_per_day:g} d"


def _constraint(row: Row) -> str | None:
    return row["constraint"] and row["constraint"].replace("_", " ") + (f" {row['constraint_date']}" if row["constraint_date"] else "")


def _finishes(
    older: Project, newer: Project, before: Mapping[str, Row], after: Mapping[str, Row], pairs: Mapping[str, str]
) -> dict[str, tuple[datetime, datetime]]:
    """For each pair both scheduled finishes: stored where both are, else ours where both plans have dates."""
    stored = {old: (before[old]["stored_finish"], after[new]["stored_finish"]) for old, new in pairs.items()}
    found = {old: both for old, both in stored.items() if both[0] is not None and both[1] is not None}
    if len(found) == len(pairs):
        return found
    try:
        ours = [dict(dates(plan).select("activity", "early_finish").iter_rows()) for plan in (older, newer)]
    except NotSchedulable:
        return found
    return {old: (ours[0][old], ours[1][new]) for old, new in pairs.items() if old in ours[0] and new in ours[1]} | found


def _moved(whom: Row, was: datetime, now: datetime, cal: Calendar) -> Iterator[Row]:
    days = between(cal, was, now) / cal.minutes_per_day
    if days:
        yield whom | {"change": "slipped" if days > 0 else "gained", "before": str(was), "after": str(now), "days": days}
