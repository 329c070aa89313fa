"""The sentences say what the tables hold."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType

import polars as pl
import pytest

from pmo_lib.plots import compared, headlines

STATUS = pl.Enum(["on_track", "at_risk", "off_track", "no_data"])


def health(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"declared": STATUS, "computed": STATUS, "chance": pl.Float64}, orient="row")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No project yet"),
        ([("on_track", "no_data", None)], "The one project listed has no status yet"),
        ([("on_track", "on_track", 0.9)], "The project is on track"),
        ([("on_track", "on_track", 0.9), ("at_risk", "on_track", 0.8)], "Both projects are on track"),
        ([("on_track", "at_risk", 0.6)], "The project is at risk"),
        ([("on_track", "at_risk", 0.6), ("at_risk", "on_track", 0.8)], "One of two projects is at risk, and none is off track"),
        ([("on_track", "off_track", 0.1)], "The project will probably miss its target, and reports “on track”"),
        ([("at_risk", "off_track", 0.1), ("on_track", "on_track", 0.9)], "One of two projects will probably miss its target"),
        ([("on_track", "off_track", 0.1), ("on_track", "off_track", 0.2)], "Two of two projects will probably miss their targets; both report “on track”"),
        (
            [("on_track", "off_track", 0.1), ("at_risk", "off_track", 0.2), ("at_risk", "off_track", 0.2)],
            "Three of three projects will probably miss their targets; one of the three reports “on track”",
        ),
        ([("at_risk", "off_track", None), ("on_track", "on_track", 0.9)], "One of two projects is off track"),
        ([("at_risk", "off_track", 0.1), ("on_track", "no_data", 0.9)], "One of two projects will probably miss its target"),
        ([("on_track", "no_data", 0.9), ("on_track", "no_data", None)], "Two projects are listed, and none has a status yet"),
    ],
)
def test_portfolio(rows: list[tuple[str, str, float | None]], sentence: str) -> None:
    assert headlines.portfolio(health(*rows)) == sentence


def test_the_sample_reads_as_the_mock(sample: ModuleType) -> None:
    assert headlines.portfolio(sample.health()) == "Three of ten projects will probably miss their targets; two of the three report “on track”"


P80, TARGET = datetime(2027, 3, 12, 17), datetime(2027, 1, 29, 17)


@pytest.mark.parametrize(
    ("p80", "target", "sentence"),
    [
        (P80, TARGET, "Northgate will probably finish on 12 March 2027, six weeks after its target"),
        (TARGET, P80, "Northgate will probably finish on 29 January 2027, six weeks before its target"),
        (P80, P80, "Northgate will probably finish on 12 March 2027, on its target"),
        (P80, None, "Northgate will probably finish on 12 March 2027; it has no target"),
        (None, TARGET, "Northgate has no forecast"),
    ],
)
def test_project(p80: datetime | None, target: datetime | None, sentence: str) -> None:
    assert headlines.project("Northgate", p80, target) == sentence


def test_titles_keep_to_one_line(sample: ModuleType) -> None:
    forecast = sample.forecast()
    long = forecast.sensitivity.with_columns(name=pl.lit("A very long name of an activity that nobody can remember, ") + pl.col("activity"))
    assert len(headlines.drivers(long, "contribution_p80")) <= headlines.LINE
    assert headlines.targets(forecast.targets) == "No date has a better than even chance"
    assert headlines.finish(0.15, TARGET) == "The target of 29 Jan 2027 has a chance of 15\u00a0%"
    assert headlines.earned_value({"spi": 0.88, "cpi": 0.94}) == "Work is 12\u00a0% behind plan and costs more than planned"
    assert headlines.checks(sample.checks()) == "5 of 8 DCMA points passed"
    assert headlines.checks(sample.checks().filter(check="cpli")) == "No DCMA point could be measured"
    assert headlines.checks_trend(sample.checks_trend()) == "Missed tasks failed, Lags recovered since the last snapshot"
    assert headlines.checks_trend(sample.checks_trend().filter(data_date=sample.DATA_DATE)) == "Schedule quality over time"
    assert headlines.moves(sample.health()) == "Six of ten projects moved later since the last snapshot, four earlier"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["Dig", "Pour"], "Dig and Pour lead the critical path"),
        (["Pour"], "Pour alone is left on the critical path"),
        ([], "All work is done"),
    ],
)
def test_the_plan_names_its_critical_path_and_leaves_the_drivers_to_the_forecast(names: list[str], sentence: str) -> None:
    columns = {"longest_path": [True] * 3, "critical": [True] * 3, "finished": [True] * (3 - len(names)) + [False] * len(names)}
    rows = pl.DataFrame(
        {
            "name": ["done"] * (3 - len(names)) + names,
            **columns,
            "early_start": [datetime(2027, 1, 4, 8)] * 3,
            "early_finish": [datetime(2027, 1, 4 + day, 17) for day in range(3)],
            "criticality": [1.0] * 3,
        }
    )
    assert headlines.gantt(rows) == sentence


@pytest.mark.parametrize(
    ("change", "field", "before", "after", "said"),
    [
        ("option", "out of sequence", "retained_logic", "progress_override", "retained logic → progress override"),
        ("option", "application", "p6", "msp", "Primavera P6 → Microsoft Project"),
        ("resources", "ignore resource calendars", "False", "True", "no → yes"),
        ("kind", "type", "finish_milestone", "task", "finish milestone → task"),
        ("resources", "assigned", "crew_1", None, "crew_1 → none"),
        ("renamed", "id", "A_1", "A_2", "A_1 → A_2"),
        ("relinked", None, "A_1 FS", "A_1 SS+1d", "A_1 FS → A_1 SS+1d"),
    ],
)
def test_values_are_told_in_words_and_names_as_they_are(change: str, field: str | None, before: str, after: str | None, said: str) -> None:
    assert compared.from_to({"change": change, "field": field, "before": before, "after": after}) == said
