"""Which dates differ from the source's, by how much and why, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.plots import agreed
from pmo_lib.tables.schedule_results import Agreement

AT = datetime(2026, 3, 2, 17)


def certified(*rows: dict[str, Any]) -> pl.DataFrame:
    base = {"compared": True, "agrees": True, "within_minute": False, "total_float": 0, "finish": AT, "stored_finish": AT}
    filled = [{**base, "activity": row["name"], **row} for row in rows]
    return Agreement.validate(pl.DataFrame({c: [row.get(c) for row in filled] for c in Agreement.column_names()}, schema=dict(Agreement.create_empty().schema)))


FINE = {"name": "Fine"}
LATE = {"name": "Late", "agrees": False, "cause": "stale", "total_float": 960, "stored_late_finish": AT, "late_finish": datetime(2026, 3, 12, 17)}
HOURS = {"name": "Hours", "agrees": False, "cause": "unknown", "total_float": 2400, "stored_finish": datetime(2026, 3, 2, 12)}
FLOAT = {"name": "Float", "agrees": False, "cause": "inherited", "total_float": 480, "stored_total_float": 1200}
DONE = {"name": "Done", "compared": False, "agrees": None}


def test_the_title_counts_what_differs() -> None:
    assert agreed.title(certified(FINE, FINE | {"activity": "2"}, DONE), "p6") == "All 2 activities agree with P6"
    assert agreed.title(certified(FINE, LATE, DONE), "msp") == "1 of 2 activities differs from MS Project"
    assert agreed.title(certified(FINE), "other") == "1 activity agrees with its own tool"
    assert agreed.left_out(certified(FINE)) == ""
    assert agreed.left_out(certified(FINE, DONE)).startswith("1 activity, complete")


def test_what_begins_stands_before_what_follows() -> None:
    found = certified(FLOAT, FLOAT | {"activity": "F2"}, LATE, HOURS, FINE, DONE)
    assert agreed.causes(found) == [("stored before the plan was last changed", 1), ("not explained by the file", 1), ("follows from another that differs", 2)]
    assert [one.name for one in agreed.differences(found, 3)] == ["Late", "Hours", "Float"]


def test_the_furthest_date_is_told_else_the_hours_else_the_float() -> None:
    late, hours, slack = agreed.differences(certified(LATE, HOURS, FLOAT), 5)
    assert (late.what, late.stored, late.ours, late.moved) == ("late finish", "2 Mar 2026", "12 Mar 2026", "+10\u00a0d")
    assert (hours.what, hours.stored, hours.ours, hours.moved) == ("finish", "2 Mar 2026 12:00", "2 Mar 2026 17:00", "+5\u00a0h")
    assert (slack.what, slack.stored, slack.ours, slack.moved) == ("float", "2.5\u00a0wd", "1.0\u00a0wd", "−1.5\u00a0wd")
