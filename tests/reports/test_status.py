"""What the status report says: the answer first, the doubt beside each date, and a sentence where something is missing."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import hand_made
import polars as pl
import pytest

from pmo_lib import reports
from pmo_lib.errors import InvalidInput
from pmo_lib.office import Assessment
from pmo_lib.reports.document import Document
from pmo_lib.reports.figures.trend import labelled

HOSTILE = "<script>alert(1)</script> #import \"x\" $y$ =cmd|'/C calc'!A0 \\ *b* _i_ -->"


@pytest.fixture(scope="module")
def northgate() -> Document:
    return reports.build(hand_made.northgate())


@pytest.fixture(scope="module")
def bare() -> Document:
    return reports.build(hand_made.bare())


def texts(data: Any) -> list[str]:
    """Every text of a document's data, drawings left out."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for name, value in data.items() if name != "svg" for text in texts(value)]
    return [text for value in data for text in texts(value)] if isinstance(data, list | tuple) else []


def test_the_headline_gives_the_p80_and_the_target(northgate: Document) -> None:
    assert northgate.head.title == "Northgate Treatment Works will probably finish on 9 March 2027, six weeks after its target"
    assert northgate.head.lead.startswith("The P80 moved 24 days later since 31 October 2026.")


def test_no_date_without_its_doubt(northgate: Document) -> None:
    kpis = {kpi.label: kpi for kpi in northgate.head.kpis}
    assert kpis["P80 finish"].value == "9 Mar 2027"
    assert kpis["P80 finish"].small == "±\u00a01\u00a0d"
    assert kpis["Chance of 29 Jan 2027"].small == "±\u00a02\u00a0%"


def test_computed_stands_beside_declared(northgate: Document) -> None:
    status = next(kpi for kpi in northgate.head.kpis if kpi.label == "Computed status")
    assert (status.value, status.note, status.glyph) == ("Off track", "declared on track: watermelon", "watermelon")


def test_assumed_ranges_are_said_wherever_a_forecast_shows(northgate: Document) -> None:
    sentence = "Indicative, ranges assumed: nobody has estimated this plan's durations."
    assert sentence in northgate.head.notes
    for name in ("standing", "changes"):
        said = texts(northgate[name].data())
        assert any("Indicative, ranges assumed" in text for text in said), name
        assert sentence not in said, name  # once is enough


def test_estimated_ranges_carry_no_such_note() -> None:
    known = hand_made.northgate()
    assert known.forecast is not None
    document = reports.build(dataclasses.replace(known, forecast=dataclasses.replace(known.forecast, indicative=None)))
    assert not any("ssumed" in text for text in texts(document.data()))


def test_nothing_but_a_list_reads_well(bare: Document) -> None:
    assert bare.head.title == "Office move has no forecast"
    assert bare.head.lead == "A forecast needs relationships and a start; office move.xlsx has neither."
    assert [card.title for section in bare.sections.values() for card in section.cards] == [
        "There is no forecast",
        "There is nothing to compare with",
        "Earned value is not available",
        "The plan has no dates to draw",
        "The schedule could not be checked",
        "There is no agreement to certify",
        "The source was read without a finding",
        "Every figure can be traced",
    ]
    assert "Move floor 3" in texts(bare.data())


def test_no_function_is_named_to_a_reader(bare: Document) -> None:
    assert not [text for text in texts(bare.data()) if "evm." in text or "schedule." in text.lower()]


@pytest.mark.parametrize(
    "missing", ["forecast", "previous_forecast", "dates", "checks", "certificate", "earned_value", "earned_value_series", "comparison", "listing"]
)
def test_any_part_may_be_missing(missing: str) -> None:
    known = dataclasses.replace(hand_made.northgate(), refusals={missing: "nobody has made it"}, **{missing: None})  # type: ignore[arg-type]
    document = reports.build(known)
    shown = {"forecast", "dates", "checks", "certificate", "earned_value", "comparison"}
    assert ("Nobody has made it." in texts(document.data())) == (missing in shown)


def test_finished_work_is_not_forecast() -> None:
    known = hand_made.bare()
    ended = hand_made.at("2026-10-02", 17)
    work = known.plan.tables["activities"].with_columns(actual_start=pl.lit(ended), actual_finish=pl.lit(ended), percent_complete=1.0)
    plan = dataclasses.replace(known.plan, tables={"activities": work})
    document = reports.build(dataclasses.replace(known, plan=plan))
    assert document.head.title == "Office move finished on 2 October 2026"
    assert document.head.kpis[0].value == "2 Oct 2026"


def test_long_tables_say_what_they_leave_out(northgate: Document) -> None:
    assert "10 more findings not shown here." in texts(northgate["findings"].data())


def test_findings_come_worst_first(northgate: Document) -> None:
    table: Any = northgate["findings"].cards[0].blocks[0]
    assert [row[0].text for row in table.rows[:3]] == ["Refused", "Doubtful", "Note"]


def test_what_cannot_be_measured_is_no_pass(northgate: Document) -> None:
    table: Any = northgate["quality"].cards[0].blocks[0]
    resources = next(row for row in table.rows if row[0].text == "Resources")
    assert [cell.text for cell in resources] == ["Resources", "Not available", "n/a", "0\u00a0%", "the plan has no resources"]
    assert resources[1].glyph is None
    assert northgate["quality"].cards[0].title == "4 of 7 DCMA points passed"


def test_hours_are_not_shown_as_money() -> None:
    known = hand_made.northgate()
    baselines = known.plan.tables["baselines"].with_columns(cost=pl.lit(None, pl.Float64), work=pl.lit(600, pl.Int64))
    plan = dataclasses.replace(known.plan, tables={**known.plan.tables, "baselines": baselines})
    shown = texts(reports.build(dataclasses.replace(known, plan=plan))["earned_value"].data())
    assert "9,800,000\u00a0h" in shown
    assert not any("£" in text for text in shown)
    assert "£9.80\u00a0m" in texts(reports.build(known)["earned_value"].data())


def test_all_of_it_is_data_and_the_same_each_time(northgate: Document) -> None:
    assert json.dumps(northgate.data()) == json.dumps(reports.build(hand_made.northgate()).data())


def test_drawings_hold_no_text_script_or_reference() -> None:
    document = reports.build(hand_made.northgate(hostile=HOSTILE))
    drawings = [block.svg for section in document.sections.values() for card in section.cards for block in card.blocks if block.kind == "figure"]
    assert len(drawings) == 5
    for svg in drawings:
        assert "alert" not in svg
        assert "<text" not in svg
        assert "<script" not in svg
        assert 'href="http' not in svg


def test_drawings_are_the_same_in_every_run() -> None:
    one, two = (reports.build(hand_made.northgate()).data() for _ in range(2))
    assert one == two


def test_an_unknown_report_is_named() -> None:
    with pytest.raises(InvalidInput, match="there is no report 'weekly'; there are status"):
        reports.build(hand_made.bare(), "weekly")


def test_every_report_has_its_notebook() -> None:
    from pmo_lib.shipped import shipped

    folder = shipped("notebooks/reports")
    assert {path.stem for path in folder.glob("*.ipynb")} == set(reports.REPORTS)


def test_the_head_is_what_it_was_made_from() -> None:
    known: Assessment = hand_made.northgate()
    assert reports.build(known).head.dated == "2026-11-30"
    assert reports.build(hand_made.bare()).head.dated == "undated"


def test_without_a_forecast_the_gantt_speaks_of_finishes_and_not_of_p80(monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo_lib.plots import gantt_rows
    from pmo_lib.reports.figures import bars

    known = hand_made.northgate()
    written: list[str] = []
    monkeypatch.setattr(bars, "write", lambda axes, x, y, text, **how: written.append(text))
    assert known.dates is not None
    assert known.forecast is not None
    bars.gantt(gantt_rows(known.dates, known.plan.tables, known.forecast.activities))
    assert "P80" in written
    assert "Finish" not in written
    written.clear()
    bars.gantt(gantt_rows(known.dates, known.plan.tables, None))
    assert "Finish" in written
    assert "P80" not in written


def checked_twice() -> Assessment:
    """A real plan's checks, and those of a month before, when a lag was there."""
    from pmo_lib import make_plan, schedule

    plans = [make_plan({"A": 5, "B": (60, f"A{lag}"), "E": (0, "B")}, data_date=at) for lag, at in (("+2d", "2026-01-05"), ("", "2026-02-02"))]
    trend = schedule.trend(plans)
    named = trend.with_columns(snapshot=pl.col("data_date").dt.strftime("%Y-%m"))
    return dataclasses.replace(hand_made.northgate(), checks=schedule.checks(plans[1]), checks_trend=named)


@pytest.mark.parametrize(
    ("months", "step", "shown"),
    [
        (["2026\nJan", "Feb", "Mar"], 40.0, [(0, "Jan", "2026"), (1, "Feb", ""), (2, "Mar", "")]),
        (["2026\nOct", "Nov", "Dec", "2027\nJan", "Feb"], 15.0, [(0, "Oct", "2026"), (2, "Dec", ""), (4, "Feb", "2027")]),  # the last one always
        ([], 0.0, []),
    ],
)
def test_status_dates_stand_beside_each_other(months: list[str], step: float, shown: list[tuple[int, str, str]]) -> None:
    assert labelled(months, step) == shown


def test_quality_shows_how_it_moved_and_what_else_was_looked_at() -> None:
    points, _, trend, further, practices = reports.build(checked_twice())["quality"].cards
    assert [row[0].text for row in table_of(points).rows][:4] == ["Missing logic", "Leads", "Lags", "Finish-start relationships"]
    assert trend.title == "Lags recovered since the last snapshot"
    assert trend.blocks[0].kind == "figure"
    assert further.title == "One of 15 further checks failed"
    assert [row[0].text for row in table_of(further).rows] == ["Open starts", "Near-critical activities", "Unused calendars"]
    assert further.blocks[1].text.startswith("Passed: open finishes, redundant relationships,")
    assert "retroactive actuals" in further.blocks[2].text
    told = {row[0].text: [cell.text for cell in row[1:]] for row in table_of(practices).rows}
    assert told["8  Conducting a schedule risk analysis"] == [
        "Not available", "Not measurable", "–", "no plan holds a risk analysis; pmo forecast makes one",
    ]  # fmt: skip
    assert len(told) == 10


def table_of(card: Any) -> Any:
    return next(block for block in card.blocks if block.kind == "table")


def test_a_first_report_has_no_page_of_two_sentences() -> None:
    """Where there is nothing to compare with, what drives the finish stands beneath its chart, and the plan follows two sentences on one page."""
    from pmo_lib.reports.pdf import pdf

    known = hand_made.northgate()
    first = dataclasses.replace(known, comparison=None, earned_value=None, refusals={"comparison": "this is the first snapshot"})
    document = reports.build(first)
    assert [card.title for card in document["changes"].cards] == ["There is nothing to compare with"]
    drivers = reports.build(known)["changes"].cards[1].title
    assert drivers in [card.title for card in document["standing"].cards]
    parts = document.data()
    assert pages(pdf(parts)) == pages(pdf([part for part in parts if part.get("name") not in ("changes", "earned_value")]))


def pages(made: bytes) -> int:
    found = re.search(rb"/Type/Pages/Count (\d+)", made)
    assert found
    return int(found[1])
