"""An item's way over the board: what starts, stops and does not stop its clock; lines that never fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from boards import CATEGORY, Way, board, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import crossing, way

from pmo_lib import flow
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.project import Project


def cycles(**ways: Way) -> dict[str, tuple[float | None, float | None]]:
    found = flow.cycle_times(board(ways))
    return {row["item"]: (row["cycle_time"], row["lead_time"]) for row in found.iter_rows(named=True)}


def test_the_clock_runs_from_the_first_start_to_the_last_finish() -> None:
    back = [(1, "To Do"), (3, "Doing"), (4, "To Do"), (6, "Doing"), (7, "Done"), (8, "Review"), (10, "Done")]
    assert cycles(back=back) == {"back": (8.0, 10.0)}


def test_what_was_reopened_is_not_finished() -> None:
    made = board({"open": [(1, "To Do"), (2, "Doing"), (3, "Done"), (5, "Doing")]})
    assert flow.cycle_times(made)["finished"].to_list() == [None]
    assert flow.throughput(made).is_empty()
    old = flow.ageing(made, at=datetime(2026, 1, 8, 12))
    assert old.select("item", "age", "in_column", "column").row(0) == ("open", 7.0, 4.0, "Doing")


def test_done_without_a_start_is_not_a_cycle_time_of_nothing() -> None:
    found = flow.cycle_times(board({"jumped": [(1, "To Do"), (5, "Done")], "went": [(1, "To Do"), (2, "Doing"), (5, "Done")]}))
    jumped = found.row(by_predicate=pl.col("item") == "jumped", named=True)
    assert jumped["cycle_time"] is None
    assert jumped["started"] is None
    assert "without a start" in jumped["reason"]
    assert jumped["lead_time"] == 5.0
    assert flow.throughput(board({"jumped": [(1, "To Do"), (5, "Done")]}), per="day", at=datetime(2026, 1, 7))["finished"].to_list() == [1, 0]


def test_a_start_and_a_finish_on_one_day_is_one_day() -> None:
    assert cycles(quick=[(1, "To Do"), (2.2, "Doing"), (2.7, "Done")])["quick"][0] == 1.0


def test_cancelled_items_are_neither_throughput_nor_cycle_time_nor_in_progress() -> None:
    ways = {"no": [(1, "To Do"), (2, "Doing"), (4, "Done")], "yes": [(1, "To Do"), (2, "Doing"), (4, "Done")]}
    made = board(ways, resolution={"no": "Won't Do", "yes": "Done"})
    found = flow.cycle_times(made)
    assert found.filter(pl.col("item") == "no").select("cancelled", "cycle_time").row(0) == (True, None)
    assert flow.throughput(made, per="day", at=datetime(2026, 1, 6))["finished"].sum() == 1
    assert flow.work_in_progress(made)["wip"].to_list() == [1, 1, 1]


def test_days_are_those_of_the_boards_own_zone() -> None:
    late = {"late": [(1, "To Do"), (1.98, "Doing"), (2.02, "Done")]}  # 23:31 to 00:28 UTC
    assert flow.cycle_times(board(late))["cycle_time"][0] == 2.0
    assert flow.cycle_times(board(late), flow.FlowRules(zone="America/New_York"))["cycle_time"][0] == 1.0
    assert flow.cycle_times(board(late), flow.FlowRules(days="elapsed"))["cycle_time"][0] == pytest.approx(0.04)


def test_levels_are_never_counted_together() -> None:
    ways = {name: [(1, "To Do"), (2, "Doing"), (3, "Done")] for name in ("story", "epic", "sub")}
    made = board(ways, level={"story": "item", "epic": "epic", "sub": "subtask"})
    assert flow.cycle_times(made)["item"].to_list() == ["story"]
    assert flow.cycle_times(made, flow.FlowRules(level="epic"))["item"].to_list() == ["epic"]
    assert flow.history(made).ignored == 6


def test_named_columns_begin_and_end_the_clock() -> None:
    made = board({"a": [(1, "To Do"), (2, "Doing"), (4, "Review"), (7, "Done")]})
    assert flow.cycle_times(made, flow.FlowRules(started="review"))["cycle_time"][0] == 4.0
    with pytest.raises(InvalidInput, match="no column 'Testing'; it has To Do, Doing, Review, Done"):
        flow.cycle_times(made, flow.FlowRules(started="Testing"))
    with pytest.raises(InvalidInput, match="does not stand before"):
        flow.cycle_times(made, flow.FlowRules(started="Done", done="Doing"))


def test_a_board_as_it_was() -> None:
    made = board({"a": [(1, "To Do"), (2, "Doing"), (6, "Done")], "b": [(5, "To Do")]})
    then = flow.history(made, at=datetime(2026, 1, 4))
    assert flow.cycle_times(then).select("item", "finished").rows() == [("a", None)]


def test_without_items_it_says_so() -> None:
    with pytest.raises(NotAvailable, match="flow needs items"):
        flow.cycle_times(Project(board({"a": [(1, "To Do")]}).info, {}))


def test_weeks_are_whole_and_empty_ones_stay() -> None:
    ways = {f"i{n}": [(1, "To Do"), (2, "Doing"), (day, "Done")] for n, day in enumerate((6, 7, 22))}  # Tuesday 6, Wednesday 7, Thursday 22 January 2026
    found = flow.throughput(board(ways), at=datetime(2026, 1, 28))
    assert found.select("period", "finished").rows() == [(date(2026, 1, 5), 2), (date(2026, 1, 12), 0), (date(2026, 1, 19), 1)]
    by_team = flow.throughput(board(ways, team={"i0": "A", "i1": "B", "i2": "A"}), by="team", at=datetime(2026, 1, 28))
    assert by_team.group_by("group").agg(pl.col("finished").sum()).sort("group").rows() == [("A", 2), ("B", 1)]


@settings(max_examples=60, deadline=None)
@given(st.lists(way, min_size=1, max_size=12))
def test_cumulative_flow_never_falls_and_equals_a_plain_count(ways: list[list[tuple[int, str]]]) -> None:
    made = board({f"i{n}": one for n, one in enumerate(ways)})
    found = flow.cumulative_flow(made)
    columns = list(CATEGORY)
    lines = found.select(columns).to_numpy()
    assert (np.diff(lines, axis=0) >= 0).all()  # in time
    assert (np.diff(lines, axis=1) <= 0).all()  # from the left to the right
    order = {status: i for i, status in enumerate(columns)}
    for c, column in enumerate(columns):
        plain = [crossing([(moment(day), order[status]) for day, status in one], c) for one in ways]
        last = found["day"][-1]
        assert lines[-1, c] == sum(when is not None for when in plain), column
        for row, day in enumerate(found["day"]):
            assert lines[row, c] == sum(when is not None and when.date() <= day for when in plain), (column, day)
        assert last == max(moment(one[-1][0]) for one in ways).date()


def test_moments_are_utc() -> None:
    assert flow.cycle_times(board({"a": [(1, "To Do"), (2, "Doing"), (3, "Done")]}))["started"][0] == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_board_that_tells_no_status_of_done_has_finished_nothing() -> None:
    made = board({"a": [(1, "To Do"), (3, "Doing")], "b": [(2, "To Do")]})
    young = replace(made, tables={**made.tables, "statuses": made.tables["statuses"].filter(pl.col("category").cast(pl.String) != "done")})
    h = flow.history(young)
    assert (h.columns[h.started], h.columns[h.done]) == ("Doing", "Done")
    assert flow.throughput(h)["finished"].sum() == 0
    assert flow.ageing(h)["item"].to_list() == ["a"]
    told = flow.history(young, flow.FlowRules(done="Doing", started="To Do"))
    assert told.columns[told.done] == "Doing"
