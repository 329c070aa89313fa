"""Keys as numbers: found by hash, settled by the text itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from boards import board
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow
from pmo_lib.flow import coding

words = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, unique=True, max_size=40), st.data())
def test_rows_are_those_of_a_dictionary(keys: list[str], data: st.DataObject) -> None:
    values = data.draw(st.lists(st.sampled_from(keys) | words if keys else words, max_size=60))
    place = {key: row for row, key in enumerate(keys)}
    found = coding.rows_of(pl.Series(values, dtype=pl.String), pl.Series(keys, dtype=pl.String))
    assert found.tolist() == [place.get(value, -1) for value in values]


def test_hashes_that_clash_are_settled_by_the_text() -> None:
    """Keys of one hash, and values whose hash is a key's by its upper half alone."""
    alike = np.array([5 << 32 | 1, 5 << 32 | 1, 9 << 32 | 1], np.uint64)
    slots, clash = coding.tabled(alike)
    assert clash
    assert not coding.tabled(alike[1:])[1]
    found = np.empty(2, np.int32)
    coding.sought(np.array([9 << 32 | 1, 7 << 32 | 1], np.uint64), slots, found)
    assert found.tolist() == [2, -1]


def test_a_wrong_match_by_hash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every hash were the same: the join decides."""
    monkeypatch.setattr(coding, "sought", lambda hashes, slots, found: found.fill(0))
    assert coding.rows_of(pl.Series(["c", "x", "a", "b"]), pl.Series(["a", "b", "c"])).tolist() == [2, -1, 0, 1]


def test_many_rows_on_all_cores_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {f"i{n}": [(1 + n % 5, "To Do"), (7 + n % 3, "Doing"), (11 + n % 7, "Done")] for n in range(40)}
    one = flow.history(board(ways))
    monkeypatch.setattr(coding, "MANY", 7)
    monkeypatch.setattr(coding.os, "cpu_count", lambda: 3)
    three = flow.history(board(ways))
    assert coding.threads(120) == 3
    for name in ("crossed", "column", "moved", "codes", "after"):
        assert np.array_equal(getattr(one, name), getattr(three, name)), name


def test_moves_that_are_not_held_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of millions only what the measures need is held; parts of a few rows give what whole columns give."""
    ways = {f"i{n}": [(1 + n % 5, "To Do"), (7 + n % 3, "Doing"), (11 + n % 7, "Done")][: 1 + n % 3] for n in range(40)}
    held = flow.history(board(ways))
    measures = (flow.cycle_times, flow.cumulative_flow, flow.ageing, flow.item_efficiency, flow.arrivals)
    wanted = [measure(held) for measure in measures]
    monkeypatch.setattr(coding, "HELD", 0)
    monkeypatch.setattr(coding, "PART", 7)
    again = flow.history(board(ways))
    for name in ("codes", "moments", "after"):
        assert (getattr(again, name) == getattr(held, name)).all()
    for measure, frame in zip(measures, wanted, strict=True):
        assert measure(again).equals(frame)
