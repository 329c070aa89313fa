"""Sprints: what was committed, came, went and was completed; against a plain reading of each item's history."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from boards import Way, board
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import at, days, half_way

from pmo_lib import flow
from pmo_lib.errors import NotAvailable

BOXES = {"1": (10.25, 20.25, 20.75), "2": (21.0, 30.0, None), "3": (None, None, None)}


def test_by_hand() -> None:
    ways = {
        "kept": [(1, "To Do"), (12, "Doing"), (15, "Done")],
        "carried": [(1, "To Do"), (12, "Doing")],
        "came": [(11, "To Do"), (12, "Doing"), (18, "Done")],
        "left": [(1, "To Do"), (12, "Doing"), (19, "Done")],
        "late": [(1, "To Do"), (12, "Doing"), (15, "Done"), (22, "Doing")],  # reopened in the next sprint
        "before": [(1, "To Do"), (3, "Doing"), (5, "Done")],
        "never": [(1, "To Do"), (12, "Doing"), (15, "Done")],
        "not": [(1, "To Do"), (12, "Doing"), (15, "Done")],
    }
    changes = {
        "came": [(12, "sprints", None, "1"), (12, "points", None, "5")],
        "left": [(16, "sprints", "1", None)],
        "carried": [(21, "sprints", "1", "1, 2")],
        "kept": [(14, "points", "3", "8")],
    }
    made = board(
        ways,
        changes=changes,
        boxes=BOXES,
        sprints={"kept": ["1"], "carried": ["1", "2"], "came": ["1"], "late": ["1"], "before": ["1"], "not": ["1"]},
        points={"kept": 8.0, "came": 5.0, "late": 2.0},
        resolution={"not": "Won't Do"},
    )
    one, two, three = flow.sprint_results(made, at=datetime(2026, 1, 25)).iter_rows(named=True)
    assert [one[k] for k in ("committed", "added", "completed", "kept", "cancelled", "removed", "carried_over")] == [5, 1, 3, 2, 1, 1, 1]
    assert (one["committed_points"], one["completed_points"], one["kept_points"], one["unestimated"]) == (5.0, 10.0, 5.0, 3)  # 3 + 2; 3 + 5 + 2
    assert (one["completion"], one["completion_points"]) == (0.4, 1.0)
    assert (two["committed"], two["carried_over"], two["state"]) == (1, 1, "active")
    assert (three["committed"], three["reason"]) == (None, "the sprint has not begun")
    fates = flow.sprint_items(made, at=datetime(2026, 1, 25)).filter(pl.col("sprint") == "1")
    assert dict(fates.select("item", "fate").iter_rows()) == {
        "kept": "completed", "late": "completed", "came": "completed", "carried": "carried_over", "left": "removed", "not": "cancelled",
    }  # fmt: skip


def test_sprints_may_be_told_by_name() -> None:
    changes = {"a": [(5, "sprints", None, "Sprint 1")]}
    made = board({"a": [(1, "To Do"), (12, "Done")]}, changes=changes, boxes={"1": BOXES["1"]}, sprints={"a": ["1"]})
    assert flow.sprint_results(made).select("committed", "completed").row(0) == (1, 1)


def test_a_board_without_sprints_says_so_and_points_nobody_gave_are_null() -> None:
    made = board({"a": [(1, "To Do"), (12, "Done")]})
    with pytest.raises(NotAvailable, match="sprint_results needs sprints"):
        flow.sprint_results(made)
    row = flow.sprint_results(board({"a": [(1, "To Do"), (12, "Done")]}, boxes=BOXES, sprints={"a": ["1"]})).row(0, named=True)
    assert (row["completed"], row["completed_points"], row["completion_points"]) == (1, None, None)


def test_groups_add_up() -> None:
    ways = {f"i{n}": [(1, "To Do"), (12 + n, "Done")] for n in range(12)}
    made = board(ways, boxes={"1": BOXES["1"]}, sprints={name: ["1"] for name in ways}, team={"i0": "A", "i1": "B", "i11": "B"})
    found = flow.sprint_results(made, by="team")
    assert found["group"].to_list() == ["A", "B", None]
    assert (found["committed"].to_list(), found["completed"].to_list()) == ([1, 2, 9], [1, 1, 7])


holds = st.lists(st.tuples(days, st.sampled_from([None, "1", "2", "1, 2", "2, 1"])), max_size=5).map(lambda rows: sorted(rows, key=lambda row: row[0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(half_way, holds, st.sampled_from([None, "1", "2"]), st.booleans()), min_size=1, max_size=6))
def test_equals_a_plain_reading(told: list[tuple[Way, list[tuple[float, str | None]], str | None, bool]]) -> None:
    """Sprints begin and end on quarters, changes fall on halves: nothing happens at the same moment."""
    boxes = {"1": (5.25, 15.25, 14.75), "2": (15.25, 25.0, 26.25)}
    ways = {f"i{n}": way for n, (way, *_) in enumerate(told)}
    changes, now, cancelled = {}, {}, {}
    for name, (_, rows, first, off) in zip(ways, told, strict=True):
        before = [first, *(value for _, value in rows)]
        changes[name] = [(day, "sprints", before[i], value) for i, (day, value) in enumerate(rows)]
        now[name] = (before[-1] or "").split(", ") if before[-1] else []
        cancelled[name] = "Duplicate" if off else "Done"
    made = board(ways, changes=changes, boxes=boxes, sprints=now, resolution=cancelled)
    found = {(row["sprint"], row["item"]): (row["joined"], row["fate"]) for row in flow.sprint_items(made, at=datetime(2026, 2, 10)).iter_rows(named=True)}
    plain = {}
    for key, (begin, _, end) in boxes.items():
        for name, (way, rows, first, off) in zip(ways, told, strict=True):
            inside = [key in (at(rows, half / 4, first) or "").split(", ") for half in range(int(begin * 4), int(end * 4) + 1)]  # type: ignore[union-attr]
            done = [at(way, day) == "Done" for day in (begin, end)]
            if not any(inside) or all(done):
                continue
            committed = inside[0] and not done[0] and way[0][0] <= begin
            fate = "removed" if not inside[-1] else "carried_over" if not done[1] else "cancelled" if off else "completed"
            plain[key, name] = ("committed" if committed else "added", fate)
    assert found == plain
    for row in flow.sprint_results(made, at=datetime(2026, 2, 10)).iter_rows(named=True):
        assert row["committed"] + row["added"] == row["completed"] + row["cancelled"] + row["removed"] + row["carried_over"]
        assert row["kept"] == sum(one == ("committed", "completed") for (sprint, _), one in plain.items() if sprint == row["sprint"])
