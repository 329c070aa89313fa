"""Schedule quality as people see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from bokeh.models import NoOverlap

from pmo_lib import plots
from pmo_lib.plots import measures
from pmo_lib.plots.quality import marked


def row(**values: Any) -> dict[str, Any]:
    return {
        "value": None,
        "unit": "share",
        "threshold": 0.05,
        "rule": "at_most",
        "passed": None,
        "numerator": None,
        "denominator": None,
        "offenders": [],
    } | values


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": 0.0, "passed": True}, "0 %"),
        ({"value": 0.38, "passed": False}, "38 %"),
        ({"value": 0.064, "passed": False}, "6.4 %"),
        ({"value": 0.05, "passed": True}, "5.0 %"),
        ({"value": 0.0504, "passed": False}, "5.04 %"),  # not the 5.0 % that it would round to
        ({"value": 0.0002, "passed": False, "threshold": 0.0}, "0.02 %"),  # not 0 %
        ({"value": 0.8996, "passed": False, "threshold": 0.9, "rule": "at_least"}, "89.96 %"),
        ({"value": 0.9496, "passed": False, "threshold": 0.95, "rule": "at_least", "unit": "index"}, "0.9496"),
        ({"value": 1.0249, "passed": True, "threshold": 0.95, "rule": "at_least", "unit": "index"}, "1.02"),
        ({"value": 1245.0, "unit": "count", "threshold": None}, "1,245"),
        ({}, "n/a"),
    ],
)
def test_a_value_shows_on_which_side_it_lies(given: dict[str, Any], said: str) -> None:
    assert measures.value(row(**given)).replace("\u00a0", " ") == said


def test_thresholds_counts_and_names() -> None:
    assert measures.threshold(row()) == "≤\u00a05\u00a0%"
    assert measures.threshold(row(threshold=0.0)) == "0\u00a0%"
    assert measures.threshold(row(threshold=0.95, rule="at_least", unit="index")) == "≥\u00a00.95"
    assert measures.threshold(row(threshold=None, rule=None)) == ""
    assert measures.counted(row(numerator=1037.0, denominator=1354.0)) == "1,037 of 1,354"
    assert measures.counted(row(numerator=51.25, denominator=51.0)) == "51.2 of 51"
    assert measures.named(row(offenders=["A", "B", "C"]), 2) == "A, B and 1 more"
    assert measures.named(row(offenders=["A", "B"]), 2) == "A, B"


def test_the_trend_as_data(sample: ModuleType) -> None:
    marks, dates, titles = marked(sample.checks_trend(), "dcma")
    assert dates == ["2026\nOct", "Nov"]
    assert titles[0] == "Missing logic"
    assert marks.filter(check="Lags").sort("x")["result"].to_list() == ["failed", "passed"]
    assert marks.filter(check="Missing logic")["y"].unique().to_list() == [len(titles) - 1]  # first is on top
    assert marks.filter(check="Critical path length index")["result"].unique().to_list() == ["not available"]


def test_two_snapshots_of_a_month_have_days(sample: ModuleType) -> None:
    early = sample.checks_trend().with_columns(data_date=pl.col("data_date").replace(sample.DATA_DATE, datetime(2026, 10, 3, 17)))
    assert marked(early, "dcma")[1] == ["31 Oct", "3 Oct"]


def test_the_trend_as_a_picture(sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    drawn = plots.quality_trend(sample.checks_trend())
    shown = {element.label: len(element) for element in drawn.values()}
    assert shown == {"passed": 10, "failed": 6, "for information": 0, "not available": 2}
    figure = rendered(drawn)
    assert isinstance(figure.xaxis[0].major_label_policy, NoOverlap)  # twelve months stand closer than their names are wide
    assert figure.y_range.end > figure.y_range.start
