"""When and how many: the exact law, against enumeration, and the window that is always told."""

from __future__ import annotations

from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow
from pmo_lib.errors import InvalidInput, NotAvailable

past = st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any)


@settings(max_examples=80, deadline=None)
@given(past, st.integers(1, 4), st.sampled_from([0.3, 0.5, 0.85, 0.95]))
def test_how_many_equals_enumeration(counts: list[int], periods: int, share: float) -> None:
    sums = [sum(drawn) for drawn in product(counts, repeat=periods)]
    most = max(n for n in range(max(sums) + 1) if sum(s >= n for s in sums) >= share * len(sums) - 1e-9)
    assert flow.how_many(counts, periods=periods, confidence=share)["items"].to_list() == [most]


@settings(max_examples=80, deadline=None)
@given(past, st.integers(0, 9), st.sampled_from([0.3, 0.5, 0.85]))
def test_when_done_is_the_first_period_with_that_chance(counts: list[int], items: int, share: float) -> None:
    row = flow.when_done(counts, items=items, confidence=share).row(0, named=True)
    for periods in range(1, min(row["periods"], 5) + 1):
        sums = [sum(drawn) for drawn in product(counts, repeat=periods)]
        chance = sum(s >= items for s in sums) / len(sums)
        assert (chance >= share - 1e-9) == (periods >= row["periods"])
        if periods == row["periods"]:
            assert row["chance"] == pytest.approx(chance)


def test_dates_and_the_window_that_was_drawn_from() -> None:
    weeks = pl.DataFrame(
        {"period": [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19)], "group": pl.Series([None] * 3, dtype=pl.String), "finished": [2, 0, 4]}
    )
    row = flow.when_done(weeks, items=2, confidence=0.5).row(0, named=True)
    assert (row["periods"], row["date"]) == (1, date(2026, 2, 1))
    assert (row["sampled"], row["counted"], row["window_from"], row["window_to"]) == (3, 6, date(2026, 1, 5), date(2026, 1, 25))
    ahead = flow.how_many(weeks, by=date(2026, 2, 14), confidence=85).row(0, named=True)
    assert (ahead["periods"], ahead["date"]) == (2, date(2026, 2, 8))  # the week that the date cuts is not whole


def test_per_cent_and_share_are_one_question() -> None:
    assert flow.how_many([1, 2], periods=3, confidence=85)["items"][0] == flow.how_many([1, 2], periods=3, confidence=0.85)["items"][0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: flow.when_done([], items=3), "nothing|none"),
        (lambda: flow.when_done([0, 0], items=3), "choose a longer window"),
        (lambda: flow.when_done([0] * 9_999 + [1], items=2_000), "more than 10,000 periods"),
    ],
)
def test_what_no_window_can_tell(call: object, words: str) -> None:
    with pytest.raises(NotAvailable, match=words):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: flow.when_done([1, 2], items=-1), "0 or more"),
        (lambda: flow.when_done([1, -2], items=1), "whole numbers"),
        (lambda: flow.when_done([1, 2], items=1, confidence=1.0), "between 0 and 1"),
        (lambda: flow.when_done([1, 2], items=1, confidence=[0.85, 85]), "each asked once"),
        (lambda: flow.how_many([1, 2]), "either periods or by"),
        (lambda: flow.how_many([1, 2], by=date(2026, 1, 1)), "throughput with dates"),
    ],
)
def test_questions_that_break_a_rule(call: object, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        call()  # type: ignore[operator]
