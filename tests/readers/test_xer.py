"""The XER reader on small files whose every value is known."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pmo_lib.errors import NotSchedulable, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer import reader as xer
from pmo_lib.readers.xer.calendars import tree
from pmo_lib.schedule import dates

HEADER = "ERMHDR\t23.12\t2026-01-05\tProject\tana\tAna\tdb\tProject Management\tEUR"
CALENDAR = (
    "(0||CalendarData()(  (0||DaysOfWeek()(    (0||1()())    (0||2()(      (0||0(s|08:00|f|12:00)())      (0||1(s|13:00|f|17:00)())))"
    "    (0||3()((0||0(s|22:00|f|00:00)())))    (0||4()((0||0(s|00:00|f|00:00)())))    (0||5()())    (0||6()())    (0||7()())))"
    "  (0||VIEW(ShowTotal|Y)())  (0||Exceptions()(    (0||0(d|46024)())    (0||1(d|46025)((0||0(s|09:00|f|13:00)())))))))"
)
TABLES: dict[str, list[dict[str, Any]]] = {
    "CURRTYPE": [{"curr_id": 1, "curr_short_name": "EUR"}],
    "OBS": [{"obs_id": 5, "obs_name": "Ana Lopez"}],
    "PROJECT": [
        {
            "proj_id": 1,
            "proj_short_name": "BRIDGE",
            "clndr_id": 7,
            "last_recalc_date": "2026-01-05 08:00",
            "plan_start_date": "2026-01-05 00:00",
            "plan_end_date": "2026-06-30 17:00",
            "scd_end_date": "2026-06-12 17:00",
            "critical_drtn_hr_cnt": 0,
            "critical_path_type": "CT_TotFloat",
        }
    ],
    "SCHEDOPTIONS": [{"proj_id": 1, "sched_retained_logic": "Y", "sched_progress_override": "N", "sched_lag_early_start_flag": "Y"}],
    "CALENDAR": [{"clndr_id": 7, "clndr_name": "Site", "clndr_type": "CA_Base", "day_hr_cnt": 8, "default_flag": "Y", "clndr_data": CALENDAR}],
    "PROJWBS": [
        {"wbs_id": 31, "proj_id": 1, "parent_wbs_id": 30, "wbs_short_name": "P", "wbs_name": "Piers", "seq_num": 2},
        {"wbs_id": 30, "proj_id": 1, "parent_wbs_id": 99, "wbs_short_name": "BRIDGE", "wbs_name": "River bridge", "proj_node_flag": "Y", "obs_id": 5},
    ],
    "TASK": [
        {
            "task_id": 10,
            "proj_id": 1,
            "wbs_id": 31,
            "clndr_id": 7,
            "task_code": "A10",
            "task_name": "Pier 1",
            "task_type": "TT_Task",
            "status_code": "TK_NotStart",
            "target_drtn_hr_cnt": 80,
            "remain_drtn_hr_cnt": 80,
            "complete_pct_type": "CP_Drtn",
            "cstr_type": "CS_MSOA",
            "cstr_date": "2026-01-12 08:00",
            "cstr_type2": "CS_MEOB",
            "cstr_date2": "2026-03-31 17:00",
            "total_float_hr_cnt": "0",
            "free_float_hr_cnt": "1.5",
            "priority_type": "PT_High",
            "early_start_date": "2026-01-12 08:00",
            "target_start_date": "2026-01-05 08:00",
            "guid": "ofc18xRJJUWf4JiamauDdA",
            "driving_path_flag": "N",
        },
        {
            "task_id": 11,
            "proj_id": 1,
            "wbs_id": 31,
            "clndr_id": 7,
            "task_code": "A20",
            "task_name": "Done",
            "task_type": "TT_FinMile",
            "target_drtn_hr_cnt": 0,
            "remain_drtn_hr_cnt": 0,
        },
    ],
    "TASKPRED": [{"task_pred_id": 1, "task_id": 11, "pred_task_id": 10, "proj_id": 1, "pred_proj_id": 1, "pred_type": "PR_FF", "lag_hr_cnt": "-4.5"}],
    "RSRC": [
        {"rsrc_id": 50, "rsrc_name": "Crane", "rsrc_short_name": "CR", "rsrc_type": "RT_Equip", "clndr_id": 7},
        {"rsrc_id": 51, "rsrc_name": "Steel", "rsrc_type": "RT_Mat"},
    ],
    "RSRCRATE": [
        {"rsrc_id": 50, "max_qty_per_hr": 1, "cost_per_qty": 90, "start_date": "2025-01-01 00:00"},
        {"rsrc_id": 50, "max_qty_per_hr": 2, "cost_per_qty": 100, "start_date": "2026-01-01 00:00"},
        {"rsrc_id": 50, "max_qty_per_hr": 3, "cost_per_qty": 110, "start_date": "2027-01-01 00:00"},
    ],
    "TASKRSRC": [
        {
            "taskrsrc_id": 1,
            "task_id": 10,
            "proj_id": 1,
            "rsrc_id": 50,
            "target_qty": 40,
            "remain_qty": 30,
            "act_reg_qty": 10,
            "target_cost": 4000,
            "act_reg_cost": 1000,
            "act_ot_cost": 50,
            "remain_cost": 3000,
        },
        {"taskrsrc_id": 2, "task_id": 10, "proj_id": 1, "rsrc_id": 51, "target_qty": 12.5, "target_cost": 500},
        {"taskrsrc_id": 3, "task_id": 10, "proj_id": 1, "role_id": 4, "target_qty": 8},
    ],
    "PROJCOST": [{"task_id": 10, "proj_id": 1, "target_cost": 250, "act_cost": 100, "remain_cost": 150}],
    "ACTVTYPE": [{"actv_code_type_id": 1, "actv_code_type": "Phase"}],
    "ACTVCODE": [{"actv_code_id": 2, "actv_code_type_id": 1, "short_name": "CON", "actv_code_name": "Construction"}],
    "TASKACTV": [{"task_id": 10, "actv_code_type_id": 1, "actv_code_id": 2, "proj_id": 1}],
    "UDFTYPE": [
        {"udf_type_id": 1, "table_name": "TASK", "udf_type_label": "Inspected", "logical_data_type": "FT_START_DATE"},
        {"udf_type_id": 2, "table_name": "PROJWBS", "udf_type_label": "Owner", "logical_data_type": "FT_TEXT"},
    ],
    "UDFVALUE": [
        {"udf_type_id": 1, "fk_id": 10, "proj_id": 1, "udf_date": "2026-02-01 00:00"},
        {"udf_type_id": 2, "fk_id": 31, "proj_id": 1, "udf_text": 'He said ""yes""'},
    ],
}


def written(tables: dict[str, list[dict[str, Any]]], header: str = HEADER, end: str = "\n") -> str:
    """The tables as XER text."""
    lines = [header]
    for name, rows in tables.items():
        fields = list(dict.fromkeys(field for row in rows for field in row))
        lines += [f"%T\t{name}", "\t".join(("%F", *fields)), *("\t".join(("%R", *(str(row.get(field, "")) for field in fields))) for row in rows)]
    return end.join([*lines, "%E", ""])


def plan_of(folder: Path, tables: dict[str, list[dict[str, Any]]], **options: str) -> Project:
    path = folder / "bridge.xer"
    path.write_bytes(written(tables, **options).encode())
    return xer.parse(path)[0]


def changed(table: str, at: int, **values: Any) -> dict[str, list[dict[str, Any]]]:
    """TABLES with other values in one row."""
    rows = [{**row, **values} if number == at else row for number, row in enumerate(TABLES[table])]
    return {**TABLES, table: rows}


def findings(plan: Project, code: str) -> list[tuple[str, str]]:
    return plan.findings.filter(code=code).select("place", "message").rows()


@pytest.fixture
def plan(tmp_path: Path) -> Project:
    return plan_of(tmp_path, TABLES)


def test_info(plan: Project) -> None:
    info = plan.info
    assert (info.key, info.name, info.manager, info.currency, info.calendar, info.application) == ("BRIDGE", "River bridge", "Ana Lopez", "EUR", "7", "p6")
    assert (info.data_date, info.planned_start, info.must_finish, info.stored_finish) == (
        datetime(2026, 1, 5, 8),
        datetime(2026, 1, 5),
        datetime(2026, 6, 30, 17),
        datetime(2026, 6, 12, 17),
    )
    assert info.baseline is None
    assert plan.findings.is_empty()


def test_activity(plan: Project) -> None:
    row = plan.tables["activities"].row(0, named=True)
    assert (row["activity"], row["uid"], row["wbs"], row["kind"], row["priority"]) == ("A10", "10", "31", "task", 2)
    assert row["guid"] == "f335f7a1-4914-4525-9fe0-989a99ab8374"
    assert (row["duration"], row["remaining_duration"], row["stored_total_float"], row["stored_free_float"]) == (4800, 4800, 0, 90)
    assert (row["constraint"], row["constraint_date"]) == ("start_on_or_after", datetime(2026, 1, 12, 8))
    assert (row["constraint_2"], row["constraint_2_date"]) == ("finish_on_or_before", datetime(2026, 3, 31, 17))
    assert (row["planned_start"], row["stored_start"], row["stored_critical"]) == (datetime(2026, 1, 5, 8), datetime(2026, 1, 12, 8), True)
    assert (row["planned_cost"], row["actual_cost"], row["remaining_cost"]) == (4750, 1150, 3150)


def test_relationships_and_wbs(plan: Project) -> None:
    assert plan.tables["relationships"].select("predecessor", "successor", "type", "lag", "lag_kind").rows() == [("A10", "A20", "FF", -270, "working")]
    assert plan.tables["wbs"].select("wbs", "parent", "code", "level").rows() == [("30", None, "BRIDGE", 0), ("31", "30", "BRIDGE.P", 1)]


def test_calendar_counts_from_sunday_and_midnight_ends_the_day(plan: Project) -> None:
    shifts = plan.tables["shifts"].select("weekday", "start", "finish").rows()
    worked = [shift for shift in shifts if shift[1] is not None]
    assert worked == [(1, 480, 720), (1, 780, 1020), (2, 1320, 1440), (3, 0, 1440)]
    assert {shift[0] for shift in shifts} == set(range(1, 8))
    assert plan.tables["exceptions"].select("first", "start", "finish").rows() == [(date(2026, 1, 2), None, None), (date(2026, 1, 3), 540, 780)]


def test_resources_have_the_rate_of_the_data_date(plan: Project) -> None:
    assert plan.tables["resources"].select("resource", "kind", "max_units", "standard_rate").rows() == [
        ("50", "equipment", 2, 100),
        ("51", "material", None, None),
    ]
    assert plan.tables["assignments"].select("resource", "planned_work", "actual_work", "planned_quantity").rows() == [
        ("50", 2400, 600, None),
        ("51", None, None, 12.5),
        (None, 480, 0, None),
    ]


def test_codes_and_custom_fields(plan: Project) -> None:
    assert plan.tables["codes"].rows() == [("A10", "Phase", "CON", "Construction")]
    assert plan.tables["custom_fields"].rows() == [
        ("activity", "A10", "Inspected", "date", "2026-02-01T00:00"),
        ("wbs", "31", "Owner", "text", 'He said "yes"'),
    ]


OPTIONS = [
    ("SCHEDOPTIONS", {"sched_progress_override": "Y"}, "out_of_sequence", "progress_override"),
    ("SCHEDOPTIONS", {"sched_retained_logic": "N"}, "out_of_sequence", "actual_dates"),
    ("SCHEDOPTIONS", {}, "out_of_sequence", "retained_logic"),
    ("SCHEDOPTIONS", {"sched_calendar_on_relationship_lag": "rcal_24Hour"}, "lag_calendar", "24h"),
    ("SCHEDOPTIONS", {"sched_calendar_on_relationship_lag": "Successor"}, "lag_calendar", "successor"),
    ("SCHEDOPTIONS", {"sched_calendar_on_relationship_lag": "rcal_ProjDefault"}, "lag_calendar", "project"),
    ("SCHEDOPTIONS", {"sched_calendar_on_relationship_lag": "RCAL_SUCCESSOR"}, "lag_calendar", "successor"),  # as other tools write it
    ("SCHEDOPTIONS", {"sched_float_type": "FT_SF"}, "total_float", "start"),
    ("SCHEDOPTIONS", {"sched_float_type": "FT_MIN"}, "total_float", "smallest"),
    ("SCHEDOPTIONS", {"sched_lag_early_start_flag": "N"}, "lag_from", "actual_start"),
    ("SCHEDOPTIONS", {"sched_use_expect_end_flag": "Y"}, "use_expected_finish", True),
    ("SCHEDOPTIONS", {"sched_use_expect_end_flag": "N"}, "use_expected_finish", False),
    ("SCHEDOPTIONS", {"sched_use_expect_end_flag": ""}, "use_expected_finish", True),  # P6's default
    ("SCHEDOPTIONS", {"sched_open_critical_flag": "Y"}, "open_ends_critical", True),
    ("SCHEDOPTIONS", {"sched_outer_depend_type": "SD_None"}, "ignore_external", True),
    ("PROJECT", {"critical_path_type": "CT_DrivPath"}, "critical", "longest_path"),
    ("PROJECT", {"critical_drtn_hr_cnt": "16"}, "critical_float", 960),
]


@pytest.mark.parametrize(("table", "values", "option", "expected"), OPTIONS)
def test_options(tmp_path: Path, table: str, values: dict[str, str], option: str, expected: Any) -> None:
    assert getattr(plan_of(tmp_path, changed(table, 0, **values)).info.options, option) == expected


def test_words_in_another_case_are_p6s_words(tmp_path: Path) -> None:
    """Files that passed through other tools write TT_mile, pr_ss and cs_msoa (seen in public files)."""
    said = changed("TASK", 0, task_type="TT_mile", cstr_type="cs_msoa", cstr_date="2026-02-02 08:00")
    said["TASKPRED"] = [{**said["TASKPRED"][0], "pred_type": "pr_ss"}]
    plan = plan_of(tmp_path, said)
    first = plan.tables["activities"].row(0, named=True)
    assert (first["kind"], first["constraint"], plan.tables["relationships"]["type"].to_list()) == ("start_milestone", "start_on_or_after", ["SS"])
    assert "value-unknown" not in plan.findings["code"].to_list()


def test_an_assignment_that_drives_no_dates_is_told_from_one_that_does(tmp_path: Path) -> None:
    said = changed("TASKRSRC", 0, rollup_dates_flag="N")
    said["TASKRSRC"][1]["rollup_dates_flag"] = "Y"
    assert plan_of(tmp_path, said).tables["assignments"]["drives"].to_list() == [False, None, None]


ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "cp1252": b"", "utf-16": b""}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "bridge.xer"
    path.write_bytes(written(changed("TASK", 0, task_name="Pfeiler süd – 1 €")).encode(encoding))
    plan = xer.parse(path)[0]
    assert plan.tables["activities"]["name"][0] == "Pfeiler süd – 1 €"
    assert [code for code in plan.findings["code"] if code != "encoding-assumed"] == []
    assert xer.matches(path.read_bytes()[:100], path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    assert plan_of(tmp_path, TABLES, end=end).tables["activities"].height == 2


def test_a_text_cell_may_hold_a_line_end(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, changed("TASK", 0, task_name="Pier 1\nsouth bank"))
    row = plan.tables["activities"].row(0, named=True)
    assert (row["name"], row["stored_free_float"]) == ("Pier 1\nsouth bank", 90)
    assert plan.findings.is_empty()


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("TASK", {"cstr_date": "soon"}, "date-unreadable", "TASK A10, line 23"),
    ("TASK", {"cstr_date": ""}, "constraint-without-date", "TASK A10"),
    ("TASK", {"cstr_type": "CS_SOMEHOW"}, "value-unknown", "TASK A10"),
    ("TASK", {"target_drtn_hr_cnt": "ten", "remain_drtn_hr_cnt": ""}, "duration-unknown", "TASK, A10"),
    ("TASK", {"remain_drtn_hr_cnt": "10.001"}, "rounded", "TASK A10"),
    ("TASK", {"total_float_hr_cnt": "1e12"}, "value-absurd", "TASK A10"),
    ("TASK", {"act_end_date": "2026-01-09 17:00"}, "finish-without-start", "TASK A10"),
    ("TASK", {"act_start_date": "2026-01-05 08:00"}, "status-contradicts-dates", "TASK A10"),
    ("TASK", {"wbs_id": "404"}, "reference-missing", "TASK A10"),
    ("TASK", {"task_code": "A20"}, "activity-id-twice", "TASK, line 24, A20"),
    ("TASK", {"external_early_start_date": "2026-01-05 08:00"}, "external-date", "TASK A10"),
    ("TASKPRED", {"pred_proj_id": "2", "pred_task_id": "77"}, "relationship-external", "task_id 77 -> A20"),
    ("TASKPRED", {"pred_task_id": "77"}, "relationship-without-activities", "task_id 77 -> A20"),
    ("TASKPRED", {"pred_type": "PR_XX"}, "value-unknown", "TASKPRED, line 27"),
    ("CALENDAR", {"day_hr_cnt": "0"}, "calendar-hours", "CALENDAR, line"),
    ("CALENDAR", {"clndr_data": ""}, "calendar-without-week", "CALENDAR, line"),
    ("CALENDAR", {"base_clndr_id": "7"}, "calendar-base", "calendar Site"),
]


@pytest.mark.parametrize(("table", "values", "code", "place"), FAULTS)
def test_a_fault_becomes_a_finding_with_its_place(tmp_path: Path, table: str, values: dict[str, Any], code: str, place: str) -> None:
    tables = changed(table, 0, **values)
    found = findings(plan_of(tmp_path, tables), code)
    assert found, code
    assert place in found[0][0]


def test_a_calendar_whose_week_names_no_day_has_no_working_time(tmp_path: Path) -> None:
    """As other tools than P6 write it; nothing is assumed in its place."""
    plan = plan_of(tmp_path, changed("CALENDAR", 0, clndr_data="(0||CalendarData()((0||DaysOfWeek()())(0||Exceptions()())))"))
    assert findings(plan, "calendar-without-work")
    with pytest.raises(NotSchedulable, match="calendar Site, on which A10 is to be done, has no working time"):
        dates(plan)


def test_a_successor_in_another_project_is_known_by_its_late_and_its_early_dates(tmp_path: Path) -> None:
    stated = {"late_start_date": 9, "rem_late_end_date": 10, "early_start_date": 6, "early_end_date": 7, "restart_date": 8}
    other = {"task_id": 77, "proj_id": 2, "task_code": "X", **{column: f"2026-03-{day:02} 08:00" for column, day in stated.items()}}
    tables = {**TABLES, "TASK": [*TABLES["TASK"], other], "PROJECT": [*TABLES["PROJECT"], {"proj_id": 2, "proj_short_name": "TWO"}]}
    tables["TASKPRED"] = [*TABLES["TASKPRED"], {"task_id": 77, "pred_task_id": 11, "proj_id": 2, "pred_proj_id": 1, "pred_type": "PR_FS"}]
    row = plan_of(tmp_path, tables).tables["external_relationships"].row(0, named=True)
    assert (row["activity"], row["other_is"], row["project"], row["other"]) == ("A20", "successor", "TWO", "X")
    assert [row[column].day for column in ("start", "finish", "early_start", "early_finish")] == [9, 10, 6, 7]


def with_baselines(measured: str, *originals: tuple[int, str, int]) -> dict[str, list[dict[str, Any]]]:
    """TABLES with baseline projects: key, name and whose; in each A10 in February, at 700 and 50, and an A99."""
    tables = changed("PROJECT", 0, sum_base_proj_id=measured)
    for number, (key, name, of) in enumerate(originals):
        day = f"2026-02-0{number + 2}"
        task = {
            "task_id": 100 * key,
            "proj_id": key,
            "task_code": "A10",
            "target_drtn_hr_cnt": 40,
            "target_work_qty": 20,
            "early_start_date": "2025-01-01 08:00",
        }
        tables["TASK"] = [
            *tables["TASK"],
            {**task, "target_start_date": f"{day} 08:00", "target_end_date": f"{day} 17:00"},
            {"task_id": 100 * key + 1, "proj_id": key, "task_code": "A99"},
        ]
        tables["PROJECT"] = [{"proj_id": key, "proj_short_name": name, "orig_proj_id": of}, *tables["PROJECT"]]
        tables["TASKRSRC"] = [*tables["TASKRSRC"], {"taskrsrc_id": 90 + key, "task_id": 100 * key, "proj_id": key, "target_cost": 700}]
        tables["PROJCOST"] = [*tables["PROJCOST"], {"task_id": 100 * key, "proj_id": key, "target_cost": 50}]
    return tables


def test_a_project_that_is_the_baseline_of_another_is_no_project_but_its_baseline(tmp_path: Path) -> None:
    path = tmp_path / "measured.xer"
    path.write_text(written(with_baselines("3", (2, "B1", 1), (3, "B2", 1), (4, "B3", 77))), encoding="utf-8")
    astray, plan = xer.parse(path)
    assert (plan.info.key, plan.info.baseline, astray.info.key, astray.info.baseline) == ("BRIDGE", "Baseline B2", "B3", None)
    found = plan.tables["baselines"].select("baseline", "activity", "start", "finish", "duration", "work", "cost").rows()
    days = [(0, 3), (1, 2)]  # the one in force first
    assert found == [(n, "A10", datetime(2026, 2, day, 8), datetime(2026, 2, day, 17), 2400, 1200, 750.0) for n, day in days]
    assert [place for place, *_ in findings(plan, "baseline-without-project")] == ["PROJECT, line 10: B3"]
    assert plan.tables["activities"]["activity"].to_list() == ["A10", "A20"]


def test_a_wbs_element_that_is_its_own_ancestor_is_left_out(tmp_path: Path) -> None:
    tables = changed("PROJWBS", 0, parent_wbs_id="32")
    tables["PROJWBS"] = [*tables["PROJWBS"], {"wbs_id": 32, "proj_id": 1, "parent_wbs_id": 31, "wbs_name": "Loop"}]
    plan = plan_of(tmp_path, tables)
    assert findings(plan, "wbs-loop")
    assert plan.tables["wbs"]["wbs"].to_list() == ["30"]
    assert plan.tables["activities"]["wbs"].to_list() == [None, None]


@pytest.mark.parametrize(("hours", "lag"), [("1,5", 90), ("1.5", 90), ("1,000.5", 60_030), ("1.000,5", 60_030), ("-0,25", -15)])
def test_hours_with_point_or_comma(tmp_path: Path, hours: str, lag: int) -> None:
    assert plan_of(tmp_path, changed("TASKPRED", 0, lag_hr_cnt=hours)).tables["relationships"]["lag"].to_list() == [lag]


def test_a_calendar_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    tables = {**TABLES, "CALENDAR": [*TABLES["CALENDAR"], {**TABLES["CALENDAR"][0], "clndr_name": "Again"}]}
    plan = plan_of(tmp_path, tables)
    assert plan.tables["calendars"]["name"].to_list() == ["Site"]
    assert findings(plan, "key-twice")


def test_durations_of_what_has_begun_are_at_completion(tmp_path: Path) -> None:
    """Monday 8 to 12 and 13 to 17 worked by the data date, Tuesday 08:00; then 80 hours remain."""
    tables = changed("TASK", 0, act_start_date="2026-01-05 08:00", status_code="TK_Active")
    tables["PROJECT"] = [{**TABLES["PROJECT"][0], "last_recalc_date": "2026-01-06 08:00"}]
    row = plan_of(tmp_path, tables).tables["activities"].row(0, named=True)
    assert (row["duration"], row["remaining_duration"]) == (480 + 4800, 4800)


def test_missing_tables_are_tolerated(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"TASK": [{"task_id": 1, "task_code": "A", "target_drtn_hr_cnt": 8, "remain_drtn_hr_cnt": 8}]})
    assert plan.tables["activities"].select("activity", "duration").rows() == [("A", 480)]
    assert {"table-missing", "options-missing"} <= set(plan.findings["code"])


def test_a_row_with_too_many_or_too_few_cells_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "bridge.xer"
    path.write_text(written(TABLES).replace("%R\t1\tEUR", "%R\t1\tEUR\tmore\tand more"))
    assert findings(xer.parse(path)[0], "row-width")[0][0] == "CURRTYPE, line 4"


def test_without_an_end_mark(tmp_path: Path) -> None:
    path = tmp_path / "bridge.xer"
    path.write_text(written(TABLES).removesuffix("%E\n"))
    assert findings(xer.parse(path)[0], "no-end-mark")
    path.write_text(written(TABLES).removesuffix("\n%E\n"))
    with pytest.raises(UnreadableFile, match="breaks off"):
        xer.parse(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\n\n"])
def test_without_a_header(tmp_path: Path, before: str, end: str) -> None:
    path = tmp_path / "bridge.xer"
    text = written(TABLES).removeprefix(f"{HEADER}\n").replace("%R\t1\tEUR", "%R\t1\tEUR\tmore")
    path.write_bytes((before + text).replace("\n", end).encode())
    assert xer.matches(path.read_bytes()[:512], path)
    plan = xer.parse(path)[0]
    assert plan.tables["activities"].equals(plan_of(tmp_path, TABLES).tables["activities"])
    assert [place for place, _ in findings(plan, "header-missing")] == [f"line {len(before) + 1}"]
    assert [place for place, _ in findings(plan, "row-width")] == [f"CURRTYPE, line {len(before) + 3}"]


def test_a_header_after_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "bridge.xer"
    path.write_text(f"\n\n{written(TABLES)}")
    assert xer.matches(path.read_bytes()[:512], path)
    assert xer.parse(path)[0].findings.is_empty()


def test_calendar_text_that_breaks_off_still_gives_what_it_has() -> None:
    week = tree(CALENDAR[:150]).child("CalendarData")
    assert week is not None
    assert [node.name for node in week.children] == ["DaysOfWeek"]


def test_findings_are_counted_not_repeated() -> None:
    notes = Notes()
    for line in range(1_000):
        notes.whole_minutes(0.5, "lag", f"line {line}")
    frame = notes.frame()
    assert frame["place"].to_list() == ["line 0 and 999 more"]
    assert isinstance(frame, pl.DataFrame)
