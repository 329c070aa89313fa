"""Random plans under P6's rules, each as the plain reference takes it and as a Project of the engine; and where the two disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import polars as pl

import tests.reference_cpm as reference
from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, DatedShifts, DatedWeek
from pmo_lib.project import Project, SchedulingOptions, trusted
from pmo_lib.tables import Assignments, Relationships, Resources
from pmo_lib.tables.framing import framed
from tests.reference_cpm import Activity, Link, Plan

DAYTIME = ((480, 720), (780, 1020))
EARLY = ((450, 720), (750, 960))
NIGHT = ((0, 360), (1320, 1440))  # a shift that crosses midnight is two
WEEKDAYS = Calendar("weekdays", 480, (DAYTIME,) * 5 + ((), ()))
CALENDARS = [
    WEEKDAYS,
    Calendar(
        "six days",
        450,
        (EARLY,) * 6 + ((),),
        (DatedWeek(date(2026, 1, 12), date(2026, 1, 18), (None, (), *([DAYTIME] * 5))),),
        (DatedShifts(date(2026, 1, 6), date(2026, 1, 7), ()),),
    ),
    Calendar("nights", 480, (NIGHT,) * 5 + ((), NIGHT), (), (DatedShifts(date(2026, 1, 10), date(2026, 1, 10), ((600, 660),)),)),
    ROUND_THE_CLOCK,
    Calendar(
        "with a long holiday",
        480,
        (DAYTIME,) * 5 + ((), ()),
        (),
        (
            DatedShifts(date(2026, 1, 13), date(2026, 1, 26), ()),
            DatedShifts(date(2026, 1, 10), date(2026, 1, 10), (DAYTIME[1],)),  # a Saturday on which all work
            DatedShifts(date(2026, 1, 8), date(2026, 1, 8), ((480, 570),)),
        ),
    ),
]
HOLIDAY = CALENDARS[-1]
START = datetime(2026, 1, 5, 8)
TYPES = ("FS", "FS", "SS", "FF", "SF")
SOFT = ("start_on_or_after", "start_on_or_before", "start_on", "finish_on_or_after", "finish_on_or_before", "finish_on")
MANDATORY = ("mandatory_start", "mandatory_finish")
LAGS = (0, 0, 0, 4, 11, 40, -3, -16)


def at(slots: int) -> datetime:
    return START + timedelta(minutes=30 * slots)


def random_plan(rng: Random) -> Plan:
    """Two to nine activities with whatever P6 allows; now and then up to thirty."""
    several, progressed = rng.random() < 0.6, rng.random() < 0.5
    data_date = at(rng.randrange(0, 120)) if progressed else START
    names = [f"A{i}" for i in range(rng.randrange(10, 31) if rng.random() < 0.03 else rng.randrange(2, 10))]
    activities = {name: _activity(rng, name, several, progressed, data_date) for name in names}
    pairs = [(before, after) for j, after in enumerate(names) for before in names[:j]]
    links = [Link(*rng.choice(pairs), rng.choice(TYPES), rng.choice(LAGS), several and rng.random() < 0.2) for _ in range(rng.randrange(0, len(names) + 4))]
    return Plan(
        activities=activities,
        links=links,
        data_date=data_date,
        must_finish=at(rng.choice((100, 700, 901))) if rng.random() < 0.3 else None,
        lag_calendar=rng.choice(("predecessor", "successor", "project", "24h")),
        project_calendar=WEEKDAYS,
        out_of_sequence=rng.choice(("retained_logic", "progress_override", "actual_dates")),
        lag_from=rng.choice(("early_start", "actual_start")),
        total_float=rng.choice(("finish", "start", "smallest")),
        critical=rng.choice(("float", "longest_path")),
        critical_float=rng.choice((0, 0, 16)),
        open_ends_critical=rng.random() < 0.2,
        use_expected_finish=rng.random() < 0.5,
        ignore_external=rng.random() < 0.3,
    )


def _activity(rng: Random, name: str, several: bool, progressed: bool, data_date: datetime) -> Activity:
    duration = rng.choice((0, 1, 3, 16, 24, 50))
    a = Activity(name, rng.choice(CALENDARS) if several else WEEKDAYS, duration)
    if not duration:
        a.kind = rng.choice(("start_milestone", "finish_milestone", "task"))
    elif several and rng.random() < 0.15:
        a.kind, a.drivers, a.others = "resource_dependent", rng.choices(CALENDARS, k=rng.randrange(0, 2)), rng.choices(CALENDARS, k=rng.randrange(0, 3))
    state = rng.choice(("open", "open", "started", "done")) if progressed and duration else "open"
    if duration and name != "A0" and rng.random() < 0.13:
        a.kind = "level_of_effort" if rng.random() < 0.92 else "summary"
    if state != "open":
        a.started = at(rng.randrange(0, 60))
        if state == "done":
            a.finished, a.duration = a.started + timedelta(minutes=30 * rng.randrange(0, 100)), 0
        if a.kind in ("task", "resource_dependent") and rng.random() < 0.2:
            a.resumed = data_date + timedelta(minutes=30 * rng.randrange(0, 200))
    if a.kind in ("level_of_effort", "summary"):
        return a
    if a.duration and rng.random() < 0.15:
        a.expected, a.assigned = at(rng.randrange(0, 500)), rng.random() < 0.5 or bool(a.drivers or a.others)
    if state != "done":
        _constrain(rng, a, data_date)
    return a


def _constrain(rng: Random, a: Activity, data_date: datetime) -> None:
    when = at(rng.randrange(0, 400))
    kind = rng.choice((None, None, None, None, "soft", "soft", "mandatory", "alap"))
    if kind == "soft":
        a.constraints = [(rng.choice(SOFT), when)]
        # P6 offers a secondary constraint for the other end only
        if rng.random() < 0.4:
            other = [each for each in SOFT if each.endswith("_or_before") and each.split("_")[0] != a.constraints[0][0].split("_")[0]]
            a.constraints.append((rng.choice(other), at(rng.randrange(0, 400))))
    elif kind == "mandatory":
        a.expected = None  # the date itself says when it ends
        a.constraints = [(rng.choice(MANDATORY), max(when, data_date + timedelta(days=10)) if rng.random() < 0.8 else when)]
    elif kind == "alap":
        a.alap = True
    if rng.random() < 0.08:
        a.external_start = at(rng.randrange(0, 300))
    if rng.random() < 0.08:
        a.external_finish = at(rng.randrange(50, 500))


def as_project(plan: Plan) -> Project:
    """The plan as a P6 reader gives it."""
    days = {name: max(a.duration, 1) / 16 if a.duration or a.kind == "task" else 0 for name, a in plan.activities.items()}
    options = SchedulingOptions(
        lag_calendar=plan.lag_calendar,  # type: ignore[arg-type]
        out_of_sequence=plan.out_of_sequence,  # type: ignore[arg-type]
        lag_from=plan.lag_from,  # type: ignore[arg-type]
        total_float=plan.total_float,  # type: ignore[arg-type]
        critical=plan.critical,  # type: ignore[arg-type]
        critical_float=plan.critical_float * 30,
        open_ends_critical=plan.open_ends_critical,
        use_expected_finish=plan.use_expected_finish,
        ignore_external=plan.ignore_external,
    )
    details = {name: _row(a) for name, a in plan.activities.items()}
    made = make_plan(days, start=START, calendar=WEEKDAYS, data_date=plan.data_date, must_finish=plan.must_finish, details=details, options=options)
    rows = [(link.predecessor, link.successor, link.type, link.lag * 30, "elapsed" if link.elapsed else "working", None, None) for link in plan.links]
    hired = [
        {"activity": name, "resource": cal.name, "drives": None if drives else False}
        for name, a in plan.activities.items()
        for drives, calendars in ((True, a.drivers), (False, a.others))
        for cal in calendars
    ]
    assigned = framed(Assignments, [{"activity": name} for name, a in plan.activities.items() if a.assigned] + hired)
    tables = {**made.tables, "relationships": framed(Relationships, rows), **_calendars().tables, "assignments": assigned, "resources": _resources()}
    return trusted(replace(made.info, application="p6"), tables, made.findings)


@cache
def _calendars() -> Project:
    """The calendars of every random plan, validated once."""
    return Project(make_plan({"A0": 1}).info, calendar_tables({"calendar": WEEKDAYS} | {cal.name: cal for cal in CALENDARS}))


@cache
def _resources() -> pl.DataFrame:
    """One of the hours of each calendar."""
    return framed(Resources, [{"resource": cal.name, "name": cal.name, "kind": "labour", "calendar": cal.name} for cal in CALENDARS])


def _row(a: Activity) -> dict[str, Any]:
    row: dict[str, Any] = {
        "duration": a.duration * 30, "remaining_duration": a.duration * 30, "kind": a.kind, "calendar": a.calendar.name,
        "actual_start": a.started, "actual_finish": a.finished, "resumed": a.resumed, "suspended": a.started if a.resumed else None,
        "expected_finish": a.expected, "external_early_start": a.external_start, "external_late_finish": a.external_finish,
    }  # fmt: skip
    for suffix, (kind, when) in zip(("", "_2"), a.constraints, strict=False):
        row |= {f"constraint{suffix}": kind, f"constraint{suffix}_date": when}
    if a.alap:
        row["constraint"] = "as_late_as_possible"
    return row


def disagreements(plan: Plan) -> list[str]:
    """In words, wherever the engine and the reference differ; dates with no working time between them are the same."""
    ours = {row["activity"]: row for row in schedule.dates(as_project(plan)).iter_rows(named=True)}
    found = []
    for name, theirs in reference.schedule(plan).items():
        row, a = ours[name], plan.activities[name]
        dates = {"early_finish": theirs.early[1], "late_start": theirs.late[0], "late_finish": theirs.late[1]}
        if a.open:
            dates["early_start"] = theirs.early[0]
        found += [
            f"{name} {column}: {row[column]}, reference {when}" for column, when in dates.items() if reference.count(reference.hours(a), row[column], when) != 0
        ]
        plain = {"total_float": theirs.total_float * 30, "free_float": theirs.free_float * 30}
        plain |= {"longest_path": theirs.longest_path, "critical": theirs.critical}
        found += [f"{name} {column}: {row[column]}, reference {value}" for column, value in plain.items() if row[column] != value]
    return found


def features(plan: Plan) -> Counter[str]:
    """What the plan has, each once."""
    every = plan.activities.values()
    open_ = [a for a in every if a.finished is None]
    efforts = {name for name, a in plan.activities.items() if a.kind == "level_of_effort"}
    said = {
        "level of effort": bool(efforts),
        "level of effort begun": any(plan.activities[name].begun for name in efforts),
        "level of effort after another": any(link.predecessor in efforts and link.successor in efforts for link in plan.links),
        "ten to thirty activities": len(every) >= 10,
        "several calendars": len({a.calendar.name for a in every}) > 1,
        "calendar with a long holiday and an opened Saturday": any(reference.hours(a) is HOLIDAY for a in every),
        "resource that drives dates": any(a.drivers for a in every),
        "resource that drives none": any(a.others and not a.drivers for a in every),
        "task without duration": any(a.kind == "task" and not a.duration and a.open for a in every),
        "milestone or task without duration, with a finish constraint": any(
            not a.duration and a.open and any("finish" in kind for kind, _ in a.constraints) for a in every
        ),
        "must-finish-by": plan.must_finish is not None,
        "as late as possible": any(a.alap and a.open for a in open_),
        "primary and secondary constraint": any(len(a.constraints) == 2 for a in open_),
        "suspended and resumed": any(a.resumed and a.begun for a in open_),
        "expected finish, used": any(reference.expects(plan, a) for a in open_),
        "expected finish on the data date or before it": any(reference.expects(plan, a) and (a.expected or at(0)) <= plan.data_date for a in open_),
        "external early start": not plan.ignore_external and any(a.external_start and a.open for a in open_),
        "external late finish": not plan.ignore_external and any(a.external_finish for a in open_),
        "external dates, ignored": plan.ignore_external and any(a.external_start or a.external_finish for a in open_),
        "open ends critical": plan.open_ends_critical,
        "several links between one pair": len({(link.predecessor, link.successor) for link in plan.links}) < len(plan.links),
        "elapsed lag": any(link.elapsed and link.lag for link in plan.links),
        "lead": any(link.lag < 0 for link in plan.links),
        "finished work": any(a.finished for a in every),
        "finished work that hands on what it waits for": any(reference.carries(plan, name) for name in plan.activities),
        "finished work with a later resume date": any(a.finished and a.resumed and a.resumed > plan.data_date for a in every),
        "work in progress": any(a.begun for a in every),
        "out of sequence": any(plan.activities[link.successor].started and not plan.activities[link.predecessor].finished for link in plan.links),
        "lag from an actual start": plan.lag_from == "actual_start"
        and any(link.type in ("SS", "SF") and link.lag and plan.activities[link.predecessor].begun for link in plan.links),
    }
    found = Counter(name for name, has in said.items() if has)
    found.update({f"link {link.type}" for link in plan.links})
    found.update({f"lag on calendar: {plan.lag_calendar}"} if any(link.lag and not link.elapsed for link in plan.links) else set())
    found.update({f"constraint {kind}".replace("_", " ") for a in open_ for kind, _ in a.constraints})
    found.update({f"constraint {kind} of begun work".replace("_", " ") for a in open_ if a.begun for kind, _ in a.constraints if "finish" in kind})
    found.update({a.kind.replace("_", " ") for a in open_})
    progress = {f"progress: {plan.out_of_sequence}".replace("_", " ")} if any(a.begun for a in every) else set()
    found.update(progress | {f"total float: {plan.total_float}", f"critical by {plan.critical}".replace("_", " ")})
    return found
