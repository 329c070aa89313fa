"""Arrivals against departures, percentiles of lead and cycle time, and which level is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from boards import Way, board, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import clock, crossing, placed, way

from pmo_lib import flow
from pmo_lib.errors import InvalidInput


def test_by_hand() -> None:
    ways = {
        "a": [(5, "To Do"), (6, "Doing"), (13, "Done")],
        "b": [(5, "To Do"), (14, "Doing")],
        "jumped": [(6, "To Do"), (7, "Done")],
        "dropped": [(5, "To Do"), (6, "Doing"), (20, "Done")],
        "declined": [(5, "To Do"), (12, "Done")],
    }
    made = board(ways, resolution={"dropped": "Won't Do", "declined": "duplicate"})
    found = flow.arrivals(made, at=datetime(2026, 1, 25))
    assert found.drop("group").rows() == [
        (date(2026, 1, 5), 5, 3, 1, 0, 0, 2, 2),  # period, created, started, finished, dropped, declined, in progress, backlog
        (date(2026, 1, 12), 0, 1, 1, 0, 1, 2, 0),
        (date(2026, 1, 19), 0, 0, 0, 1, 0, 1, 0),
    ]
    with pytest.raises(InvalidInput, match="'day' or 'week'"):
        flow.arrivals(made, per="month")  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(way, st.sampled_from(["Done", "Duplicate"]), st.sampled_from(["X", "Y"])), min_size=1, max_size=10))
def test_what_came_is_what_left_and_what_is_there(told: list[tuple[Way, str, str]]) -> None:
    names = [f"i{n}" for n in range(len(told))]
    made = board(
        {name: one for name, (one, _, _) in zip(names, told, strict=True)},
        resolution={name: how for name, (_, how, _) in zip(names, told, strict=True)},
        team={name: team for name, (_, _, team) in zip(names, told, strict=True)},
    )
    found = flow.arrivals(made, per="day")
    if found["started"].null_count():  # something was finished, and nothing was ever seen to begin
        cycles = flow.cycle_times(made)
        assert found.select("started", "in_progress", "backlog").null_count().row(0) == (found.height,) * 3
        assert (cycles["finished"].is_not_null() & ~cycles["cancelled"]).any()
        assert cycles["started"].null_count() == cycles.height
        return
    before = found.select(pl.col("in_progress", "backlog").shift(1, fill_value=0))
    assert (found["in_progress"] == before["in_progress"] + found["started"] - found["finished"] - found["dropped"]).all()
    assert (found["backlog"] == before["backlog"] + found["created"] - found["started"] - found["declined"]).all()
    for row in found.iter_rows(named=True):
        end = datetime.combine(row["period"] + timedelta(days=1), datetime.min.time())
        counted = [state(one, how, end) for one, how, _ in told]
        assert (row["in_progress"], row["backlog"]) == (counted.count("in progress"), counted.count("backlog"))
    assert found["period"].to_list() == [found["period"][0] + timedelta(days=n) for n in range(found.height)]
    parted = flow.arrivals(made, per="day", by="team").group_by("period").agg(pl.exclude("group").sum()).sort("period")
    assert parted.equals(found.drop("group").select(parted.columns))


def state(way: Way, resolution: str, end: datetime) -> str:
    """Where an item stood at the end of a day, knowing how it ended."""
    moves = placed(way)
    begun = crossing(moves, 1)
    done = crossing(moves, 3)
    came = next(when for i, (when, place) in enumerate(moves) if all(later == place for _, later in moves[i:]))
    gone = (done or came) if resolution == "Duplicate" else done
    if resolution == "Duplicate" and begun is not None and (begun == gone or begun > gone):
        begun = None
    if moves[0][0].replace(tzinfo=None) >= end or (gone and gone.replace(tzinfo=None) < end):
        return "away"
    return "in progress" if begun and begun.replace(tzinfo=None) < end else "backlog"


def test_lead_time_beside_cycle_time() -> None:
    ways = {f"i{n}": [(1, "To Do"), (2 + n, "Doing"), (4 + 2 * n, "Done")] for n in range(4)}  # cycle 3, 4, 5, 6; lead 4, 6, 8, 10
    ways["jumped"] = [(1, "To Do"), (20, "Done")]
    made = board(ways, service={"i3": "Expedite"})
    found = {(row["measure"], row["confidence"]): (row["days"], row["items"]) for row in flow.times(made, confidence=(0.5, 0.85)).iter_rows(named=True)}
    assert found["cycle_time", 0.5] == (4.0, 4)
    assert found["lead_time", 0.5] == (8.0, 5)
    assert found["wait", 0.85] == (4.0, 4)
    by = flow.times(made, confidence=(0.5,), by="service").filter(pl.col("measure") == "cycle_time")
    assert by.select("group", "days", "items").rows() == [("Expedite", 6.0, 1), (None, 4.0, 3)]
    assert flow.times(board({"a": [(1, "To Do")]}))["days"].null_count() == 9


def test_the_level_is_a_guess_that_is_shown() -> None:
    ways = {name: [(1, "To Do"), (2, "Doing"), (3, "Done")] for name in ("story", "epic", "sub", "other")}
    made = board(
        ways, level={"story": "item", "epic": "epic", "sub": "subtask", "other": "subtask"}, type={"epic": "Epic", "sub": "Sub-task", "other": "Sub-task"}
    )
    found = flow.levels(made)
    assert found.select("level", "type", "items", "moved", "counted", "guessed").rows() == [
        ("item", "Story", 1, 1, True, True), ("subtask", "Sub-task", 2, 2, False, True), ("epic", "Epic", 1, 1, False, True),
    ]  # fmt: skip
    assert flow.levels(made, flow.FlowRules(level="epic"))["counted"].to_list() == [True, False, False]
    assert flow.history(made).rules.level == "item"


def test_a_board_of_epics_alone_counts_epics() -> None:
    ways = {name: [(1, "To Do"), (2, "Doing"), (3, "Done")] for name in "ab"}
    assert flow.history(board(ways, level=dict.fromkeys(ways, "epic"))).rules.level == "epic"
    many = {f"e{n}": [(1, "To Do"), (3, "Done")] for n in range(12)} | {"story": [(1, "To Do")]}
    made = board(many, level={name: "item" if name == "story" else "epic" for name in many})
    assert flow.history(made).rules.level == "epic"  # one story in thirteen
    assert flow.levels(made).filter("counted")["items"].to_list() == [12]


def test_a_clock_in_plain_words() -> None:
    assert clock([(1, "To Do"), (3, "Done")]) == (None, moment(3))
