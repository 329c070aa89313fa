"""A project's register of risks stays with it: the next forecasts take it, pages show it, and levers run the very simulation that was published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pmo_lib import make_plan, office
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.office import RiskInputs
from pmo_lib.office.risks_kept import of_result
from pmo_lib.project import Project
from pmo_lib.store import Workspace, init_workspace

RISKS = "risk,name,kind,probability,low,likely,high,where\nR1,Pumps late,event,0.5,5,8,12,name = B\nR2,Crews,driver,1,0.9,1,1.3,name = B|C|D\n"
ESTIMATES = "activity,shape,low,likely,high\nB,triangular,15,20,40\n"


def plan(at: str = "2026-01-05", begun: str = "") -> Project:
    return make_plan({f"{begun}A": 10, "B": (20, f"{begun}A"), "C": (12, f"{begun}A"), "D": (8, "B; C")}, start="2026-01-05", data_date=at, name="WORKS")


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws") as workspace:
        workspace.add(plan(), key="WORKS")
        yield workspace


@pytest.fixture
def inputs(tmp_path: Path) -> RiskInputs:
    (tmp_path / "risks.csv").write_text(RISKS)
    (tmp_path / "estimates.csv").write_text(ESTIMATES)
    return RiskInputs(risks=tmp_path / "risks.csv", estimates=tmp_path / "estimates.csv")


def p80(made: office.Forecast) -> datetime:
    return made.percentiles.filter(pl.col("p") == 80)["finish"][0]


def test_the_register_is_taken_by_the_next_forecasts(ws: Workspace, inputs: RiskInputs) -> None:
    bare = office.forecast(ws, "WORKS", iterations=500, seed=1)
    assert bare.register is None
    assert ws.risks("WORKS") is None
    first = office.forecast(ws, "WORKS", iterations=500, seed=1, inputs=inputs)
    again = office.forecast(ws, "WORKS", iterations=500, seed=1)
    assert p80(first) == p80(again) > p80(bare)
    assert first.occurrences is not None
    assert first.occurrences["risk"].to_list() == ["R1", "R2"]
    kept = ws.risks("WORKS")
    assert kept is not None
    assert kept["name"].to_list() == ["Pumps late", "Crews"]
    ws.add(plan("2026-01-12", begun="x"), key="WORKS")  # another month's plan: the filter meets its activities anew, the estimates were of what was left then
    later = office.forecast(ws, "WORKS", iterations=500, seed=1)
    assert later.register is not None
    assert later.indicative is not None
    last = ws.latest_result("WORKS", "forecast")
    assert last is not None
    assert set(of_result(last[1])) == {"risks"}
    before = ws.latest_result("WORKS", "forecast", "2026-01-05")
    assert before is not None
    assert set(of_result(before[1])) == {"risks", "estimates"}


def test_a_register_is_forgotten_when_asked(ws: Workspace, inputs: RiskInputs) -> None:
    office.forecast(ws, "WORKS", iterations=500, inputs=inputs)
    office.forecast(ws, "WORKS", iterations=500, inputs=RiskInputs(carry=False))
    assert ws.risks("WORKS") is None


def test_a_register_survives_a_plan_that_it_does_not_fit(ws: Workspace, inputs: RiskInputs) -> None:
    office.forecast(ws, "WORKS", iterations=500, inputs=inputs)
    ws.add(make_plan({"Z": 5}, start="2026-01-05", data_date="2026-01-19", name="WORKS"), key="WORKS")
    with pytest.raises(InvalidInput, match=r"risks.csv, row 2, column where: 'name = B' meets no activity"):
        office.forecast(ws, "WORKS", iterations=500)
    assert "meets no activity" in office.assess(ws, "WORKS").refusals["forecast"]
    assert ws.risks("WORKS") is not None


def test_levers_run_the_published_simulation(ws: Workspace, inputs: RiskInputs) -> None:
    made = office.forecast(ws, "WORKS", iterations=600, seed=7, inputs=inputs, target=datetime(2026, 3, 13))
    sim, targets = office.simulation_of(ws, "WORKS")
    same = office.what_if(sim, targets)
    assert same.before["finish"].to_list() == made.percentiles["finish"].to_list()
    found = office.what_if(sim, targets, without=["R1"])
    assert made.contributions is not None
    adds = dict(made.contributions.select("item", "contribution").iter_rows())
    assert -found.difference.filter(p=80)["working_days"][0] == pytest.approx(adds["R1"])
    assert found.chance is not None
    assert found.chance[0] > made.targets["chance"][0]


def test_levers_need_a_forecast(ws: Workspace) -> None:
    with pytest.raises(NotAvailable, match="WORKS has no forecast to change: none was made"):
        office.simulation_of(ws, "WORKS")


def test_shapley_shares_add_up_on_the_way_to_the_page(ws: Workspace, inputs: RiskInputs) -> None:
    made = office.forecast(ws, "WORKS", iterations=500, inputs=inputs, contributions="shapley")
    assert made.contributions is not None
    assert set(made.contributions["method"].cast(pl.String)) == {"shapley"}
    kept = office.assess(ws, "WORKS").forecast
    assert kept is not None
    assert kept.contributions is not None
    assert kept.trace is not None
    assert kept.register is not None
