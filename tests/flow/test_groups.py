"""Figures by group, held to the measures of `flow` on each group's own items."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks import busy_board
from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.flow.groups import LATELY
from pmo_lib.project import Project


@pytest.fixture(scope="module")
def h() -> flow.History:
    made = busy_board.board(420, years=1.0)
    teams = pl.int_range(pl.len()).map_elements(lambda row: [None, "Blue", "Red", "Red"][row % 4], return_dtype=pl.String)
    items = made.tables["items"].with_columns(team=teams)
    return flow.history(Project(made.info, {**made.tables, "items": items}))


def test_what_a_board_can_be_grouped_by(h: flow.History) -> None:
    found = flow.groupings(h)
    assert found[:2] == ["team", "type"]
    assert "parent" not in found  # nobody names one
    assert all(1 < h.items[by].n_unique() < h.items.height for by in found)


@pytest.mark.parametrize("by", ["type", "team"])
def test_each_group_as_if_it_were_alone(h: flow.History, by: str) -> None:
    rows = {row["group"]: row for row in flow.group_figures(h, by=by).iter_rows(named=True)}
    parts = dict(flow.parted(h, by))
    assert set(rows) == set(parts)
    weekly = flow.throughput(h, by=by)
    lately = flow.throughput(h)["period"].tail(LATELY)
    for group, own in parts.items():
        cycles = flow.cycle_times(own).filter(~pl.col("cancelled"))
        row = rows[group]
        assert row["items"] == cycles.height
        assert row["left"] == cycles["finished"].null_count()
        assert row["in_progress"] == flow.ageing(own).height
        assert row["finished"] == cycles["finished"].count()
        of_group = weekly.filter(pl.col("group").eq_missing(pl.lit(group)) & pl.col("period").is_in(lately.implode()))
        assert row["weekly"] == pytest.approx(of_group["finished"].sum() / lately.len())
        try:
            days = flow.service_level(cycles)["days"].to_list()
        except NotAvailable:
            days = [None, None, None]
        assert [row["p50"], row["p85"], row["p95"]] == days
