"""The measures of flow in plain words, one item at a time: what the fast code is held to."""

from __future__ import annotations

from datetime import datetime

from boards import CATEGORY, Way, moment
from hypothesis import strategies as st

ORDER = {status: i for i, status in enumerate(CATEGORY)}
LAST = 30
days = st.integers(2, 2 * LAST).map(lambda half: half / 2)
statuses = st.sampled_from(sorted(CATEGORY))
way = st.lists(st.tuples(st.integers(1, LAST), statuses), min_size=1, max_size=8).map(lambda moves: sorted(moves, key=lambda move: move[0]))
half_way = st.lists(st.tuples(days, statuses), min_size=1, max_size=7).map(lambda moves: sorted(moves, key=lambda move: move[0]))


def crossing(moves: list[tuple[datetime, int]], column: int) -> datetime | None:
    """In plain words: up to the start's column the first time that it stood there or beyond; further right the last time that it came from before."""
    places = [place for _, place in moves]
    if column <= 1:
        return next((when for when, place in moves if place >= column), None)
    if places[-1] < column:
        return None
    last_before = max((i for i, place in enumerate(places) if place < column), default=-1)
    return moves[last_before + 1][0]


def placed(way: Way) -> list[tuple[datetime, int]]:
    """Moments and places of an item's way."""
    return [(moment(day), ORDER[status]) for day, status in way]


def at(rows: list[tuple[float, object]], day: float, before: object = None) -> object:
    """What held at that moment: the last change up to it."""
    held = before
    for when, value in rows:
        if when <= day:
            held = value
    return held


def clock(way: Way) -> tuple[datetime | None, datetime | None]:
    """Start and finish; none where it jumped to done, or never got there."""
    start, finish = crossing(placed(way), 1), crossing(placed(way), 3)
    return (None, finish) if start == finish else (start, finish)
