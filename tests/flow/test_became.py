"""What became of items between two looks at a board: worked by hand, and always adding up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl
from boards import Way, board
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import LAST, way

from pmo_lib import flow
from pmo_lib.project import Project

BEFORE: dict[str, Way] = {
    "stays": [(1, "To Do")], "ends": [(1, "To Do"), (2, "Doing")], "starts": [(1, "To Do")], "back": [(1, "To Do"), (2, "Doing"), (5, "Done")],
    "given up": [(1, "To Do")], "moved away": [(1, "To Do"), (3, "Doing")], "was done": [(1, "To Do"), (2, "Doing"), (4, "Done")],
}  # fmt: skip
AFTER: dict[str, Way] = {
    **BEFORE, "ends": [*BEFORE["ends"], (15, "Done")], "starts": [(1, "To Do"), (12, "Doing")], "back": [*BEFORE["back"], (16, "Doing")],
    "given up": [(1, "To Do"), (14, "Done")], "comes": [(12, "To Do")], "swift": [(11, "To Do"), (12, "Doing"), (13, "Done")],
}  # fmt: skip


def seen(ways: Mapping[str, Way], day: int, **columns: Any) -> Project:
    """The board as it was looked at on that day."""
    made = board(ways, **columns)
    return Project(replace(made.info, data_date=datetime(2026, 1, day)), made.tables)


def left(project: Project) -> int:
    """Items neither finished nor cancelled, counted anew."""
    cycles = flow.cycle_times(project, at=project.info.data_date)
    return cycles.filter(~pl.col("cancelled") & pl.col("finished").is_null()).height


def test_every_change_is_told_once() -> None:
    later = {name: one for name, one in AFTER.items() if name != "moved away"}
    older, newer = seen(BEFORE, 10), seen(later, 20, resolution={"given up": "Won't Do"})
    found = flow.became(older, newer)
    told = {(row["item"], row["change"]): row["left"] for row in found.iter_rows(named=True)}
    assert told == {
        ("ends", "finished"): -1, ("starts", "begun"): 0, ("back", "reopened"): 1, ("given up", "dropped"): -1, ("moved away", "gone"): -1,
        ("comes", "new"): 1, ("swift", "new"): 1, ("swift", "begun"): 0, ("swift", "finished"): -1,
    }  # fmt: skip
    assert (left(older), left(newer)) == (5, 4)


@given(st.dictionaries(st.sampled_from("abcdefgh"), way, min_size=1), st.integers(1, LAST), st.integers(0, LAST), st.sets(st.sampled_from("abcdefgh")))
@settings(max_examples=25, deadline=None)
def test_what_was_left_and_every_change_make_what_is_left(ways: dict[str, Way], day: int, more: int, lost: set[str]) -> None:
    newer_day = min(day + more, LAST)
    older = {name: [step for step in one if step[0] <= day] for name, one in ways.items()}
    older = {name: one for name, one in older.items() if one}
    newer = {name: one for name, one in ways.items() if name not in lost}
    if not older or not newer:
        return
    before, after = seen(older, day), seen(newer, newer_day)
    assert left(before) + flow.became(before, after)["left"].sum() == left(after)
