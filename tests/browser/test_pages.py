"""The pages in a real Chromium: they load, lead to each other, keep their filters, stay on this machine and can be used by everybody."""

from __future__ import annotations

from typing import Any

import panel as pn
import pytest
from conftest import Sample
from pmo_dashboards.pages import project
from pmo_dashboards.state import Selection

pytestmark = pytest.mark.browser

ROWS = ".tabulator-row"
BAD = {"serious", "critical"}


def words(page: Any) -> str:
    """All text of the page, shadow roots included."""
    return page.evaluate(
        """() => { const walk = root => [...root.childNodes].map(node => node.nodeType === 3 ? node.data :
             ['STYLE', 'SCRIPT'].includes(node.nodeName) ? '' : walk(node) + (node.shadowRoot ? walk(node.shadowRoot) : '')).join(' ');
             return walk(document.body) }"""
    )


def shows_rows(page: Any, count: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(ROWS)).to_have_count(count, timeout=15_000)


def settled(page: Any) -> None:
    """Every chart is drawn, and has had a moment to take its place."""
    page.wait_for_function(
        """() => { const waits = root => [...root.querySelectorAll('*')].some(
             node => node.classList.contains('waiting') || (node.shadowRoot && waits(node.shadowRoot))); return !waits(document) }""",
        timeout=60_000,
    )
    page.wait_for_timeout(300)


def token(page: Any, name: str) -> str:
    return page.locator("h1").evaluate(f"node => getComputedStyle(node).getPropertyValue('--{name}').trim()")


def test_portfolio_shows_every_project_and_its_doubt(opened: Any) -> None:
    visit = opened("/")
    page = visit.page
    page.wait_for_selector(ROWS)
    shows_rows(page, 11)
    assert page.locator("h1").inner_text() == "Three of ten projects will probably miss their targets; two of the three report “on track”"
    assert page.title() == "Portfolio · PMO Workbench"
    first = page.locator(ROWS).first.inner_text()
    assert "Northgate Treatment Works" in first
    assert "Watermelon" in first
    assert "12 Mar 2027" in first
    assert page.locator(f"{ROWS} svg[role=img]").count() == 10
    assert "10 of 11 projects read, oldest 30 Nov 2026" in words(page)
    assert "indicative, ranges assumed" in words(page)
    visit.clean()


def test_text_from_data_is_never_run(opened: Any, visit: Any) -> None:
    page = opened("/").page
    page.wait_for_selector(ROWS)
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurt") is None
    assert '<img src=x onerror="window.hurt=1"> Depot & Electrification' in words(page)
    page = visit.open("/?find=%3Cimg%20src%3Dx%20onerror%3D%22window.hurt%3D1%22%3E&programme=%3Cb%3EX")
    assert page.evaluate("window.hurt") is None
    visit.clean()


def test_from_a_row_to_the_project_and_back_with_the_filters_and_the_theme(visit: Any) -> None:
    page = visit.open("/?programme=Treatment&theme=dark")
    page.wait_for_selector(ROWS)
    shows_rows(page, 2)
    assert token(page, "bg") == "#0E1014"
    assert page.get_by_role("navigation").get_by_role("link", name="Flow").get_attribute("href") == "flow?programme=Treatment&theme=dark"
    page.get_by_role("link", name="Northgate Treatment Works", exact=True).first.click()
    page.wait_for_url("**/project?**")
    page.wait_for_selector("h1")
    assert page.locator("h1").inner_text() == "Northgate Treatment Works will probably finish on 12 March 2027, six weeks after its target"
    assert page.title() == "Northgate Treatment Works · PMO Workbench"
    assert token(page, "bg") == "#0E1014"
    page.go_back()
    page.wait_for_selector(ROWS)
    assert "programme=Treatment" in page.url
    shows_rows(page, 2)
    visit.clean()


def test_a_filter_goes_to_the_url_and_the_answer_follows(visit: Any) -> None:
    page = visit.open("/")
    page.wait_for_selector(ROWS)
    page.get_by_role("combobox", name="Computed status").click()
    page.get_by_role("menuitem", name="Off track").click()
    page.wait_for_function("() => location.search.includes('status=off_track')")
    page.locator("h1", has_text="Three of three projects").wait_for()
    shows_rows(page, 3)
    page.get_by_placeholder("Find a project").fill("nothing like it")
    page.get_by_text("No project matches these filters.").wait_for()
    page.get_by_role("link", name="Clear the filters").click()
    page.wait_for_function("() => !location.search.includes('find')")
    page.wait_for_selector(ROWS)
    shows_rows(page, 11)
    visit.clean()


def test_sorting_by_a_date_sorts_by_time(opened: Any) -> None:
    page = opened("/").page
    page.wait_for_selector(ROWS)
    first = page.locator(ROWS).first.inner_text()
    header = page.locator(".tabulator-col[tabulator-field=p80]")
    header.click()
    page.wait_for_timeout(300)
    dates = [cell.strip().removeprefix("≈").strip() for cell in page.locator(f"{ROWS} .tabulator-cell[tabulator-field=p80]").all_inner_texts()]
    assert dates[:4] == ["27 Jan 2027", "4 Feb 2027", "19 Feb 2027", "12 Mar 2027"]
    assert dates[-1] == "n/a"
    header.click()
    header.click()  # as it was
    page.wait_for_timeout(300)
    assert page.locator(ROWS).first.inner_text() == first


def test_a_page_at_rest_rests(opened: Any) -> None:
    """Nothing goes on in a page that nobody touches: Panel's table once waited for its style sheets without a pause, a core of each reader's."""
    page = opened("/").page
    page.wait_for_selector(ROWS)
    probe = page.context.new_cdp_session(page)
    probe.send("Performance.enable")

    def busy() -> float:
        return next(metric["value"] for metric in probe.send("Performance.getMetrics")["metrics"] if metric["name"] == "TaskDuration")

    shares = []
    for _ in range(30):  # half a second each; the last mend is made ten seconds after the page
        before = busy()
        page.wait_for_timeout(500)
        shares.append((busy() - before) / 0.5)
        if shares[-1] < 0.4:
            break
    probe.detach()
    assert shares[-1] < 0.4, shares


def test_project_shows_all_its_parts(opened: Any) -> None:
    visit = opened("/project?key=NORTHGATE")
    page = visit.page
    page.wait_for_selector("canvas", state="attached")
    charts = page.locator("[role=img][aria-label]:not(svg)")
    charts.nth(6).wait_for(state="attached")
    assert [charts.nth(k).get_attribute("aria-label").split(":")[0] for k in range(charts.count())] == [
        "Gantt chart",
        "Finish distribution",
        "Drivers",
        "Earned value",
        "The finish moved 12 working days later, from 20 Jan 2027 to 5 Feb 2027",
        "What if",
        "Schedule quality by status date",
    ]  # type: ignore[union-attr]
    said = words(page)
    for text in (
        "Pit 2 base and walls",
        "No date has a better than even chance",
        "5 of 8 DCMA points passed",
        "2 findings",
        "The finish moved 12 working days later since 31 Oct 2026",
        "Snapshot 7f3a91c",
    ):
        assert text in said, text
    visit.clean()


def test_a_check_opens_to_what_it_counts_and_who_offends(opened: Any) -> None:
    visit = opened("/project?key=NORTHGATE")
    page = visit.page
    check = page.locator("details.chk", has_text="Missing logic")
    assert not check.locator("p").first.is_visible()
    check.locator("summary").click()
    assert check.locator("p").all_inner_texts() == [
        "Incomplete activities without a predecessor, a successor or both, of all incomplete activities; milestones do not count; "
        "what holds a summary task holds what belongs to it.",
        "A1000",
    ]
    page.get_by_text("2 further checks, one failed").click()
    row = page.locator("tr", has_text="Near-critical activities")
    assert row.locator("td").nth(1).inner_text() == "for information"
    assert page.locator("tr", has_text="Lags").locator("svg[role=img]").get_attribute("aria-label") == "Lags: 31 Oct 2026 12\u00a0%, 30 Nov 2026 0\u00a0%"
    check.locator("summary").click()
    page.get_by_text("2 further checks, one failed").click()
    visit.clean()


def test_every_activity_is_listed_found_and_kept_in_the_url(opened: Any) -> None:
    visit = opened("/project?key=NORTHGATE")
    page = visit.page
    settled(page)
    shows_rows(page, 13)
    assert "All 13 activities" in words(page)
    tight = page.locator(ROWS).first
    assert [cell.inner_text() for cell in tight.locator(".tabulator-cell").all()][1:8] == [
        "A1110",
        "Pit 2 excavation",
        "Civil works",
        "5 Oct 2026",
        "4 Dec 2026",
        "5",
        "0",
    ]
    page.get_by_placeholder("Find an activity").fill("PUMP")
    shows_rows(page, 2)
    assert "activity=PUMP" in page.url
    assert "2 of 13 activities" in words(page)
    page.get_by_placeholder("Find an activity").fill("nothing like it")
    page.get_by_text("No activity matches.").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    assert taken.value.suggested_filename == "NORTHGATE-activities.csv"
    page.get_by_placeholder("Find an activity").fill("")
    shows_rows(page, 13)
    visit.clean()


def test_a_project_with_little_says_why(opened: Any) -> None:
    visit = opened("/project?key=APP&theme=dark")
    page = visit.page
    said = words(page)
    assert "schedule has a loop: A1110 -> A1120 -> A1110" in said.replace("Schedule has", "schedule has")
    assert "Not available, because app.xlsx has no baseline; set one with pmo baseline APP FILE." in said
    visit.clean()


def test_assumed_ranges_are_said_wherever_the_forecast_shows() -> None:
    """In what the server sends: that the browser shows all of it, the others see."""
    desk, chosen = Sample(), Selection(key="METERS")
    sent = "".join(pane.object for part in project._filled(desk, chosen, desk.assess("METERS")) for pane in part.select(pn.pane.HTML))
    assert sent.lower().count("indicative") >= 4


def test_an_unknown_project_reads_as_not_found(visit: Any) -> None:
    page = visit.open("/project?key=%3Cscript%3E")
    said = words(page)
    assert "No project <script> in this workspace; pmo projects lists them." in said
    visit.clean()


def test_an_empty_workspace_says_what_to_do(visit: Any) -> None:
    page = visit.open("/?as_of=2020-01-01")
    assert "pmo import FILE…" in words(page)
    visit.clean()


def test_dark_theme_is_in_the_url_and_in_what_it_leads_to(opened: Any) -> None:
    visit = opened("/project?key=APP&theme=dark")
    page = visit.page
    assert token(page, "bg") == "#0E1014"
    page.wait_for_selector(".tabs a[href*='theme=dark']")
    page.get_by_label("Toggle theme").click()
    page.wait_for_function("() => !location.search.includes('theme=dark')")
    assert token(page, "bg") == "#F6F6F3"
    page.get_by_label("Toggle theme").click()
    page.wait_for_function("() => location.search.includes('theme=dark')")
    assert token(page, "bg") == "#0E1014"
    page.wait_for_selector(".tabs a[href*='theme=dark']")
    visit.clean()


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical on the page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]  # what passed is not listed, which takes most of the time
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']][:3]} {fault['nodes'][0]['html'][:160]}" for fault in found if fault["impact"] in BAD]


@pytest.mark.parametrize("path", ["/", "/project?key=NORTHGATE", "/project?key=APP&theme=dark", "/flow?key=HARBOUR&theme=dark"])
def test_axe_finds_nothing_serious(opened: Any, path: str) -> None:
    page = opened(path).page
    settled(page)
    assert serious(page) == []


@pytest.mark.parametrize("width", [1440, 1024, 420])
@pytest.mark.parametrize("path", ["/", "/project?key=NORTHGATE", "/flow?key=HARBOUR&theme=dark"])
def test_nothing_runs_over_the_edge(opened: Any, path: str, width: int) -> None:
    """Nor is scrolled sideways for on a phone, nor is a card lower than what it holds."""
    visit = opened(path)
    page = visit.page
    page.set_viewport_size({"width": width, "height": 900})
    settled(page)
    over = page.evaluate(
        """width => { const found = []; const walk = (root, clipped) => { for (const node of root.children) {
             const style = getComputedStyle(node), box = node.getBoundingClientRect();
             if (!clipped && box.width && box.right > width + 1) found.push(node.tagName + '.' + node.className);
             if (node.classList.contains('card') && node.scrollHeight > node.clientHeight + 4) found.push('cut: ' + node.className);
             if (width < 600 && ['auto', 'scroll'].includes(style.overflowX) && node.scrollWidth > node.clientWidth + 2) found.push(node.className);
             const inner = clipped || style.overflowX !== 'visible' || node.tagName === 'svg';
             walk(node, inner); if (node.shadowRoot) walk(node.shadowRoot, inner); } }; walk(document.body, false); return found }""",
        width,
    )
    assert over == []
    visit.clean()


def test_a_phone_folds_the_project_to_its_findings(opened: Any) -> None:
    """Beneath plan, finish and targets it reads as a list of findings, each of which a tap opens; a desk shows all."""
    page = opened("/project?key=NORTHGATE").page
    settled(page)
    what_if = page.get_by_text("Spread of all durations", exact=True).first
    assert what_if.is_visible()
    assert page.locator("button.unfold:visible").count() == 0
    finish = page.locator("[role=img][aria-label^='Finish distribution']")
    before, targets = finish.bounding_box()["height"], page.locator(".card", has_text="No date has a better than even chance").last
    targets.evaluate("node => node.style.setProperty('display', 'none', 'important')")
    page.wait_for_timeout(300)
    assert finish.bounding_box()["height"] > before + 40  # it fills what is left beside the Gantt chart
    targets.evaluate("node => node.style.removeProperty('display')")
    page.set_viewport_size({"width": 420, "height": 844})
    what_if.wait_for(state="hidden")
    assert page.locator("h2", has_text="What if").is_visible()
    long = "() => Math.max(...[...document.querySelectorAll('*')].map(node => node.scrollHeight))"
    assert page.evaluate(long) < 3_400
    button = page.get_by_role("button", name="Show or hide: What if")
    button.click()
    what_if.wait_for(state="visible")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("[role=img][aria-label^='What if']").bounding_box()["width"] > 300
    button.click()
    what_if.wait_for(state="hidden")


def test_a_phone_folds_the_flow_page_and_shows_every_title(opened: Any) -> None:
    page = opened("/flow?key=HARBOUR&theme=dark").page
    page.set_viewport_size({"width": 420, "height": 844})
    settled(page)
    titles = page.locator("h2")
    assert titles.count() > 7
    assert all(titles.nth(k).is_visible() for k in range(titles.count()))
    assert page.locator("button.unfold:visible").count() >= 6
