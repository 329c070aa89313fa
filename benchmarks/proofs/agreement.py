"""How far our engine reproduces the dates that the source tools stored, beside MPXJ's own scheduler on the same activities."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from benchmarks.proofs import earlier_states, p6_native
from benchmarks.proofs.tables import REAL_DATA, recorded, table
from pmo_lib import schedule
from pmo_lib.calendar import Calendar, between
from pmo_lib.errors import PMOError, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import read_many
from pmo_lib.schedule.agreement import TOLERANCE
from pmo_lib.schedule.network.clocks import activity_calendars

TITLE = "Agreement: our dates against those that the source tools stored"
OPTIONS: dict[str, Any] = {}
DATES = ("EarlyStart", "EarlyFinish", "LateStart", "LateFinish")
CAUSES = 3
RULE = """\
An activity is compared where it is neither complete nor manually scheduled and its tool stored a date. It agrees where its early and late start and
finish, its scheduled start and finish and its total float are those stored, give or take one minute of working time (by the day where a file states
days alone); "minute" counts those that agree only thanks to that minute. MPXJ's scheduler (its CPM with the options it supports) is held to the same
dates, without the float, on the same activities, as far as the recorded oracle has its dates.

"Excused" is the share whose difference begins at a cause that the file alone proves: `contradiction`, stored values that cannot hold together;
`stale`, a late finish earlier than anything in the file would put it, which MS Project kept from an earlier state of the plan; `split`; `external`.
Those that differ only because of such an activity are `inherited`: with the others held at their stored dates they agree."""
KEPT = """## Late dates kept from an earlier state

MS Project recalculates what a change reaches and leaves the rest, so a file may keep late dates that nothing in it gives any more. Whether the fault is
the file's or ours can be tried: below, a few later edits of each such plan are undone by name, and the late dates and total float of the activities in
question are computed again. Those that differed then stand as stored, to the minute. Where a duration had to be chosen to that end ("durations chosen"),
the row shows that our engine gives the stored dates for a plan much like this one, not that the plan once was so; the other rows choose no figure."""
EXCUSES = ("contradiction", "stale", "split", "external", "levelled")


def prove() -> str:
    """One row a plan that has stored dates of open activities, and their sum."""
    files = list(dict.fromkeys(row["file"] for row in recorded()))
    lines, sums, refused = [], [0, 0, 0, 0], []
    for file, (_, found) in zip(files, read_many(REAL_DATA / file for file in files), strict=True):
        for position, plan in enumerate([] if isinstance(found, UnreadableFile) else found):
            try:
                compared = schedule.agreement(plan).filter("compared")
            except PMOError as error:
                refused.append(f"- {file}: {error}")
                continue
            if compared.is_empty():
                continue
            agreeing, theirs = int(compared["agrees"].sum()), _mpxj(file, position, plan, compared["activity"].to_list())
            rates = [_rate(agreeing, compared.height), _theirs(theirs), int(compared["within_minute"].sum()), _excused(compared)]
            lines.append([_named(file, position), compared.height, agreeing, *rates, _causes(compared)])
            both = (compared.height, agreeing) if theirs else (0, 0)
            sums = [one + more for one, more in zip(sums, (*both, *(theirs or (0, 0))), strict=True)]
    whole = sum(line[1] == line[2] for line in lines)
    ours, all_ = sum(int(line[2]) for line in lines), sum(int(line[1]) for line in lines)
    head = (
        f"{ours:,} of {all_:,} activities agree ({_rate(ours, all_)}), and {whole} of {len(lines)} plans wholly. {RULE}\n\n"
        f"Where MPXJ computed dates: ours {sums[1]:,} of {sums[0]:,} ({_rate(sums[1], sums[0])}), MPXJ {sums[3]:,} of {sums[2]:,} ({_rate(sums[3], sums[2])})."
    )
    found = table(["plan", "compared", "agree", "rate", "MPXJ", "minute", "excused", "worst causes"], lines, text=("plan", "worst causes"))
    kept = f"{KEPT}\n\n{earlier_states.section()}"
    native = f"## P6-native cases\n\n{_native()}"
    not_schedulable = ["Not schedulable:\n\n" + "\n".join(refused)] if refused else []
    return "\n\n".join([head, found, kept, native, *not_schedulable])


def _named(file: str, position: int) -> str:
    return file if position == 0 else f"{file}, project {position + 1}"


def _rate(agreeing: int, compared: int) -> str:
    return f"{agreeing / compared:.1%}" if compared else "–"


def _theirs(theirs: tuple[int, int] | None) -> str:
    return "–" if theirs is None else f"{_rate(theirs[1], theirs[0])}"


def _excused(compared: pl.DataFrame) -> str:
    return _rate(compared.filter(pl.col("cause").is_in(EXCUSES)).height, compared.height)


def _native() -> str:
    """The P6-native cases, all six columns."""
    lines = []
    for case in p6_native.CASES:
        found = p6_native.compared(REAL_DATA / p6_native.FOLDER / case)
        equal = sum(ours == theirs for _, _, ours, theirs in found)
        lines.append([case, len({activity for activity, *_ in found}), len(found), equal, _rate(equal, len(found))])
    return "Early and late start and finish, total and free float, exactly.\n\n" + table(
        ["case", "activities", "values", "equal", "rate"], lines, text=("case",)
    )


def _causes(compared: pl.DataFrame) -> str:
    """The causes of the differences, most frequent first."""
    worst = compared.filter(~pl.col("agrees"))["cause"].fill_null("unknown").value_counts(sort=True).head(CAUSES)
    return "; ".join(f"{cause} ({count})" for cause, count in worst.iter_rows())


def _mpxj(file: str, position: int, plan: Project, activities: list[str]) -> tuple[int, int] | None:
    """Compared and agreeing activities of MPXJ's scheduler; None where the oracle has no dates of it."""
    stem = file.replace("/", "__")
    names = [f"{stem}.{position}", *([stem] if position == 0 else [])]
    path = next((path for name in names if (path := REAL_DATA / "oracles" / f"{name}.json.gz").exists()), None)
    if path is None:
        return None
    tasks = {str(task["uid"]): task for task in json.loads(gzip.decompress(path.read_bytes()))["tasks"]}
    uids, clocks = dict(plan.tables["activities"].select("activity", "uid").iter_rows()), activity_calendars(plan)
    found = [_same(tasks[uids[activity]], clocks[activity]) for activity in activities if uids[activity] in tasks and tasks[uids[activity]].get("mpxj_cpm")]
    return (len(found), sum(found)) if found else None


def _same(task: Mapping[str, Any], cal: Calendar) -> bool:
    return all(_same_instant(task["stored"][date], task["mpxj_cpm"][date], cal) for date in DATES)


def _same_instant(stored: str | None, theirs: str | None, cal: Calendar) -> bool:
    if not stored or not theirs:
        return True
    one, other = datetime.fromisoformat(stored), datetime.fromisoformat(theirs)
    return abs((one - other).total_seconds()) <= 60 * TOLERANCE or abs(between(cal, one, other)) <= TOLERANCE
