"""MS Project: several people on one task, each in their own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import polars as pl

from pmo_lib.by_hand import calendar_tables
from pmo_lib.calendar import Calendar, DatedShifts
from pmo_lib.project import Project
from pmo_lib.tables import TABLES
from tests.schedule.test_msp_rules import dates, msp_plan

DAY = ((480, 720), (780, 1020))
OFFICE = Calendar("Office", 480, (DAY,) * 5 + ((), ()))
AWAY = replace(OFFICE, name="Away", exceptions=(DatedShifts(date(2026, 1, 12), date(2026, 1, 14), ()),))


def shared(finish: int = 6) -> Project:
    """A, then B (2 days, of Ann and Ben), then C; X lasts ten days. Ann is away on 12, 13 and 14 January. Ben's part ends on the `finish`th."""
    plan = msp_plan({"A": 1, "B": (2, "A"), "C": (1, "B"), "X": 10}, details={name: {"calendar": None} for name in "ABCX"})
    begin, end = datetime(2026, 1, 6, 8), datetime(2026, 1, finish + 1, 17)
    rows = {
        "resources": [{"resource": name, "name": name, "kind": "labour", "calendar": name} for name in ("ann", "ben")],
        "assignments": [{"activity": "B", "resource": name, "start": begin, "finish": end} for name in ("ann", "ben")],
    }
    made = {name: pl.DataFrame(values, schema=dict(TABLES[name].create_empty().schema)) for name, values in rows.items()}
    known = calendar_tables({"office": OFFICE, "ann": AWAY, "ben": OFFICE})
    return Project(replace(plan.info, calendar="office"), {**plan.tables, **known, **made})


def test_a_task_starts_no_later_than_whoever_is_away_must() -> None:
    """As NBIA 4.2, task 2139: B may end on the 15th, for which Ann, who is away until then, must do her second day on the 15th and her first on the 9th."""
    rows = dates(shared())
    assert rows["B"]["late_finish"] == datetime(2026, 1, 15, 17)
    assert rows["B"]["late_start"] == datetime(2026, 1, 9, 8)
    assert (rows["B"]["total_float"], rows["A"]["late_finish"]) == (3 * 480, datetime(2026, 1, 8, 17))
    assert rows["B"]["early_finish"] == datetime(2026, 1, 7, 17)


def test_assignments_that_are_not_the_duration_say_nothing() -> None:
    """Those of a duration that was changed since."""
    assert dates(shared(finish=7))["B"]["late_start"] == datetime(2026, 1, 14, 8)
