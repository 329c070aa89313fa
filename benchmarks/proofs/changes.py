"""What our comparison says of later versions of real plans whose truth is known, and of plans that are not one project."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.proofs.tables import REAL_DATA, table
from benchmarks.random_successors import differences
from benchmarks.successors import AIRPORT, JAGGELAS, PROJECTS, RENUMBERED, STEPS, Step, successor
from pmo_lib import schedule
from pmo_lib.calendar import between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.plots import compared, words
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.schedule.comparison.attribution import finish_of

TITLE = "Changes: what moved the finish, on later versions of real plans"
OPTIONS: dict[str, Any] = {}
NBIA = "schedules/mpp-nbia-programme"
RANDOM = {AIRPORT: 60, JAGGELAS: 15}  # successors
OF_RANDOM = """\
Three to ten edits of any kind in random order (`benchmarks/random_successors.py`): progress, late or as planned, or a status date alone; durations;
activities inserted, removed, split and merged; lags, link types, links; feasts, hours of a calendar, calendars of activities and of resources; constraints
and a must-finish date; scheduling options; new names, WBS elements and numbers. Figures are each group's, in sequence and alone, the interaction and the
total; of successors with splits or mergers, which are durations and scope at once, the total and the sum of the parts."""
MONTHS = Path(__file__).parents[2] / "data/demo/inbox"
RULE = """\
Each later version is the real file with edits in its text, as a planner would make them (`benchmarks/successors.py`); the dates that the file stores stay as
they were. The truth is the editor's: after every edit the file as it then is is read and scheduled, and the working days by which the finish moved belong to
that edit's group. Ours is `schedule.compare` of the first file with the last."""


def prove() -> str:
    """Truth beside ours for each real file, then renumbered copies, then pairs that are or are not one project."""
    lines, wrong = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for file, steps in STEPS.items():
            older = read(REAL_DATA / file)
            for what, chosen in _successors(steps):
                rows, faults = _attributed(file, older, what, chosen, Path(folder))
                lines += rows
                wrong += faults
        at_random = [_at_random(file, count, Path(folder)) for file, count in RANDOM.items()]
        renumbered = [row for file in STEPS for row in _renumbered(file, Path(folder))]
    parts = [
        f"{len(lines)} figures, {wrong} of them other than the truth. {RULE}",
        table(["file", "edits", "group", "truth [wd]", "ours [wd]", "alone [wd]"], lines, text=("file", "edits", "group")),
        f"## Random successors\n\n{OF_RANDOM}",
        table(["file", "successors", "edits", "figures other than the truth", "in"], at_random, text=("file", "in")),
        "## Renumbered\n\nNew activity ids for all, half of them the old ones of others. As itself: what stands at the same place of the file.",
        table(["file", "new", "activities", "as itself", "by", "finish moved [wd]"], renumbered, text=("file", "new", "by")),
        "## One project, or two",
        table(["older", "newer", "verdict", "of the smaller", "headline"], _pairs(), text=("older", "newer", "verdict", "headline")),
    ]
    return "\n\n".join(parts)


def _at_random(file: str, count: int, folder: Path) -> list[str]:
    """So many random successors, and in which of them something is other than the truth."""
    found = {seed: differences(file, REAL_DATA, seed, folder) for seed in range(count)}
    made = {seed: one for seed, one in found.items() if one is not None}
    wrong = {seed: faults for seed, (faults, _) in made.items() if faults}
    return [Path(file).stem, f"{len(made):,}", f"{sum(edits for _, edits in made.values()):,}", f"{sum(map(len, wrong.values())):,}", "; ".join(
        f"seed {seed}: {', '.join(faults)}" for seed, faults in wrong.items()
    )]  # fmt: skip


def _successors(steps: Sequence[Step]) -> list[tuple[str, list[Step]]]:
    """Each group alone, and all of them."""
    groups = list(dict.fromkeys(step.group for step in steps))
    return [*((group, [step for step in steps if step.group == group]) for group in groups), ("all", list(steps))]


def _attributed(file: str, older: Project, what: str, steps: list[Step], folder: Path) -> tuple[list[list[str]], int]:
    plans = [older, *(read(successor(REAL_DATA / file, steps[:count], PROJECTS[file], folder / "later.xer")) for count in range(1, len(steps) + 1))]
    found = schedule.compare(older, plans[-1]).attribution
    assert found is not None
    ours = {row["group"]: row for row in found.iter_rows(named=True)}
    truth = _truth(plans, steps)
    rows, wrong = [], 0
    for group in [*truth, *([] if len(truth) == 1 else ["interaction"]), "total"]:
        row, expected = ours.get(group, {}), 0.0 if group == "interaction" else sum(truth.values()) if group == "total" else truth[group]
        wrong += abs(row.get("days", 0.0) - expected) > 1e-9
        rows.append([Path(file).stem, what, words.GROUPS[group], words.days(expected), words.days(row.get("days", 0.0)), words.days(row.get("alone_days"))])
    return rows, wrong


def _truth(plans: list[Project], steps: list[Step]) -> dict[str, float]:
    """Working days of the last plan's calendar that each group's edits moved the finish of the file."""
    ends = [finish_of(schedule.schedule_once(plan)) for plan in plans]
    ruler = project_calendar(plans[-1])
    found: dict[str, float] = {}
    for step, (before, after) in zip(steps, itertools.pairwise(ends), strict=True):
        assert isinstance(before, datetime)
        assert isinstance(after, datetime)
        found[step.group] = found.get(step.group, 0.0) + between(ruler, before, after) / ruler.minutes_per_day
    return found


def _renumbered(file: str, folder: Path) -> list[list[str]]:
    older = read(REAL_DATA / file)
    order = older.tables["activities"]["activity"].to_list()
    rows = []
    for what, edit in RENUMBERED.items():
        found = schedule.compare(older, read(successor(REAL_DATA / file, [Step("", what, edit)], PROJECTS[file], folder / "new.xer")))
        itself = sum(one == other for one, other in zip(found.matching["older"].to_list(), order, strict=False))
        methods = ", ".join(words.METHODS[method] for method in found.matching["method"].drop_nulls().unique(maintain_order=True))
        moved = "n/a" if found.attribution is None else words.days(found.attribution["days"][-1])
        rows.append([Path(file).stem, what, f"{len(order):,}", f"{itself:,}", methods, moved])
    return rows


def _pairs() -> list[list[str]]:
    """Neighbouring releases of a programme, random programmes with equal task names, and each demo project's first and last months."""
    nbia = [f"{NBIA}/{name}" for name in ("3.0 LDAP Project Plan.mpp", "3.5 Project Plan.mpp", "4.2_Project_Plan.mpp", "NBIA_4.4_Project_Plan.mpp")]
    random = [f"multiproject-mpp/{name}" for name in ("11 mp_j30_a20_nr1.mpp", "16 mp_j30_a5_nr1.mpp")]
    pairs = [(REAL_DATA / one, REAL_DATA / other) for one, other in [*itertools.pairwise(nbia), tuple(random)]]
    for name in ("northgate", "fenwick", "saltmarsh", "kestrel", "harrow", "control", "billing", "leakage", "meters"):
        months = sorted(MONTHS.glob(f"*/{name}-*"))
        pairs += [(months[0], months[-1]), (months[-2], months[-1])]
    return [_pair(*pair) for pair in pairs]


def _pair(older: Path, newer: Path) -> list[str]:
    found = schedule.compare(read(older), read(newer))
    return [older.name, newer.name, found.verdict, words.share(found.share), compared.headline(found)]
