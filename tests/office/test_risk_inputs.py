"""Risk files from Excel and CSV, through to the forecast: tables told apart, filters resolved, every fault with its file, row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pmo_lib import make_plan, office
from pmo_lib.errors import InvalidInput, NotAvailable, UnreadableFile
from pmo_lib.office import RiskInputs
from pmo_lib.readers.lists.risks import read_risk_tables
from pmo_lib.writers.risk_template import write_risk_template

PLAN = make_plan({"A": 20, "B": (10, "A"), "C": (5, "A")}, start="2026-01-05")
Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Writes a workbook of the given sheets."""

    def write(name: str = "risk.xlsx", **sheets: list[list[Any]]) -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as made:
            for sheet, rows in sheets.items():
                page = made.add_worksheet(sheet)
                for at, row in enumerate(rows):
                    page.write_row(at, 0, row)
        return tmp_path / name

    return write


ESTIMATES = [["Activity ID", "Distribution", "Min", "Most likely", "Max"], ["A", "Triangular", 18, 20, 30], ["B", "uniform", 9, "", 12]]
RULES = [["Where", "Unit", "Shape", "Low", "Likely", "High"], ["name = C", "percent", "triangular", 90, 100, 130]]
CORRELATION = [["group", "activity", "rho"], ["crew", "A", 0.6], ["crew", "B", 0.6]]


def test_one_workbook_brings_all_its_tables(book: Book) -> None:
    path = book(estimates=ESTIMATES, rules=RULES, correlation=CORRELATION, remarks=[["free text"]])
    made = office.forecast_plan(PLAN, iterations=300, inputs=RiskInputs(risks=path, estimates=path))  # named twice, read once
    assert made.indicative is None
    assert made.sources is not None
    assert made.sources.select("source", "decides").rows() == [("given", 2), ("rule", 1)]
    alone = office.forecast_plan(PLAN, iterations=300, inputs=RiskInputs(estimates=book("alone.xlsx", estimates=ESTIMATES, rules=RULES)))
    spread = [made.percentiles["finish"][89] - made.percentiles["finish"][9] for made in (made, alone)]
    assert spread[0] > spread[1]  # A and B follow each other, so what binds them widens the finish


def test_csv_tables_are_told_by_their_headers(tmp_path: Path) -> None:
    files = {
        "estimates": "activity;shape;low;likely;high\nA;triangular;18,5;20;30,25\n",
        "rules": "where,unit,shape,low,likely,high\n,percent,pert,80,100,150\n",
        "risks": "risk,kind,probability,low,likely,high,activities\nR1,event,30%,2,5,10,A;B\n",
        "branches": "node,branch,activities,probability\nA,good,B,0.7\n",
        "weather": "weather,months,probability,calendars\nNorth Sea,11-2; 6,0.3,mon-fri\n",
        "existence": "activity,probability\nC,0.5\n",
        "correlation": "activity,A,B\nA,1,0.5\nB,,1\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
        found = read_risk_tables(tmp_path / f"{name}.csv")
        assert list(found) == [name]
    assert read_risk_tables(tmp_path / "estimates.csv")["estimates"].select("low", "high").row(0) == (18.5, 30.25)
    assert read_risk_tables(tmp_path / "risks.csv")["risks"]["probability"][0] == 0.3
    assert read_risk_tables(tmp_path / "weather.csv")["weather"]["months"][0].to_list() == [11, 12, 1, 2, 6]


def test_registers_as_other_tools_write_them(book: Book) -> None:
    """Per cents told by the header, other words for kinds and shapes, ids that read like our own columns as headers of a matrix."""
    register = [
        ["Register of the west wing"],
        [],
        ["Risk ID", "Risk Title", "Likelihood (%)", "Type", "Min", "Most Likely", "Max", "Shape", "Impacted Activities"],
    ]
    register += [["R1", "Late steel", 30, "Threat", 2, 5, 10, "BetaPert", "A;B"], ["R2", "Strike", "5 %", "event", 2, 5, 10, "Triangle", "C"]]
    path = book(**{"Risk Register": register}, correlation=[["Activity ID", "A", "B"], ["A", 1, 0.5], ["B", "", 1]])
    found = read_risk_tables(path)
    assert found["risks"].select("risk", "probability", "kind", "shape").rows() == [("R1", 0.3, "event", "pert"), ("R2", 0.05, "event", "triangular")]
    assert found["correlation"].columns == ["activity", "A", "B", "place"]
    made = office.forecast_plan(PLAN, iterations=300, inputs=RiskInputs(risks=path))
    assert made.occurrences is not None
    assert made.occurrences["risk"].to_list() == ["R1", "R2"]
    with pytest.raises(InvalidInput, match="row 2, column probability: a probability lies between 0 and 1"):
        read_risk_tables(book("much.xlsx", risks=[["risk", "Probability %", "Kind", "Type"], ["R1", 130, "event", "technical"]]))


def test_a_filter_stands_for_ids(book: Book) -> None:
    path = book(
        risks=[["risk", "kind", "probability", "low", "high", "where"], ["R1", "event", 0.5, 1, 2, "name = A|B"]],
        correlation=[["group", "where", "rho"], ["g", "name = A|C", 0.4]],
    )
    tables = RiskInputs(risks=path).tables(PLAN)
    assert tables["risks"]["activities"].to_list() == ["A;B"]
    assert tables["correlation"].select("group", "activity", "rho").rows() == [("g", "A", 0.4), ("g", "C", 0.4)]


def changed(table: list[list[Any]], row: int, column: int, value: Any) -> list[list[Any]]:
    return [[value if (i, j) == (row, column) else cell for j, cell in enumerate(cells)] for i, cells in enumerate(table)]


RISKS = [["risk", "kind", "probability", "low", "likely", "high", "activities", "where"], ["R1", "event", 0.5, 1, 2, 3, "A", ""]]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"estimates": changed(ESTIMATES, 1, 2, 25)}, r"risk.xlsx, sheet estimates, row 2, columns low and likely: low must not exceed likely, and 25 > 20"),
        ({"estimates": changed(ESTIMATES, 2, 4, "soon")}, r"sheet estimates, row 3, column high: 'soon' is no number"),
        ({"estimates": [row[:1] for row in ESTIMATES]}, r"sheet estimates: estimates need the column shape"),
        ({"rules": changed(RULES, 1, 4, "100%")}, r"sheet rules, row 2, column likely: '100%' is a per cent"),
        ({"rules": changed(RULES, 1, 0, "phase = 1")}, r"sheet rules, row 2, column where: 'phase' is no field"),
        ({"rules": changed(RULES, 1, 1, "weeks")}, r"sheet rules, row 2, column unit: 'weeks' is no unit; it is factor, percent or days"),
        ({"risks": changed(RISKS, 1, 2, 1.5)}, r"sheet risks, row 2, column probability: a probability lies between 0 and 1, and is 1.5"),
        ({"risks": changed(RISKS, 1, 7, "name = A")}, r"sheet risks, row 2: it has both activities and where"),
        ({"risks": changed(changed(RISKS, 1, 6, ""), 1, 7, "name = Z")}, r"sheet risks, row 2, column where: 'name = Z' meets no activity"),
        ({"weather": [["weather", "months", "probability"], ["w", "13", 0.5]]}, r"sheet weather, row 2, column months: '13' is no month"),
        ({"estimates": [*ESTIMATES, ESTIMATES[1]]}, r"estimates: .* has 2 rows \(.*row 2; .*row \d+\); keep one of them$"),
        (
            {"estimates": changed(ESTIMATES, 1, 1, "weibull")},
            r"sheet estimates, row 2, column shape: 'weibull' is no shape; it is triangular, .* or empirical$",
        ),
        ({"estimates": [*ESTIMATES, ["Z", "uniform", 1, "", 2]]}, r"estimates name Z, which .* lacks; correct the activity id$"),
        ({"notes": [["x"]]}, r"no sheet of it holds a row for a forecast \(it has notes\)"),
    ],
)
def test_faults_name_file_row_and_column(book: Book, sheets: dict[str, Any], message: str) -> None:
    path = book(**sheets)
    with pytest.raises(InvalidInput, match=message):
        office.forecast_plan(PLAN, iterations=100, inputs=RiskInputs(risks=path))


def test_weather_of_a_sheet_reaches_the_forecast(book: Book) -> None:
    """Half of all days are lost, so the plan takes about twice as long."""
    path = book(estimates=ESTIMATES, weather=[["weather", "months", "probability", "calendars"], ["North Sea", "1-12", 0.5, "calendar"]])
    dry, wet = (office.forecast_plan(PLAN, iterations=400, inputs=RiskInputs(risks=one)) for one in (book("dry.xlsx", estimates=ESTIMATES), path))
    start = PLAN.info.planned_start
    p50 = [one.percentiles.filter(pl.col("p") == 50)["finish"][0] - start for one in (dry, wet)]
    assert p50[1] / p50[0] == pytest.approx(2, abs=0.35)
    strange = book("sea.xlsx", weather=[["weather", "months", "probability", "calendars"], ["North Sea", "1-12", 0.5, "sea"]])
    with pytest.raises(InvalidInput, match=r"weather North Sea names the calendar sea"):
        office.forecast_plan(PLAN, iterations=100, inputs=RiskInputs(risks=strange))


def test_existence_and_branches_reach_the_forecast(book: Book) -> None:
    """A lasts 20 days, then B 10 and C 5: without B it is done after 25 days, with it after 30."""
    certain = [["activity", "shape", "low", "high"], ["A", "uniform", 20, 20], ["B", "uniform", 10, 10], ["C", "uniform", 5, 5]]
    ends = (datetime(2026, 2, 6, 17), datetime(2026, 2, 13, 17))
    existence = book("existence.xlsx", estimates=certain, existence=[["activity", "probability"], ["B", 0.5]])
    branches = book("branches.xlsx", estimates=certain, branches=[["node", "branch", "activities", "probability"], ["A", "b", "B", 0.5], ["A", "c", "C", 0.5]])
    for path in (existence, branches):
        made = office.forecast_plan(PLAN, iterations=300, inputs=RiskInputs(estimates=path))
        assert (made.percentiles["finish"][9], made.percentiles["finish"][89]) == ends


def test_the_same_table_twice_is_an_error(book: Book) -> None:
    with pytest.raises(InvalidInput, match="estimates are given twice"):
        RiskInputs(estimates=book("one.xlsx", estimates=ESTIMATES), risks=book("two.xlsx", estimates=ESTIMATES)).tables(PLAN)


def test_what_is_no_spreadsheet_is_refused_at_the_door(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(UnreadableFile, match="no Excel workbook and no CSV"):
        read_risk_tables(tmp_path / "x.xlsx")
    with pytest.raises(UnreadableFile, match="no such file"):
        read_risk_tables(tmp_path / "none.xlsx")


def test_a_template_that_is_filled_in_is_read_back(tmp_path: Path) -> None:
    out = tmp_path / "ranges.xlsx"
    assert write_risk_template(PLAN, out) == 3
    with pytest.raises(InvalidInput, match="no sheet of it holds a row"):
        read_risk_tables(out)
    with pytest.raises(InvalidInput, match="is there already"):
        write_risk_template(PLAN, out)
    done = PLAN.tables["activities"].with_columns(actual_start=pl.lit(PLAN.info.planned_start), actual_finish=pl.lit(PLAN.info.planned_start))
    from pmo_lib.project import Project

    with pytest.raises(NotAvailable, match="nothing left to estimate"):
        write_risk_template(Project(PLAN.info, {**PLAN.tables, "activities": done}), tmp_path / "none.xlsx")


def test_risks_of_a_file_move_the_finish(tmp_path: Path) -> None:
    (tmp_path / "risks.csv").write_text("risk,name,kind,probability,low,likely,high,where\nR1,Ground,event,100%,30,30,30,name = A\n")
    (tmp_path / "ranges.csv").write_text("activity,shape,low,high\nA,uniform,20,20\nB,uniform,10,10\nC,uniform,5,5\n")
    inputs = RiskInputs(estimates=tmp_path / "ranges.csv", risks=tmp_path / "risks.csv")
    made = office.forecast_plan(PLAN, iterations=100, inputs=inputs)
    assert made.percentiles["finish"][49].date().isoformat() == "2026-03-27"  # 60 working days from 5 January: 30 more than planned
