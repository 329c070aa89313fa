"""MS Project: a summary task that has begun holds its predecessors by its own remaining duration, not by what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.project import Project
from pmo_lib.schedule.network.bounds import Task
from pmo_lib.schedule.network.clocks import lag_calendar
from pmo_lib.schedule.network.links import driving
from pmo_lib.schedule.network.plain import Link, Tasks

MARK = "\n begun"  # after a summary's id: the point that stands for what remains of it


def links_and_points(plan: Project, tasks: Tasks, project: Calendar, rows: pl.DataFrame, carried: Mapping[str, Task]) -> tuple[list[Link], list[Task]]:
    """The driving links of these `rows` of relationships, and for each begun summary that follows something a point that only the backward pass sees.

    Its late finish is the least that the summary's own successors allow, its duration what remains of the summary: all of it as long as no part
    at its start is done (its stop date is its start). Its predecessors end before the point's late start; what belongs to it holds them no more.
    """
    links = driving(plan, tasks, project, rows, carried)
    remaining = _remaining(plan, tasks)
    if not remaining:
        return links, []
    below = tasks.below
    points = {s: _point(s, project, left, begun) for s, (left, begun) in remaining.items()}
    above: dict[str, list[str]] = {}  # begun summaries by what belongs to them
    for summary in points:
        for leaf in below[summary]:
            above.setdefault(leaf, []).append(summary)
    every = plan.tables["relationships"].select("predecessor", "successor", "type", "lag", "lag_kind").rows()
    held = {(p, s) for p, s, type_, _, _ in every if s in points and type_ == "FS"}
    found: list[Link] = []
    for predecessor, successor, type_, lag, kind in every:
        inside = set(tasks.followed.get(predecessor, ()))
        befores = [task for leaf in (inside or {predecessor}) if (task := tasks.get(leaf)) and task.state in ("open", "started")]
        inner = [points[s] for s in points if predecessor == s or (inside and set(below[s]) <= inside)] if type_ in ("FS", "FF") else []
        if (predecessor, successor) in held:
            ends = [points[successor]]
            sources = [*befores, *inner]
        else:
            ends = [task for leaf in tasks.waiting.get(successor, (successor,)) if (task := tasks.get(leaf)) and task.state in ("open", "started")]
            sources = inner
        for before in sources:
            for after in ends:
                by_before, by_after = (tasks.lag_calendar(task.activity) if task.activity in tasks else task.calendar for task in (before, after))
                clock = lag_calendar(plan, kind, by_before, by_after, project)
                found.append(Link(before.activity, after.activity, type_, lag, clock, backward_only=True))
    outside = {(leaf, member) for p, s in held for leaf in tasks.followed.get(p, (p,)) for member in below[s]}
    links = [link._replace(forward_only=True) if (link.predecessor, link.successor) in outside and link.type == "FS" else link for link in links]
    return [*(link for link in links if not (link.forward_only and link.backward_only)), *found], list(points.values())


def _point(summary: str, project: Calendar, left: int, begun: datetime) -> Task:
    return Task(summary + MARK, "finish_milestone", "open", project, left, None, None, low={"es": begun}, hidden=True)


def _remaining(plan: Project, tasks: Tasks) -> dict[str, tuple[int, datetime]]:
    """What remains of each begun summary task that follows something [working minutes], and when it began."""
    if plan.info.application != "msp" or "relationships" not in plan.tables:
        return {}
    followers = plan.tables["relationships"]["successor"].unique().implode()
    in_progress = pl.col("actual_start").is_not_null() & pl.col("actual_finish").is_null()
    begun = plan.tables["activities"].filter(pl.col("kind").cast(pl.String) == "summary", in_progress, ~pl.col("manual"), pl.col("activity").is_in(followers))
    if begun.is_empty():
        return {}
    below = tasks.below
    columns = ["activity", "duration", "remaining_duration", "actual_start", "suspended"]
    return {
        activity: (left if stopped is not None and stopped > start else whole, start)
        for activity, whole, left, start, stopped in begun.select(columns).iter_rows()
        if activity in below
    }
