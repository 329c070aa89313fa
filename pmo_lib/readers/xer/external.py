"""P6's relationships between projects of one file: what each end needs to know of the other."""

from __future__ import annotations

from typing import Any

from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row, XerFile
from pmo_lib.readers.xer.values import minutes

# P6 shows what is scheduled after levelling in restart and reend, which is what its own `aref` states of an external predecessor
DATES = {
    "predecessor": (("act_start_date", "restart_date", "early_start_date"), ("act_end_date", "reend_date", "early_end_date")),
    "successor": (("rem_late_start_date", "late_start_date"), ("rem_late_end_date", "late_end_date")),
}
TYPES = ("FS", "SS", "FF", "SF")


def external_relationships(file: XerFile, ids: dict[str, str], project: str, notes: Notes) -> list[dict[str, Any]]:
    """Rows of the relationships with activities of other projects; one whose other end the file does not hold is a finding."""
    tasks = {row["task_id"]: row for row in file["TASK"] if row["proj_id"] != project}
    names = {row["proj_id"]: row["proj_short_name"] or row["proj_id"] for row in file["PROJECT"]}
    found = []
    for row in file["TASKPRED"]:
        ends = {"predecessor": row["pred_task_id"], "successor": row["task_id"]}
        ours = [end for end, task in ends.items() if task in ids]
        owners = {"predecessor": row["pred_proj_id"], "successor": row["proj_id"]}
        if len(ours) != 1 or owners["predecessor" if ours[0] == "successor" else "successor"] in ("", project):
            continue
        side = "predecessor" if ours[0] == "successor" else "successor"
        place = f"TASKPRED, line {row.line}"
        named = f"{place}: " + " -> ".join(ids.get(end, f"task_id {end[:20] or '(none)'}") for end in ends.values())
        kind = (row["pred_type"] or "PR_FS").upper().removeprefix("PR_")
        other = tasks.get(ends[side])
        if other is None or kind not in TYPES:
            message = "a relationship with another project's activity, of which the file holds nothing, is not scheduled here"
            notes.add("warning", "relationship-external", named, message, "import the other project too")
            continue
        notes.add(
            "info",
            "relationship-external",
            named,
            "a relationship with another project's activity is held at the dates that the file keeps of that activity",
            "schedule both projects together in P6 before the export",
        )
        start, finish = (_first(other, columns, notes) for columns in DATES[side])
        early = [_first(other, (column,), notes) if side == "successor" else None for column in ("early_start_date", "early_end_date")]
        found.append(
            {
                "activity": ids[ends[ours[0]]],
                "other_is": side,
                "project": names.get(owners[side], owners[side]),
                "other": other["task_code"] or other["task_id"],
                "type": kind,
                "lag": minutes(row, "lag_hr_cnt", place, notes) or 0,
                "start": start,
                "finish": finish,
                "done": bool(other["act_end_date"]),
                "early_start": early[0],
                "early_finish": early[1],
            }
        )
    return found


def _first(row: Row, columns: tuple[str, ...], notes: Notes) -> Any:
    """The first of these dates that the row has."""
    return next((when for column in columns if (when := notes.instant(row[column], column, f"TASK, line {row.line}")) is not None), None)
