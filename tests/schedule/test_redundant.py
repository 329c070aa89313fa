"""Redundant relationships: taking them away changes no date, and what stays is needed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks import rows

from pmo_lib.by_hand import make_plan
from pmo_lib.schedule.quality.paths import CHUNK, implied

RELATIONSHIPS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["FS", "SS", "FF", "SF"]), st.sampled_from([0, 0, 0, 2, -1])).filter(lambda r: r[0] < r[1]),
    max_size=16,
)


def dated(durations: list[int], relationships: list[tuple[int, int, str, int]]) -> list[int]:
    """Early starts on a time axis without breaks, one activity at a time."""
    starts: list[int] = []
    for j, duration in enumerate(durations):
        bounds = [0]
        for i, successor, kind, lag in relationships:
            if successor == j:
                at = starts[i] + (durations[i] if kind[0] == "F" else 0) + lag
                bounds.append(at - (duration if kind[1] == "F" else 0))
        starts.append(max(bounds))
    return starts


@settings(max_examples=300, deadline=None)
@given(RELATIONSHIPS, st.lists(st.lists(st.integers(0, 9), min_size=8, max_size=8), min_size=3, max_size=3))
def test_without_them_every_date_stays(relationships: list[tuple[int, int, str, int]], tries: list[list[int]]) -> None:
    found = implied(8, relationships, [str(n) for n in range(8)])
    left = [one for one, superfluous in zip(relationships, found, strict=True) if not superfluous]
    for durations in tries:
        assert dated(durations, left) == dated(durations, relationships)


@settings(max_examples=300, deadline=None)
@given(RELATIONSHIPS)
def test_what_stays_says_something(relationships: list[tuple[int, int, str, int]]) -> None:
    """Each relationship without lag that is left moves a date for some durations: all zero and far-off others tell, where no other leads there."""
    found = implied(8, relationships, [str(n) for n in range(8)])
    left = [one for one, superfluous in zip(relationships, found, strict=True) if not superfluous]
    for k, (before, after, kind, lag) in enumerate(left):
        if lag == 0:
            others = left[:k] + left[k + 1 :]
            ways = {(i, "S", i, "F") for i in range(8)} | {(p, t[0], s, t[1]) for p, s, t, far in others if far >= 0}
            reached = {(before, kind[0])}
            while more := {(s, b) for p, a, s, b in ways if (p, a) in reached} - reached:
                reached |= more
            assert (after, kind[1]) not in reached


def test_of_two_like_one_stays() -> None:
    assert implied(2, [(0, 1, "FS", 0), (0, 1, "FS", 0)], ["A", "B"]) == [False, True]
    assert implied(2, [(0, 1, "FS", 2), (0, 1, "FS", 5)], ["A", "B"]) == [True, False]
    assert implied(2, [(0, 1, "SS", 0), (0, 1, "FS", 0)], ["A", "B"]) == [True, False]
    assert implied(2, [(0, 1, "SS", 0), (0, 1, "FS", -1)], ["A", "B"]) == [False, False]


def test_targets_beyond_one_chunk() -> None:
    count = CHUNK + 100
    chain = [(n, n + 1, "FS", 0) for n in range(count - 1)]
    found = implied(count, [*chain, (0, count - 1, "FS", 0), (count - 3, count - 1, "FS", 0), (5, 9, "FS", 1)], [str(n) for n in range(count)])
    assert found == [False] * (count - 1) + [True, True, False]


def test_the_check_names_them() -> None:
    plan = make_plan({"A": 1, "B": (1, "A"), "C": (1, "A; B"), "D": (1, "C; A+2d")})
    found = rows(plan)["redundant_relationships"]
    assert (found["offenders"], found["denominator"]) == (["A -> C FS"], 5)
