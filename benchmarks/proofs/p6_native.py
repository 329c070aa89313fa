"""The P6-native cases: small plans whose six columns were captured from P6 23.12 (only its own columns, `*_p6`, are compared)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import Calendar, DatedShifts
from pmo_lib.project import Project

FOLDER = "cpm-oracle-p6-native"
CASES = [
    "01-fs-chain",
    "02-ss-with-lag",
    "03-ff-with-lag",
    "04-sf-edge-case",
    "05-negative-float",
    "06-multiple-calendars",
    "07-ontario-holidays",
    "08-in-progress-retained-logic",
]
COLUMNS = {"ES": "early_start", "EF": "early_finish", "LS": "late_start", "LF": "late_finish"}
DAYTIME = ((480, 720), (780, 1020))


def as_plan(case: dict[str, Any]) -> Project:
    calendars = {key: _calendar(key, rule) for key, rule in case["opts"]["cal_map"].items()}
    default = next(iter(calendars))
    activities: dict[str, Any] = {}
    details: dict[str, dict[str, Any]] = {}
    for a in case["activities"]:
        links = [f"{r['from_code']}{' ' + r['type']}{r['lag_days']:+d}d" for r in case["relationships"] if r["to_code"] == a["code"]]
        activities[a["code"]] = (a["duration_days"], "; ".join(links))
        row: dict[str, Any] = {"calendar": a["clndr_id"]}
        if "actual_start" in a:
            row |= {"actual_start": datetime.fromisoformat(a["actual_start"] + "T08:00"), "remaining_duration": a["remaining_duration"] * 480}
        if "actual_finish" in a:
            row |= {"actual_finish": datetime.fromisoformat(a["actual_finish"] + "T17:00")}
        if "constraint" in a:
            assert a["constraint"]["type"] == "CS_MEOB"
            row |= {"constraint": "finish_on_or_before", "constraint_date": datetime.fromisoformat(a["constraint"]["date"])}
        details[a["code"]] = row
    plan = make_plan(activities, start=case["opts"]["projectStart"], calendar=calendars[default], data_date=case["opts"]["dataDate"], details=details)
    info = replace(plan.info, application="p6", calendar=default)
    return Project(info, {**plan.tables, **calendar_tables(calendars)})


def _calendar(name: str, rule: dict[str, Any]) -> Calendar:
    days = [date.fromisoformat(day) for day in rule["holidays"]]
    return Calendar(
        name, 480, tuple(DAYTIME if day % 7 in rule["work_days"] else () for day in range(1, 8)), (), tuple(DatedShifts(day, day, ()) for day in days)
    )


def compared(folder: Path) -> list[tuple[str, str, object, object]]:
    """As `beside`, of the case in this folder."""
    with (folder / "comparison.csv").open() as file:
        return beside(json.loads((folder / "input.json").read_text()), list(csv.DictReader(file)))


def beside(case: dict[str, Any], p6: Sequence[Mapping[str, str]]) -> list[tuple[str, str, object, object]]:
    """Activity, column, ours and P6's: the four dates that are no actual ones, total and free float [days]."""
    ours = {row["activity"]: row for row in schedule.dates(as_plan(case)).iter_rows(named=True)}
    found: list[tuple[str, str, object, object]] = []
    for row in p6:
        mine = ours[row["activity_code"]]
        for theirs, column in COLUMNS.items():
            if not row[f"{theirs}_p6"].endswith("A"):  # an actual date
                found.append((row["activity_code"], column, mine[column], datetime.fromisoformat(row[f"{theirs}_p6"])))
        for theirs, column in (("TF", "total_float"), ("FF", "free_float")):
            told = row[f"{theirs}_p6"]
            found.append((row["activity_code"], column, None if mine[column] is None else mine[column] / 480, float(told) if told else None))
    return found
