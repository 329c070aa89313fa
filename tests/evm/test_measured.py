"""Earned value of a plan: budget, spread, progress, costs and what is said where one of them is missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from pmo_lib import evm
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.tables import TABLES, part

FIRST = datetime(2026, 1, 5, 8)  # a Monday


Rows = list[dict[str, Any]]
FRIDAY = datetime(2026, 1, 9, 17)


def plan(activities: Rows, baselines: Rows | None = None, data_date: datetime | None = FRIDAY, **tables: Rows) -> Project:
    defaults = {"name": "work", "kind": "task", "duration": 2400, "remaining_duration": 2400}
    rows = {"activities": [{**defaults, **row} for row in activities], "baselines": [{"baseline": 0, **row} for row in baselines or []], **tables}
    frames = {}
    for name, found in rows.items():
        frames[name], refused = part(TABLES[name], found, name)
        assert not refused, refused
    return Project(ProjectInfo(key="DEMO", name="Demo", source="by_hand", data_date=data_date), frames)


def row(activity: str, cost: float | None, start: datetime = FIRST, finish: datetime = datetime(2026, 1, 16, 17), **more: Any) -> dict[str, Any]:
    return {"activity": activity, "cost": cost, "start": start, "finish": finish, **more}


def test_planned_value_follows_working_time_not_the_clock() -> None:
    monday = datetime(2026, 1, 12, 8)
    figures = evm.metrics(plan([{"activity": "A"}], [row("A", 1000)]), at=monday).row(0, named=True)
    assert figures["pv"] == 500  # one of two working weeks, whatever the weekend
    assert evm.metrics(plan([{"activity": "A"}], [row("A", 1000)]), at=date(2026, 1, 11))["pv"][0] == 500
    assert evm.metrics(plan([{"activity": "A"}], [row("A", 1000)]), at="2026-01-05")["pv"][0] == 100


def test_each_activity_is_spread_on_its_own_calendar() -> None:
    calendars = [{"calendar": "24h", "name": "round the clock", "kind": "global", "minutes_per_day": 1440}]
    shifts = [{"calendar": "24h", "weekday": day, "start": 0, "finish": 1440} for day in range(1, 8)]
    baseline = row("A", 1000, datetime(2026, 1, 5), datetime(2026, 1, 15))
    project = plan([{"activity": "A", "calendar": "24h"}], [baseline], calendars=calendars, shifts=shifts)
    assert evm.metrics(project, at=datetime(2026, 1, 12))["pv"][0] == 700


def test_earned_value_is_progress_times_budget_and_costs_are_summed() -> None:
    project = plan([{"activity": "A", "percent_complete": 0.4, "actual_cost": 500.0}, {"activity": "B", "actual_cost": 0.0}], [row("A", 1000), row("B", 3000)])
    figures = evm.metrics(project).row(0, named=True)
    assert (figures["bac"], figures["pv"], figures["ev"], figures["ac"]) == (4000, 2000, 400, 500)
    assert figures["cpi"] == 0.8
    assert figures["basis"] == "cost"
    assert figures["note"] is None


def test_physical_per_cent_counts_where_somebody_uses_it() -> None:
    unused = plan([{"activity": "A", "percent_complete": 0.4, "physical_percent": 0.0}], [row("A", 1000)])
    used = plan([{"activity": "A", "percent_complete": 0.4, "physical_percent": 0.25}], [row("A", 1000)])
    assert evm.metrics(unused)["ev"][0] == 400
    assert evm.metrics(used)["ev"][0] == 250


def test_summaries_do_not_count_twice() -> None:
    project = plan([{"activity": "S", "kind": "summary"}, {"activity": "A"}], [row("S", 1000), row("A", 1000)])
    assert evm.metrics(project)["bac"][0] == 1000


def test_level_of_effort_earns_what_was_planned_and_can_be_left_out() -> None:
    project = plan([{"activity": "L", "kind": "level_of_effort"}, {"activity": "A", "percent_complete": 0.25}], [row("L", 1000), row("A", 1000)])
    figures = evm.metrics(project).row(0, named=True)
    assert (figures["ev"], figures["spi"], figures["spi_without_loe"]) == (750, 0.75, 0.5)
    assert "50\u00a0% of the budget" in figures["note"]


def test_without_actual_costs_the_schedule_is_still_judged() -> None:
    for booked in (None, 0.0):
        figures = evm.metrics(plan([{"activity": "A", "percent_complete": 0.4, "actual_cost": booked}], [row("A", 1000)])).row(0, named=True)
        assert figures["spi"] == 0.8
        assert figures["cpi"] is None
        assert figures["ac"] is None
        assert "no cost index" in figures["note"]


def test_work_serves_where_there_is_no_cost() -> None:
    project = plan([{"activity": "A", "percent_complete": 0.5, "actual_work": 1200}], [row("A", None, work=2400)])
    figures = evm.metrics(project).row(0, named=True)
    assert (figures["basis"], figures["bac"], figures["ev"], figures["ac"]) == ("work", 40, 20, 20)
    assert "person hours" in figures["note"]
    assert evm.basis(project) == "work"


def test_by_the_levels_of_the_wbs() -> None:
    elements = [("1", None, "All", 0), ("2", "1", "Civil", 1), ("3", "2", "Pit", 2)]
    wbs = [{"wbs": key, "parent": parent, "name": name, "level": level} for key, parent, name, level in elements]
    project = plan([{"activity": "A", "wbs": "2"}, {"activity": "B", "wbs": "3"}], [row("A", 1000), row("B", 3000)], wbs=wbs)
    assert evm.metrics(project, by="wbs").select("name", "bac").rows() == [("All", 4000), ("Civil", 4000), ("Pit", 3000)]
    assert evm.metrics(project, by=1)["name"].to_list() == ["Civil"]
    assert evm.metrics(project, by="activity")["bac"].to_list() == [1000, 3000]
    with pytest.raises(InvalidInput, match="by is"):
        evm.metrics(project, by="colour")


def test_what_has_left_the_plan_stays_in_the_budget() -> None:
    figures = evm.metrics(plan([{"activity": "A", "percent_complete": 1.0}], [row("A", 1000), row("GONE", 1000)])).row(0, named=True)
    assert (figures["bac"], figures["ev"]) == (2000, 1000)
    assert "1 baselined activity has left the plan" in figures["note"]


def test_the_reason_where_it_is_not_available() -> None:
    with pytest.raises(NotAvailable, match=r"evm\.metrics needs a baseline; DEMO has none: set one with pmo baseline"):
        evm.metrics(plan([{"activity": "A"}]))
    with pytest.raises(NotAvailable, match="baseline of DEMO has dates only"):
        evm.metrics(plan([{"activity": "A"}], [row("A", None)]))
    with pytest.raises(NotAvailable, match="needs a status date"):
        evm.metrics(plan([{"activity": "A"}], [row("A", 1000)], data_date=None))


def test_the_curve_has_month_ends_and_snapshots() -> None:
    baseline = [row("A", 1000, FIRST, datetime(2026, 3, 13, 17))]
    earlier = plan([{"activity": "A", "percent_complete": 0.1, "actual_cost": 120.0}], baseline, datetime(2026, 1, 30, 17))
    now = plan([{"activity": "A", "percent_complete": 0.3, "actual_cost": 350.0}], baseline, datetime(2026, 2, 27, 17))
    curve = evm.series(now, earlier=[earlier])
    assert curve["pv"].is_sorted()
    assert (curve["pv"][0], curve["pv"][-1]) == (0, 1000)
    assert curve.drop_nulls("ev").select("date", "ev", "ac").rows() == [(datetime(2026, 1, 30, 17), 100, 120), (datetime(2026, 2, 27, 17), 300, 350)]
    assert curve.filter(pl.col("date") == datetime(2026, 2, 1))["pv"][0] == 400
