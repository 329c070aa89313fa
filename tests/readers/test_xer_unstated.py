"""XER as other tools write it: planned dates, and no durations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pmo_lib.schedule import dates
from tests.readers.test_xer import findings, plan_of

WEEK = {"proj_id": 1, "proj_short_name": "SITE", "plan_start_date": "2026-01-05 08:00"}


def tasks(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    links = [{"task_id": n, "pred_task_id": n - 1, "pred_type": "FS"} for n in range(2, len(rows) + 1)]
    return {"PROJECT": [WEEK], "TASK": [{"task_id": n, "task_code": f"A{n}", **row} for n, row in enumerate(rows, start=1)], "TASKPRED": links}


def planned(start: str, finish: str, **more: Any) -> dict[str, Any]:
    return {"target_start_date": start, "target_end_date": finish, **more}


def test_durations_are_the_working_time_between_the_planned_dates(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        tasks(
            planned("2026-01-05 08:00", "2026-01-06 17:00", act_start_date="2026-01-05 08:00", act_end_date="2026-01-07 17:00"),
            planned("2026-01-08 08:00", "2026-01-13 12:00", act_start_date="2026-01-09 08:00"),
            planned("2026-01-14", "2026-01-15"),  # by the day
            planned("2026-01-16", "2026-01-16", task_type="TT_FinMile"),
        ),
    )
    assert plan.tables["activities"].select("duration", "remaining_duration").rows() == [(1440, 0), (1680, 1200), (960, 960), (0, 0)]
    assert [place for place, _ in findings(plan, "duration-missing")] == ["TASK, A1 and 2 more"]
    assert dates(plan).height == 4


def test_what_says_nothing_of_its_duration_is_left_out_by_name(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, tasks(planned("2026-01-05 08:00", "2026-01-06 17:00"), {"total_float_hr_cnt": 16}))
    assert plan.tables["activities"]["activity"].to_list() == ["A1"]
    assert [place for place, _ in findings(plan, "duration-unknown")] == ["TASK, A2"]
    assert "relationships" not in plan.tables
