"""A draft at one status date as a `Project`, with the dates that its tool would store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from pmo_demo.drafts import Demand, Draft, Element, Work
from pmo_demo.hours import Hours, calendars
from pmo_demo.truth import Span, forward
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.tables import TABLES
from pmo_lib.tables.parting import DEFAULTS

Row = dict[str, Any]
DISCIPLINES = {
    "MGT": "Management",
    "DES": "Design",
    "CON": "Consents",
    "PRO": "Procurement",
    "CIV": "Civil works",
    "PIP": "Pipelaying",
    "LIN": "Lining",
    "MAR": "Marine",
    "MEC": "Mechanical",
    "ELE": "Electrical",
    "ICA": "Instrumentation and control",
    "COM": "Commissioning",
    "IT": "Information technology",
    "CUS": "Customers",
}
OPTIONS = {
    "p6": SchedulingOptions(),
    "msp": SchedulingOptions(lag_calendar="successor", total_float="smallest", honour_constraints=True),
    "other": SchedulingOptions(),
}
ESTIMATE_FIELDS = ("Optimistic duration", "Most likely duration", "Pessimistic duration")


def plan_of(
    draft: Draft, at: datetime | None, baseline: Mapping[str, Span] | None = None, budget: Mapping[str, int] | None = None, overrun: float = 1.0
) -> Project:
    """The draft as its tool holds it at status date `at`, without computed dates.

    `baseline` and `budget` [working minutes] are the spans and durations of MS Project's baseline 0; `overrun` is what an hour really cost,
    as a factor of its rate.
    """
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    msp = draft.application == "msp"
    for element in draft.elements:
        rows["wbs"].append(_element(element, msp))
    for number, work in enumerate(draft.works.values(), start=1):
        assignments = [_assignment(draft, work, demand, at, number * 10 + index, overrun) for index, demand in enumerate(work.demands)]
        rows["assignments"] += assignments
        rows["activities"].append(_activity(draft, work, at, number, assignments))
        rows["relationships"] += [{"predecessor": link.predecessor, "successor": work.id, "type": link.type, "lag": link.lag} for link in work.links]
        _labels(rows, work, msp)
        if baseline and work.id in baseline:
            rows["baselines"].append(_baseline(draft, work, baseline[work.id], (budget or {}).get(work.id, work.minutes)))
    if msp:
        rows["activities"] = _with_summaries(draft, rows["activities"])
    for number, row in enumerate(rows["relationships"], start=1):
        row["uid"] = None if msp else str(number)
    used = {demand.resource for work in draft.works.values() for demand in work.demands}
    rows["resources"] = [_resource(draft, code) for code in draft.resources if code in used]
    tables = {name: _frame(name, rows[name]) for name in TABLES if rows[name]} | _calendar_frames(msp)
    info = ProjectInfo(
        key=draft.key,
        name=draft.name,
        source={"p6": "xer", "msp": "mspdi", "other": "activity_list"}[draft.application],
        application=draft.application,  # type: ignore[arg-type]
        data_date=at,
        planned_start=draft.start,
        must_finish=draft.must_finish,
        calendar=draft.calendar,
        currency="GBP",
        manager=draft.manager,
        reader="authored/1",
        options=OPTIONS[draft.application],
    )
    return Project(info, tables)


def scheduled(plan: Project) -> Project:
    """The plan with the dates that its tool would compute and store."""
    from pmo_lib.schedule import dates

    return stored(plan, dates(plan))


def stored(plan: Project, dates: pl.DataFrame) -> Project:
    """The plan with `dates` (as `schedule.dates` gives them) in its stored columns; summaries span what they sum up."""
    activities = plan.tables["activities"]
    found = {row["activity"]: row for row in dates.iter_rows(named=True)}
    rows = [_stored(plan, row, found.get(row["activity"])) for row in activities.iter_rows(named=True)]
    _span_summaries(plan, rows)
    finish = max((row["stored_finish"] for row in rows if row["stored_finish"]), default=None)
    changed = {"activities": pl.DataFrame(rows, schema=activities.schema)}
    if "assignments" in plan.tables:
        spans = changed["activities"].select("activity", start="stored_start", finish="stored_finish")
        changed["assignments"] = plan.tables["assignments"].drop("start", "finish").join(spans, on="activity", how="left", maintain_order="left")
    return Project(replace(plan.info, stored_finish=finish), dict(plan.tables) | changed, plan.findings)


def _stored(plan: Project, row: Row, dates: Row | None) -> Row:
    if dates is None:
        return row
    row = dict(row) | {"stored_start": dates["early_start"], "stored_finish": dates["early_finish"]}
    for column in ("early_finish", "late_finish", "total_float", "free_float"):
        row[f"stored_{column}"] = dates[column]
    return _as_msp(row, dates) if plan.info.application == "msp" else _as_p6(plan, row, dates)


def _as_msp(row: Row, dates: Row) -> Row:
    """MS Project: early and late start of what has begun are the actual start; what is complete has no float."""
    begun, done = row["actual_start"], row["actual_finish"]
    row["stored_early_start"], row["stored_late_start"] = dates["early_start"], begun or dates["late_start"]
    row["stored_critical"] = dates["critical"] and not done
    if done:
        row |= {"stored_late_finish": done, "stored_total_float": 0, "stored_free_float": 0}
    return row


def _as_p6(plan: Project, row: Row, dates: Row) -> Row:
    """P6: the computed dates are those of the remaining work; what is complete has none."""
    if row["actual_finish"]:
        return row | {f"stored_{column}": None for column in ("early_finish", "late_finish", "total_float", "free_float")}
    hours, at = calendars()[row["calendar"] or plan.info.calendar or "1"], plan.info.data_date
    row["stored_early_start"], row["stored_late_start"] = dates["early_start"], dates["late_start"]
    if row["kind"] == "level_of_effort":
        _carry_effort(row, dates, hours, at)
    elif row["actual_start"]:
        row["stored_early_start"] = _back(hours, dates["early_finish"], row["remaining_duration"])
        row["stored_late_start"] = _back(hours, dates["late_finish"], row["remaining_duration"])
    if not row["actual_start"]:
        row["planned_start"], row["planned_finish"] = dates["early_start"], dates["early_finish"]
    row["stored_critical"] = None if row["stored_total_float"] is None else row["stored_total_float"] <= 0
    return row


def _carry_effort(row: Row, dates: Row, hours: Hours, at: datetime | None) -> None:
    """Level of effort lasts as long as what it carries."""
    begun = at if row["actual_start"] and at else dates["early_start"]
    row["remaining_duration"] = hours.minutes(begun, dates["early_finish"])
    row["duration"] = row["remaining_duration"] + (hours.minutes(row["actual_start"], begun) if row["actual_start"] else 0)
    row["percent_complete"] = row["physical_percent"] = round(1 - row["remaining_duration"] / row["duration"], 2) if row["duration"] else 0.0
    row["stored_early_start"] = hours.opening(begun)


def _back(hours: Hours, finish: datetime | None, minutes: int) -> datetime | None:
    if finish is None:
        return None
    return hours.opening(hours.after(finish, -minutes)) if minutes else finish


def _span_summaries(plan: Project, rows: list[Row]) -> None:
    """Dates, duration and progress of each summary, from what lies below it (deepest first)."""
    below: dict[str, list[Row]] = {}
    for row in reversed(rows):
        if row["kind"] == "summary":
            parts = [part for part in below.get(row["activity"], []) if part["stored_start"]]
            if parts:
                _span(row, parts, calendars()[plan.info.calendar or "1"])
            else:
                continue
        parent = row["wbs"]
        below.setdefault(parent, []).append(row)


def _span(row: Row, parts: list[Row], hours: Hours) -> None:
    for column, pick in [("start", min), ("finish", max), ("early_start", min), ("early_finish", max), ("late_start", min), ("late_finish", max)]:
        values = [part[f"stored_{column}"] for part in parts if part[f"stored_{column}"]]
        row[f"stored_{column}"] = pick(values) if values else None
    row["duration"] = max(0, hours.minutes(row["stored_start"], row["stored_finish"]))
    total = sum(part["duration"] for part in parts)
    row["percent_complete"] = (
        round(sum(part["duration"] * part["percent_complete"] for part in parts) / total, 2) if total else float(all(part["actual_finish"] for part in parts))
    )
    row["remaining_duration"] = round(row["duration"] * (1 - row["percent_complete"]))
    starts, finishes = [part["actual_start"] for part in parts if part["actual_start"]], [part["actual_finish"] for part in parts]
    row["actual_start"] = min(starts, default=None)
    row["actual_finish"] = max(finishes) if all(finishes) else None
    floats = [part["stored_total_float"] for part in parts if part["stored_total_float"] is not None]
    row["stored_total_float"], row["stored_free_float"] = (min(floats) if floats else None), 0 if floats else None
    row["stored_critical"] = any(part["stored_critical"] for part in parts)
    for column in ("planned_work", "actual_work", "remaining_work", "planned_cost", "actual_cost", "remaining_cost"):
        row[column] = sum(part[column] or 0 for part in parts)


def _element(element: Element, msp: bool) -> Row:
    return {
        "wbs": element.key,
        "parent": element.parent,
        "code": element.code,
        "name": element.name,
        "level": element.level,
        "activity": element.key if msp else None,
    }


def spent(work: Work, at: datetime | None) -> int:
    """Working minutes that the work has taken so far."""
    if not work.started or not at:
        return 0
    return max(0, work.hours.minutes(work.started, work.finished or at))


def _activity(draft: Draft, work: Work, at: datetime | None, number: int, assignments: list[Row]) -> Row:
    msp, done = draft.application == "msp", spent(work, at)
    duration = done + work.remaining if work.started else work.minutes
    running = msp and at is not None and work.started is not None and work.finished is None
    share = 1.0 if work.finished else _share(work, done)
    labour = [row for row in assignments if "planned_work" in row]
    row: Row = {
        "activity": work.id,
        "uid": work.id if msp else str(2000 + number),
        "name": work.name,
        "wbs": work.wbs,
        "kind": work.kind,
        "calendar": None if msp and work.calendar == draft.calendar else work.calendar,
        "ignore_resource_calendars": msp and work.calendar != draft.calendar,
        "duration": duration,
        "remaining_duration": work.remaining if work.started or work.finished else duration,
        "percent_complete": share,
        "physical_percent": None if msp else share,
        "actual_start": work.started,
        "actual_finish": work.finished,
        "constraint": work.constraint,
        "constraint_date": work.constraint_date,
        "deadline": work.deadline,
        "priority": 500 if msp else 3,
        "planned_start": None if msp else work.started,
        "planned_finish": None if msp else work.finished,
        "suspended": at if running else None,
        "resumed": at if running else None,
    }
    for column in ("planned_work", "actual_work", "remaining_work"):
        row[column] = sum(item[column] for item in labour)
    for column in ("planned_cost", "actual_cost", "remaining_cost"):
        row[column] = round(sum(item[column] for item in assignments), 2) if assignments or msp else None
    return row


def _share(work: Work, done: int) -> float:
    """What is done of the work, in whole per cent, as people report it."""
    return round(done / (done + work.remaining), 2) if work.started and work.minutes else 0.0


def _assignment(draft: Draft, work: Work, demand: Demand, at: datetime | None, number: int, overrun: float) -> Row:
    """Crews are paid for what they have done, at `overrun` times the price: a slow month alone does not make a work dearer."""
    resource = draft.resources[demand.resource]
    done = spent(work, at)
    share = 1.0 if work.finished else done / (done + work.remaining) if done else 0.0
    row: Row = {"activity": work.id, "resource": resource.key, "uid": str(number), "units": demand.units}
    if resource.kind == "material":
        cost = demand.units * resource.rate
        row |= {"planned_quantity": demand.units, "units": None}
    else:
        planned = round(work.minutes * demand.units)
        used = round(planned * share)
        row |= {"planned_work": planned, "actual_work": used, "remaining_work": planned - used}
        cost = planned * resource.rate / 60
    actual, left = round(cost * share * overrun, 2), round(cost * (1 - share), 2)
    planned_cost = round(actual + left, 2) if draft.application == "msp" else round(cost, 2)  # MS Project's cost is at completion
    return row | {"planned_cost": planned_cost, "actual_cost": actual, "remaining_cost": left}


def _resource(draft: Draft, code: str) -> Row:
    resource = draft.resources[code]
    kind = "labour" if draft.application == "msp" and resource.kind == "equipment" else resource.kind  # MS Project knows work, material and cost
    return {"resource": resource.key, "code": code, "name": resource.name, "kind": kind, "max_units": resource.units, "standard_rate": resource.rate}


def _labels(rows: dict[str, list[Row]], work: Work, msp: bool) -> None:
    if msp:
        rows["custom_fields"].append({"subject": "activity", "key": work.id, "field": "Discipline", "kind": "text", "value": DISCIPLINES[work.discipline]})
    else:
        rows["codes"].append({"activity": work.id, "type": "Discipline", "value": work.discipline, "description": DISCIPLINES[work.discipline]})
    for field, minutes in zip(ESTIMATE_FIELDS, three_points(work) or (), strict=False):
        kind, value = ("duration", str(minutes)) if msp else ("number", f"{minutes / work.hours.day:g}")
        rows["custom_fields"].append({"subject": "activity", "key": work.id, "field": field, "kind": kind, "value": value})


def three_points(work: Work) -> tuple[int, int, int] | None:
    """Low, likely and high of the remaining duration [working minutes], where somebody estimated them."""
    if work.spread is None or not work.has_work or work.finished or not work.remaining:
        return None
    low, high = (round(work.remaining * factor / 30) * 30 for factor in work.spread)
    return min(low, work.remaining), work.remaining, max(high, work.remaining)


def _baseline(draft: Draft, work: Work, span: Span, minutes: int) -> Row:
    labour = [demand for demand in work.demands if draft.resources[demand.resource].kind != "material"]
    cost = sum(demand.units * draft.resources[demand.resource].rate * (minutes / 60 if demand in labour else 1) for demand in work.demands)
    return {
        "baseline": 0,
        "activity": work.id,
        "start": span[0],
        "finish": span[1],
        "duration": minutes,
        "work": round(sum(demand.units for demand in labour) * minutes),
        "cost": round(cost, 2),
    }


def _with_summaries(draft: Draft, rows: list[Row]) -> list[Row]:
    """MS Project's tasks in its own order: each summary before what it sums up."""
    summaries = [
        {
            "activity": element.key,
            "uid": element.key,
            "name": element.name,
            "wbs": element.parent,
            "kind": "summary",
            "duration": 0,
            "remaining_duration": 0,
            "priority": 500,
        }
        for element in draft.elements
    ]
    merged = sorted([*summaries, *rows], key=lambda row: int(row["activity"]))
    return [row | {"row": number} for number, row in enumerate(merged)]


def _frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """The rows as the table `name`; a Project validates it."""
    return pl.DataFrame(
        {column: pl.Series(column, [row.get(column, DEFAULTS.get(column)) for row in rows], dtype=kind) for column, kind in _types(name).items()}
    )


@cache
def _types(name: str) -> dict[str, pl.DataType]:
    return dict(TABLES[name].create_empty().schema)


@cache
def _calendar_frames(named: bool) -> dict[str, pl.DataFrame]:
    listed: list[Row] = []
    shifts: list[Row] = []
    exceptions: list[Row] = []
    for key, hours in calendars().items():
        listed.append({"calendar": key, "name": hours.name, "kind": "global", "minutes_per_day": 480 if named else hours.day})
        for weekday, week in hours.week.items():
            shifts += [{"calendar": key, "weekday": weekday, "start": start, "finish": finish} for start, finish in week or ((None, None),)]
        for day, (name, spell) in hours.exceptions.items():
            for start, finish in spell or ((None, None),):
                exceptions.append({"calendar": key, "first": day, "last": day, "start": start, "finish": finish, "name": name if named else None})
    return {"calendars": _frame("calendars", listed), "shifts": _frame("shifts", shifts), "exceptions": _frame("exceptions", exceptions)}


def baseline_of(draft: Draft) -> tuple[dict[str, Span], dict[str, int]]:
    """Spans and durations of the draft as planned, before its first day."""
    return forward(draft, draft.start), {work.id: work.minutes for work in draft.works.values()}
