"""What changed between two versions of a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project

OLDER = {"A": 5, "B": (3, "A"), "C": (4, "A"), "D": (2, "B; C")}


def changes(older: Project, newer: Project) -> list[tuple[Any, ...]]:
    return schedule.compare(older, newer).select("activity", "change", "before", "after", "days").rows()


def test_nothing_changed() -> None:
    assert changes(make_plan(OLDER), make_plan(OLDER)) == []


def test_every_kind_of_change() -> None:
    when = datetime(2026, 1, 12, 8)
    newer = make_plan(
        {"A": 7, "B": (3, "A SS+1d"), "D": (2, "B"), "E": (1, "D")},
        details={"D": {"name": "Delivery", "constraint": "start_on_or_after", "constraint_date": when}},
    )
    found = changes(make_plan(OLDER), newer)
    assert found[:4] == [
        ("B", "gained", "2026-01-14 17:00:00", "2026-01-08 17:00:00", -4.0),
        ("D", "gained", "2026-01-19 17:00:00", "2026-01-13 17:00:00", -4.0),
        ("A", "duration", "5 d", "7 d", 2.0),
        ("A", "slipped", "2026-01-09 17:00:00", "2026-01-13 17:00:00", 2.0),
    ]
    assert sorted(found[4:]) == sorted([
        ("E", "added", None, None, None),
        ("C", "removed", None, None, None),
        ("D", "renamed", "D", "Delivery", None),
        ("B", "relinked", "A FS", "A SS+480min", None),
        ("D", "relinked", "C FS", None, None),
        ("D", "constraint", None, "start on or after 2026-01-12 08:00:00", None),
    ])  # fmt: skip


def test_an_activity_with_a_new_id_is_the_same_activity() -> None:
    older, newer = make_plan({"A": 5, "B": (3, "A")}), make_plan({"A100": 5, "B": (3, "A100")})
    frame = newer.tables["activities"].with_columns(uid=pl.when(pl.col("activity") == "A100").then(pl.lit("A")).otherwise("uid"))
    assert changes(older, Project(newer.info, {**newer.tables, "activities": frame})) == [("A100", "renamed", "A", "A100", None)]


def test_stored_dates_are_compared_where_both_have_them() -> None:
    older, newer = (make_plan({"A": 5}, details={"A": {"stored_finish": datetime(2026, 2, day, 17)}}) for day in (6, 9))
    assert changes(older, newer) == [("A", "slipped", "2026-02-06 17:00:00", "2026-02-09 17:00:00", 1.0)]


def test_withdrawn_actuals_are_told() -> None:
    begun = make_plan({"A": 5}, details={"A": {"actual_start": datetime(2026, 1, 5, 8)}}, data_date="2026-01-06")
    found = changes(begun, make_plan({"A": 5}))
    assert ("A", "actuals", "2026-01-05 08:00:00", None, None) in found


def test_a_loop_leaves_the_rest() -> None:
    assert ("B", "added", None, None, None) in changes(make_plan({"A": 1}), make_plan({"A": (1, "B"), "B": (1, "A")}))
