"""Plans typed by hand, and MS Project's predecessor notation."""

from __future__ import annotations

from datetime import datetime

import pytest

from pmo_lib.by_hand import make_plan
from pmo_lib.errors import InvalidInput
from pmo_lib.notation import Predecessor, lag_minutes, parse_predecessors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", [Predecessor("3")]),
        ("4SS", [Predecessor("4", "SS")]),
        ("A SS+2d", [Predecessor("A", "SS", 2)]),
        ("B FF-1d", [Predecessor("B", "FF", -1)]),
        ("A+2ed", [Predecessor("A", "FS", 2, "day", True)]),
        ("7FS+50%", [Predecessor("7", "FS", 50, "percent")]),
        ("A1010: FS, A1020: SS 2d; B:FF -4h", [Predecessor("A1010"), Predecessor("A1020", "SS", 2), Predecessor("B", "FF", -4, "hour")]),  # P6
        ("7FS+50e%", [Predecessor("7", "FS", 50, "percent", True)]),
        ("3; 4SS+1.5 days?;", [Predecessor("3"), Predecessor("4", "SS", 1.5)]),
        ("3,4FS+1,5d", [Predecessor("3"), Predecessor("4", "FS", 1.5)]),
        ("12ff+3 wks", [Predecessor("12", "FF", 3, "week")]),
        ("A-100", [Predecessor("A-100")]),
        ("A-100FS-3d", [Predecessor("A-100", "FS", -3)]),
        ("MASS", [Predecessor("MASS")]),
        ("", []),
    ],
)
def test_notation(text: str, expected: list[Predecessor]) -> None:
    assert parse_predecessors(text) == expected


def test_a_known_id_is_taken_whole() -> None:
    known = {"Roof, phase 2", "A SS+2d", "B"}
    assert parse_predecessors("Roof, phase 2; A SS+2d; BSS", known) == [Predecessor("Roof, phase 2"), Predecessor("A SS+2d"), Predecessor("B", "SS")]


@pytest.mark.parametrize(("lag", "minutes"), [("A+2d", 960), ("A+2ed", 2880), ("A+1w", 2400), ("A-30m", -30), ("A+1mo", 9600), ("A+50%", 720)])
def test_lags_in_minutes(lag: str, minutes: int) -> None:
    assert lag_minutes(parse_predecessors(lag)[0], predecessor_duration=1440) == minutes


def test_make_plan() -> None:
    plan = make_plan({"A": 5, "B": (3, "A"), "C": (4, "A SS+2d; B FF"), "D": (0, "2FF-1d; C+25%")}, start="2026-01-05", data_date="2026-01-10")
    assert plan.tables["activities"]["duration"].to_list() == [2400, 1440, 1920, 0]
    assert plan.tables["activities"]["kind"].to_list() == ["task", "task", "task", "finish_milestone"]
    assert plan.tables["relationships"].select("predecessor", "successor", "type", "lag", "lag_kind").rows() == [
        ("A", "B", "FS", 0, "working"), ("A", "C", "SS", 960, "working"), ("B", "C", "FF", 0, "working"),
        ("B", "D", "FF", -480, "working"), ("C", "D", "FS", 480, "percent"),
    ]  # fmt: skip
    assert plan.info.planned_start == datetime(2026, 1, 5, 8)
    assert plan.info.data_date == datetime(2026, 1, 12, 8)  # a Saturday: the next working moment


def test_a_day_is_what_the_calendar_says() -> None:
    assert make_plan({"A": 2}, calendar="24h").tables["activities"]["duration"].to_list() == [2880]


@pytest.mark.parametrize(
    ("activities", "arguments", "message"),
    [
        ({"A": -1}, {}, "A: -1 is not a duration"),
        ({"A": ("x",)}, {}, "A: .* is not a duration"),
        ({"A": 1, "B": (1, "C")}, {}, "B: predecessor 'C' is not an activity"),
        ({"A": 1}, {"calendar": "lunar"}, "'lunar'; the standards have mon-fri, 24h"),
        ({"A": 1}, {"start": "5 January"}, "'5 January' is not a date"),
        ({"A": 1}, {"details": {"B": {}}}, "details name 'B'"),
        ({"A": 1}, {"details": {"A": {"colour": 1}}}, "'colour', which is no column"),
    ],
)
def test_what_is_wrong_is_named(activities: dict, arguments: dict, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        make_plan(activities, **arguments)
