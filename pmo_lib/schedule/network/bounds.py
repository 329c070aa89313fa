"""What an activity may do by itself, without its relationships: progress, constraints, data date (methods: constraints, progress)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import polars as pl

from pmo_lib.calendar import Calendar, add, between
from pmo_lib.project import Project
from pmo_lib.schedule.network.clocks import of_assignments
from pmo_lib.schedule.network.segments import Stretch, rest, segments
from pmo_lib.schedule.network.written import Written, written

State = Literal["open", "started", "done", "level_of_effort"]
COLUMNS = [
    "activity", "kind", "active", "manual", "calendar", "task_type", "duration", "remaining_duration", "actual_start", "actual_finish", "resumed",
    "constraint", "constraint_date", "constraint_2", "constraint_2_date", "external_early_start", "external_late_finish",
    "deadline", "levelling_delay", "expected_finish", "stored_start", "stored_finish", "planned_start", "planned_finish",
]  # fmt: skip
HARD = {"mandatory_start", "mandatory_finish", "start_on_or_before", "finish_on_or_before", "start_on", "finish_on"}


@dataclass(slots=True)
class Task:
    """One activity as the network takes it: `low` and `high` bounds by what they bind (es, ef, ls, lf), as instants."""

    activity: str
    kind: str
    state: State
    calendar: Calendar
    duration: int  # [working minutes] what is still to be scheduled
    started: datetime | None
    finished: datetime | None
    rest: int = 0  # [working minutes] planned rest between the parts of a split task; `duration` has it in it
    delay: int = 0  # [elapsed minutes] levelling delay
    late: bool = False  # as late as possible
    stands: bool = False  # manually scheduled
    shows: tuple[datetime, datetime] | None = None  # start and finish of what stands, as somebody wrote them: maybe in time without work
    lasts: int = 0  # [working minutes] how long before its late finish what stands must start: its duration, though some of it lies in such time
    hidden: bool = False  # a point of the lowering, no activity
    moment: bool = False  # no calendar moves it, though its slack is counted on `calendar`
    expected: datetime | None = None  # expected finish, which sets the duration; until then `duration` is the longest that it can be
    planned: int = 0  # [working minutes] the duration where no working time is left until the expected finish
    low: dict[str, datetime] = field(default_factory=dict)
    high: dict[str, datetime] = field(default_factory=dict)

    @property
    def fixed(self) -> bool:
        """Whether its early start is held: manually scheduled, must start, in progress."""
        return "es" in self.high and self.high["es"] == self.low.get("es")

    @property
    def finishes_on(self) -> datetime | None:
        """The date before which it finishes by no means; a mandatory one: on which it does."""
        if "ef" not in self.low:
            return None
        return self.high["ef"] if "ef" in self.high else max(self.low["ef"], self.low["es"])

    @property
    def due(self) -> datetime | None:
        """The date that holds its late dates; a mandatory one before others."""
        bounds = self.low if "ls" in self.low or "lf" in self.low else self.high
        return min((bounds[side] for side in ("ls", "lf") if side in bounds), default=None)

    def at_least(self, what: str, when: datetime) -> None:
        self.low[what] = max(when, self.low.get(what, when))

    def at_most(self, what: str, when: datetime) -> None:
        self.high[what] = min(when, self.high.get(what, when))


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for every activity of one scheduling."""

    plan: Project
    begin: datetime  # no open work before it
    move_to: datetime | None
    soften: bool
    stretches: Mapping[str, list[Stretch]]  # of split activities
    resources: Mapping[str, Calendar]  # of whoever is on begun activities of fixed duration
    assigned: frozenset[str]  # of those with an expected finish in use, which have somebody or something assigned


def bounded(plan: Project, rows: pl.DataFrame, clocks: Mapping[str, Calendar], move_to: datetime | None, soften: bool) -> list[Task]:
    """These rows of activities as tasks, each with all that bounds it by itself."""
    interrupted = []
    if plan.info.application == "msp":
        interrupted = rows.filter(pl.col("task_type").cast(pl.String) == "fixed_duration", pl.col("resumed").is_not_null())["activity"].to_list()
    facts = Facts(plan, earliest(plan, move_to), move_to, soften, segments(plan), of_assignments(plan, interrupted), _expected_of(plan, rows))
    return [_task(facts, row, clocks[row["activity"]]) for row in rows.select(COLUMNS).iter_rows(named=True)]


def _expected_of(plan: Project, rows: pl.DataFrame) -> frozenset[str]:
    """The activities with an expected finish that counts, and with an assignment."""
    assignments = plan.tables.get("assignments")
    if not plan.info.options.use_expected_finish or assignments is None:
        return frozenset()
    expecting = rows.filter(pl.col("expected_finish").is_not_null())["activity"]
    return frozenset(assignments.filter(pl.col("activity").is_in(expecting.implode()))["activity"].to_list())


def earliest(plan: Project, move_to: datetime | None = None) -> datetime:
    """The moment before which no open work is scheduled: P6's data date, MS Project's project start."""
    info = plan.info
    dated = (
        [info.planned_start]
        if info.application == "msp"
        else [info.data_date]
        if info.application == "p6" and info.data_date
        else [info.planned_start, info.data_date]
    )
    known = [when for when in [*dated, move_to] if when is not None]
    return max(known) if known else _first_date(plan)


def _first_date(plan: Project) -> datetime:
    """For sources that say neither start nor data date: the earliest date that stands anywhere."""
    columns = ["actual_start", "constraint_date", "planned_start", "stored_start"]
    least = plan.tables["activities"].select(columns).min().row(0)
    return min((when for when in least if when is not None), default=datetime(2000, 1, 3, 8))


def _task(facts: Facts, row: dict[str, Any], cal: Calendar) -> Task:
    plan, begin, move_to, soften = facts.plan, facts.begin, facts.move_to, facts.soften
    state = _state(row)
    duration = row["duration"] if state == "open" and plan.info.application != "p6" else row["remaining_duration"]
    task = Task(row["activity"], row["kind"], state, cal, 0 if state == "done" else duration, row["actual_start"], row["actual_finish"])
    if state in ("done", "level_of_effort"):
        return task
    if row["manual"] and (row["stored_start"] or row["stored_finish"]):
        _stands(task, written(plan, cal, row), row["remaining_duration"], move_to)
        if row["deadline"] and not soften:
            task.at_most("lf", row["deadline"])  # MPXJ's MicrosoftScheduler, held to MS Project with samples, has it so
        return task
    task.at_least("es", _before_project_start(plan, row, begin) if move_to is None else begin)
    stretches = facts.stretches.get(task.activity, [])
    if state == "started":
        _remaining(facts, task, row, stretches)
    else:
        task.delay = row["levelling_delay"]
        task.rest = rest(cal, stretches, task.duration)
    task.duration += task.rest
    _constrain(plan, task, row, soften)
    _imposed(plan, task, row, soften)
    if row["deadline"] and not soften:
        _due(plan, task, row["deadline"])
    if plan.info.options.use_expected_finish and row["expected_finish"]:
        _expect(task, row["expected_finish"], task.activity in facts.assigned)
    return task


def _due(plan: Project, task: Task, deadline: datetime) -> None:
    """A deadline holds the late finish; in MS Project not of what must start or finish on a date, whose late finish is its early one.

    Reference: Microsoft, course of Microsoft Project 2000, How a deadline affects late finish: must start on and must finish on, while honoured.
    """
    if plan.info.application != "msp" or not any(side in task.low and side in task.high for side in ("ls", "lf")):
        task.at_most("lf", deadline)


def _before_project_start(plan: Project, row: dict[str, Any], begin: datetime) -> datetime:
    """MS Project lets a task begin before the project's start where its constraint says so."""
    if plan.info.application == "msp" and row["constraint"] == "start_on_or_after" and row["constraint_date"]:
        return min(begin, row["constraint_date"])
    return begin


def _state(row: dict[str, Any]) -> State:
    if row["actual_finish"]:
        return "done"
    if row["kind"] == "level_of_effort":
        return "level_of_effort"
    return "started" if row["actual_start"] else "open"


def _stands(task: Task, where: Written, left: int, move_to: datetime | None) -> None:
    """MS Project's manually scheduled task: its own dates, whatever the logic says. Of begun work a forecast moves what remains."""
    task.calendar, task.stands, task.lasts = where.calendar, True, where.lasts
    task.duration = min(where.duration, left) if move_to and task.state == "started" else where.duration
    task.low["es"] = task.high["es"] = max(where.start, move_to or where.start)
    if move_to is None:
        task.shows = where.start, where.finish


def _remaining(facts: Facts, task: Task, row: dict[str, Any], stretches: list[Stretch]) -> None:
    """Where the remaining work of a started activity begins, and what rest is still in it.

    P6: at the data date (without one, not before work began), or where suspended work resumes. MS Project: where it resumes, else right after
    the work done.
    """
    if facts.plan.info.application != "msp":
        if row["resumed"]:
            task.at_least("es", row["resumed"])
        if facts.plan.info.data_date is None:
            task.at_least("es", row["actual_start"])
        return
    done = add(task.calendar, row["actual_start"], max(row["duration"] - row["remaining_duration"], 0))
    resumes = max(row["resumed"] or done, done)
    resources = facts.resources.get(task.activity)
    if resources and between(resources, done, resumes) == 0:  # they only do not work then; the duration goes on
        resumes = done
    task.rest = rest(task.calendar, stretches, task.duration, resumes)
    task.low["es"] = max(resumes, facts.move_to) if facts.move_to else resumes
    if facts.move_to is None:
        task.high["es"] = resumes


def _constrain(plan: Project, task: Task, row: dict[str, Any], soften: bool) -> None:
    started = task.state == "started"
    for kind, when in ((row["constraint"], row["constraint_date"]), (row["constraint_2"], row["constraint_2_date"])):
        if kind == "as_late_as_possible":
            task.late = not started and not soften
            task.delay = 0  # what stands as late as possible already, levelling delays no more
        elif started and plan.info.application == "msp" and kind == "mandatory_start" and not soften:
            # the late dates keep to it even when work has begun
            task.low["lf"] = task.high["lf"] = add(task.calendar, task.low["es"], task.duration)
        elif kind is not None and when is not None and not (started and "start" in kind):
            begin = task.low["es"]
            if started and plan.info.application != "msp":
                _cap(task, kind, when, soften)
            else:
                _bind(task, _kind(plan, kind, soften), when, plan.info.options.honour_constraints, soften)
            if plan.info.application != "msp":
                _after_data_date(task, begin)


def _imposed(plan: Project, task: Task, row: dict[str, Any], soften: bool) -> None:
    """P6's external dates, which stand for relationships with projects that are not here; the option that ignores those ignores these too."""
    if plan.info.options.ignore_external:
        return
    if row["external_early_start"] and task.state == "open":
        task.at_least("es", row["external_early_start"])
    if row["external_late_finish"] and not soften:
        task.at_most("lf", row["external_late_finish"])


def _kind(plan: Project, kind: str, soften: bool) -> str:
    """MS Project's must-start-on is mandatory only while constraint dates are honoured; a forecast lets no date override logic."""
    overrides = not soften and (plan.info.application != "msp" or plan.info.options.honour_constraints)
    return kind if overrides or not kind.startswith("mandatory") else kind.replace("mandatory_start", "start_on").replace("mandatory_finish", "finish_on")


def _bind(task: Task, kind: str, when: datetime, honoured: bool, soften: bool) -> None:
    end = "s" if "start" in kind else "f"
    if kind.startswith("mandatory"):
        for side in (f"e{end}", f"l{end}"):
            task.low[side] = task.high[side] = when
        return
    if not kind.endswith("before"):  # on, on or after
        task.at_least(f"e{end}", when)
    if kind.endswith("after") or soften:
        return
    task.at_most(f"l{end}", when)
    if honoured:
        task.at_most(f"e{end}", when)


def _cap(task: Task, kind: str, when: datetime, soften: bool) -> None:
    """What has begun in P6 ends when its work is done; a finish on a date or before it holds the late finish alone (23.12)."""
    if kind in ("finish_on", "finish_on_or_before") and not soften:
        task.at_most("lf", when)


def _after_data_date(task: Task, begin: datetime) -> None:
    """A mandatory date in the past holds for the late dates alone: no open work is scheduled before the data date."""
    task.at_least("es", begin)
    for side in ("es", "ef"):
        if side in task.high:
            task.high[side] = max(task.high[side], begin)


def _expect(task: Task, when: datetime, assigned: bool) -> None:
    """P6's expected finish sets the remaining duration; one that leaves no time takes it away, but not from what has an assignment."""
    if task.kind in ("task", "resource_dependent"):
        task.expected = when
        task.planned = task.duration if assigned else 0
        task.duration = max(between(task.calendar, task.low["es"], when), task.planned)
