"""Every real file through the guarded door, counted, beside what MPXJ counts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.proofs.tables import REAL_DATA, recorded, table
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import read_many

TITLE = "Readers: every real file, counted"
OPTIONS: dict[str, Any] = {}
COUNTED = ("activities", "relationships", "calendars", "resources", "assignments", "baselines")
ROLES = "MPXJ makes a resource of each role; here a role is an assignment without resource"
SHARED = "MPXJ shows every calendar of the file in every project; here another project's own calendars are not this one's"
OTHERWISE = {
    ("3.5 Project Plan.mpp", "activities"): "one row of the plan is blank",
    ("jaggelas-test-P6-23.12-progress.xer", "resources"): ROLES,
    ("jaggelas-test-P6-23.12-progress.xer", "calendars"): SHARED,
    ("resource-rates-test.xer", "resources"): ROLES,
}


def prove() -> str:
    """The table of files, then why some counts differ by intention, then what was refused."""
    rows = recorded()
    read, seconds = _read(list(dict.fromkeys(row["file"] for row in rows)))
    lines, unexplained, refused = [], [], []
    for row in rows:
        found = read[row["file"]]
        if isinstance(found, UnreadableFile):
            refused.append(f"- {found}")
            continue
        plan = found[int(row["idx"])]
        cells, wrong = _counts(row, plan)
        unexplained += wrong
        lines.append([row["file"], plan.info.reader, *cells, f"{seconds[row['file']]:.2f}"])
    total = sum(seconds.values())
    head = (
        f"{len(lines)} projects in {len(read) - len(refused)} files read, {len(refused)} files refused, in {total:,.1f} s: each file in the warm child "
        f"process of its reader, the first of each kind with its start. Counts are ours; where MPXJ's recorded count differs it stands behind ≠. "
        f"Counts that differ without a reason: {len(unexplained)}{': ' + '; '.join(unexplained) if unexplained else ''}."
    )
    reasons = "\n".join(f"- {name}, {what}: {why}" for (name, what), why in OTHERWISE.items())
    found = table(["file", "reader", *COUNTED, "seconds"], lines, text=("file", "reader"))
    return f"{head}\n\n{found}\n\nCounted otherwise on purpose:\n\n{reasons}\n\nRefused, in one sentence each:\n\n" + "\n".join(refused)


def _read(files: list[str]) -> tuple[dict[str, list[Project] | UnreadableFile], dict[str, float]]:
    found, seconds, begin = {}, {}, time.perf_counter()
    for file, (_, outcome) in zip(files, read_many(REAL_DATA / file for file in files), strict=True):
        found[file], seconds[file] = outcome, time.perf_counter() - begin
        begin = time.perf_counter()
    return found, seconds


def _counts(row: dict[str, str], plan: Project) -> tuple[list[str], list[str]]:
    """The cells, and the counts that differ from the recorded ones for no known reason."""
    p6, name = plan.info.application == "p6", Path(row["file"]).name
    expected = {
        "activities": row["leaf"] if p6 else row["tasks"],
        "relationships": row["relations"],
        **{what: row[what] for what in ("calendars", "resources", "assignments")},
        # P6 has no baseline in its files: what MPXJ counts there are the planned dates
        "baselines": "0" if p6 else row["baseline_tasks"],
    }
    cells, wrong = [], []
    for what in COUNTED:
        frame = plan.tables.get(what)
        count = 0 if frame is None else (frame.filter(baseline=0) if what == "baselines" else frame).height
        same = count == int(expected[what])
        cells.append(f"{count:,}" if same else f"{count:,} ≠ {int(expected[what]):,}")
        if not same and (name, what) not in OTHERWISE:
            wrong.append(f"{name}: {count} {what}, not {expected[what]}")
    return cells, wrong
