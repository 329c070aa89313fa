"""Flow efficiency and blocked time, against a plain count of half days."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from boards import Way, board, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import at, clock, days, half_way

from pmo_lib import flow
from pmo_lib.errors import InvalidInput, NotAvailable

WAITING = flow.FlowRules(waiting=("review",))
HALF = timedelta(hours=12)


def test_by_hand() -> None:
    ways = {
        "a": [(1, "To Do"), (2, "Doing"), (5, "Review"), (11, "Done")],  # 3 days of work, 6 of waiting
        "b": [(1, "To Do"), (2, "Doing"), (3, "Review"), (4, "Done")],  # 1 and 1
        "open": [(1, "To Do"), (2, "Doing")],
        "jumped": [(1, "To Do"), (9, "Done")],
    }
    row = flow.efficiency(board(ways), WAITING).row(0, named=True)
    assert (row["items"], row["total"], row["waiting"], row["active"]) == (2, 11.0, 7.0, 4.0)
    assert row["efficiency"] == pytest.approx(4 / 11)  # not the mean of 1/3 and 1/2
    each = flow.item_efficiency(board(ways), WAITING)
    assert each.select("item", "efficiency").rows() == [("a", pytest.approx(1 / 3)), ("b", 0.5)]


def test_without_waiting_statuses_there_is_no_share_and_it_says_why() -> None:
    made = board({"a": [(1, "To Do"), (2, "Doing"), (5, "Done")]})
    row = flow.efficiency(made).row(0, named=True)
    assert (row["efficiency"], row["waiting"], row["total"]) == (None, None, 3.0)
    assert "in which statuses an item waits" in row["reason"]
    assert flow.item_efficiency(made)["efficiency"].to_list() == [None]
    with pytest.raises(InvalidInput, match="no status 'Queue' to wait in; it has To Do"):
        flow.efficiency(made, flow.FlowRules(waiting=("Queue",)))
    assert "no finished item" in flow.efficiency(board({"a": [(1, "To Do")]}), WAITING)["reason"][0]


def test_groups_add_up_and_the_nameless_come_last() -> None:
    ways = {name: [(1, "To Do"), (2, "Doing"), (4, "Review"), (4 + n, "Done")] for n, name in enumerate("abc", 1)}
    made = board(ways, team={"a": "Red", "b": "Blue"})
    found = flow.efficiency(made, WAITING, by="team")
    assert found["group"].to_list() == ["Blue", "Red", None]
    assert found["total"].sum() == flow.efficiency(made, WAITING)["total"][0]
    with pytest.raises(InvalidInput, match="cannot be grouped by 'colour'; use one of team, type"):
        flow.efficiency(made, WAITING, by="colour")


def test_an_item_counts_in_each_of_its_versions() -> None:
    ways = {name: [(1, "To Do"), (2, "Doing"), (4, "Done")] for name in "ab"}
    found = flow.efficiency(board(ways, versions={"a": ["1.0", "2.0"]}), WAITING, by="versions")
    assert found.select("group", "items").rows() == [("1.0", 1), ("2.0", 1), (None, 1)]


def test_blocked_by_hand() -> None:
    ways = {"a": [(1, "To Do"), (3, "Doing"), (9, "Done")], "b": [(1, "To Do"), (3, "Doing"), (6, "Review")]}
    changes = {"a": [(2, "blocked", None, "Impediment"), (5, "blocked", "Impediment", None), (8, "blocked", "", "Impediment")]}
    found = flow.blocked_time(board(ways, changes=changes, blocked={"b": True}), at=datetime(2026, 1, 7))
    assert found.select("item", "blocked", "spells", "now").rows() == [("b", 4.0, 1, True), ("a", 2.0, 1, False)]
    found = flow.blocked_time(board(ways, changes=changes), flow.FlowRules(blocked=("Review",)))
    assert found.select("item", "blocked", "spells", "share", "now").rows() == [("a", 3.0, 2, 0.5, False), ("b", 3.0, 1, 0.5, True)]


def test_a_mark_that_was_never_changed_is_as_old_as_the_item() -> None:
    made = board({"a": [(1, "To Do"), (2, "Doing"), (5, "Done")]}, blocked={"a": True})
    assert flow.blocked_time(made)["blocked"].to_list() == [3.0]
    changed = {"a": [(3, "blocked", "true", "false")]}  # set before the first change
    assert flow.blocked_time(board({"a": [(1, "To Do"), (2, "Doing"), (5, "Done")]}, changes=changed))["blocked"].to_list() == [1.0]


def test_a_board_that_marks_nothing_says_so() -> None:
    with pytest.raises(NotAvailable, match="marks no item as blocked"):
        flow.blocked_time(board({"a": [(1, "To Do"), (2, "Doing")]}))
    assert flow.blocked_time(board({"a": [(1, "To Do"), (2, "Doing")]}, blocked={"a": False})).is_empty()


flags = st.lists(st.tuples(days, st.booleans()), max_size=4).map(lambda rows: sorted(rows, key=lambda row: row[0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(half_way, flags), min_size=1, max_size=6))
def test_equals_a_plain_count_of_half_days(told: list[tuple[Way, list[tuple[float, bool]]]]) -> None:
    ways = {f"i{n}": way for n, (way, _) in enumerate(told)}
    changes = {f"i{n}": [(day, "blocked", None, "yes" if on else None) for day, on in marks] for n, (_, marks) in enumerate(told)}
    made = board(ways, changes=changes, blocked=dict.fromkeys(ways, False))
    now = max(way[-1][0] for way in ways.values())
    found = {row["item"]: row for row in flow.item_efficiency(made, WAITING).iter_rows(named=True)}
    blocked = dict(flow.blocked_time(made).select("item", "blocked").iter_rows())
    finished = {name for name, way in ways.items() if None not in clock(way)}
    assert set(found) == finished
    for (name, way), (_, marks) in zip(ways.items(), told, strict=True):
        start, finish = clock(way)
        cells = [half / 2 for half in range(2, 80) if start and start <= moment(half / 2) < (finish or moment(now))]
        stopped = [day for day in cells if at(marks, day)]
        waiting = [day for day in cells if at(marks, day) or at(way, day) in ("Review", "Done")]
        assert blocked.get(name, 0.0) == len(stopped) / 2
        if name in finished:
            row = found[name]
            assert (row["total"], row["waiting"], row["blocked"]) == (len(cells) / 2, len(waiting) / 2, len(stopped) / 2)
    if finished:
        team = flow.efficiency(made, WAITING).row(0, named=True)
        assert team["active"] == pytest.approx(sum(row["active"] for row in found.values()))


def test_days_are_elapsed_whatever_the_zone_does() -> None:
    made = board({"a": [(87, "To Do"), (87, "Doing"), (89, "Review"), (89.5, "Done")]})  # 28 to 30 March 2026; Berlin's clock goes forward on the 29th
    row = flow.efficiency(made, flow.FlowRules(waiting=("Review",), zone="Europe/Berlin")).row(0, named=True)
    assert (row["total"], row["waiting"]) == (2.5, 0.5)
    assert pl.Series([row["efficiency"]]).item() == pytest.approx(0.8)


def test_measures_without_groups_of_their_own_take_the_history_of_one() -> None:
    ways = {"a": [(1, "To Do"), (2, "Doing")], "b": [(1, "To Do"), (3, "Doing"), (4, "Done")], "c": [(1, "To Do"), (2, "Done")]}
    made = flow.history(board(ways, team={"a": "Red", "b": "Blue"}))
    parts = dict(flow.parted(made, "team"))
    assert list(parts) == ["Blue", "Red", None]
    assert flow.ageing(parts["Red"])["item"].to_list() == ["a"]
    lines = [flow.cumulative_flow(one).select("To Do", "Done").row(-1) for one in parts.values()]
    assert lines == [(1, 1), (1, 0), (1, 1)]
    told = flow.checks(parts[None]).row(by_predicate=pl.col("check") == "done_without_start", named=True)
    assert (told["offenders"], told["denominator"]) == (["c"], 1)
