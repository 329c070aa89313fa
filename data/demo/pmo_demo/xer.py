"""A `Project` as Primavera P6 would export it: XER text, for the demo only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pmo_lib.project import Project

Row = dict[str, Any]
KINDS = {"task": "TT_Task", "resource_dependent": "TT_Rsrc", "level_of_effort": "TT_LOE", "start_milestone": "TT_Mile", "finish_milestone": "TT_FinMile"}
CONSTRAINTS = {
    "as_late_as_possible": "CS_ALAP",
    "start_on_or_after": "CS_MSOA",
    "start_on_or_before": "CS_MSOB",
    "start_on": "CS_MSO",
    "finish_on_or_after": "CS_MEOA",
    "finish_on_or_before": "CS_MEOB",
    "finish_on": "CS_MEO",
    "mandatory_start": "CS_MANDSTART",
    "mandatory_finish": "CS_MANDFIN",
}
RESOURCES = {"labour": "RT_Labor", "equipment": "RT_Equip", "material": "RT_Mat"}
DAY_ZERO = date(1899, 12, 30)  # P6 counts days as spreadsheets do
PROJECT_ID = "1"


def write_xer(plan: Project, path: Path, planned: Mapping[str, int] | None = None) -> None:
    """Write the plan as an XER file. `planned` [working minutes] is each activity's planned duration, which P6 keeps beside the one at completion."""
    tables: dict[str, list[Row]] = {
        "CURRTYPE": [
            {
                "curr_id": "1",
                "decimal_digit_cnt": 2,
                "curr_symbol": "GBP",
                "decimal_symbol": ".",
                "digit_group_symbol": ",",
                "pos_curr_fmt_type": "#1.1",
                "neg_curr_fmt_type": "(#1.1)",
                "curr_type": "Pound Sterling",
                "curr_short_name": "GBP",
                "group_digit_cnt": 3,
                "base_exch_rate": 1,
            }
        ],
        "OBS": [{"obs_id": "1", "parent_obs_id": "", "seq_num": 0, "obs_name": plan.info.manager or "Enterprise"}],
        "PROJECT": [_project(plan)],
        "CALENDAR": list(_calendars(plan)),
        "SCHEDOPTIONS": [_options(plan)],
        "PROJWBS": list(_wbs(plan)),
        "RSRC": list(_resources(plan)),
        "RSRCRATE": list(_rates(plan)),
        **_code_tables(plan),
        **_field_tables(plan),
        "TASK": list(_tasks(plan, planned or {})),
        "TASKPRED": list(_relationships(plan)),
        "TASKRSRC": list(_assignments(plan)),
    }
    order = [
        "CURRTYPE",
        "OBS",
        "UDFTYPE",
        "PROJECT",
        "CALENDAR",
        "SCHEDOPTIONS",
        "PROJWBS",
        "RSRC",
        "ACTVTYPE",
        "RSRCRATE",
        "ACTVCODE",
        "TASK",
        "TASKPRED",
        "TASKRSRC",
        "TASKACTV",
        "UDFVALUE",
    ]
    stamp = f"{plan.info.data_date:%Y-%m-%d}" if plan.info.data_date else ""
    lines = ["\t".join(["ERMHDR", "20.12", stamp, "Project", "planner", "Planning office", "dbxDatabaseNoName", "Project Management", "GBP"])]
    for name in order:
        if tables.get(name):
            lines += _table(name, tables[name])
    path.write_bytes(("\r\n".join([*lines, "%E"]) + "\r\n").encode("cp1252", errors="xmlcharrefreplace"))


def _table(name: str, rows: list[Row]) -> Iterable[str]:
    fields = list(rows[0])
    yield f"%T\t{name}"
    yield "\t".join(["%F", *fields])
    for row in rows:
        yield "\t".join(["%R", *(_text(row[field]) for field in fields)])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).replace("\t", " ").replace("\n", " ").replace('"', '""')


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else minutes / 60


def _rows(plan: Project, name: str) -> Iterable[Mapping[str, Any]]:
    return plan.tables[name].iter_rows(named=True) if name in plan.tables else ()


def _flag(value: bool) -> str:
    return "Y" if value else "N"


def _project(plan: Project) -> Row:
    info = plan.info
    return {
        "proj_id": PROJECT_ID,
        "fy_start_month_num": 4,
        "rsrc_self_add_flag": "Y",
        "allow_complete_flag": "Y",
        "project_flag": "Y",
        "name_sep_char": ".",
        "def_complete_pct_type": "CP_Drtn",
        "proj_short_name": info.key,
        "clndr_id": info.calendar,
        "task_code_base": 1000,
        "task_code_step": 10,
        "priority_num": 10,
        "critical_drtn_hr_cnt": 0,
        "last_recalc_date": info.data_date or info.planned_start,
        "plan_start_date": info.planned_start,
        "plan_end_date": info.must_finish,
        "scd_end_date": info.stored_finish,
        "add_date": info.planned_start,
        "def_duration_type": "DT_FixedDUR2",
        "def_qty_type": "QT_Hour",
        "add_by_name": "planner",
        "def_rate_type": "COST_PER_QTY",
        "def_task_type": "TT_Task",
        "critical_path_type": "CT_TotFloat",
        "export_flag": "Y",
    }


def _options(plan: Project) -> Row:
    options = plan.info.options
    return {
        "schedoptions_id": "1",
        "proj_id": PROJECT_ID,
        "sched_outer_depend_type": "SD_Both",
        "sched_open_critical_flag": _flag(options.open_ends_critical),
        "sched_lag_early_start_flag": _flag(options.lag_from == "early_start"),
        "sched_retained_logic": _flag(options.out_of_sequence == "retained_logic"),
        "sched_setplantoforecast": "N",
        "sched_float_type": {"finish": "FT_FF", "start": "FT_SF", "smallest": "FT_MIN"}[options.total_float],
        "sched_calendar_on_relationship_lag": {
            "predecessor": "rcal_Predecessor",
            "successor": "rcal_Successor",
            "project": "rcal_ProjDefault",
            "24h": "rcal_24Hour",
        }[options.lag_calendar],
        "sched_use_expect_end_flag": _flag(options.use_expected_finish),
        "sched_progress_override": _flag(options.out_of_sequence == "progress_override"),
        "sched_use_project_end_date_for_float": "Y",
    }


def _calendars(plan: Project) -> Iterable[Row]:
    for row in _rows(plan, "calendars"):
        day = row["minutes_per_day"] / 60
        week = 7 if day == 24 else 5
        yield {
            "clndr_id": row["calendar"],
            "default_flag": _flag(row["calendar"] == plan.info.calendar),
            "clndr_name": row["name"],
            "proj_id": None,
            "base_clndr_id": row["base"],
            "last_chng_date": None,
            "clndr_type": "CA_Base",
            "day_hr_cnt": day,
            "week_hr_cnt": day * week,
            "month_hr_cnt": day * week * 4.3,
            "year_hr_cnt": day * week * 50,
            "rsrc_private": "N",
            "clndr_data": _calendar_data(plan, row["calendar"]),
        }


def _calendar_data(plan: Project, key: str) -> str:
    week: dict[int, list[Mapping[str, Any]]] = {}
    for row in _rows(plan, "shifts"):
        if row["calendar"] == key:
            week.setdefault(row["weekday"] % 7 + 1, []).append(row)  # P6 counts from Sunday
    days: dict[int, list[Mapping[str, Any]]] = {}
    for row in _rows(plan, "exceptions"):
        if row["calendar"] == key:
            days.setdefault((row["first"] - DAY_ZERO).days, []).append(row)
    working = "".join(f"(0||{day}()({_shifts(week[day])}))" for day in sorted(week))
    dated = "".join(f"(0||{index}(d|{day})({_shifts(days[day])}))" for index, day in enumerate(sorted(days)))
    return f"(0||CalendarData()((0||DaysOfWeek()({working}))(0||VIEW(ShowTotal|Y)())(0||Exceptions()({dated}))))"


def _shifts(rows: list[Mapping[str, Any]]) -> str:
    worked = [row for row in rows if row["start"] is not None]
    return "".join(f"(0||{index}(s|{_clock(row['start'])}|f|{_clock(row['finish'])})())" for index, row in enumerate(worked))


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _wbs(plan: Project) -> Iterable[Row]:
    for number, row in enumerate(_rows(plan, "wbs")):
        yield {
            "wbs_id": row["wbs"],
            "proj_id": PROJECT_ID,
            "obs_id": "1",
            "seq_num": number,
            "est_wt": 1,
            "proj_node_flag": _flag(row["parent"] is None),
            "sum_data_flag": "N",
            "status_code": "WS_Open",
            "wbs_short_name": (row["code"] or row["wbs"]).rpartition(".")[2],
            "wbs_name": row["name"],
            "parent_wbs_id": row["parent"],
            "ev_user_pct": 6,
            "ev_etc_user_value": 0.88,
            "ev_compute_type": "EC_Cmp_pct",
            "ev_etc_compute_type": "EE_Rem_hr",
        }


def _resources(plan: Project) -> Iterable[Row]:
    for number, row in enumerate(_rows(plan, "resources")):
        yield {
            "rsrc_id": row["resource"],
            "parent_rsrc_id": None,
            "clndr_id": row["calendar"],
            "rsrc_seq_num": number,
            "rsrc_name": row["name"],
            "rsrc_short_name": row["code"],
            "def_qty_per_hr": 1,
            "cost_qty_type": "QT_Hour",
            "active_flag": "Y",
            "auto_compute_act_flag": "Y",
            "def_cost_qty_link_flag": "Y",
            "ot_flag": "N",
            "curr_id": "1",
            "rsrc_type": RESOURCES[row["kind"]],
        }


def _rates(plan: Project) -> Iterable[Row]:
    for row in _rows(plan, "resources"):
        yield {
            "rsrc_rate_id": row["resource"],
            "rsrc_id": row["resource"],
            "max_qty_per_hr": row["max_units"],
            "cost_per_qty": row["standard_rate"],
            "start_date": datetime(2025, 1, 1),
            "shift_period_id": None,
        }


def _tasks(plan: Project, planned: Mapping[str, int]) -> Iterable[Row]:
    for row in _rows(plan, "activities"):
        done, begun = row["actual_finish"] is not None, row["actual_start"] is not None
        open_start, open_finish = (None, None) if done else (row["stored_early_start"], row["stored_early_finish"])
        yield {
            "task_id": row["uid"],
            "proj_id": PROJECT_ID,
            "wbs_id": row["wbs"],
            "clndr_id": row["calendar"],
            "phys_complete_pct": None if row["physical_percent"] is None else round(row["physical_percent"] * 100),
            "rev_fdbk_flag": "N",
            "est_wt": 1,
            "lock_plan_flag": "N",
            "auto_compute_act_flag": "N",
            "complete_pct_type": "CP_Drtn" if row["physical_percent"] is None else "CP_Phys",
            "task_type": KINDS[row["kind"]],
            "duration_type": "DT_FixedDUR2",
            "status_code": "TK_Complete" if done else "TK_Active" if begun else "TK_NotStart",
            "task_code": row["activity"],
            "task_name": row["name"],
            "total_float_hr_cnt": _hours(row["stored_total_float"]),
            "free_float_hr_cnt": _hours(row["stored_free_float"]),
            "remain_drtn_hr_cnt": _hours(row["remaining_duration"]),
            "act_work_qty": _hours(row["actual_work"]),
            "remain_work_qty": _hours(row["remaining_work"]),
            "target_work_qty": _hours(row["planned_work"]),
            "target_drtn_hr_cnt": _hours(planned.get(row["activity"], row["duration"])),
            "cstr_date": row["constraint_date"],
            "act_start_date": row["actual_start"],
            "act_end_date": row["actual_finish"],
            "late_start_date": row["stored_late_start"],
            "late_end_date": row["stored_late_finish"],
            "expect_end_date": row["expected_finish"],
            "early_start_date": row["stored_early_start"],
            "early_end_date": row["stored_early_finish"],
            "restart_date": open_start,
            "reend_date": open_finish,
            "target_start_date": row["planned_start"],
            "target_end_date": row["planned_finish"],
            "rem_late_start_date": row["stored_late_start"],
            "rem_late_end_date": row["stored_late_finish"],
            "cstr_type": CONSTRAINTS.get(row["constraint"]),
            "priority_type": "PT_Normal",
            "cstr_date2": row["constraint_2_date"],
            "cstr_type2": CONSTRAINTS.get(row["constraint_2"]),
            "driving_path_flag": _flag(bool(row["stored_critical"])),
            "create_user": "planner",
            "update_user": "planner",
        }


def _uids(plan: Project) -> dict[str, str]:
    return {row["activity"]: row["uid"] for row in _rows(plan, "activities")}


def _relationships(plan: Project) -> Iterable[Row]:
    uids = _uids(plan)
    for row in _rows(plan, "relationships"):
        yield {
            "task_pred_id": row["uid"],
            "task_id": uids[row["successor"]],
            "pred_task_id": uids[row["predecessor"]],
            "proj_id": PROJECT_ID,
            "pred_proj_id": PROJECT_ID,
            "pred_type": f"PR_{row['type']}",
            "lag_hr_cnt": _hours(row["lag"]),
        }


def _assignments(plan: Project) -> Iterable[Row]:
    uids = _uids(plan)
    works = {row["activity"]: row for row in _rows(plan, "activities")}
    rates = {row["resource"]: row["standard_rate"] for row in _rows(plan, "resources")}
    kinds = {row["resource"]: row["kind"] for row in _rows(plan, "resources")}
    for row in _rows(plan, "assignments"):
        material = kinds[row["resource"]] == "material"
        target = row["planned_quantity"] if material else (row["planned_work"] or 0) / 60
        share = row["actual_cost"] / (row["actual_cost"] + row["remaining_cost"]) if row["actual_cost"] else 0.0
        actual = target * share if material else (row["actual_work"] or 0) / 60
        work = works[row["activity"]]
        yield {
            "taskrsrc_id": row["uid"],
            "task_id": uids[row["activity"]],
            "proj_id": PROJECT_ID,
            "cost_qty_link_flag": "Y",
            "rsrc_id": row["resource"],
            "remain_qty": target - actual if material else _hours(row["remaining_work"]),
            "target_qty": target,
            "target_qty_per_hr": row["units"],
            "act_ot_qty": 0,
            "act_reg_qty": actual,
            "cost_per_qty": rates[row["resource"]],
            "target_cost": row["planned_cost"],
            "act_reg_cost": row["actual_cost"],
            "act_ot_cost": 0,
            "remain_cost": row["remaining_cost"],
            "act_start_date": work["actual_start"],
            "act_end_date": work["actual_finish"],
            "target_start_date": row["start"],
            "target_end_date": row["finish"],
            "rollup_dates_flag": "Y",
            "rate_type": "COST_PER_QTY",
            "rsrc_type": RESOURCES[kinds[row["resource"]]],
        }


def _code_tables(plan: Project) -> dict[str, list[Row]]:
    uids, kinds, values, links = _uids(plan), {}, {}, []
    for row in _rows(plan, "codes"):
        kind = kinds.setdefault(row["type"], str(len(kinds) + 1))
        value = values.setdefault((kind, row["value"]), (str(len(values) + 1), row["description"]))
        links.append({"task_id": uids[row["activity"]], "actv_code_type_id": kind, "actv_code_id": value[0], "proj_id": PROJECT_ID})
    return {
        "ACTVTYPE": [
            {"actv_code_type_id": key, "actv_short_len": 7, "seq_num": 0, "actv_code_type": name, "actv_code_type_scope": "AS_Global"}
            for name, key in kinds.items()
        ],
        "ACTVCODE": [
            {"actv_code_id": key, "parent_actv_code_id": None, "actv_code_type_id": kind, "actv_code_name": text, "short_name": value, "seq_num": 0}
            for (kind, value), (key, text) in values.items()
        ],
        "TASKACTV": links,
    }


def _field_tables(plan: Project) -> dict[str, list[Row]]:
    uids, kinds, values = _uids(plan), {}, []
    for row in _rows(plan, "custom_fields"):
        kind = kinds.setdefault(row["field"], (str(len(kinds) + 1), row["kind"]))
        number = row["value"] if row["kind"] in ("number", "cost") else None
        values.append(
            {
                "udf_type_id": kind[0],
                "fk_id": uids[row["key"]],
                "proj_id": PROJECT_ID,
                "udf_date": None,
                "udf_number": number,
                "udf_text": None if number else row["value"],
            }
        )
    types = {"number": "FT_FLOAT_2_DECIMALS", "cost": "FT_MONEY", "text": "FT_TEXT"}
    return {
        "UDFTYPE": [
            {
                "udf_type_id": key,
                "table_name": "TASK",
                "udf_type_name": f"user_field_{key}",
                "udf_type_label": name,
                "logical_data_type": types[kind],
                "super_flag": "N",
            }
            for name, (key, kind) in kinds.items()
        ],
        "UDFVALUE": values,
    }
