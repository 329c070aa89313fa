"""Figures of single activities in public files that P6 had scheduled, each in the smallest plan around it: data in `tests/published/p6_observed.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import Calendar, DatedShifts
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.schedule.dates import schedule_once
from pmo_lib.tables import Relationships
from pmo_lib.tables.framing import framed

OBSERVED = tomllib.loads((Path(__file__).parents[1] / "published" / "p6_observed.toml").read_text(encoding="utf-8"))


def minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def calendar(name: str) -> Calendar:
    said = OBSERVED["calendars"][name]
    week = tuple(tuple((minutes(span[:5]), minutes(span[6:])) for span in [day] if span) for day in said["hours"])
    off = tuple(DatedShifts(date.fromisoformat(day), date.fromisoformat(day), ()) for day in said.get("off", ()))
    return Calendar(name, sum(b - a for a, b in week[0]), week, (), off)


def plan_of(case: dict[str, Any]) -> Project:
    details: dict[str, dict[str, Any]] = {}
    for each in case["activities"]:
        left = each.get("hours", 0) * 60
        row = {"calendar": each["calendar"], "kind": each.get("kind", "task"), "duration": left, "remaining_duration": left}
        for key, column in (("started", "actual_start"), ("finished", "actual_finish")):
            row[column] = datetime.fromisoformat(each[key]) if key in each else None
        for key, suffix in (("constraint", ""), ("constraint2", "_2")):
            if key in each:
                row |= {f"constraint{suffix}": each[key][0], f"constraint{suffix}_date": datetime.fromisoformat(each[key][1])}
        details[each["id"]] = row
    names = sorted({each["calendar"] for each in case["activities"]})
    begin = datetime.fromisoformat(case["data_date"])
    options = SchedulingOptions(out_of_sequence=case.get("out_of_sequence", "retained_logic"))
    made = make_plan(dict.fromkeys(details, 1), start=begin, data_date=begin, calendar=calendar(names[0]), details=details, options=options)
    links = framed(Relationships, [(*link[:3], link[3] * 60, "working", None, None) for link in case["links"]])
    tables = {**made.tables, "relationships": links, **calendar_tables({name: calendar(name) for name in names})}
    return Project(replace(made.info, application="p6", calendar=names[0]), tables)


@pytest.mark.parametrize("case", OBSERVED["case"], ids=lambda case: case["name"].partition(":")[0])
def test_p6_observed(case: dict[str, Any]) -> None:
    rows = schedule_once(plan_of(case)).rows
    found = [(activity, column, rows[activity][column]) for activity, column, _ in case["expect"]]
    assert found == [(activity, column, datetime.fromisoformat(value) if isinstance(value, str) else value) for activity, column, value in case["expect"]]
