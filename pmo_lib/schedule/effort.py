"""Level of effort: it drives nothing, and spans what it is linked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from pmo_lib.calendar import add, between, next_working, previous_working
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task, earliest
from pmo_lib.schedule.network.links import linked
from pmo_lib.schedule.network.plain import Link

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network

Row = Mapping[str, Any]
Given = tuple[datetime, datetime | None]  # early and late; no late one of what has happened
STARTS, ENDS = {"FS": "finish", "SS": "start"}, {"SF": "start", "FF": "finish"}  # by the predecessor's date: where it begins, and where it ends
STARTS_FROM, ENDS_FROM = {"SS": "start", "SF": "finish"}, {"FS": "start", "FF": "finish"}  # by the successor's


def level_of_effort(plan: Project, net: Network, rows: Mapping[str, Row], finish: datetime) -> dict[str, dict[str, Any]]:
    """Dates of each level of effort: from the earliest start to the latest finish that its relationships, to it and from it, give; so early and late.

    What begins it may have happened. Nothing begins it: the data date. Nothing ends it: in P6 it has no length, and the project's finish as its late
    finish; elsewhere it lasts to that. When all that ends it has happened, it is over. Its source is MPXJ's scheduler, made after P6's files.
    """
    spans = {task.activity: task for task in net.tasks.own.values() if task.state == "level_of_effort"}  # none is plain
    if not spans:
        return {}
    links: dict[str, tuple[list[Link], list[Link]]] = {name: ([], []) for name in spans}  # to it, from it
    for link in linked(plan, net.tasks, project_calendar(plan)):
        for name, side in ((link.successor, 0), (link.predecessor, 1)):
            if name in links:
                links[name][side].append(link)
    begin, known = earliest(plan), dict(rows)
    open_ = {name for name in rows if name not in net.tasks.own or net.tasks.own[name].state == "open"}
    found = {}
    for name in _ordered({name: [link.predecessor for link in to if link.predecessor in spans] for name, (to, _) in links.items()}):
        to, from_ = links[name]
        starts = [*_given(to, known, STARTS, 1, begin, open_), *_given(from_, known, STARTS_FROM, -1, begin, open_)]
        ends = [*_given(to, known, ENDS, 1, begin, open_), *_given(from_, known, ENDS_FROM, -1, begin, open_)]
        found[name] = known[name] = _row(plan, spans[name], starts, ends, begin, finish)
    return found


def _ordered(waits: Mapping[str, Sequence[str]]) -> list[str]:
    """Each after what it waits for; where they wait for each other, as they come."""
    try:
        return list(TopologicalSorter(waits).static_order())
    except CycleError:
        return list(waits)


def _given(links: Sequence[Link], rows: Mapping[str, Row], which: Mapping[str, str], sign: int, begin: datetime, open_: Set[str]) -> Iterator[Given]:
    """By each of these relationships that says something: the other activity's dates and from there the lag. What is `open_` has not happened."""
    for link in links:
        other = link.predecessor if sign > 0 else link.successor
        row = rows.get(other)
        if row is None or link.type not in which:
            continue
        end = which[link.type]
        early, late = row[f"early_{end}"], row[f"late_{end}"]
        given = add(link.calendar, early, sign * link.lag)
        if late is None or (end == "start" and early < begin and other not in open_):  # a milestone may stand at the end of work before
            yield given, None
        else:  # what is to come does not reach into the past
            yield max(given, begin), add(link.calendar, late, sign * link.lag)


def _row(plan: Project, task: Task, starts: list[Given], ends: list[Given], begin: datetime, finish: datetime) -> dict[str, Any]:
    cal, p6 = task.calendar, plan.info.application == "p6"
    nothing = {"free_float": 0, "critical": False, "longest_path": False}
    start = task.started or min((early for early, _ in starts), default=begin)
    rest, last = next_working(cal, max(start, begin)), previous_working(cal, finish)
    stop = max((early for early, _ in ends), default=rest if p6 else last)
    if ends and start <= stop and all(late is None for _, late in ends):
        over = {"early_start": start, "early_finish": stop, "remaining_start": None, "late_start": None, "late_finish": None}
        return {**over, "total_float": 0, **nothing}
    end = max(previous_working(cal, stop), rest)
    late_end = max((previous_working(cal, late) for _, late in ends if late), default=end if ends else last)
    late_start = min((next_working(cal, late) for _, late in starts if late), default=late_end)
    if start < begin:  # it has begun, and what is left of it has one float
        late_start = add(cal, late_end, -between(cal, rest, end))
    late_start = min(late_start, late_end)
    slack = {"start": between(cal, rest, late_start), "finish": between(cal, end, late_end)}
    slack["smallest"] = min(slack.values())
    return {
        "early_start": start if start < begin else rest, "early_finish": end, "remaining_start": rest, "late_start": late_start, "late_finish": late_end,
        "total_float": slack[plan.info.options.total_float], **nothing,
    }  # fmt: skip
