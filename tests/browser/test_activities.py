"""The list of activities as the server makes it: cells that sort as their figures do, and nothing from data that runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import polars as pl
import sample
from pmo_dashboards.pages.project.activities import activities_card, cells
from pmo_dashboards.state import Selection

from pmo_lib import office


def shown(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)


def test_cells_read_as_people_write_and_sort_as_figures() -> None:
    found = office.activities(sample.assessment()).head(4)
    values = [-2050.56, -3.0, 12.25, None]
    told = cells(found.with_columns(total_float_days=pl.Series(values), late=pl.Series([True, True, False, False])), "P6")
    assert [shown(one) for one in told["float"]] == ["float \u22122,050.6 wd", "float \u22123.0 wd", "float 12.2 wd", "n/a"]
    assert list(told["float"].sort_values()) == list(told["float"])
    assert [shown(one) for one in cells(found.with_columns(total_float_days=pl.Series([-3.0, 0.0, 1200.0, None])), "P6")["float"]][:3] == [
        "float \u22123 wd",
        "float 0 wd",
        "float 1,200 wd",
    ]
    days = [datetime(2027, 1, 3), datetime(2026, 11, 30), datetime(2027, 1, 12), datetime(2026, 2, 1)]
    starts = cells(found.with_columns(start=pl.Series(days)), "P6")["start"]
    assert [shown(one) for one in starts.sort_values()] == ["1 Feb 2026", "30 Nov 2026", "3 Jan 2027", "12 Jan 2027"]


def test_text_from_data_is_escaped_in_each_cell() -> None:
    found = office.activities(sample.assessment()).head(1)
    bad = sample.HOSTILE
    told = cells(found.with_columns(
        activity=pl.lit(bad), name=pl.lit(bad), wbs_names=pl.lit([bad]), agrees=pl.lit(False), cause=pl.lit(bad), difference=pl.lit(bad), failed=pl.lit([bad])
    ), "P6")  # fmt: skip
    assert "<img" not in "".join(told.iloc[0])
    assert "".join(told.iloc[0]).count("&lt;img") == 12 - 1  # each of six cells, beneath its title too; the id's cell once more


def test_a_plan_without_dates_has_no_list_and_says_why() -> None:
    card = activities_card(sample.bare(), Selection())
    assert "Schedule has a loop: A1110 -&gt; A1120 -&gt; A1110." in card.objects[0].object
    empty = replace(sample.assessment(), dates=sample.dates().head(0))
    assert "The plan has no activities." in activities_card(empty, Selection()).objects[0].object


def test_what_the_list_is_narrowed_to_stays_with_its_project() -> None:
    chosen = Selection(key="NORTHGATE", activity="pump", show="late", wbs="C", theme="dark")
    assert chosen.link("Project") == "project?key=NORTHGATE&activity=pump&show=late&wbs=C&theme=dark"
    assert chosen.link("Project", key="METERS") == "project?key=METERS&theme=dark"
    assert chosen.link("Portfolio", key="") == "./?theme=dark"
