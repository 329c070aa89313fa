"""Marks of the pages' tables."""

from __future__ import annotations

from datetime import datetime, timedelta

import panel as pn
import polars as pl
import pytest
import sample
from conftest import Sample
from pmo_dashboards import marks, parts
from pmo_dashboards.pages import project
from pmo_dashboards.pages.portfolio.table import instants
from pmo_dashboards.safe import html
from pmo_dashboards.state import Selection


def test_a_year_at_the_edge_is_left_out_and_never_cut_off() -> None:
    drawn = marks.months(marks.Axis(datetime(2001, 1, 1), datetime(2026, 12, 1)))
    assert ">2020<" in drawn
    assert ">2025<" not in drawn
    assert ">Apr<" in marks.months(marks.Axis(datetime(2026, 10, 1), datetime(2027, 5, 1)))


def test_a_plan_of_long_ago_does_not_squeeze_the_others() -> None:
    health = sample.health()
    spans = ("p10", "p25", "p50", "p75", "p80", "p90", "target", "previous_p80")
    old = health.head(1).with_columns(pl.col(name) - timedelta(days=9000) for name in spans)
    on = marks.axis(instants(pl.concat([health, old])))
    assert on == marks.axis(instants(health))
    assert on is not None
    assert "← Jul 2002" in marks.fan(old.row(0, named=True), on)
    late = health.head(1).with_columns(pl.col(name) + timedelta(days=9000) for name in spans)
    assert "Nov 2051 →" in marks.fan(late.row(0, named=True), on)
    assert "<svg" in marks.fan(health.row(0, named=True), on)


def cards(key: str) -> list[str]:
    """The titles of the Project page's cards."""
    desk, chosen = Sample(), Selection(key=key)
    sent = "".join(pane.object for part in project._filled(desk, chosen, desk.assess(key)) for pane in part.select(pn.pane.HTML))
    return [piece.split("</h2>")[0] for piece in sent.split("<h2>")[1:]]


def test_that_there_is_no_forecast_is_said_by_one_card() -> None:
    titles = cards("APP")
    assert titles.count("There is no forecast") == 1
    assert not {"What if", "What drives the finish", "Targets and milestones", "What the risks add to the P80"} & set(titles)
    assert {"What if", "No risk is in the model"} <= set(cards("NORTHGATE"))


@pytest.mark.parametrize(
    ("looks", "rows"),
    [("ffff", ["ff", "ff"]), ("faf", ["ff", "a"]), ("faff", ["ff", "f[a]"]), ("aaa", ["aaa"]), ("f", ["f"]), ("afa", ["f[aa]"]), ("", [])],
)
def test_cards_without_anything_to_show_stand_together(looks: str, rows: list[str]) -> None:
    made = [parts.absent("None", "Nothing.") if look == "a" else parts.words_card("One", html("x")) for look in looks]

    def name(card: pn.Column) -> str:
        return f"[{''.join(map(name, card.objects))}]" if "stack" in card.css_classes else "a" if parts.NOTHING in card.css_classes else "f"

    assert ["".join(map(name, row.objects)) for row in parts.pairs(made)] == rows
