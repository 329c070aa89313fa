"""Real plans on every surface: P6 with progress, MS Project with actuals, and nothing but an activity list; and a pulled board beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import panel as pn
import pytest
from asana_answers import moved, pull, story, task
from conftest import Visit, free_port, wait_for
from pmo_dashboards.pages.project.agreed import agreement_card
from test_pages import serious, settled, words

from pmo_lib import make_plan, office
from pmo_lib.office import RiskInputs
from pmo_lib.plots import headlines
from pmo_lib.store import Workspace, init_workspace

pytestmark = [pytest.mark.real, pytest.mark.browser]

PLANS = {"JAGGELAS": "schedules/xer/jaggelas-test-P6-23.12-progress.xer", "NBIA": "schedules/mpp-nbia-programme/4.2_Project_Plan.mpp"}
LIST = """ID,Task,Start,Finish,% Complete
1,Rent a hall,2026-11-02,2026-11-13,100%
2,Invite speakers,2026-11-16,2026-12-11,40%
3,Hold the day,2027-01-14,2027-01-14,0%
"""
RISKS = """risk,name,kind,probability,low,likely,high,where
R1,Pumps are delivered late,event,0.5,5,8,12,name = Build
R2,Crews work below plan,driver,1,0.9,1,1.3,name = Build|Fit|Test
"""
KEYS = [*PLANS, "LIST"]


@pytest.fixture(scope="module")
def workspace(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("real")
    (folder / "day.csv").write_text(LIST)
    with init_workspace(folder / "ws") as ws:
        for key, file in {**{key: real_data / file for key, file in PLANS.items()}, "LIST": folder / "day.csv"}.items():
            submissions, _ = office.bring_in(ws, file, project=key, as_of=None if key == "JAGGELAS" else datetime(2026, 11, 30, 17))
            assert key in {submission.key for submission in submissions}, submissions
            office.forecast(ws, key, iterations=500, seed=1)
        office.bring_in(ws, _pulled(folder / "shop"), project="SHOP", forecast=True)
        works = {"Dig": 10, "Build": (20, "Dig"), "Fit": (12, "Dig"), "Test": (8, "Build; Fit")}
        ws.add(make_plan(works, start="2026-01-05", data_date="2026-01-05", name="WORKS"), key="WORKS")
        (folder / "risks.csv").write_text(RISKS)
        office.forecast(ws, "WORKS", iterations=1000, seed=1, target=datetime(2026, 3, 20, 17), inputs=RiskInputs(risks=folder / "risks.csv"))
        yield ws


def _pulled(folder: Path) -> Path:
    """A board of Asana's: forty tasks done, one every other day, and twelve left."""
    done = [task(str(n), "Done", done=2 * n + 1) for n in range(1, 41)]
    stories = [each for n in range(1, 41) for each in (moved(str(n), 2 * n - 1, "Backlog", "Doing"), story(str(n), 2 * n + 1, "marked_complete"))]
    return pull(folder, page=100, tasks=[*done, *(task(str(100 + n)) for n in range(12))], stories=stories)


@pytest.fixture(scope="module")
def served(workspace: Workspace) -> Iterator[str]:
    from pmo_dashboards.serve import serve

    port = free_port()
    thread = serve(workspace, port=port, threaded=True)
    wait_for(f"http://127.0.0.1:{port}/")
    yield f"http://127.0.0.1:{port}"
    thread.stop()


def shown(page: Any) -> None:
    """The page of a project whose ranges nobody estimated."""
    settled(page)
    assert "finish" in page.locator("h1").inner_text()
    assert "ndicative" in words(page)


@pytest.mark.parametrize("key", ["JAGGELAS", "LIST"])
def test_the_project_page_shows_it(key: str, served: str, context: Any) -> None:
    page = context.new_page()
    visit = Visit(page, served)
    visit.open(f"/project?key={key}")
    shown(page)
    assert ("All 618 activities agree with P6" in words(page)) == (key == "JAGGELAS")
    visit.clean()
    page.close()


def test_dates_that_differ_are_named_with_their_cause(workspace: Workspace) -> None:
    """NBIA's plan holds late dates that MS Project stored before its last changes."""
    known = office.assess(workspace, "NBIA")
    said = "".join(pane.object for pane in agreement_card(known).select(pn.pane.HTML))
    assert known.certificate is not None
    assert f"{known.certificate.compared - known.certificate.agreeing} of {known.certificate.compared} activities differ from MS Project" in said
    assert "Stored before the plan was last changed" in said
    assert "late finish" in said


@pytest.mark.parametrize("key", KEYS)
def test_the_report_tells_it(key: str, workspace: Workspace) -> None:
    """What the notebook shows, which runs elsewhere."""
    from pmo_lib import reports
    from pmo_lib.reports.html import fragment
    from pmo_lib.reports.pdf import pdf

    parts = reports.build(office.assess(workspace, key)).data()
    assert sum(len(fragment(part)) for part in parts) > 50_000
    assert len(pdf(parts)) > 20_000


def test_a_board_stands_beside_plans_with_its_own_figures(served: str, context: Any, workspace: Workspace) -> None:
    page = context.new_page()
    visit = Visit(page, served)
    visit.open("/")
    page.wait_for_selector(".tabulator-row")
    assert page.locator(".tabulator-row").count() == workspace.projects().height
    row = page.locator(".tabulator-row", has_text="Asana")
    assert "12 left" in row.inner_text()
    assert row.locator("a.row").get_attribute("href").startswith("flow?key=SHOP")
    assert "12 items left, P50" in row.locator('span[title*="items left"]').first.get_attribute("title")
    assert row.locator('[title="a board has no network of activities"]').count() == 3  # SPI, CPI, agreement
    page.locator('a[href*="NBIA"]').first.click()
    page.wait_for_url("**/project?**NBIA**")
    page.wait_for_selector("h1")
    shown(page)
    visit.open("/project?key=SHOP")
    assert "Shop will probably finish on" in page.locator("h1").inner_text()
    for said in (
        "Items left",
        "Finished a week",
        "drawn from",
        "How its work flows",
        "This is the first snapshot",
        "checks of the board",
    ):
        assert said in words(page), said
    assert "Gantt" not in words(page)
    assert "0 in progress" in words(page)
    visit.clean()
    page.close()


def test_levers_run_the_forecast_again(served: str, context: Any, workspace: Workspace) -> None:
    page = context.new_page()
    visit = Visit(page, served)
    visit.open("/project?key=WORKS")
    sim, targets = office.simulation_of(workspace, "WORKS")
    figures = page.locator(".kpi.plain")
    assert figures.locator(".d").all_inner_texts() == ["as published"] * 3
    page.get_by_label("R1 Pumps are delivered late, 50\u00a0%").uncheck()
    without = page.get_by_role("status")
    without.wait_for()
    found = office.what_if(sim, targets, without=["R1"])
    assert without.inner_text() == headlines.what_if(found.difference, "Without R1") + "."
    moved = headlines.moved(found.difference)
    assert moved.startswith("\u2212")
    assert "±" in moved
    assert moved in figures.locator(".d").first.inner_text()
    assert page.get_by_role("img", name=f"What if: P80 {moved}").count() == 1
    page.get_by_role("combobox", name="Spread of all durations").click()
    page.get_by_role("menuitem", name="certain").click()
    page.get_by_role("status").filter(has_text="Without R1 and with ranges certain").wait_for()
    page.get_by_label("R1 Pumps are delivered late, 50\u00a0%").check()
    # A string would be found in any case, also in the answer before: the page would be judged while it is loading.
    page.get_by_role("status").filter(has_text=re.compile("^With ranges certain")).wait_for()
    assert "Risks in the model, and their chance" in words(page)
    assert serious(page) == []
    visit.clean()
    page.close()
