"""The engine against the dates that P6 and MS Project stored in real plans."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from benchmarks.proofs import earlier_states
from pmo_lib import schedule
from pmo_lib.project import Project

pytestmark = pytest.mark.real

WHOLE = [
    "schedules/mpp/commercial-construction-126.mpp",
    "schedules/xer/terminal-building-airport.xer",
    "schedules/mpp/new-product-36.mpp",
    "multiproject-mpp/1 mp_j30_a10_nr1.mpp",
]
AT_LEAST = {  # agreeing activities; raise them as the engine learns
    "schedules/xer/jaggelas-test-P6-23.12-progress.xer": 618,
    "schedules/mpp-nbia-programme/3.5 Project Plan.mpp": 19,
    "schedules/mpp-nbia-programme/4.2_Project_Plan.mpp": 27,
    "schedules/mpp-nbia-programme/NBIA_4.4_Project_Plan.mpp": 12,
    "schedules/mpxj-fixtures/misc/sample.mpp": 18,
    "schedules/mpxj-fixtures/misc/sample.xml": 16,
    "schedules/mpxj-fixtures/misc/sample98.mpp": 16,
    "schedules/mpxj-fixtures/misc/mspdisplittask.xml": 2,
    "schedules/mpxj-fixtures/misc/mpp14timephased.mpp": 14,
    "schedules/mpxj-fixtures/misc/mspdiresource.xml": 2,
}
COMPUTED = [
    "stored_start", "stored_finish", "stored_early_start", "stored_early_finish", "stored_late_start", "stored_late_finish",
    "stored_total_float", "stored_free_float", "stored_critical", "planned_start", "planned_finish",
]  # fmt: skip


PlansOf = Callable[[str], list[Project]]


def largest(plans: list[Project]) -> Project:
    """The project of a file that has the most activities."""
    return max(plans, key=lambda plan: plan.tables["activities"].height)


def without_computed_dates(plan: Project) -> Project:
    """The plan as if nobody had ever scheduled it; manually scheduled tasks keep the dates that their planner typed."""
    frame = plan.tables["activities"]
    nulled = [pl.when("manual").then(pl.col(c)).otherwise(pl.lit(None, frame.schema[c])).alias(c) for c in COMPUTED]
    return Project(plan.info, {**plan.tables, "activities": frame.with_columns(nulled)})


@pytest.mark.parametrize("file", WHOLE)
def test_every_activity_agrees(file: str, plans_of: PlansOf) -> None:
    plan = plans_of(file)[0]
    found = schedule.agreement(plan).filter("compared")
    stored = plan.tables["activities"].filter(pl.col("kind").cast(pl.String) != "summary", pl.col("stored_early_start").is_not_null())
    assert found.height == stored.height > 30
    assert found.filter(~pl.col("agrees"))["activity"].to_list() == []


@pytest.mark.parametrize("file", [*WHOLE[:2], *AT_LEAST])
def test_stored_dates_are_never_an_input(file: str, plans_of: PlansOf) -> None:
    plan = largest(plans_of(file))
    assert schedule.dates(without_computed_dates(plan)).equals(schedule.dates(plan))


@pytest.mark.parametrize(("file", "least"), AT_LEAST.items())
def test_agreement_does_not_fall(file: str, least: int, plans_of: PlansOf) -> None:
    plan = largest(plans_of(file))
    found = schedule.agreement(plan).filter("compared")
    assert found["agrees"].sum() >= least
    assert found.filter(~pl.col("agrees"))["cause"].null_count() == 0


def test_a_moved_date_is_noticed(plans_of: PlansOf) -> None:
    plan = plans_of(WHOLE[1])[0]
    frame = plan.tables["activities"]
    victim = frame.filter(pl.col("kind").cast(pl.String) == "task")["activity"][5]
    later = pl.col("stored_late_finish") + pl.duration(minutes=pl.when(pl.col("activity") == victim).then(2).otherwise(0))
    moved = Project(plan.info, {**plan.tables, "activities": frame.with_columns(later.alias("stored_late_finish").cast(frame.schema["stored_late_finish"]))})
    differing = schedule.agreement(moved).filter(~pl.col("agrees"))["activity"].to_list()
    # at the end of a working day two minutes later is the same instant; nothing else may differ
    assert differing in ([], [victim])
    minus = pl.when(pl.col("activity") == victim).then(pl.col("stored_late_finish") - pl.duration(minutes=2)).otherwise(pl.col("stored_late_finish"))
    moved = Project(plan.info, {**plan.tables, "activities": frame.with_columns(minus.alias("stored_late_finish"))})
    assert schedule.agreement(moved).filter(~pl.col("agrees"))["activity"].to_list() == [victim]


@pytest.mark.parametrize("file", ["generated/task-links/task-links-project98.mpx", "misc/mpxrecurring.mpx"])
def test_a_file_that_states_days_alone_agrees_by_the_day(file: str, plans_of: PlansOf) -> None:
    plan = largest(plans_of(f"schedules/mpxj-fixtures/{file}"))
    assert "days-only" in plan.findings["code"].to_list()
    found = schedule.agreement(plan).filter("compared")
    assert found.height >= 16
    assert found["agrees"].all()
    # one day further is another day
    frame = plan.tables["activities"]
    later = [(pl.col(c) + pl.duration(days=1)).cast(frame.schema[c]) for c in ("stored_early_start", "stored_early_finish")]
    moved = Project(plan.info, {**plan.tables, "activities": frame.with_columns(later)}, plan.findings)
    assert not schedule.agreement(moved).filter("compared")["agrees"].any()


@pytest.mark.parametrize("state", earlier_states.STATES, ids=lambda state: state.was)
def test_late_dates_that_a_file_kept_come_back_with_its_earlier_state(state: earlier_states.Earlier, plans_of: PlansOf) -> None:
    assert earlier_states.given_back(state, plans_of(state.file)[0]) == (0, len(state.explains))
