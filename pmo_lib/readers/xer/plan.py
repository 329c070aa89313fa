"""P6's TASK, TASKPRED and PROJWBS as activities, relationships and the work breakdown structure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row
from pmo_lib.readers.xer.values import REMEDY, guid, known, listed, minutes, number

KINDS = {
    "": "task",
    "TT_Task": "task",
    "TT_Rsrc": "resource_dependent",
    "TT_LOE": "level_of_effort",
    "TT_Mile": "start_milestone",
    "TT_FinMile": "finish_milestone",
    "TT_WBS": "summary",
}
CONSTRAINTS = {
    "CS_ALAP": "as_late_as_possible",
    "CS_MSO": "start_on",
    "CS_MSOA": "start_on_or_after",
    "CS_MSOB": "start_on_or_before",
    "CS_MEO": "finish_on",
    "CS_MEOA": "finish_on_or_after",
    "CS_MEOB": "finish_on_or_before",
    "CS_MANDSTART": "mandatory_start",
    "CS_MANDFIN": "mandatory_finish",
}
UNITS = {"planned": "target", "actual": "act", "remaining": "remain"}
PRIORITIES = {"PT_Top": 1, "PT_High": 2, "PT_Normal": 3, "PT_Low": 4, "PT_Lowest": 5}
DATES = {
    "actual_start": "act_start_date",
    "actual_finish": "act_end_date",
    "suspended": "suspend_date",
    "resumed": "resume_date",
    "expected_finish": "expect_end_date",
    "external_early_start": "external_early_start_date",
    "external_late_finish": "external_late_end_date",
    "planned_start": "target_start_date",
    "planned_finish": "target_end_date",
    "stored_early_start": "early_start_date",
    "stored_early_finish": "early_end_date",
    "stored_late_start": "late_start_date",
    "stored_late_finish": "late_end_date",
}
# what a row that has lost a cell says no more
BEHIND = frozenset(
    {*DATES.values(), "restart_date", "reend_date", "total_float_hr_cnt", "free_float_hr_cnt", "driving_path_flag", "status_code"}
    | {"cstr_type", "cstr_date", "cstr_type2", "cstr_date2"}
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def identities(tasks: Iterable[Row], notes: Notes) -> dict[str, str]:
    """The activity id that people see for each task_id; where P6 ids repeat or lack, one made from the task_id."""
    ids: dict[str, str] = {}
    seen: set[str] = set()
    for row in tasks:
        uid, code, place = row["task_id"], row["task_code"], f"TASK, line {row.line}"
        if not (uid or code):
            notes.add("error", "activity-without-id", place, "an activity without task_id and task_code was left out", REMEDY)
            continue
        if uid in ids:
            notes.add("error", "activity-twice", f"{place}, task_id {uid}", "an activity whose task_id came before was left out", REMEDY)
            continue
        if not code or code in seen:
            if code:
                notes.add("warning", "activity-id-twice", f"{place}, {code}", "an activity id came twice; the second is shown with its task_id", REMEDY)
            code = f"{code}#{uid}" if code else uid
        seen.add(code)
        ids[uid or code] = code
    return ids


def activities(tasks: Iterable[Row], ids: dict[str, str], facts: ActivityFacts, notes: Notes) -> list[dict[str, Any]]:
    """Rows of activities, in the file's order."""
    rows, done = [], set()
    for row in tasks:
        uid = row["task_id"] or row["task_code"]
        if uid in ids and uid not in done:
            done.add(uid)
            rows.append(_activity(row, ids[uid], facts, notes))
    return rows


class ActivityFacts:
    """What of the rest of the file an activity's row needs: its known elements and calendars, its costs, what counts as critical."""

    def __init__(self, wbs: set[str], calendars: set[str], costs: dict[str, dict[str, float]], critical_float: int, longest_path: bool) -> None:
        self.wbs, self.calendars, self.costs, self.critical_float, self.longest_path = wbs, calendars, costs, critical_float, longest_path


def _activity(row: Row, activity: str, facts: ActivityFacts, notes: Notes) -> dict[str, Any]:
    place = f"TASK {activity}, line {row.line}"
    if _shifted(row):
        message = "the row has fewer cells than its table has fields, and no longer fits them; its dates, floats and constraints were left out"
        notes.add("error", "row-shifted", place, message, "export the file again from P6, which leaves no cell out")
        row = row.without(BEHIND)
    dates = {ours: notes.instant(row[theirs], theirs, place) for ours, theirs in DATES.items()}
    if dates["external_early_start"] or dates["external_late_finish"]:
        message = "a date that another project imposed holds the activity as a constraint that nobody sees"
        notes.add("warning", "external-date", place, message, "import the other project too, or clear the external dates in P6")
    status = _status(row, dates, place, notes)
    durations = _durations(row, status, place, notes)
    return {
        "activity": activity,
        "uid": row["task_id"] or None,
        "guid": guid(row["guid"]),
        "name": row["task_name"] or activity,
        "wbs": known(row["wbs_id"], facts.wbs, "wbs_id", place, notes),
        "kind": listed(row["task_type"], KINDS, "task_type", place, notes) or "task",
        "calendar": known(row["clndr_id"], facts.calendars, "clndr_id", place, notes),
        **durations,
        **_progress(row, status, durations, place, notes),
        **dates,
        **_constraints(row, place, notes),
        "priority": PRIORITIES.get(row["priority_type"]),
        **_stored(row, status, dates, facts, place, notes),
        **{f"{ours}_work": minutes(row, f"{theirs}_work_qty", place, notes) for ours, theirs in UNITS.items()},
        **facts.costs.get(row["task_id"], {}),
    }


def _shifted(row: Row) -> bool:
    """Whether a cell left out in the middle has moved the others: a short row with something else where a date should stand."""
    return row.width < 0 and any(row[column] and not DATE.match(row[column]) for column in DATES.values())


def _status(row: Row, dates: dict[str, Any], place: str, notes: Notes) -> str:
    """NotStarted, Active or Complete as the actual dates say; a contradiction with P6's status is noted, and repaired where a date lacks."""
    if dates["actual_finish"] and not dates["actual_start"]:
        notes.add("error", "finish-without-start", place, "an actual finish without an actual start was left out", REMEDY)
        dates["actual_finish"] = None
    dated = "TK_Complete" if dates["actual_finish"] else "TK_Active" if dates["actual_start"] else "TK_NotStart"
    if row["status_code"] not in ("", dated):
        notes.add(
            "warning",
            "status-contradicts-dates",
            f"{place}: {row['status_code'][:20]}",
            "the status contradicts the actual dates; the dates were believed",
            REMEDY,
        )
    return dated


def _durations(row: Row, status: str, place: str, notes: Notes) -> dict[str, int | None]:
    original = minutes(row, "target_drtn_hr_cnt", place, notes)
    left = minutes(row, "remain_drtn_hr_cnt", place, notes)
    if status == "TK_Complete":
        if left:
            notes.add("warning", "remaining-after-finish", place, "a finished activity states a remaining duration; it was taken as none", REMEDY)
        return {"duration": left if original is None else original, "remaining_duration": 0}
    left = original if left is None else left
    if status == "TK_NotStart" or original is None:
        original = left
    return {"duration": original, "remaining_duration": left}


def _progress(row: Row, status: str, durations: dict[str, int | None], place: str, notes: Notes) -> dict[str, float | None]:
    """Per cent complete by the activity's own type: physical, of duration, or of units."""
    physical = number(row["phys_complete_pct"], "phys_complete_pct", place, notes)
    physical = None if physical is None else min(max(physical / 100, 0.0), 1.0)
    share = 0.0
    whole, left = durations["duration"], durations["remaining_duration"]
    done, to_do = _units(row, "act", place, notes) or 0, _units(row, "remain", place, notes) or 0
    if status == "TK_Complete":
        share = 1.0
    elif row["complete_pct_type"] == "CP_Phys":
        share = physical or 0.0
    elif row["complete_pct_type"] == "CP_Units" and done + to_do > 0:
        share = done / (done + to_do)
    elif status == "TK_Active" and whole and left is not None:
        share = (whole - left) / whole
    return {"percent_complete": min(max(share, 0.0), 1.0), "physical_percent": physical}


def _units(row: Row, which: str, place: str, notes: Notes) -> int | None:
    """Labour and equipment together, in minutes: what P6 measures units complete by."""
    both = [minutes(row, f"{which}_{kind}_qty", place, notes) for kind in ("work", "equip")]
    stated = [each for each in both if each is not None]
    return sum(stated) if stated else None


def _constraints(row: Row, place: str, notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ours, theirs in (("", ""), ("_2", "2")):
        kind = listed(row[f"cstr_type{theirs}"], CONSTRAINTS, f"cstr_type{theirs}", place, notes)
        day = notes.instant(row[f"cstr_date{theirs}"], f"cstr_date{theirs}", place)
        if kind and kind != "as_late_as_possible" and day is None:
            notes.add("error", "constraint-without-date", place, f"a constraint {kind.replace('_', ' ')} without a date was left out", REMEDY)
            kind = None
        found[f"constraint{ours}"] = kind
        found[f"constraint{ours}_date"] = day if kind else None
    return found


def _stored(row: Row, status: str, dates: dict[str, Any], facts: ActivityFacts, place: str, notes: Notes) -> dict[str, Any]:
    """What P6 shows as Start and Finish: actual, else remaining early, else planned; and its floats."""
    restart, reend = (notes.instant(row[column], column, place) for column in ("restart_date", "reend_date"))
    total = minutes(row, "total_float_hr_cnt", place, notes)
    critical = None
    if status != "TK_Complete":
        critical = row["driving_path_flag"] == "Y" if facts.longest_path else (None if total is None else total <= facts.critical_float)
    return {
        "stored_start": dates["actual_start"] or restart or dates["stored_early_start"] or dates["planned_start"],
        "stored_finish": dates["actual_finish"] or reend or dates["stored_early_finish"] or dates["planned_finish"],
        "stored_total_float": total,
        "stored_free_float": minutes(row, "free_float_hr_cnt", place, notes),
        "stored_critical": critical,
    }


def relationships(rows: Iterable[Row], ids: dict[str, str], project: str, notes: Notes) -> list[dict[str, Any]]:
    """Rows of relationships within the project; those with other projects are `xer.external`'s."""
    found = []
    for row in rows:
        place = f"TASKPRED, line {row.line}"
        ends = row["pred_task_id"], row["task_id"]
        inside = [end in ids for end in ends]
        if not all(inside):
            owners = row["pred_proj_id"], row["proj_id"]
            if all(owner in ("", project) for owner, here in zip(owners, inside, strict=True) if not here):
                named = " -> ".join(ids.get(end, f"task_id {end[:20] or '(none)'}") for end in ends)
                message = "a relationship whose activities are not in the project was left out"
                notes.add("error", "relationship-without-activities", f"{place}: {named}", message, REMEDY)
            continue
        kind = (row["pred_type"] or "PR_FS").upper().removeprefix("PR_")
        if kind not in ("FS", "SS", "FF", "SF"):
            notes.add("error", "value-unknown", f"{place}: {kind[:40]!r}", "a relationship of unknown type was left out", REMEDY)
            continue
        lag = minutes(row, "lag_hr_cnt", place, notes)
        found.append(
            {
                "predecessor": ids[ends[0]],
                "successor": ids[ends[1]],
                "type": kind,
                "lag": lag or 0,
                "uid": row["task_pred_id"] or None,
            }
        )
    return found


def wbs(rows: list[Row], notes: Notes) -> list[dict[str, Any]]:
    """Rows of the work breakdown structure, parents before children; the project's own element is level 0."""
    elements = {row["wbs_id"]: row for row in rows if row["wbs_id"]}
    children: dict[str, list[str]] = {}
    for key, row in elements.items():
        parent = row["parent_wbs_id"]
        children.setdefault(parent if parent in elements and parent != key else "", []).append(key)
    for keys in children.values():
        keys.sort(key=lambda key: (_sequence(elements[key]["seq_num"]), elements[key].line))
    found: dict[str, dict[str, Any]] = {}
    stack = [(key, "", "", 0) for key in reversed(children.get("", []))]
    while stack:
        key, parent, path, level = stack.pop()
        row = elements[key]
        code = f"{path}.{row['wbs_short_name']}" if path else row["wbs_short_name"]
        found[key] = {"wbs": key, "parent": parent or None, "code": code or None, "name": row["wbs_name"] or code or key, "level": level}
        stack += [(child, key, code, level + 1) for child in reversed(children.get(key, []))]
    for key in elements.keys() - found.keys():
        notes.add("error", "wbs-loop", f"PROJWBS, line {elements[key].line}", "a WBS element that is its own ancestor was left out", REMEDY)
    return list(found.values())


def _sequence(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
