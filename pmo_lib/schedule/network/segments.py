"""Split tasks: stretches of work with planned rest between them. The rest is working time of the activity's calendar, a lag inside the task."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.calendar import Calendar, between
from pmo_lib.project import Project

Stretch = tuple[datetime, datetime]


def segments(plan: Project) -> dict[str, list[Stretch]]:
    """The stretches of each split activity, in order of time."""
    if "splits" not in plan.tables:
        return {}
    found: dict[str, list[Stretch]] = {}
    for activity, start, finish in plan.tables["splits"].select("activity", "start", "finish").sort("activity", "start").iter_rows():
        found.setdefault(activity, []).append((start, finish))
    return found


def rest(cal: Calendar, stretches: list[Stretch], duration: int, since: datetime | None = None) -> int:
    """The rest between the stretches [working minutes], from `since` on; none where the stretches do not add up to the duration.

    Such stretches are those of one resource's assignment, or of work whose duration was changed afterwards.
    """
    parts = [(max(start, since or start), finish) for start, finish in stretches if since is None or finish > since]
    if len(parts) < (2 if since is None else 1):
        return 0
    worked = sum(between(cal, start, finish) for start, finish in parts)
    if abs(worked - duration) > len(parts):  # each end may have been rounded to a minute
        return 0
    return max(between(cal, since or parts[0][0], parts[-1][1]) - worked, 0)
