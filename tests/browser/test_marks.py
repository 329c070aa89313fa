"""Marks of the pages' tables."""

from __future__ import annotations

from datetime import datetime

from pmo_dashboards import marks


def test_a_year_at_the_edge_is_left_out_and_never_cut_off() -> None:
    drawn = marks.months(marks.Axis(datetime(2001, 1, 1), datetime(2026, 12, 1)))
    assert ">2020<" in drawn
    assert ">2025<" not in drawn
    assert ">Apr<" in marks.months(marks.Axis(datetime(2026, 10, 1), datetime(2027, 5, 1)))
