"""Level of effort: it drives nothing, and spans what it is linked to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pmo_lib.calendar import add, between, next_working, previous_working, project_calendar
from pmo_lib.project import Project
from pmo_lib.schedule.bounds import earliest
from pmo_lib.schedule.links import Link, linked

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network


def level_of_effort(plan: Project, net: Network, rows: Mapping[str, Mapping[str, Any]], finish: datetime) -> dict[str, dict[str, Any]]:
    """Dates of each level of effort: from the earliest start that its predecessors give to the latest finish that its links give.

    Without predecessors it begins at the data date (or its actual start), without anything that ends it, it lasts to the project's finish.
    """
    spans = [task for task in net.tasks.own.values() if task.state == "level_of_effort"]  # none is plain
    if not spans:
        return {}
    before: dict[str, list[Link]] = {}
    after: dict[str, list[Link]] = {}
    for link in linked(plan, net.tasks, project_calendar(plan)):
        before.setdefault(link.successor, []).append(link)
        after.setdefault(link.predecessor, []).append(link)
    begin = earliest(plan)
    found = {}
    for task in spans:
        starts = [when for link in before.get(task.activity, []) if link.type in ("FS", "SS") and (when := _begins(link, rows)) is not None]
        ends = [when for link in before.get(task.activity, []) if link.type in ("FF", "SF") and (when := _begins(link, rows)) is not None]
        ends += [when for link in after.get(task.activity, []) if link.type in ("FF", "FS") and (when := _ends(link, rows)) is not None]
        start = task.started or next_working(task.calendar, max(min(starts, default=begin), begin))
        end = max(previous_working(task.calendar, max(ends, default=finish)), start)
        slack = max(between(task.calendar, end, finish), 0)
        found[task.activity] = {
            "early_start": start, "early_finish": end, "remaining_start": max(start, begin), "late_start": None, "late_finish": None,
            "total_float": slack, "free_float": slack, "critical": False, "longest_path": False,
        }  # fmt: skip
    return found


def _begins(link: Link, rows: Mapping[str, Mapping[str, Any]]) -> datetime | None:
    row = rows.get(link.predecessor)
    return None if row is None else add(link.calendar, row["early_finish" if link.type in ("FS", "FF") else "early_start"], link.lag)


def _ends(link: Link, rows: Mapping[str, Mapping[str, Any]]) -> datetime | None:
    row = rows.get(link.successor)
    return None if row is None else add(link.calendar, row["early_finish" if link.type == "FF" else "early_start"], -link.lag)
