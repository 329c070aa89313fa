"""Why dates differ: plans whose stored dates agree, with one thing changed, so that the cause is known."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.readers import read_all

pytestmark = pytest.mark.real

AIRPORT = "schedules/xer/terminal-building-airport.xer"


def differences(plan: Project) -> dict[str, str]:
    found = schedule.agreement(plan).filter("compared", ~pl.col("agrees"))
    return dict(found.select("activity", "cause").iter_rows())


def with_activities(plan: Project, *columns: pl.Expr) -> Project:
    return Project(plan.info, {**plan.tables, "activities": plan.tables["activities"].with_columns(*columns)}, plan.findings)


@pytest.fixture(scope="module")
def airport(real_data: Path) -> Project:
    return read_all(real_data / AIRPORT)[0]


@pytest.fixture(scope="module")
def changed(airport: Project) -> str:
    """An open activity on the critical path that others follow."""
    links = airport.tables["relationships"]["predecessor"]
    open_ = airport.tables["activities"].filter(pl.col("activity").is_in(links.implode()), pl.col("remaining_duration") > 960)
    return open_.sort("stored_total_float", "stored_early_start")["activity"][0]


@pytest.mark.parametrize(("days", "cause"), [(1, "unknown"), (-1, "split")])
def test_a_changed_duration_is_where_the_difference_begins(airport: Project, changed: str, days: int, cause: str) -> None:
    """Dates that span more than the duration show a split; a longer duration than they span shows nothing."""
    longer = [(pl.col(c) + pl.when(pl.col("activity") == changed).then(480 * days).otherwise(0)).alias(c) for c in ("duration", "remaining_duration")]
    found = differences(with_activities(airport, *longer))
    assert found.pop(changed) == cause
    assert len(found) > 3
    assert set(found.values()) == {"inherited"}


def test_a_stored_date_that_moved_is_nobody_elses_fault(airport: Project, changed: str) -> None:
    frame = airport.tables["activities"]
    earlier = pl.col("stored_early_start") - pl.duration(days=400)
    moved = pl.when(pl.col("activity") == changed).then(earlier).otherwise(pl.col("stored_early_finish")).cast(frame.schema["stored_early_finish"])
    assert differences(with_activities(airport, moved.alias("stored_early_finish"))) == {changed: "contradiction"}


def test_a_split_that_the_file_does_not_tell_is_named(real_data: Path) -> None:
    plan = read_all(real_data / "schedules/mpxj-fixtures/misc/mspdisplittask.xml")[0]
    untold = Project(plan.info, {name: table for name, table in plan.tables.items() if name != "splits"}, plan.findings)
    assert set(differences(untold).values()) == {"split"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        # open ends whose stored late finish lies before the plan's own finish, and what follows from one of them
        ("mpp-nbia-programme/NBIA_4.4_Project_Plan.mpp", {"stale": 5, "contradiction": 2}),
        ("mpxj-fixtures/misc/mspditimephased.xml", {"stale": 16}),
        # a relationship that was typed into the file: the predecessor's late finish is the day on which its successor must have begun
        ("mpxj-fixtures/misc/sample.mpx", {"contradiction": 1, "inherited": 1}),
    ],
)
def test_what_a_file_contradicts_in_itself_is_proved(file: str, expected: dict[str, int], real_data: Path) -> None:
    found = list(differences(max(read_all(real_data / "schedules" / file), key=lambda plan: plan.tables["activities"].height)).values())
    assert {cause: found.count(cause) for cause in found} == expected


def test_a_late_finish_that_something_holds_is_not_stale(airport: Project) -> None:
    """Later than ours is never stale, earlier neither in a plan that is not MS Project's."""
    open_ = pl.col("stored_late_finish").is_not_null()
    for days in (-3, 3):
        moved = pl.when(open_).then(pl.col("stored_late_finish") + pl.duration(days=days)).cast(airport.tables["activities"].schema["stored_late_finish"])
        assert "stale" not in differences(with_activities(airport, moved.alias("stored_late_finish"))).values()
