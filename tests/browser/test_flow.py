"""The Flow page in a real Chromium: it shows a board whole, leads from and to the other pages, says what to do where there is no board."""

from __future__ import annotations

from typing import Any

import pytest
from sample import HOSTILE
from test_pages import words

pytestmark = pytest.mark.browser

CHARTS = ["Burn-up", "Cumulative flow", "Throughput by week", "Cycle times", "Age of work in progress"]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_board_is_shown_whole(opened: Any) -> None:
    visit = opened("/flow?key=HARBOUR&theme=dark")
    page = visit.page
    charts = page.locator("[role=img][aria-label]:not(svg)")
    charts.nth(len(CHARTS) - 1).wait_for(state="attached")
    assert [charts.nth(k).get_attribute("aria-label").split(":")[0] for k in range(charts.count())] == CHARTS
    assert plain(page.locator("h1").inner_text()).startswith("Harbour app: 24 items are left; with 85 % confidence they are done by ")
    assert page.title() == "Flow of Harbour app · PMO Workbench"
    said = plain(words(page))
    for text in (
        "399 items of 420 are counted",
        "not counted",
        "Drawn from the 26 weeks to 29 Nov 2026",
        "All 12 checks of the board passed",
        "nobody has said in which statuses an item waits",
        "Oldest first",
    ):
        assert text in said, text
    assert HOSTILE in said
    assert page.evaluate("window.hurt") is None
    folded = page.locator("details.more", has=page.locator("caption", has_text="Cycle times by share"))
    folded.locator("summary").click()
    assert folded.locator("tbody tr").count() == 3
    folded.locator("summary").click()
    visit.clean()


def test_from_the_portfolio_to_a_board_and_on_to_another(visit: Any) -> None:
    page = visit.open("/flow?programme=Treatment")  # where the Portfolio's link leads
    page.locator("h1", has_text="Harbour app").wait_for()
    page.get_by_role("combobox", name="Board").click()
    page.get_by_role("menuitem", name="Quay <b>side</b>").click()
    page.wait_for_function("() => location.search.includes('key=QUAY')")
    page.locator("h1", has_text="Quay <b>side</b>").wait_for()
    page.wait_for_selector(".tabs a[href='./?key=QUAY&programme=Treatment'], .tabs a[href='./?programme=Treatment']")
    visit.clean()


def test_a_plan_has_no_flow_and_the_page_says_where_to_go(visit: Any) -> None:
    page = visit.open("/flow?key=NORTHGATE")
    assert "NORTHGATE has no board: its source is a plan with activities, not items that move through statuses." in words(page)
    assert page.get_by_role("link", name="Open its Project page").get_attribute("href").startswith("project?key=NORTHGATE")
    assert page.get_by_role("link", name="Harbour app").get_attribute("href").startswith("flow?key=HARBOUR")
    visit.open("/flow?key=%3Cscript%3E")
    assert "No project <script> in this workspace; pmo projects lists them." in words(page)
    visit.clean()


def test_a_workspace_without_boards_says_how_to_get_one(visit: Any) -> None:
    page = visit.open("/flow?as_of=2020-01-01")
    assert page.locator("h1").inner_text() == "No board yet"
    assert "pmo pull jira" in words(page)
    visit.clean()
