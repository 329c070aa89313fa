"""P6 keeps a baseline as a project of its own, which says whose (`orig_proj_id`); with that project it is its baseline, by the activities' ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row, XerFile
from pmo_lib.readers.xer.plan import identities
from pmo_lib.readers.xer.resources import activity_costs
from pmo_lib.readers.xer.values import minutes

MOST = 11  # baselines 0 to 10
REMEDY = "export the project and its baseline together"


def parted(rows: list[Row], notes: Notes) -> tuple[list[Row], Mapping[str, list[Row]]]:
    """The rows of PROJECT that are projects, and by `proj_id` those that are their baselines, the one in force first."""
    plans = {row["proj_id"]: row for row in rows if row["orig_proj_id"] in ("", row["proj_id"])}
    held: dict[str, list[Row]] = {}
    for row in rows:
        if row["proj_id"] not in plans and row["orig_proj_id"] in plans:
            held.setdefault(row["orig_proj_id"], []).append(row)
        elif row["proj_id"] not in plans:
            plans[row["proj_id"]] = row
            message = "the project is a baseline of another, which the file does not hold; it was read as a project"
            notes.add("warning", "baseline-without-project", f"PROJECT, line {row.line}: {row['proj_short_name'][:40]}", message, REMEDY)
    for key, found in held.items():
        found.sort(key=lambda row: row["proj_id"] != plans[key]["sum_base_proj_id"])
        for row in found[MOST:]:
            message = "a project may have a baseline in force and ten more; this one was left out"
            notes.add("warning", "baseline-beyond-ten", f"PROJECT, line {row.line}: {row['proj_short_name'][:40]}", message)
    return [row for row in rows if row["proj_id"] in plans], held


def baseline_rows(file: XerFile, found: list[Row], ids: Mapping[str, str], notes: Notes) -> list[dict[str, Any]]:
    """Rows of baselines: planned dates, duration, work and cost of the activities that the project, whose `ids` these are, has too."""
    shown = set(ids.values())
    rows = []
    for number, project in enumerate(found[:MOST]):
        tasks = [row for row in file["TASK"] if row["proj_id"] == project["proj_id"]]
        own = identities(tasks, Notes())
        costs = activity_costs(file, own, Notes())
        for row in tasks:
            activity, place = own.get(row["task_id"]), f"TASK, line {row.line}"
            if activity not in shown:
                continue
            start, finish = (notes.instant(row[column], column, place) for column in ("target_start_date", "target_end_date"))
            rows.append(
                {
                    "baseline": number,
                    "activity": activity,
                    "start": start,
                    "finish": finish,
                    "duration": minutes(row, "target_drtn_hr_cnt", place, notes),
                    "work": minutes(row, "target_work_qty", place, notes),
                    "cost": costs.get(row["task_id"], {}).get("planned_cost"),
                }
            )
    return rows
