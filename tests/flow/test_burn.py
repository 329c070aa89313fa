"""Scope and done of an epic, a version, a board over time, against a plain reading of each day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from boards import Way, board, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import at, days, half_way

from pmo_lib import flow
from pmo_lib.errors import InvalidInput


def test_by_hand() -> None:
    ways = {
        "a": [(5, "To Do"), (6, "Doing"), (13, "Done")],
        "b": [(6, "To Do"), (14, "Done"), (20, "Doing")],  # reopened
        "c": [(5, "To Do")],  # joins the epic in the second week
        "no": [(5, "To Do"), (20, "Done")],
    }
    changes = {"c": [(12, "epic", None, "E")], "a": [(20, "points", "2", "5")]}
    made = board(ways, changes=changes, epic=dict.fromkeys(ways, "E"), points={"a": 5.0, "b": 1.0}, resolution={"no": "Declined"})
    found = flow.burn_up(made, by="epic", at=datetime(2026, 1, 22))
    assert found.select("group", "period", "scope", "done", "added", "removed", "scope_points", "done_points", "added_points").rows() == [
        ("E", date(2026, 1, 5), 3, 0, 3, 0, 3.0, 0.0, 3.0),
        ("E", date(2026, 1, 12), 4, 2, 1, 0, 3.0, 3.0, 0.0),
        ("E", date(2026, 1, 19), 3, 1, 0, 1, 6.0, 5.0, 3.0),
    ]
    assert flow.burn_up(made, at=datetime(2026, 1, 22))["scope"].to_list() == [4, 4, 3]
    assert flow.burn_up(made, by="epic", only="E", at=datetime(2026, 1, 22)).equals(found)
    for weeks, came in ((1, 1), (12, 4)):  # the third week is not over: what left in it does not count yet
        told = flow.scope_change(made, by="epic", weeks=weeks, at=datetime(2026, 1, 22))
        assert told.rows() == [("E", 3, 1, came, 0, min(weeks, 2))]
    assert flow.scope_change(made, weeks=1, at=datetime(2026, 1, 26)).rows() == [(None, 3, 1, 0, 1, 1)]
    with pytest.raises(InvalidInput, match="weeks is 1 or more"):
        flow.scope_change(made, weeks=0)
    with pytest.raises(InvalidInput, match="ever in the epic 'X'"):
        flow.burn_up(made, by="epic", only="X")


def test_an_epic_may_be_told_as_the_parent() -> None:
    changes = {"a": [(12, "parent", None, "E")]}
    made = board({"a": [(5, "To Do")], "b": [(5, "To Do"), (13, "Done")]}, changes=changes, epic=dict.fromkeys("ab", "E"))
    assert flow.burn_up(made, by="epic", at=datetime(2026, 1, 14)).select("scope", "done").rows() == [(1, 0), (2, 1)]


def test_points_nobody_gave_are_null() -> None:
    found = flow.burn_up(board({"a": [(1, "To Do"), (3, "Done")]}, versions={"a": ["1.0", "2.0"]}), by="versions")
    assert found["scope_points"].null_count() == found.height
    assert found.select("group", "scope", "done").rows() == [("1.0", 1, 1), ("2.0", 1, 1)]


holds = st.lists(st.tuples(days, st.sampled_from([None, "E", "F"])), max_size=4).map(lambda rows: sorted(rows, key=lambda row: row[0]))
sizes = st.lists(st.tuples(days, st.sampled_from([None, 1.0, 3.0, 8.0])), max_size=3).map(lambda rows: sorted(rows, key=lambda row: row[0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(half_way, holds, sizes, st.sampled_from([None, "E"])), min_size=1, max_size=5))
def test_equals_a_plain_reading_of_each_day(told: list[tuple[Way, list[tuple[float, str | None]], list[tuple[float, float | None]], str | None]]) -> None:
    ways = {f"i{n}": way for n, (way, *_) in enumerate(told)}
    changes, epics, points = {}, {}, {"i0": 0.0}
    for name, (_, epic, size, first) in zip(ways, told, strict=True):
        held, large = [first, *(value for _, value in epic)], [None, *(value for _, value in size)]
        changes[name] = [(day, "epic", held[i], value) for i, (day, value) in enumerate(epic)]
        changes[name] += [(day, "points", text(large[i]), text(value)) for i, (day, value) in enumerate(size)]
        epics[name], points[name] = held[-1], large[-1] if large[-1] is not None else points.get(name)
    made = board(ways, changes=changes, epic=epics, points=points)
    found = flow.burn_up(made, by="epic", per="day", at=datetime(2026, 2, 5, 12))
    for group in ("E", "F"):
        rows = {row["period"]: row for row in found.iter_rows(named=True) if row["group"] == group}
        before = (0, 0.0)
        for n in range(36):
            end = 2 + n - 0.25  # no change falls on quarters
            inside = [(way, size) for way, epic, size, first in told if way[0][0] <= end and at(epic, end, first) == group]
            done = [one for one in inside if at(one[0], end) == "Done"]
            told_points = [float(sum(initial(size, end) for _, size in some)) for some in (inside, done)]  # type: ignore[misc]
            row = rows.get(moment(1 + n).date())
            if row is None:
                assert not inside
                continue
            assert (row["scope"], row["done"]) == (len(inside), len(done))
            if row["scope_points"] is not None:
                assert [row["scope_points"], row["done_points"]] == told_points
                assert row["scope_points"] == before[1] + row["added_points"] - row["removed_points"]
            assert row["scope"] == before[0] + row["added"] - row["removed"]
            before = (row["scope"], row["scope_points"] or 0.0)
        assert list(rows) == [min(rows) + timedelta(days=n) for n in range(len(rows))] if rows else True


def text(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def initial(size: list[tuple[float, float | None]], day: float) -> float:
    return at(size, day) or 0.0  # type: ignore[return-value]
