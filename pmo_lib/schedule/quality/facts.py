"""What the checks look at, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, between
from pmo_lib.errors import NotSchedulable
from pmo_lib.matching import match
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project, table
from pmo_lib.schedule.dates import Run, dates, schedule_once
from pmo_lib.schedule.network.clocks import Clocks, activity_calendars
from pmo_lib.schedule.network.links import linked
from pmo_lib.schedule.network.plain import Link, Tasks, tasks
from pmo_lib.schedule.quality.check import Measured, Missing, share
from pmo_lib.standards import ScheduleThresholds

Row = dict[str, Any]
Held = tuple[str, str, str]  # predecessor, successor, type
WORK = ("task", "resource_dependent")
MILESTONES = ("start_milestone", "finish_milestone")
SUMMARY_LOGIC = {  # the standard's option in words
    True: "; what holds a summary task holds what belongs to it",
    False: "; a relationship of a summary task is not one of what belongs to it",
}
COLUMNS = [
    "activity", "uid", "name", "wbs", "kind", "calendar", "duration", "remaining_duration", "percent_complete", "actual_start", "actual_finish",
    "suspended", "resumed", "constraint", "constraint_2", "planned_cost", "stored_start", "stored_finish",
]  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A plan and what it is measured against. `limits` are the standard's thresholds and options, as asked."""

    plan: Project
    limits: ScheduleThresholds
    baseline: Mapping[str, Row]  # activity: start, finish, duration; empty: no baseline
    previous: Project | None  # the snapshot before
    made: Run | None  # the plan's scheduling, where somebody has done it already

    @cached_property
    def every(self) -> dict[str, Row]:
        """Active activities by id, level of effort and milestones too; no summaries."""
        frame = table(self.plan, "activities", "schedule.checks").filter(pl.col("active"), pl.col("kind").cast(pl.String) != "summary")
        return {row["activity"]: row for row in frame.select(COLUMNS).iter_rows(named=True)}

    @cached_property
    def work(self) -> list[Row]:
        """What the points count: work with a duration, milestones besides where the standard says so; never level of effort or summaries."""
        if self.limits.exclude_milestones:
            return [row for row in self.every.values() if row["kind"] in WORK and row["duration"] > 0]
        return [row for row in self.every.values() if row["kind"] in (*WORK, *MILESTONES)]

    @cached_property
    def activities(self) -> list[Row]:
        """`work`, or the baselined part of it where the standard says so; completed ones too."""
        return [row for row in self.work if row["activity"] in self.baseline] if self.limits.baselined_only else self.work

    @cached_property
    def open(self) -> list[Row]:
        """The incomplete ones of `activities`."""
        return [row for row in self.activities if row["actual_finish"] is None]

    @property
    def nothing(self) -> str:
        """Why there is nothing open to count."""
        if self.limits.baselined_only and not self.baseline:
            return "only baselined activities count, and the plan has no baseline"
        return "no incomplete activities" if self.work else "the plan has no activities with work"

    @property
    def unrelated(self) -> str:
        """Why there is no relationship to count."""
        return "no relationship leads to an incomplete activity" if self.open else self.nothing

    @property
    def at(self) -> datetime | None:
        """The status date."""
        return self.plan.info.data_date

    @cached_property
    def written(self) -> list[Row]:
        """Relationships as the plan writes them."""
        return self.plan.tables["relationships"].to_dicts() if "relationships" in self.plan.tables else []

    @cached_property
    def relationships(self) -> list[Row]:
        """Those whose successor is an incomplete activity of the set."""
        inside = {row["activity"] for row in self.open}
        return [row for row in self.written if row["successor"] in inside]

    @cached_property
    def clocks(self) -> Clocks | str:
        """The calendar of each activity, or why that cannot be said."""
        try:
            return activity_calendars(self.plan)
        except NotSchedulable as error:
            return str(error)

    @cached_property
    def run(self) -> Run | str:
        """The plan scheduled as its source would, or why it cannot be."""
        try:
            return self.made or schedule_once(self.plan)
        except NotSchedulable as error:
            return str(error)

    @cached_property
    def driving(self) -> set[str]:
        """What holds others by its relationships: all but level of effort, summary tasks too."""
        return {*self.active, *self._points}.difference(activity for activity, row in self.every.items() if row["kind"] == "level_of_effort")

    @property
    def _points(self) -> Iterable[str]:
        """Manually scheduled summary tasks, as they stand in the network."""
        return () if isinstance(self.run, str) else (point.activity for point in self.run.net.tasks.standing.values())

    @cached_property
    def links(self) -> Sequence[Link] | str:
        """Relationships between activities, those of a summary task handed down to what belongs to it."""
        if isinstance(self.tasks, str):
            return self.tasks
        return list(linked(self.plan, self.tasks, project_calendar(self.plan))) if isinstance(self.run, str) else self.run.links

    @cached_property
    def tasks(self) -> Tasks | str:
        """What is scheduled, or why nothing is."""
        if isinstance(self.clocks, str):
            return self.clocks
        return tasks(self.plan, self.clocks) if isinstance(self.run, str) else self.run.net.tasks

    @cached_property
    def own_links(self) -> Sequence[Link] | str:
        """Those of `links` that are written between the two activities themselves."""
        own = {(one["predecessor"], one["successor"]) for one in self.written}
        return self.links if isinstance(self.links, str) else [link for link in self.links if (link.predecessor, link.successor) in own]

    @cached_property
    def logic(self) -> Sequence[Held] | str:
        """Predecessor, successor and type of what holds activities: what summary tasks hand down too, unless the standard counts only what is written."""
        if isinstance(self.links, str):
            return self.links
        if self.limits.summary_logic:
            return [(link.predecessor, link.successor, link.type) for link in self.links]
        return [(one["predecessor"], one["successor"], one["type"]) for one in self.written if {one["predecessor"], one["successor"]} <= self.active]

    @cached_property
    def active(self) -> set[str]:
        """Every activity that is not inactive, summaries too."""
        return set(self.plan.tables["activities"].filter("active")["activity"])

    def handed_down(self) -> Iterator[tuple[Row, list[Link]]]:
        """Each relationship of a summary task, with the links between activities that it comes to."""
        if isinstance(self.tasks, str):
            return
        for place, one in enumerate(self.written):
            if one["predecessor"] not in self.tasks or one["successor"] not in self.tasks:
                yield one, list(linked(self.plan, self.tasks, project_calendar(self.plan), self.plan.tables["relationships"][place]))

    def elsewhere(self, other_is: str, types: Sequence[str] = ("FS", "SS", "FF", "SF")) -> set[str]:
        """Activities whose `predecessor` or `successor` by one of these types is an activity of another project, unless the options ignore those."""
        frame = self.plan.tables.get("external_relationships")
        if frame is None or self.plan.info.options.ignore_external:
            return set()
        return set(frame.filter(pl.col("other_is") == other_is, pl.col("type").is_in(types))["activity"])

    def calendar(self, activity: str) -> Calendar:
        """The activity's calendar, the project's where its own cannot be used."""
        return project_calendar(self.plan) if isinstance(self.clocks, str) else self.clocks[activity]

    def days(self, activity: str, minutes: int) -> float:
        """Working days of the activity's own calendar."""
        return minutes / self.calendar(activity).minutes_per_day

    def later(self, activity: str, when: datetime | None, than: datetime) -> bool:
        """Whether `when` comes after `than` with working time between: Monday 08:00 is no later than Friday 17:00."""
        return when is not None and when > than and self.worked(activity, than, when) > 0

    def worked(self, activity: str, one: datetime, other: datetime) -> int:
        """Working minutes of the activity's calendar from one instant to the other."""
        return between(self.calendar(activity), one, other)


def shown(relationship: Row) -> str:
    """As an offender is named."""
    return f"{relationship['predecessor']} -> {relationship['successor']}"


def floats(facts: Facts, offends: Callable[[float], bool]) -> Measured | Missing:
    """The share of incomplete activities whose total float [working days] offends."""
    if isinstance(facts.run, str):
        return Missing(facts.run)
    known = {row["activity"]: facts.run.rows.get(row["activity"], {}).get("total_float") for row in facts.open}
    return share([a for a, minutes in known.items() if minutes is not None and offends(facts.days(a, minutes))], len(facts.open), facts.nothing)


def unbaselined(facts: Facts) -> str | None:
    """Why nothing can be said of the baseline to date."""
    if not facts.baseline:
        return "the plan has no baseline"
    return "the plan has no status date" if facts.at is None else None


def due(facts: Facts, rows: Iterable[Row], end: str = "finish") -> list[Row]:
    """Those that the baseline has finished (or begun) by the status date."""
    planned = [(row, (facts.baseline.get(row["activity"]) or {}).get(end)) for row in rows]
    return [row for row, when in planned if when is not None and facts.at is not None and not facts.later(row["activity"], when, facts.at)]


def facts(plan: Project, limits: ScheduleThresholds, baseline: Project | None, previous: Project | None, run: Run | None) -> Facts:
    """What is to be checked. Raises `NotAvailable` without activities."""
    table(plan, "activities", "schedule.checks")
    return Facts(plan, limits, _baseline(plan, baseline), previous, run)


def _baseline(plan: Project, baseline: Project | None) -> dict[str, Row]:
    """By activity; another version of the project counts with the dates that it had then: its source's, or ours where that stored none."""
    if baseline is not None:
        frame = table(baseline, "activities", "schedule.checks").select("activity", start="stored_start", finish="stored_finish", duration="duration")
        if frame["finish"].null_count() == frame.height:
            ours = dates(baseline).select("activity", "early_start", "early_finish")
            frame = frame.join(ours, on="activity").select("activity", start="early_start", finish="early_finish", duration="duration")
        pairs = match(baseline, plan).pairs  # it may have been renumbered since
        frame = frame.filter(pl.col("activity").is_in(list(pairs))).with_columns(pl.col("activity").replace(pairs))
    elif "baselines" in plan.tables:
        frame = plan.tables["baselines"].filter(pl.col("baseline") == 0).select("activity", "start", "finish", "duration")
    else:
        return {}
    return {row["activity"]: row for row in frame.iter_rows(named=True) if row["finish"] is not None}
