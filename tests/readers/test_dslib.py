"""Project cards of the Dynamic Scheduling Library: our engine and our earned value against what the cards themselves say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pmo_lib import evm, risk, schedule
from pmo_lib.calendar import add, between
from pmo_lib.errors import UnreadableFile
from pmo_lib.evm.measured import budget, planned_value
from pmo_lib.evm.periods import earned_schedule
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.readers import READERS, read, read_all
from pmo_lib.readers.dslib.money import currency_of

CARDS = {"C2011-05": (21, 5), "C2013-12": (29, 5), "C2013-15": (17, 6), "C2014-05": (25, 13)}  # activities, tracking periods


@pytest.fixture(scope="module")
def cards(real_data: Path) -> dict[str, list[Project]]:
    return {name: read_all(real_data / "evm" / "dslib" / f"{name}.xlsx") for name in CARDS}


@pytest.mark.real
@pytest.mark.parametrize("name", CARDS)
def test_our_dates_are_the_cards_baseline_dates(cards: dict[str, list[Project]], name: str) -> None:
    activities, periods = CARDS[name]
    planned, *tracked = cards[name]
    assert planned.tables["activities"].height == activities
    assert len(tracked) == periods
    agreement = schedule.agreement(planned)
    assert agreement.filter(~pl.col("agrees")).is_empty()
    assert agreement["agrees"].sum() == activities


@pytest.mark.real
def test_the_amounts_are_in_the_currency_of_their_format(cards: dict[str, list[Project]]) -> None:
    assert {plan.info.currency for name in CARDS for plan in cards[name]} == {"EUR"}


@pytest.mark.parametrize(
    ("formats", "currency"),
    [(["#,##0.00€"], "EUR"), (["[$£-809]#,##0", "0%"], "GBP"), (["#,##0.00€", '"$"#,##0'], None), (["0.00"], None), (["[$-407]0"], None)],
)
def test_a_currency_is_told_by_one_format_alone(formats: list[str], currency: str | None, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "card.xlsx") as book:
        sheet = book.add_worksheet()
        for row, code in enumerate(formats):
            sheet.write(row, 0, 1, book.add_format({"num_format": code}))
    assert currency_of(tmp_path / "card.xlsx") == currency


@pytest.mark.real
def test_starts_that_no_logic_explains_are_held_and_told(cards: dict[str, list[Project]]) -> None:
    planned = cards["C2011-05"][0]
    held = planned.tables["activities"].filter(pl.col("constraint").is_not_null())
    assert held["activity"].to_list() == ["4", "5", "6", "11", "12"]
    assert held["constraint"].cast(pl.String).unique().to_list() == ["start_on_or_after"]
    finding = planned.findings.filter(pl.col("code") == "dates-kept")
    assert finding["place"][0] == "5 activities: 4, 5, 6, 11, 12"
    assert "C2014-05" in cards  # a card whose logic explains every date holds none
    assert cards["C2014-05"][0].findings.filter(pl.col("code") == "dates-kept").is_empty()


@pytest.mark.real
@pytest.mark.parametrize("name", CARDS)
def test_earned_value_at_every_period_is_the_cards(cards: dict[str, list[Project]], name: str) -> None:
    for plan in cards[name][1:]:
        ours, theirs = evm.metrics(plan).row(0, named=True), own_figures(plan)
        for figure, column in (("pv", "Planned Value (PV)"), ("ev", "Earned Value (EV)"), ("ac", "Actual Cost (AC)")):
            assert ours[figure] == pytest.approx(float(theirs[column]), abs=0.01), (plan.info.source_id, figure)
        assert ours["spi"] == pytest.approx(float(theirs["Schedule Performance Index (SPI)"]), abs=1e-6)
        assert ours["cpi"] == pytest.approx(float(theirs["Cost Performance Index (CPI)"]), abs=1e-6)


# The card of the barn has fixed costs alone, which fall due at the start: its planned value reaches the budget when the last activity begins, 761 hours in.
# Our earned schedule of a finished project is that moment (the first at which the plan has earned its budget), the card's is the planned finish.
REACHED_EARLIER = {("C2013-12", "TP5")}


@pytest.mark.real
@pytest.mark.parametrize("name", CARDS)
def test_earned_schedule_is_the_cards_to_the_hour(cards: dict[str, list[Project]], name: str) -> None:
    planned, *tracked = cards[name]
    base, calendar, start = budget(planned), project_calendar(planned), planned.info.planned_start
    assert start is not None
    whole = between(calendar, start, max(base["finish"].to_list())) // 60
    pv = planned_value(planned, base, [add(calendar, start, 60 * hour) for hour in range(1, whole + 1)]).sum(axis=1).tolist()
    for plan in tracked:
        theirs = datetime.fromisoformat(own_figures(plan)["Earned Schedule (ES)"])
        ours = earned_schedule(pv, evm.metrics(plan)["ev"][0])
        if (name, plan.info.source_id) in REACHED_EARLIER:
            assert ours == 761
            assert between(calendar, start, theirs) == 920 * 60
            continue
        assert ours == pytest.approx(between(calendar, start, theirs) / 60, abs=1.2), plan.info.source_id
        assert plan.info.data_date is not None
        elapsed = between(calendar, start, plan.info.data_date) / 60
        assert ours / elapsed == pytest.approx(float(own_figures(plan)["Schedule Performance Index (SPI(t))"]), abs=0.012)


@pytest.mark.real
def test_resources_and_costs_add_up_to_the_card(cards: dict[str, list[Project]]) -> None:
    planned = cards["C2011-05"][0]
    people = planned.tables["resources"]
    assert people.filter(pl.col("name") == "technician").select("max_units", "standard_rate").row(0) == (3.0, 46.0)
    bookings = planned.tables["assignments"].join(people.select("resource", "name"), on="resource")
    assert bookings.filter(pl.col("name") == "project leader")["planned_cost"].sum() == pytest.approx(7200)
    assert bookings.filter(pl.col("name") == "steeplejack")["planned_cost"].to_list() == [200.0]  # a cost per use, no rate
    assert planned.tables["baselines"]["cost"].sum() == pytest.approx(180485.270056152)


@pytest.mark.real
def test_progress_is_that_of_the_chosen_period(real_data: Path) -> None:
    file = real_data / "evm" / "dslib" / "C2011-05.xlsx"
    named, dated, first = read(file, project="TP3"), read(file, as_of=datetime(2011, 7, 1)), read(file)
    assert named.info.data_date == dated.info.data_date == datetime(2011, 6, 27, 17)
    assert first.info.data_date == first.info.planned_start
    assert "several-dates" in first.findings["code"]
    assert dated.findings.filter(pl.col("code") == "as-of-ignored").is_empty()
    open_ones = named.tables["activities"].filter(pl.col("actual_finish").is_null())["activity"].to_list()
    assert "15" in open_ones
    assert "14" not in open_ones
    started = named.tables["activities"].filter(pl.col("activity") == "15").row(0, named=True)
    assert started["actual_start"] == datetime(2011, 6, 17, 8)
    ranges = named.tables["estimates"].filter(pl.col("activity") == "15").row(0, named=True)
    left = started["remaining_duration"] / 480
    assert (ranges["low"], ranges["likely"], ranges["high"]) == pytest.approx((0.8 * left, left, 1.2 * left))  # of what is left, not of the whole


@pytest.mark.real
@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_forecast_from_its_own_ranges(cards: dict[str, list[Project]], name: str) -> None:
    sim = risk.simulate(cards[name][0], iterations=1_000, seed=1)
    assert sim.indicative is None
    finishes = risk.percentiles(sim)["finish"]
    assert sim.deterministic_finish - timedelta(days=40) < finishes[0] < finishes[3] < sim.deterministic_finish + timedelta(days=40)


def own_figures(plan: Project) -> dict[str, str]:
    fields = plan.tables["custom_fields"]
    return dict(fields.select("field", "value").iter_rows())


BASELINE = [
    ["General"],
    ["ID", "Name", "WBS", "Predecessors", "Successors", "Baseline Start", "Baseline End", "Duration", "Resource Demand", "Fixed Cost", "Total Cost"],
    ["0", "Shed", "1", "", "", "2026-01-05 08:00:00", "2026-01-08 17:00:00", "4d", "", "", "30"],
    ["1", "Frame", "1.1", "", "", "2026-01-05 08:00:00", "2026-01-08 17:00:00", "4d", "", "", ""],
    ["2", "Posts", "1.1.1", "", "FS3", "2026-01-05 08:00:00", "2026-01-06 17:00:00", "2d", "carpenter[2.00 #2]", "0", "10"],
    ["3", "Roof", "1.1.2", "2FS", "", "2026-01-07 08:00:00", "2026-01-08 17:00:00", "2d", "carpenter", "0", "20"],
]
RISKS = [["ID", "Name", "Duration", "Description", "Optimistic", "Most Probable", "Pessimistic"], ["2", "Posts", "16h", "", "80", "100", "150"]]
AGENDA = [
    ["Working Hours", "", "", "Working Days", "", "", "Holidays (Optional)"],
    ["8:00 - 12:00", "Yes", "", "Monday", "Yes", "", ""],
    ["13:00 - 17:00", "Yes", "", "Tuesday", "Yes", "", ""],
    *[["", "", "", day, works, "", ""] for day, works in (("Wednesday", "Yes"), ("Thursday", "Yes"), ("Friday", "Yes"), ("Saturday", "No"), ("Sunday", "No"))],
]
PERIOD = [
    ["", "TP Status Date", "2026-01-06 17:00:00"],
    ["ID", "Name", "Actual Start", "Actual Duration", "Remaining Duration", "Actual Cost", "Percentage Completed", "Tracking"],
    ["2", "Posts", "2026-01-05 08:00:00", "2d", "0", "12", "1", "Finished"],
    ["3", "Roof", "", "0", "2d", "0", "0", "Not Started"],
]
SHEETS: dict[str, list[list[str]]] = {
    "Baseline Schedule": BASELINE,
    "Resources": [["ID", "Name", "Type", "Availability", "Cost/Use", "Cost/Unit"], ["1", "carpenter", "Renewable", "2 #persons", "0", "10"]],
    "Risk Analysis": RISKS,
    "TP1": PERIOD,
    "Agenda": AGENDA,
    "Tracking Overview": [["Name", "Status date", "Planned Value (PV)"], ["first", "2026-01-06 17:00:00", "10"]],
}


@pytest.fixture
def card(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small card of our own, some sheets replaced (None: left out)."""

    def write(**changed: Any) -> Path:
        path = tmp_path / "shed.xlsx"
        with xlsxwriter.Workbook(path) as book:
            for name, rows in {**SHEETS, **{name.replace("_", " "): rows for name, rows in changed.items()}}.items():
                if rows is not None:
                    sheet = book.add_worksheet(name)
                    for at, row in enumerate(rows):
                        sheet.write_row(at, 0, row)
        return path

    return write


def test_rows_below_a_row_make_it_a_summary(card: Callable[..., Path]) -> None:
    planned, tracked = read_all(card())
    kinds = dict(planned.tables["activities"].select("activity", pl.col("kind").cast(pl.String)).iter_rows())
    assert kinds == {"1": "summary", "2": "task", "3": "task"}
    assert planned.tables["wbs"].select("wbs", "parent", "activity").rows() == [("1", None, None), ("1.1", "1", "1")]
    assert planned.tables["baselines"]["cost"].sum() == 30
    assert tracked.tables["activities"].filter(pl.col("activity") == "2")["actual_finish"][0] == datetime(2026, 1, 6, 17)


def test_a_plain_workbook_stays_an_activity_list(card: Callable[..., Path]) -> None:
    path = card(Agenda=None)
    assert [read(path).info.source, list(READERS).index("dslib") < list(READERS).index("activity_list")] == ["activity_list", True]


def test_three_points_out_of_order_are_left_out_with_their_row(card: Callable[..., Path]) -> None:
    planned = read_all(card(Risk_Analysis=[RISKS[0], ["2", "Posts", "16h", "", "130", "100", "150"]]))[0]
    assert "estimates" not in planned.tables
    refused = planned.findings.filter(pl.col("code") == "estimate-refused").row(0, named=True)
    assert refused["place"] == "sheet Risk Analysis, row 2"
    assert "activity 2" in refused["message"]


@pytest.mark.parametrize(
    ("changed", "named", "code"),
    [
        ({"Baseline_Schedule": [*BASELINE, BASELINE[-1]]}, "row 7", "key-twice"),
        ({"Baseline_Schedule": [*BASELINE[:-1], [*BASELINE[-1][:3], "9FS", *BASELINE[-1][4:]]]}, "sheet Baseline Schedule, row 6", "predecessor-unknown"),
        ({"Resources": [SHEETS["Resources"][0]]}, "sheet Baseline Schedule, row 5", "resource-unknown"),
        ({"TP1": [*PERIOD[:2], [*PERIOD[2][:3], "two days", *PERIOD[2][4:]]]}, "sheet TP1, row 3", "duration-unreadable"),
        ({"Baseline_Schedule": [*BASELINE[:-1], [*BASELINE[-1][:5], "soon", *BASELINE[-1][6:]]]}, "sheet Baseline Schedule, row 6", "date-unreadable"),
    ],
)
def test_faults_name_their_row(card: Callable[..., Path], changed: dict[str, Any], named: str, code: str) -> None:
    found = read_all(card(**changed))[-1].findings.filter(pl.col("code") == code)
    assert found.height >= 1
    assert str(found["place"][0]).startswith(named)


@pytest.mark.parametrize(
    ("changed", "message"), [({"Agenda": [["Working Hours"]]}, "no working hour"), ({"Risk_Analysis": [["ID"]]}, "Risk Analysis has no row")]
)
def test_a_card_that_lacks_its_parts_is_refused(card: Callable[..., Path], changed: dict[str, Any], message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read_all(card(**changed))
