"""P6's resources, assignments, costs, activity codes and user-defined fields."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row, XerFile
from pmo_lib.readers.xer.values import minutes, number

KINDS = {"RT_Labor": "labour", "RT_Equip": "equipment", "RT_Mat": "material", "L": "labour", "N": "equipment", "M": "material"}
SUBJECTS = {"TASK": "activity", "RSRC": "resource", "PROJWBS": "wbs", "TASKRSRC": "assignment", "PROJECT": "project"}
FIELD_KINDS = {
    "FT_TEXT": ("text", "udf_text"),
    "FT_STATICTYPE": ("text", "udf_text"),
    "FT_START_DATE": ("date", "udf_date"),
    "FT_END_DATE": ("date", "udf_date"),
    "FT_INT": ("number", "udf_number"),
    "FT_FLOAT_2_DECIMALS": ("number", "udf_number"),
    "FT_MONEY": ("cost", "udf_number"),
}
COSTS = {"planned_cost": ("target_cost",), "actual_cost": ("act_reg_cost", "act_ot_cost", "act_cost"), "remaining_cost": ("remain_cost",)}


def resources(file: XerFile, calendars: set[str], at: datetime | None, notes: Notes) -> list[dict[str, Any]]:
    """Rows of resources, with the price and the availability that hold on the data date."""
    keys = {row["rsrc_id"] for row in file["RSRC"]}
    rates: dict[str, list[tuple[datetime, Row]]] = {}
    for rate in file["RSRCRATE"]:
        since = notes.instant(rate["start_date"], "start_date", f"RSRCRATE, line {rate.line}") or datetime.min
        rates.setdefault(rate["rsrc_id"], []).append((since, rate))
    rows = []
    for row in file["RSRC"]:
        place = f"RSRC {row['rsrc_id']}, line {row.line}"
        rate = _rate_at(rates.get(row["rsrc_id"], []), at) or row
        rows.append(
            {
                "resource": row["rsrc_id"],
                "code": row["rsrc_short_name"] or None,
                "name": row["rsrc_name"] or row["rsrc_short_name"] or row["rsrc_id"],
                "kind": KINDS.get(row["rsrc_type"], "labour"),
                "calendar": row["clndr_id"] if row["clndr_id"] in calendars else None,
                "max_units": number(rate["max_qty_per_hr"], "max_qty_per_hr", place, notes),
                "standard_rate": number(rate["cost_per_qty"], "cost_per_qty", place, notes),
                "parent": row["parent_rsrc_id"] if row["parent_rsrc_id"] in keys else None,
            }
        )
    return rows


def _rate_at(rates: list[tuple[datetime, Row]], at: datetime | None) -> Row | None:
    """The rate in force at `at`; the first where none is yet."""
    ordered = sorted(rates, key=lambda pair: pair[0])
    begun = [row for since, row in ordered if at is None or since <= at]
    return begun[-1] if begun and at else ordered[0][1] if ordered else None


def assignments(rows: Iterable[Row], ids: dict[str, str], kinds: dict[str, str], notes: Notes) -> list[dict[str, Any]]:
    """Rows of assignments. `kinds` is each resource's kind: a material has a quantity, all else has work."""
    found = []
    for row in rows:
        if row["task_id"] not in ids:
            continue
        place = f"TASKRSRC, line {row.line}"
        material = kinds.get(row["rsrc_id"]) == "material"
        actual = sum(number(row[column], column, place, notes) or 0.0 for column in ("act_reg_qty", "act_ot_qty"))
        found.append(
            {
                "activity": ids[row["task_id"]],
                "resource": row["rsrc_id"] if row["rsrc_id"] in kinds else None,
                "uid": row["taskrsrc_id"] or None,
                "units": number(row["target_qty_per_hr"], "target_qty_per_hr", place, notes),
                "planned_work": None if material else minutes(row, "target_qty", place, notes),
                "actual_work": None if material else notes.whole_minutes(actual * 60, "actual units", place),
                "remaining_work": None if material else minutes(row, "remain_qty", place, notes),
                "planned_quantity": number(row["target_qty"], "target_qty", place, notes) if material else None,
                **_costs_of(row, place, notes),
                "start": _first_date(row, ("act_start_date", "restart_date", "target_start_date"), place, notes),
                "finish": _first_date(row, ("act_end_date", "reend_date", "target_end_date"), place, notes),
                "drives": False if row["rollup_dates_flag"].upper() == "N" else None,
            }
        )
    return found


def _costs_of(row: Row, place: str, notes: Notes) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for ours, theirs in COSTS.items():
        values = [number(row[column], column, place, notes) for column in theirs]
        known = [value for value in values if value is not None]
        found[ours] = sum(known) if known else None
    return found


def _first_date(row: Row, columns: tuple[str, ...], place: str, notes: Notes) -> datetime | None:
    return next((found for column in columns if (found := notes.instant(row[column], column, place))), None)


def activity_costs(file: XerFile, ids: dict[str, str], notes: Notes) -> dict[str, dict[str, float]]:
    """Budgeted, actual and remaining cost by task_id: its assignments and its expenses together."""
    totals: dict[str, dict[str, float]] = {}
    for table in ("TASKRSRC", "PROJCOST"):
        for row in file[table]:
            if row["task_id"] not in ids:
                continue
            total = totals.setdefault(row["task_id"], {})
            for ours, value in _costs_of(row, f"{table}, line {row.line}", notes).items():
                if value is not None:
                    total[ours] = total.get(ours, 0.0) + value
    return totals


def codes(file: XerFile, ids: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of codes: each activity's activity codes."""
    types = {row["actv_code_type_id"]: row["actv_code_type"] for row in file["ACTVTYPE"]}
    values = {row["actv_code_id"]: row for row in file["ACTVCODE"]}
    found = []
    for row in file["TASKACTV"]:
        value = values.get(row["actv_code_id"])
        if row["task_id"] in ids and value is not None:
            kind = types.get(row["actv_code_type_id"]) or row["actv_code_type_id"]
            found.append(
                {
                    "activity": ids[row["task_id"]],
                    "type": kind,
                    "value": value["short_name"] or value["actv_code_name"],
                    "description": value["actv_code_name"] or None,
                }
            )
    return found


def custom_fields(file: XerFile, ids: dict[str, str], project: str) -> list[dict[str, Any]]:
    """Rows of custom fields: the values of user-defined fields."""
    types = {row["udf_type_id"]: row for row in file["UDFTYPE"]}
    found = []
    for row in file["UDFVALUE"]:
        definition = types.get(row["udf_type_id"])
        if definition is None or row["proj_id"] not in ("", project):
            continue
        subject = SUBJECTS.get(definition["table_name"])
        key = ids.get(row["fk_id"]) if subject == "activity" else row["fk_id"]
        kind, column = FIELD_KINDS.get(definition["logical_data_type"], ("text", "udf_text"))
        value = row[column].replace(" ", "T", 1) if kind == "date" else row[column] or row["udf_text"]
        if subject and key and value:
            label = definition["udf_type_label"] or definition["udf_type_name"] or row["udf_type_id"]
            found.append({"subject": subject, "key": key, "field": label, "kind": kind, "value": value})
    return found
