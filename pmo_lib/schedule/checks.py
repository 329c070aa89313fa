"""Schedule quality: the DCMA 14 points, each one small function behind the index `CHECKS`.

References: DCMA-EA PAM 200.1 section 4 (2012). The set is incomplete activities with duration, without summary tasks, level of effort and
milestones; missed tasks and the baseline execution index count completed ones too. Relationships are those whose successor is in the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import Calendar, between, project_calendar
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project, table
from pmo_lib.schedule.bounds import tasks
from pmo_lib.schedule.clocks import activity_calendars
from pmo_lib.schedule.dates import Run, dates, passes, schedule_once
from pmo_lib.schedule.links import Link, linked
from pmo_lib.standards import ScheduleThresholds, Standards, standards

HARD = ("mandatory_start", "mandatory_finish", "start_on_or_before", "finish_on_or_before")
TEST_TOLERANCE = 0.01  # of the added delay: calendars of different weeks stretch it a little

Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the checks look at, made once."""

    plan: Project
    limits: ScheduleThresholds
    baseline: Mapping[str, Row]  # activity: start, finish, duration; empty: no baseline
    activities: list[Row]  # of the set, completed ones too
    calendars: Mapping[str, Calendar]
    links: list[Link]
    made: Run | None  # the plan's scheduling, where somebody has done it already

    @cached_property
    def run(self) -> Run:
        return self.made or schedule_once(self.plan)

    @cached_property
    def open(self) -> list[Row]:
        return [row for row in self.activities if row["actual_finish"] is None]

    @cached_property
    def links_in(self) -> list[Row]:
        """Relationships as the plan writes them: one to a summary task counts once."""
        if "relationships" not in self.plan.tables:
            return []
        summaries = self.plan.tables["activities"].filter(pl.col("active"), pl.col("kind").cast(pl.String) == "summary", pl.col("actual_finish").is_null())
        inside = {row["activity"] for row in self.open} | set(summaries["activity"])
        return [row for row in self.plan.tables["relationships"].iter_rows(named=True) if row["successor"] in inside]

    @cached_property
    def dates(self) -> Mapping[str, Row] | str:
        """Our dates by activity, or why there are none."""
        try:
            return {row["activity"]: row for row in dates(self.plan, run=self.run).iter_rows(named=True)}
        except NotSchedulable as error:
            return str(error)

    def days(self, activity: str, minutes: int) -> float:
        """Working days of the activity's own calendar."""
        return minutes / self.calendars[activity].minutes_per_day


def checks(plan: Project, baseline: Project | None = None, *, standard: Standards | None = None, run: Run | None = None) -> pl.DataFrame:
    """Every check with its value, threshold and offenders (`tables.results.Checks`); what cannot be measured says why.

    `baseline` is another version of the project, whose scheduled dates are the baseline; without it the plan's own baseline 0 is taken.
    `run` is `schedule_once(plan)`, where it was made already.

    Raises `NotAvailable` without activities.
    """
    from pmo_lib.tables.results import Checks

    facts = _facts(plan, baseline, (standard or standards()).schedule, run)
    rows = [{"check": name, "title": title, **check(facts)} for name, (title, check) in CHECKS.items()]
    empty = Checks.create_empty().schema
    columns = {column: [row.get(column) if column != "offenders" else row.get(column, []) for row in rows] for column in empty}
    return Checks.validate(pl.DataFrame(columns, schema=dict(empty)))


def _facts(plan: Project, baseline: Project | None, limits: ScheduleThresholds, run: Run | None) -> Facts:
    activities = table(plan, "activities", "schedule.checks")
    calendars = activity_calendars(plan)
    worked = activities.filter(pl.col("active"), pl.col("kind").cast(pl.String).is_in(["task", "resource_dependent"]), pl.col("duration") > 0)
    every = tasks(plan, calendars, None, False)
    links = list(linked(plan, every, project_calendar(plan)))
    return Facts(plan, limits, _baseline(plan, baseline), worked.to_dicts(), calendars, links, run)


def _baseline(plan: Project, baseline: Project | None) -> dict[str, Row]:
    if baseline is not None:
        frame = baseline.tables["activities"].select("activity", start="stored_start", finish="stored_finish", duration="duration")
        return {row["activity"]: row for row in frame.iter_rows(named=True) if row["finish"] is not None}
    if "baselines" not in plan.tables:
        return {}
    return {row["activity"]: row for row in plan.tables["baselines"].filter(pl.col("baseline") == 0).iter_rows(named=True) if row["finish"] is not None}


def _share(offenders: Iterable[str], of: int, threshold: float, nothing: str = "no incomplete activities") -> Row:
    """A share of offenders, which must not be above the threshold."""
    found = list(offenders)
    if not of:
        return _missing("share", threshold, nothing)
    value = len(found) / of
    return {
        "value": value,
        "unit": "share",
        "threshold": threshold,
        "passed": value <= threshold,
        "numerator": len(found),
        "denominator": of,
        "offenders": found,
    }


def _missing(unit: str, threshold: float, reason: str) -> Row:
    return {"unit": unit, "threshold": threshold, "reason": reason}


def _shown(link: Row) -> str:
    return f"{link['predecessor']} -> {link['successor']}"


def _logic(facts: Facts) -> Row:
    followed, preceded = {link.predecessor for link in facts.links}, {link.successor for link in facts.links}
    dangling = [row["activity"] for row in facts.open if row["activity"] not in followed or row["activity"] not in preceded]
    return _share(dangling, len(facts.open), facts.limits.logic)


def _leads(facts: Facts) -> Row:
    return _share([_shown(link) for link in facts.links_in if link["lag"] < 0], len(facts.links_in), facts.limits.leads, "no relationships")


def _lags(facts: Facts) -> Row:
    return _share([_shown(link) for link in facts.links_in if link["lag"] > 0], len(facts.links_in), facts.limits.lags, "no relationships")


def _types(facts: Facts) -> Row:
    """Here the share is of the good ones, finish-start, and must reach the threshold."""
    others = [_shown(link) for link in facts.links_in if link["type"] != "FS"]
    of, threshold = len(facts.links_in), facts.limits.relationship_types
    if not of:
        return _missing("share", threshold, "no relationships")
    value = (of - len(others)) / of
    return {
        "value": value,
        "unit": "share",
        "threshold": threshold,
        "passed": value >= threshold,
        "numerator": of - len(others),
        "denominator": of,
        "offenders": others,
    }


def _hard_constraints(facts: Facts) -> Row:
    held = [row["activity"] for row in facts.open if row["constraint"] in HARD or row["constraint_2"] in HARD]
    return _share(held, len(facts.open), facts.limits.hard_constraints)


def _floats(facts: Facts, offends: Callable[[float], bool], threshold: float) -> Row:
    if isinstance(facts.dates, str):
        return _missing("share", threshold, facts.dates)
    floats = {row["activity"]: facts.dates[row["activity"]]["total_float"] for row in facts.open}
    return _share([a for a, minutes in floats.items() if minutes is not None and offends(facts.days(a, minutes))], len(facts.open), threshold)


def _high_float(facts: Facts) -> Row:
    return _floats(facts, lambda days: days > facts.limits.high_float_days, facts.limits.high_float)


def _negative_float(facts: Facts) -> Row:
    return _floats(facts, lambda days: days < 0, facts.limits.negative_float)


def _high_duration(facts: Facts) -> Row:
    def planned(row: Row) -> int:
        return (facts.baseline.get(row["activity"]) or {}).get("duration") or row["duration"]

    long = [row["activity"] for row in facts.open if facts.days(row["activity"], planned(row)) > facts.limits.high_duration_days]
    return _share(long, len(facts.open), facts.limits.high_duration)


def _invalid_dates(facts: Facts) -> Row:
    """Forecasts before the status date, and actual dates after it."""
    at = facts.plan.info.data_date
    if at is None:
        return _missing("share", facts.limits.invalid_dates, "the plan has no status date")
    wrong = [
        row["activity"] for row in facts.activities if any(_after(row[c], at) for c in ("actual_start", "actual_finish")) or _forecast_before(facts, row, at)
    ]
    return _share(wrong, len(facts.activities), facts.limits.invalid_dates, "no activities")


def _after(when: datetime | None, at: datetime) -> bool:
    return when is not None and when > at


def _forecast_before(facts: Facts, row: Row, at: datetime) -> bool:
    calendar = facts.calendars[row["activity"]]
    forecasts = [row[f"stored_{end}"] for end in ("start", "finish") if row[f"actual_{end}"] is None]
    return any(when is not None and between(calendar, when, at) > 0 for when in forecasts)


def _resources(facts: Facts) -> Row:
    threshold = facts.limits.resources
    assigned = set(facts.plan.tables["assignments"]["activity"]) if "assignments" in facts.plan.tables else set()
    costed = {row["activity"] for row in facts.open if row["planned_cost"]}
    if not assigned and not costed:
        return _missing("share", threshold, "the plan holds neither resources nor costs")
    long = [row["activity"] for row in facts.open if facts.days(row["activity"], row["duration"]) >= 1]
    return _share([activity for activity in long if activity not in assigned and activity not in costed], len(long), threshold)


def _without_baseline(facts: Facts) -> str | None:
    if not facts.baseline:
        return "the plan has no baseline"
    return "the plan has no status date" if facts.plan.info.data_date is None else None


def _due(facts: Facts) -> list[Row]:
    at = facts.plan.info.data_date
    return [row for row in facts.activities if at and row["activity"] in facts.baseline and facts.baseline[row["activity"]]["finish"] <= at]


def _missed_tasks(facts: Facts) -> Row:
    if reason := _without_baseline(facts):
        return _missing("share", facts.limits.missed_tasks, reason)
    due = _due(facts)
    late = [row["activity"] for row in due if row["actual_finish"] is None or row["actual_finish"] > facts.baseline[row["activity"]]["finish"]]
    return _share(late, len(due), facts.limits.missed_tasks, "nothing was due by the status date")


def _critical_path_test(facts: Facts) -> Row:
    """The finish must slip as far as one critical activity is delayed: value is the ratio of the two."""
    from pmo_lib.schedule.network import lower

    threshold = 1.0
    try:
        net = facts.run.net
        critical = np.flatnonzero(facts.run.passes.longest_path & net.uncertain)
        if not len(critical):
            return _missing("index", threshold, "no incomplete activity lies on the critical path")
        first = critical[0]
        added = round(facts.limits.critical_path_test_days * int(net.minutes_per_day[first]))
        tested = net.activities[first]
        longer = lower(facts.plan, longest={tested: int(net.duration[first]) + added})
    except NotSchedulable as error:
        return _missing("index", threshold, str(error))
    before = longer.instants(np.array(passes(longer).finish)).item()
    longer.duration[longer.activities.index(tested)] += added
    after = longer.instants(np.array(passes(longer).finish)).item()
    value = between(facts.calendars[tested], before, after) / added
    passed = abs(value - 1) <= TEST_TOLERANCE
    return {"value": value, "unit": "index", "threshold": threshold, "passed": passed, "offenders": [] if passed else [tested]}


def cpli(critical_path_length: float, total_float: float) -> float | None:
    """Critical path length index: (length + float) / length, both in working days; None where nothing is left."""
    return (critical_path_length + total_float) / critical_path_length if critical_path_length > 0 else None


def _cpli(facts: Facts) -> Row:
    threshold = facts.limits.cpli
    at, target = facts.plan.info.data_date or facts.plan.info.planned_start, facts.plan.info.must_finish
    target = target or max((row["finish"] for row in facts.baseline.values()), default=None)
    if isinstance(facts.dates, str):
        return _missing("index", threshold, facts.dates)
    if at is None or target is None:
        return _missing("index", threshold, "the plan has no must-finish date and no baseline" if target is None else "the plan has no status date")
    calendar = project_calendar(facts.plan)
    finish = max(row["early_finish"] for row in facts.dates.values())
    length = between(calendar, at, finish) / calendar.minutes_per_day
    value = cpli(length, between(calendar, finish, target) / calendar.minutes_per_day)
    if value is None or length <= 0:
        return _missing("index", threshold, "the project's finish does not lie after its status date")
    return {"value": value, "unit": "index", "threshold": threshold, "passed": value >= threshold}


def bei(completed: int, due: int) -> float | None:
    """Baseline execution index: completed activities over those that should be; None where none should."""
    return completed / due if due else None


def _bei(facts: Facts) -> Row:
    if reason := _without_baseline(facts):
        return _missing("index", facts.limits.bei, reason)
    unplanned = [row for row in facts.activities if row["activity"] not in facts.baseline]
    completed, due = len(facts.activities) - len(facts.open), len(_due(facts)) + len(unplanned)
    value = bei(completed, due)
    if value is None:
        return _missing("index", facts.limits.bei, "nothing was due by the status date")
    late = [row["activity"] for row in _due(facts) if row["actual_finish"] is None]
    return {
        "value": value,
        "unit": "index",
        "threshold": facts.limits.bei,
        "passed": value >= facts.limits.bei,
        "numerator": completed,
        "denominator": due,
        "offenders": late,
    }


CHECKS: dict[str, tuple[str, Callable[[Facts], Row]]] = {
    "logic": ("Missing logic", _logic),
    "leads": ("Leads", _leads),
    "lags": ("Lags", _lags),
    "relationship_types": ("Finish-start relationships", _types),
    "hard_constraints": ("Hard constraints", _hard_constraints),
    "high_float": ("High float", _high_float),
    "negative_float": ("Negative float", _negative_float),
    "high_duration": ("High duration", _high_duration),
    "invalid_dates": ("Invalid dates", _invalid_dates),
    "resources": ("Resources", _resources),
    "missed_tasks": ("Missed tasks", _missed_tasks),
    "critical_path_test": ("Critical path test", _critical_path_test),
    "cpli": ("Critical path length index", _cpli),
    "bei": ("Baseline execution index", _bei),
}
