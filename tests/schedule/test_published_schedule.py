"""The published critical path examples, as data in `tests/published/cpm.toml`."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import SchedulingOptions

EXAMPLES = tomllib.loads((Path(__file__).parents[1] / "published" / "cpm.toml").read_text(encoding="utf-8"))
START = datetime(2026, 1, 5)
DAY = 1440


def instant(day: float) -> datetime:
    return START + timedelta(days=day)


def plan_of(example: dict[str, Any]):
    activities = {name: tuple(entry) if isinstance(entry, list) else entry for name, entry in example["activities"].items()}
    details: dict[str, dict[str, Any]] = {}
    for activity, kind, day in example.get("constraints", []):
        details[activity] = {"constraint": kind, "constraint_date": instant(day)}
    for activity, began, remaining in example.get("progress", []):
        details[activity] = {"actual_start": instant(began), "remaining_duration": remaining * DAY}
    options = SchedulingOptions(minutes_per_day=DAY, minutes_per_week=7 * DAY, out_of_sequence=example.get("out_of_sequence", "retained_logic"))
    at = instant(example["data_date"]) if "data_date" in example else None
    return make_plan(activities, start=START, calendar="24h", data_date=at, details=details, options=options)


@pytest.mark.parametrize("example", EXAMPLES["days"], ids=lambda example: example["id"].split(":")[0] + example.get("out_of_sequence", ""))
def test_days(example: dict[str, Any]) -> None:
    expected = dict(example["expected"])
    dates = schedule.dates(plan_of(example))
    if "finish" in expected:
        assert dates["early_finish"].max() == instant(expected.pop("finish"))
    if "longest_path" in expected:
        assert dates.filter("longest_path")["activity"].to_list() == expected.pop("longest_path")
    for column, days in expected.items():
        as_days = pl.col(column) / DAY if column.endswith("float") else (pl.col(column) - START).dt.total_minutes() / DAY
        assert dates.select(as_days).to_series().to_list() == days, column


def test_widget() -> None:
    example = EXAMPLES["widget"]
    plan = make_plan({name: tuple(entry) if isinstance(entry, list) else entry for name, entry in example["activities"].items()}, start=example["start"])
    rows = {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}
    assert rows["Production"]["early_finish"] == example["finish"]
    assert {name: row["total_float"] / 480 for name, row in rows.items()} == example["total_float"]
    assert {name: rows[name]["free_float"] / 480 for name in example["free_float"]} == example["free_float"]
    for side in ("early", "late"):
        for name, dates in example[side].items():
            assert [rows[name][f"{side}_start"], rows[name][f"{side}_finish"]] == dates, (side, name)


@pytest.mark.parametrize(("option", "expected"), [("predecessor", "working"), ("successor", "working"), ("project", "working"), ("24h", "elapsed")])
def test_lag_calendar(option: Any, expected: str) -> None:
    example = EXAMPLES["lag_calendar"]
    lag = "P+3d" if expected == "working" else "P+72h"  # on a 24-hour calendar three days are 72 hours
    plan = make_plan({"P": 4, "S": (1, lag)}, start=example["start"], options=SchedulingOptions(lag_calendar=option))
    dates = schedule.dates(plan)
    assert dates["early_finish"][0] == datetime(2026, 1, 15, 17)
    assert dates["early_start"][1] == example[expected]
