"""Every activity in one list, and what it can be narrowed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from pmo_lib import make_plan, office
from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project
from pmo_lib.tables import TABLES

NETWORK = {"A": 5, "B": (3, "A"), "C": (10, "A FS+2d"), "D": (1, "B"), "END": (0, "C; D")}
# A took its week; B is stored a day late; C is planned as it is, but for the weekend between Friday evening and Monday morning; D is late against its baseline
DETAILS: dict[str, dict[str, Any]] = {
    "A": {"actual_start": datetime(2026, 1, 5, 8), "actual_finish": datetime(2026, 1, 9, 17), "remaining_duration": 0, "percent_complete": 1.0, "wbs": "10"},
    "B": {"stored_early_start": datetime(2026, 1, 13, 8), "stored_early_finish": datetime(2026, 1, 15, 17), "wbs": "11"},
    "C": {"stored_early_start": datetime(2026, 1, 14, 8), "stored_early_finish": datetime(2026, 1, 27, 17), "wbs": "11"},
    "D": {"calendar": "24h", "remaining_duration": 720, "duration": 720},
}


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = dict(TABLES[name].create_empty().schema)
    return pl.DataFrame([dict.fromkeys(columns) | row for row in rows], schema=columns, orient="row")


@pytest.fixture(scope="module")
def known() -> office.Assessment:
    plan = make_plan(NETWORK, start="2026-01-05", data_date="2026-01-12", details=DETAILS)
    around = make_plan({"X": 1}, calendar="24h").tables
    both = {name: pl.concat([plan.tables[name], around[name].with_columns(calendar=pl.lit("24h"))]) for name in ("calendars", "shifts")}
    planned = {"C": datetime(2026, 1, 27, 17), "D": datetime(2026, 1, 13, 8), "B": datetime(2026, 1, 17, 12)}
    tables = {
        **plan.tables,
        **both,
        "wbs": frame("wbs", [
            {"wbs": "1", "name": "Works", "level": 0},
            {"wbs": "10", "parent": "1", "name": "Ground", "level": 1},
            {"wbs": "11", "parent": "10", "name": "Pits", "level": 2},
        ]),
        "baselines": frame("baselines", [{"activity": name, "baseline": 0, "finish": finish} for name, finish in planned.items()]),
    }  # fmt: skip
    return office.assess_plan(Project(plan.info, tables), forecast=False)


def row(known: office.Assessment, activity: str) -> dict[str, Any]:
    return office.activities(known).row(by_predicate=pl.col("activity") == activity, named=True)


def test_each_activity_that_is_scheduled_stands_in_it_once_the_tightest_first(known: office.Assessment) -> None:
    assert office.activities(known)["activity"].to_list() == ["C", "END", "B", "D", "A"]


def test_days_are_by_each_activitys_own_calendar(known: office.Assessment) -> None:
    assert (row(known, "C")["remaining_days"], row(known, "C")["total_float_days"]) == (10, 0)
    assert row(known, "D")["remaining_days"] == 0.5  # twelve hours of a day of twenty-four
    done = row(known, "A")
    assert (done["remaining_days"], done["total_float_days"], done["open"], done["critical"]) == (None, None, False, False)
    assert done["finish"] == datetime(2026, 1, 9, 17)


def test_late_is_what_ends_after_its_baseline_with_working_time_between(known: office.Assessment) -> None:
    assert row(known, "D")["finish"] > datetime(2026, 1, 13, 8)
    assert {one: row(known, one)["late"] for one in "ABCD"} == {"A": False, "B": False, "C": False, "D": True}
    tight = make_plan({"A": 5, "B": (3, "A")}, start="2026-01-05", must_finish="2026-01-12")
    assert row(office.assess_plan(tight, forecast=False), "B")["late"]  # float below zero


def test_what_differs_says_why_and_what(known: office.Assessment) -> None:
    assert (row(known, "C")["agrees"], row(known, "C")["cause"], row(known, "A")["agrees"]) == (True, None, None)
    differs = row(known, "B")
    assert differs["agrees"] is False
    assert differs["cause"]
    assert differs["difference"] == "early finish: stored 15 Jan 2026, ours 14 Jan 2026 (\u22121\u00a0d)"


def test_a_relationships_fault_stands_at_both_its_ends(known: office.Assessment) -> None:
    assert known.checks is not None
    lags = known.checks.row(by_predicate=pl.col("check") == "lags", named=True)
    assert (lags["passed"], len(lags["offenders"])) == (False, 1)
    assert [one for one in "ABCD" if lags["title"] in row(known, one)["failed"]] == ["A", "C"]


def test_the_wbs_is_told_without_the_project_itself(known: office.Assessment) -> None:
    assert row(known, "C")["wbs_names"] == ["Ground", "Pits"]
    assert row(known, "END")["wbs"] == []
    found = office.activities(known)
    assert office.wbs_choices(found) == [("10", "Ground", 0), ("11", "Pits", 1)]
    assert office.wbs_choices(found, most=1) == [("10", "Ground", 0)]


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({}, "ABCDE"),
        ({"text": " en"}, "E"),
        ({"text": "["}, ""),
        ({"show": "critical"}, "CE"),
        ({"show": "late"}, "D"),
        ({"show": "open"}, "BCDE"),
        ({"show": "differs"}, "B"),
        ({"show": "open", "wbs": "10"}, "BC"),
        ({"wbs": "10"}, "ABC"),
        ({"wbs": "nowhere"}, ""),
        ({"show": "nonsense"}, "ABCDE"),
    ],
)
def test_the_list_narrows(known: office.Assessment, chosen: dict[str, str], left: str) -> None:
    found = office.chosen_activities(office.activities(known), **chosen)
    assert sorted(name[0] for name in found["activity"]) == list(left)


def test_failed_ones_are_those_that_offend(known: office.Assessment) -> None:
    found = office.activities(known)
    assert office.chosen_activities(found, show="failed").height == sum(bool(one) for one in found["failed"].to_list()) > 0


def test_a_plan_without_dates_says_why() -> None:
    loop = office.assess_plan(make_plan({"A": (1, "B"), "B": (1, "A")}), forecast=False)
    with pytest.raises(NotAvailable, match="loop"):
        office.activities(loop)
