"""Random P6 files through our engine and through MPXJ's scheduler, feature by feature: a second opinion, where neither is P6."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pmo_lib as pmo
from benchmarks.generated import Wanted, xer
from benchmarks.proofs.tables import table
from benchmarks.rivals.mpxj_cpm import Rival
from pmo_lib import schedule
from pmo_lib.calendar import between
from pmo_lib.schedule.network.clocks import activity_calendars

TITLE = "A second opinion: random P6 files through our engine and MPXJ's scheduler"
OPTIONS: dict[str, Any] = {"pairs": 40}
ACTIVITIES = 25
COLUMNS = ("early_start", "early_finish", "late_start", "late_finish")
PLAIN: dict[str, Any] = {"progressed": 0.0, "constrained": 0.0, "milestones": 0.0, "lagged": 0.0, "types": ("PR_FS",), "calendars": ("1",)}
FOUR = ("1", "2", "3", "4")
SETS: dict[str, dict[str, Any]] = {
    "finish-start": {},
    "every type, lags and leads": {"types": ("PR_FS", "PR_SS", "PR_FF", "PR_SF"), "lagged": 0.4},
    "milestones": {"milestones": 0.2},
    "soft constraints": {"constrained": 0.3},
    "level of effort": {"efforts": 0.25, "types": ("PR_FS", "PR_SS", "PR_FF", "PR_SF"), "lagged": 0.4},
    "four calendars, finish-start, lags and leads": {"calendars": FOUR, "lagged": 0.4},
    "four calendars, start-start": {"calendars": FOUR, "types": ("PR_SS",)},
    "four calendars, finish-finish": {"calendars": FOUR, "types": ("PR_FF",)},
    "four calendars, start-finish": {"calendars": FOUR, "types": ("PR_SF",)},
    "four calendars, every type, lags and leads": {"calendars": FOUR, "types": ("PR_FS", "PR_SS", "PR_FF", "PR_SF"), "lagged": 0.4},
}
RULE = """\
MPXJ says that its scheduler is not guaranteed to match P6, and supports P6's default options alone. An activity differs where working time of its own
calendar lies between any of its four dates and ours. With one calendar, and with several under finish-start, the two are independent witnesses of the
same dates. Where a finish-finish relationship ends on another calendar both leave the finish no earlier than what holds it: where the activity's own
calendar does not work then, it stands at the next beginning of working time, as P6 23.12 shows it. They part in late dates where a start-start or
start-finish relationship joins two calendars (MPXJ takes the nearer of the two ends of a time without work), and on calendars whose work goes on past
midnight, where MPXJ begins work at 00:00. No P6 file at hand shows which is P6's."""


def prove(pairs: int = OPTIONS["pairs"]) -> str:
    """A row a set of features: activities, those that differ, and in which dates."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, Rival() as rival:
        for name, features in SETS.items():
            count, differing, where = 0, 0, Counter[str]()
            for seed in range(pairs):
                path = Path(folder) / "random.xer"
                path.write_text(xer(Wanted(activities=ACTIVITIES, seed=seed, exceptions=20, **{**PLAIN, **features})), encoding="utf-8")
                found = different(path, rival)
                count += len(found)
                differing += sum(bool(columns) for columns in found)
                where.update(column.replace("_", " ") for columns in found for column in columns)
            rows.append([name, f"{count:,}", f"{differing:,}", ", ".join(f"{column} {n}" for column, n in where.most_common())])
    return f"{RULE}\n\n{table(['files with', 'activities', 'differ', 'in'], rows, text=('files with', 'in'))}"


def different(path: Path, rival: Rival) -> list[list[str]]:
    """For each activity the dates that differ."""
    plan = pmo.read(path)
    rival.read(path)
    rival.seconds()
    theirs, clocks = rival.dates(), activity_calendars(plan)
    found = []
    for row in schedule.dates(plan).iter_rows(named=True):
        dates = zip(COLUMNS, theirs[row["activity"]], strict=True)
        found.append([column for column, when in dates if when is None or between(clocks[row["activity"]], row[column], when) != 0])
    return found
