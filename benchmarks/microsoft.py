"""Random plans by MS Project's rules, for a comparison with MPXJ's MicrosoftScheduler, which its author held to MS Project with samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.rivals.mpxj_cpm import Rival
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import Calendar, add, between, next_working
from pmo_lib.project import Project
from pmo_lib.readers import read_all
from pmo_lib.schedule.agreement import EARLY_LATE, as_stored
from pmo_lib.schedule.dates import schedule_once
from pmo_lib.tables import TABLES
from pmo_lib.writers.mspdi.writer import write_mspdi

START = datetime(2026, 1, 5, 8)
DAY = ((480, 720), (780, 1020))
STANDARD = Calendar("Standard", 480, (DAY,) * 5 + ((),) * 2)
OTHERS = {"2": Calendar("Six days", 480, (DAY,) * 6 + ((),)), "3": Calendar("Late shift", 480, (((840, 1080), (1140, 1380)),) * 5 + ((),) * 2)}
DATED = ["start_on_or_after", "finish_on_or_after", "start_on_or_before", "finish_on_or_before", "mandatory_start", "mandatory_finish"]


FEATURES = [
    frozenset(features.split())
    for features in (
        *("", "lags", "lags elapsed", "constraints", "deadlines", "late", "summaries", "calendars", "constraints deadlines", "lags summaries"),
        *("percent", "started summaries", "progress", "manual", "resources"),
    )
]
TOGETHER = [
    frozenset(features.split())
    for features in (
        *("calendars constraints", "calendars deadlines", "calendars lags", "calendars elapsed lags", "calendars summaries", "constraints summaries"),
        *("deadlines summaries", "late lags", "late summaries", "manual lags", "manual summaries", "resources constraints", "resources summaries"),
        *("progress lags", "progress calendars", "progress constraints", "progress deadlines", "progress resources", "progress percent", "progress manual"),
        *("manual deadlines", "manual resources", "manual calendars", "resources percent"),
    )
]


def random_plan(rng: np.random.Generator, features: frozenset[str]) -> Project:
    """A plan of 4 to 12 tasks. `features`: lags, elapsed and per cent lags, constraints, late, deadlines, calendars, summaries, links from their
    starts, progress, manual tasks, resources (one a task, with calendars of their own).

    Left out is where MPXJ departs from what Microsoft documents or from itself. Start-to-finish links: it lets a successor begin before the project,
    where MS Project schedules it on the project's start (Microsoft's article Q103971). Milestones on another calendar than their successors: it moves
    their late finish to the end of the working time before, and so all that precedes them before its own early dates, though nothing limits it.
    As late as possible together with hard constraints: where that gives negative float it lets successors begin before the task ends.
    Tasks of elapsed duration: it begins them on the next working morning, where MS Project begins them as their predecessor ends and gives them float
    over the night (Eastwood Harris, Managing elapsed duration tasks). Constraint dates that are not honoured, and open ends that are critical: it knows
    neither option. A deadline together with a date that must be kept: it lets the deadline hold the late finish, which Microsoft says is then the early one.
    """
    count = int(rng.integers(4, 13))
    names = [str(i + 1) for i in range(count)]
    parent = _parents(rng, names) if "summaries" in features else {}
    activities: dict[str, Any] = {}
    details: dict[str, dict[str, Any]] = {}
    for i, name in enumerate(names):
        point = rng.random() < 0.1 and not features & {"calendars", "resources"}
        days = 0 if name in parent.values() or point else int(rng.integers(1, 11)) / 2
        activities[name] = (days, "; ".join(_links(rng, name, names[:i], parent, features)))
        details[name] = _details(rng, features, days, not activities[name][1]) if name not in parent.values() else {"kind": "summary"}
        details[name] |= {"wbs": parent[name]} if name in parent else {}
    plan = make_plan(activities, start=START, calendar=STANDARD, details=details)
    options = replace(plan.info.options, lag_calendar="successor", total_float="smallest", honour_constraints=True)
    info = replace(plan.info, application="msp", options=options, calendar="1")
    tables = {**plan.tables, **calendar_tables({"1": STANDARD, **OTHERS})}
    if parent:
        rows = [{"wbs": s, "parent": parent.get(s), "code": None, "name": s, "level": 1, "activity": s} for s in sorted(set(parent.values()), key=int)]
        tables["wbs"] = pl.DataFrame(rows, schema=dict(TABLES["wbs"].create_empty().schema))
    if "resources" in features:
        tables |= _people(rng, plan)
    return Project(info, tables)


def _people(rng: np.random.Generator, plan: Project) -> dict[str, pl.DataFrame]:
    """Resources, each with a calendar, and one of them on some of the tasks, all of whose work is theirs."""
    working = plan.tables["activities"].filter(pl.col("duration") > 0).select("activity", "duration").rows()
    work = [{"units": 1.0, "planned_work": duration, "remaining_work": duration, "actual_work": 0} for _, duration in working]
    rows = {
        "resources": [{"resource": key, "name": key, "kind": "labour", "calendar": key} for key in ("1", *OTHERS)],
        "assignments": [
            {"activity": task, "resource": str(rng.choice(["1", *OTHERS])), **own} for (task, _), own in zip(working, work, strict=True) if rng.random() < 0.5
        ],
    }
    tables = {name: pl.DataFrame(each, schema=dict(TABLES[name].create_empty().schema)) for name, each in rows.items()}
    kinds = plan.tables["activities"]["task_type"].dtype
    units = plan.tables["activities"].with_columns(calendar=pl.lit(None, pl.String), task_type=pl.lit("fixed_units").cast(kinds))
    return {**tables, "activities": units}


def _parents(rng: np.random.Generator, names: list[str]) -> dict[str, str]:
    """One or two summaries, each with the two or three tasks after it."""
    found: dict[str, str] = {}
    i = int(rng.integers(0, 2))
    while i < len(names) - 2:
        size = int(rng.integers(2, 4))
        found |= dict.fromkeys(names[i + 1 : i + 1 + size], names[i])
        i += size + 1 + int(rng.integers(1, 3))
    return found


def _links(rng: np.random.Generator, name: str, before: list[str], parent: dict[str, str], features: frozenset[str]) -> list[str]:
    found = []
    for other in before:
        if parent.get(name) == other or (name in parent and parent[name] == parent.get(other) and name in parent.values()) or rng.random() > 1.3 / len(before):
            continue
        of_summary = name in parent.values() or other in parent.values()
        kind = str(rng.choice(["FS", "FS", "FS", "SS", "FF"] if not of_summary else ["FS", "SS"] if "started" in features else ["FS"]))
        lag = ""
        if "lags" in features and rng.random() < 0.4:
            unit = "ed" if "elapsed" in features and rng.random() < 0.4 else "d"
            lag = f"{int(rng.integers(-2, 4)):+d}{unit}"
        elif "percent" in features and rng.random() < 0.5:
            lag = f"{int(rng.choice([-50, -25, 25, 50, 75, 100])):+d}%"
        found.append(f"{other}{kind}{lag}")
    return found


def _details(rng: np.random.Generator, features: frozenset[str], days: float, first: bool) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if "constraints" in features and rng.random() < 0.25:
        kind = str(rng.choice(DATED))
        day = START + timedelta(days=int(rng.integers(0, 4)) * 7 + int(rng.integers(0, 5)))
        row |= {"constraint": kind, "constraint_date": day if "start" in kind else day.replace(hour=17)}
    elif "late" in features and rng.random() < 0.2:
        row |= {"constraint": "as_late_as_possible"}
    if "deadlines" in features and rng.random() < 0.2 and not row.get("constraint", "").startswith("mandatory"):
        row |= {"deadline": START.replace(hour=17) + timedelta(days=int(rng.integers(0, 4)) * 7 + int(rng.integers(0, 5)))}
    if "progress" in features and first and rng.random() < 0.7:
        row |= _progress(rng, days)
    if "calendars" in features and rng.random() < 0.3:
        row |= {"calendar": str(rng.choice(list(OTHERS)))}
    if "manual" in features and rng.random() < 0.25 and days:
        begin = START + timedelta(days=int(rng.integers(0, 3)) * 7 + int(rng.integers(0, 3)))
        own = OTHERS.get(row.get("calendar", ""), STANDARD)
        stands = {"manual": True, "stored_start": begin, "stored_finish": add(own, begin, int(days * 480))}
        row = {name: when for name, when in row.items() if name in ("deadline", "calendar")} | stands  # no constraint counts, and dates are those of progress
    return row


def _progress(rng: np.random.Generator, days: float) -> dict[str, Any]:
    """Work that began with the project, or up to two days after it; some of it done."""
    begin = START + timedelta(days=int(rng.integers(0, 3)))
    if days and rng.random() < 0.6:
        left = int(days * 480 * rng.integers(1, 4)) // 4
        resumes = next_working(STANDARD, add(STANDARD, begin, int(days * 480) - left))
        return {"actual_start": begin, "remaining_duration": left, "resumed": resumes, "suspended": resumes}
    return {"actual_start": begin, "actual_finish": add(STANDARD, begin, int(days * 480)), "remaining_duration": 0}


def differing(rival: Rival, file: Path, plan: Project) -> tuple[int, list[str]]:
    """How many tasks both scheduled, and those of which any of the four dates lies more than a minute of working time apart.

    None are compared where a lead makes MPXJ begin before the project's start, or where a finish-no-later-than date lies after the project's finish,
    from which late dates then count (Microsoft's article Q182899), but not MPXJ's. Raises `ValueError` where MPXJ cannot schedule.
    """
    write_mspdi(plan, file)
    rival.read(file, rules="Microsoft")
    rival.seconds()
    theirs = rival.dates()
    if any(found[0] is not None and found[0] < START for found in theirs.values()):
        return 0, []
    run = schedule_once(read_all(file)[0])
    ours = as_stored(run)
    ends = max(row["early_finish"] for row in ours.values())
    late = plan.tables["activities"].filter(pl.col("constraint").cast(pl.String) == "finish_on_or_before", pl.col("constraint_date") > ends)
    if late.height:
        return 0, []
    wrong = []
    for activity, row in ours.items():
        cal = run.net.tasks[activity].calendar
        pairs = zip((row[column] for column in EARLY_LATE), theirs[activity], strict=True)
        if any(mine is not None and other is not None and abs(between(cal, mine, other)) > 1 for mine, other in pairs):
            wrong.append(activity)
    return len(ours), wrong
