"""Every readable plan written as Microsoft Project XML, read back by our own reader and by MPXJ."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.proofs.tables import REAL_DATA, recorded, table
from benchmarks.roundtrip import differences
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import read_many
from pmo_lib.readers.mpxj import reader as mpxj
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.writers.mspdi.writer import write_mspdi

TITLE = "Export: every readable plan as Microsoft Project XML, and back"
OPTIONS: dict[str, Any] = {}
COUNTED = ("activities", "relationships", "resources", "assignments", "baselines")
ENDS = ("actual", "stored", "stored_early", "stored_late")
DATES = tuple(f"{which}_{end}" for which in ENDS for end in ("start", "finish"))
RULE = """\
Each plan of the folder of real files is written by `write_mspdi`. Other than said: what our reader finds in the file that is neither as in the plan nor a
loss of which the writer tells (`benchmarks/roundtrip.py`). MPXJ reads the same file: its counts of activities, relationships, resources, assignments and
baselines, its durations and all dates are held against what our reader reads."""


def prove() -> str:
    """One row a plan, then the losses by how many plans have them."""
    lines, told = [], Counter[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as folder:
        written = {}
        for name, plan in _plans():
            path = Path(folder) / f"{len(written)}.xml"
            lost = write_mspdi(plan, path)
            written[path] = (name, plan, lost)
            told.update(set(lost.select("code", "message").iter_rows()))
        for path, theirs in mpxj.read_many(written):
            name, plan, lost = written[path]
            back = mspdi.parse(path)[0]
            wrong = differences(plan, back)
            other = [str(theirs)] if isinstance(theirs, UnreadableFile) else list(_otherwise(theirs[0], back))
            cells = (plan.info.application, plan.tables["activities"].height, len(wrong), len(other), ", ".join(dict.fromkeys(lost["code"].to_list())))
            lines.append([name, *cells, "; ".join([*wrong, *other][:2])])
    same, agreed = (sum(line[column] == 0 for line in lines) for column in (3, 4))
    head = f"{len(lines)} plans: {same} come back as said, {agreed} are read alike by MPXJ. {RULE}"
    found = table(
        ["plan", "rules", "activities", "other than said", "MPXJ differs", "losses told", "first"], lines, text=("plan", "rules", "losses told", "first")
    )
    losses = "\n".join(f"- {message} (`{code}`): {count} plans" for (code, message), count in told.most_common())
    return f"{head}\n\n{found}\n\n## What MS Project has no place for\n\n{losses}"


def _plans() -> Iterator[tuple[str, Project]]:
    files = list(dict.fromkeys(row["file"] for row in recorded()))
    for file, (_, found) in zip(files, read_many(REAL_DATA / file for file in files), strict=True):
        for position, plan in enumerate([] if isinstance(found, UnreadableFile) else found):
            if plan.tables["activities"].height:
                yield (file if position == 0 else f"{file}, project {position + 1}"), plan


def _otherwise(theirs: Project, ours: Project) -> Iterator[str]:
    """What MPXJ reads otherwise in the same file."""
    for name in COUNTED:
        counts = [plan.tables[name].height if name in plan.tables else 0 for plan in (theirs, ours)]
        if counts[0] != counts[1]:
            yield f"{name}: MPXJ {counts[0]}, ours {counts[1]}"
    known = {row["activity"]: row for row in theirs.tables["activities"].iter_rows(named=True)}
    for row in ours.tables["activities"].iter_rows(named=True):
        other = known.get(row["activity"], row)
        for column in ("duration", *DATES):
            if row[column] != other[column]:
                yield f"{row['activity']} {column}: MPXJ {other[column]}, ours {row[column]}"
