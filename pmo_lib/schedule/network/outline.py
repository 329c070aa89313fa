"""Which summary tasks each activity belongs to, and what belongs to each of them, however deep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task


def leaves(plan: Project, tasks: Mapping[str, Task]) -> dict[str, list[str]]:
    """For each summary task its scheduled activities, however deep."""
    below: dict[str, list[str]] = {}
    for activity, summary in memberships(plan):
        if activity in tasks:
            below.setdefault(summary, []).append(activity)
    return below


def memberships(plan: Project) -> Iterator[tuple[str, str]]:
    """Each activity with each summary task that it belongs to, from below."""
    if "wbs" not in plan.tables or plan.tables["wbs"]["activity"].is_null().all():
        return
    rows = {key: (parent, activity) for key, parent, activity in plan.tables["wbs"].select("wbs", "parent", "activity").iter_rows()}
    for activity, element in plan.tables["activities"].select("activity", "wbs").iter_rows():
        seen: set[str] = set()
        while element in rows and element not in seen:
            seen.add(element)
            element, summary = rows[element]
            if summary is not None and summary != activity:
                yield activity, summary


def followed(plan: Project, scheduled: Mapping[str, Task], points: Mapping[str, Task], *, by_work: bool) -> dict[str, list[str]]:
    """For each summary task what a link from it hangs on: its activities, however deep, and in place of those below a standing one its point.

    `by_work`: beside them, as in a forecast, where a date that somebody wrote does not do the work.
    """
    found = {summary: [point.activity] for summary, point in points.items()}
    hidden: set[str] = set()
    for activity, summary in memberships(plan):
        if summary in points and not by_work:
            hidden.add(activity)
        if activity not in hidden and (activity in points or activity in scheduled):
            found.setdefault(summary, []).append(points[activity].activity if activity in points else activity)
    return found
