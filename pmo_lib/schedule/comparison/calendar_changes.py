"""Which calendars work at other times than before, and who follows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.plan_calendars import calendars
from pmo_lib.project import Project
from pmo_lib.schedule.comparison.halfway import Halfway

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 3  # exceptions named before "and n more"


def of_calendars(half: Halfway) -> Iterator[dict[str, Any]]:
    """Calendars whose working time is another; those of resources where an activity follows them."""
    before, now = calendars(half.older), calendars(half.newer)
    kinds = dict(half.newer.tables["calendars"].select("calendar", pl.col("kind").cast(pl.String)).iter_rows()) if now else {}
    followers = _followers(half.newer)
    for old, new in half.calendar_keys.items():
        if new not in now or (before[old].week, before[old].weeks, before[old].exceptions) == (now[new].week, now[new].weeks, now[new].exceptions):
            continue
        of_resource, count = kinds[new] == "resource", len(followers.get(new, ()))
        if count or not of_resource:
            yield {
                "subject": "calendar", "activity": now[new].name, "name": f"{count:,} {'activity' if count == 1 else 'activities'}", "change": "hours",
                "field": "working time", "before": _hours(before[old], now[new]), "after": _hours(now[new], before[old]),
                "group": "resources" if of_resource else "calendars",
            }  # fmt: skip


def _followers(plan: Project) -> dict[str | None, set[str]]:
    """For each calendar the activities that follow it, by themselves or through their resources."""
    found: dict[str | None, set[str]] = {}
    default = plan.info.calendar
    for activity, key in plan.tables["activities"].filter(pl.col("actual_finish").is_null()).select("activity", "calendar").iter_rows():
        found.setdefault(key or default, set()).add(activity)
    for activity, keys in resource_calendars(plan).items():
        for key in keys:
            found.setdefault(key, set()).add(activity)
    return found


def resource_calendars(plan: Project) -> dict[str, frozenset[str]]:
    """For each activity that follows its resources their calendars."""
    if "assignments" not in plan.tables or "resources" not in plan.tables:
        return {}
    follow = (
        pl.col("active") & ~pl.col("ignore_resource_calendars") if plan.info.application == "msp" else pl.col("kind").cast(pl.String) == "resource_dependent"
    )
    those = plan.tables["activities"].filter(follow, pl.col("actual_finish").is_null()).select("activity")
    working = plan.tables["resources"].filter(pl.col("kind").cast(pl.String).is_in(["labour", "equipment"]), pl.col("calendar").is_not_null())
    joined = plan.tables["assignments"].join(those, on="activity").join(working, on="resource").group_by("activity").agg(pl.col("calendar").unique())
    return {activity: frozenset(keys) for activity, keys in joined.iter_rows()}


def _days(cal: Calendar, other: Calendar) -> str:
    """The first day of the week whose hours are others: ", Mon 08:00-16:00"."""
    for day, shifts, theirs in zip(DAYS, cal.week, other.week, strict=True):
        if shifts != theirs:
            spans = [f"{start // 60:02}:{start % 60:02}-{finish // 60:02}:{finish % 60:02}" for start, finish in shifts]
            return f", {day} {' '.join(spans) or 'off'}"
    return ""


def _hours(cal: Calendar, other: Calendar) -> str:
    """What of a calendar differs from another: hours of the week, and exceptions that the other lacks."""
    said = []
    if cal.week != other.week or cal.weeks != other.weeks:
        minutes = sum(finish - start for shifts in cal.week for start, finish in shifts)
        same = minutes == sum(finish - start for shifts in other.week for start, finish in shifts)
        said.append(f"{minutes / 60:g} h a week" + (_days(cal, other) if same else "") + (f" and {len(cal.weeks)} other weeks" if cal.weeks else ""))
    own = [one for one in cal.exceptions if one not in other.exceptions]
    if own:
        named = [
            f"{one.first}{'' if one.first == one.last else f' to {one.last}'} {sum(f - s for s, f in one.shifts) / 60:g} h" if one.shifts
            else f"{one.first}{'' if one.first == one.last else f' to {one.last}'} off"
            for one in sorted(own, key=lambda one: one.first)
        ]  # fmt: skip
        said.append(", ".join(named[:SHOWN]) + (f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""))
    return "; ".join(said) or "as the week says"
