"""Generated P6 files: real XER text of any size, with the features that a caller asks for. The same seed gives the same file."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

START = datetime(2026, 1, 5, 8)
DAY_ZERO = datetime(1899, 12, 30)
DAYS = "1234567"  # Sunday first
CALENDARS = {  # id: name, hours a day, working days, shifts
    "1": ("Five days", 8, "23456", ("08:00-12:00", "13:00-17:00")),
    "2": ("Six days", 10, "234567", ("07:00-12:00", "12:30-17:30")),
    "3": ("Nights", 8, "23456", ("00:00-06:00", "22:00-00:00")),
    "4": ("Round the clock", 24, DAYS, ("00:00-00:00",)),
}
TYPES = ("PR_FS", "PR_FS", "PR_FS", "PR_FS", "PR_FS", "PR_SS", "PR_FF", "PR_SF")
EFFORT = "TT_LOE"
CONSTRAINTS = ("CS_MSOA", "CS_MSOB", "CS_MEOA", "CS_MEOB", "CS_MSO", "CS_MEO")
TABLES = {
    "PROJECT": (
        *("proj_id", "proj_short_name", "clndr_id", "last_recalc_date", "plan_start_date", "plan_end_date", "critical_drtn_hr_cnt", "export_flag"),
        "critical_path_type",
    ),
    "CALENDAR": ("clndr_id", "default_flag", "clndr_name", "proj_id", "base_clndr_id", "clndr_type", "day_hr_cnt", "clndr_data"),
    "SCHEDOPTIONS": (
        *("schedoptions_id", "proj_id", "sched_outer_depend_type", "sched_open_critical_flag", "sched_lag_early_start_flag", "sched_retained_logic"),
        *("sched_float_type", "sched_calendar_on_relationship_lag", "sched_use_expect_end_flag", "sched_progress_override"),
    ),
    "PROJWBS": ("wbs_id", "proj_id", "seq_num", "proj_node_flag", "wbs_short_name", "wbs_name", "parent_wbs_id"),
    "TASK": (
        *("task_id", "proj_id", "wbs_id", "clndr_id", "task_type", "status_code", "task_code", "task_name", "complete_pct_type"),
        *("remain_drtn_hr_cnt", "target_drtn_hr_cnt", "cstr_type", "cstr_date", "act_start_date", "act_end_date", "target_start_date", "target_end_date"),
        *("duration_type", "phys_complete_pct"),
    ),
    "TASKPRED": ("task_pred_id", "task_id", "pred_task_id", "proj_id", "pred_proj_id", "pred_type", "lag_hr_cnt"),
}


@dataclass(frozen=True)
class Wanted:
    """What a generated plan has. Shares are of its activities (lags: of its relationships)."""

    activities: int = 5_000
    seed: int = 1
    calendars: tuple[str, ...] = tuple(CALENDARS)
    types: tuple[str, ...] = TYPES
    lagged: float = 0.2
    constrained: float = 0.02
    milestones: float = 0.05
    efforts: float = 0.0
    progressed: float = 0.1
    exceptions: int = 60
    must_finish: datetime | None = None
    options: dict[str, str] = field(default_factory=dict)


def xer(wanted: Wanted) -> str:
    """The file's text."""
    rng = random.Random(wanted.seed)
    tasks = [_task(i, wanted, rng) for i in range(wanted.activities)]
    options = {
        "schedoptions_id": "1", "proj_id": "1", "sched_outer_depend_type": "SD_Both", "sched_open_critical_flag": "N", "sched_lag_early_start_flag": "Y",
        "sched_retained_logic": "Y", "sched_float_type": "FT_FF", "sched_calendar_on_relationship_lag": "rcal_Predecessor",
        "sched_use_expect_end_flag": "N", "sched_progress_override": "N", **wanted.options,
    }  # fmt: skip
    project = {
        "proj_id": "1", "proj_short_name": "GENERATED", "clndr_id": wanted.calendars[0], "last_recalc_date": _said(data_date(wanted)),
        "plan_start_date": _said(START), "plan_end_date": _said(wanted.must_finish), "critical_drtn_hr_cnt": "0", "export_flag": "Y",
        "critical_path_type": "CT_TotFloat",
    }  # fmt: skip
    rows = {
        "PROJECT": [project],
        "CALENDAR": [_calendar(key, wanted, rng) for key in wanted.calendars],
        "SCHEDOPTIONS": [options],
        "PROJWBS": [{"wbs_id": "1", "proj_id": "1", "seq_num": "1", "proj_node_flag": "Y", "wbs_short_name": "GENERATED", "wbs_name": "Generated"}],
        "TASK": tasks,
        "TASKPRED": _links(tasks, wanted, rng),
    }
    lines = ["ERMHDR\t23.12\t2026-01-05\tProject\tplanner\tplanner\tdbxDatabaseNoName\tProject Management\tUSD"]
    for table, columns in TABLES.items():
        lines += [f"%T\t{table}", "%F\t" + "\t".join(columns)]
        lines += ["%R\t" + "\t".join(row.get(column, "") for column in columns) for row in rows[table]]
    return "\n".join([*lines, "%E", ""])


def data_date(wanted: Wanted) -> datetime:
    """Where the open work begins: the project's start, or, with progress, some weeks after it."""
    return START + timedelta(weeks=4) if wanted.progressed else START


def _task(i: int, wanted: Wanted, rng: random.Random) -> dict[str, str]:
    milestone = rng.random() < wanted.milestones
    hours = 0 if milestone else rng.choice((4, 8, 16, 24, 40, 80, 160, 12.5))
    task = {
        "task_id": str(1000 + i), "proj_id": "1", "wbs_id": "1", "clndr_id": rng.choice(wanted.calendars), "task_code": f"A{i:05}",
        "task_type": rng.choice(("TT_Mile", "TT_FinMile")) if milestone else "TT_Task", "task_name": f"Activity {i}", "status_code": "TK_NotStart",
        "complete_pct_type": "CP_Drtn", "duration_type": "DT_FixedDUR2", "remain_drtn_hr_cnt": str(hours), "target_drtn_hr_cnt": str(hours),
        "target_start_date": _said(START), "target_end_date": _said(START), "phys_complete_pct": "0",
    }  # fmt: skip
    if i < wanted.activities * wanted.progressed and not milestone:
        begun = START + timedelta(days=rng.randrange(20))
        task |= {"act_start_date": _said(begun), "status_code": "TK_Active", "remain_drtn_hr_cnt": str(hours / 2)}
        if rng.random() < 0.6:
            task |= {"act_end_date": _said(begun + timedelta(days=rng.randrange(1, 7), hours=9)), "status_code": "TK_Complete", "remain_drtn_hr_cnt": "0"}
    elif wanted.efforts and not milestone and rng.random() < wanted.efforts:
        task["task_type"] = EFFORT
    elif rng.random() < wanted.constrained:
        date = data_date(wanted) + timedelta(days=rng.randrange(20, 400), hours=rng.choice((0, 9)))
        task |= {"cstr_type": rng.choice(CONSTRAINTS), "cstr_date": _said(date)}
    return task


def _links(tasks: list[dict[str, str]], wanted: Wanted, rng: random.Random) -> list[dict[str, str]]:
    found = []
    for j in range(1, len(tasks)):
        for i in sorted({rng.randrange(max(0, j - 60), j) for _ in range(rng.choice((1, 2, 2, 3)))}):
            lag = rng.choice((8, 16, 40, -8, -4, 20)) if rng.random() < wanted.lagged else 0
            if tasks[i]["task_type"] == tasks[j]["task_type"] == EFFORT:
                continue
            found.append(
                {
                    "task_pred_id": str(len(found) + 1), "task_id": tasks[j]["task_id"], "pred_task_id": tasks[i]["task_id"], "proj_id": "1",
                    "pred_proj_id": "1", "pred_type": rng.choice(wanted.types), "lag_hr_cnt": str(lag),
                }
            )  # fmt: skip
    return found


def _calendar(key: str, wanted: Wanted, rng: random.Random) -> dict[str, str]:
    name, hours, working, shifts = CALENDARS[key]
    worked = "".join(f"(0||{n}(s|{a}|f|{b})())" for n, (a, b) in enumerate(shift.split("-") for shift in shifts))
    week = "".join(f"(0||{day}()({worked if day in working else ''}))" for day in DAYS)
    begin = (START - DAY_ZERO).days
    off = sorted(rng.sample(range(begin, begin + 900), wanted.exceptions)) if key != "4" else []
    holidays = "".join(f"(0||{n}(d|{day})())" for n, day in enumerate(off))
    data = f"(0||CalendarData()((0||DaysOfWeek()({week}))(0||Exceptions()({holidays}))))"
    kind = {"clndr_id": key, "default_flag": "Y" if key == "1" else "N", "clndr_type": "CA_Base"}
    return {**kind, "clndr_name": name, "day_hr_cnt": str(hours), "clndr_data": data}


def _said(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""
