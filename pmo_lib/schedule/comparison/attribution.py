"""What moved the finish, by which group of changes: the older plan with one group after another of the newer one's changes, scheduled after each.

After Winter's half-step ("bifurcation"): progress first, then what the planner revised.

References: AACE International Recommended Practice 29R-03, Forensic Schedule Analysis, method implementation protocol 3.4 (observational, dynamic,
contemporaneous split), which separates progress from revisions by re-scheduling in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import Calendar, between
from pmo_lib.errors import NotSchedulable
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.schedule.comparison.halfway import GROUPS, Halfway
from pmo_lib.schedule.dates import Run, schedule_once
from pmo_lib.schedule.network.plain import KIND

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ruler:
    """Working time from the older finish to any other, on the newer plan's project calendar: what every part is measured with, so that they add up."""

    begin: datetime
    calendar: Calendar

    def minutes(self, finish: datetime) -> int:
        return between(self.calendar, self.begin, finish)


def finish_of(run: Run) -> datetime | None:
    """The latest scheduled finish that is not level of effort's."""
    ends = run.columns[0]["early_finish"][run.net.tasks.kinds != KIND["level_of_effort"]]
    known = ends[~np.isnat(ends)]
    return known.max().item() if len(known) else None


def attribution(half: Halfway, changes: Iterable[Row], runs: tuple[Run, Run]) -> pl.DataFrame:
    """`tables.schedule_results.Attribution`: the working time by which each group of changes moved the finish, in sequence and alone.

    In sequence the groups add up to the total; what they leave of it when each is applied alone is their interaction. A group that cannot be
    scheduled before the next one is made (an activity put into a chain that still has its old link back, say) is counted with that one.
    """
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import Attribution

    ends = [finish_of(run) for run in runs]
    assert ends[0] is not None
    assert ends[1] is not None
    ruler = Ruler(ends[0], project_calendar(half.newer))
    counts = Counter(row["group"] for row in changes if row.get("group"))
    groups = [group for group in GROUPS if counts[group] or _differs(half, group)]
    rows, last = _in_sequence(half, groups, ruler, ends[0])
    first = groups[0] if groups else None
    for row in rows:  # the first group alone is the first step
        row["alone_minutes"] = row["minutes"] if row["group"] == first and row["note"] is None else _alone(half, row["group"], ruler)
        row["count"] = counts[row["group"]]
    rows = [row for row in rows if row["count"] or row["minutes"] or row["alone_minutes"]]
    total = ruler.minutes(ends[1])
    known = [row["alone_minutes"] for row in rows]
    apart = None if None in known else total - sum(known)
    rows.append({"group": "interaction", "minutes": total - last, "alone_minutes": apart, "finish": ends[1], "count": 0})
    rows.append({"group": "total", "minutes": total, "alone_minutes": total, "finish": ends[1], "count": sum(counts.values())})
    return framed(Attribution, [_with_days(row, ruler.calendar.minutes_per_day) for row in rows])


def _in_sequence(half: Halfway, groups: list[str], ruler: Ruler, begin: datetime) -> tuple[list[Row], int]:
    """A row a group in the order of application, and where the finish stands after the last."""
    rows: list[Row] = []
    at, finish, waiting = 0, begin, []
    for i, group in enumerate(groups):
        found = _finish(half, groups[: i + 1])
        if found is None:
            waiting.append(group)
            rows.append({"group": group, "minutes": 0, "finish": finish, "note": "cannot be scheduled before the next group is made, and is counted with it"})
            continue
        moved = ruler.minutes(found) - at
        at, finish = at + moved, found
        rows.append({"group": group, "minutes": moved, "finish": found, "note": f"with {' and '.join(waiting)}" if waiting else None})
        waiting = []
    return rows, at


def _alone(half: Halfway, group: str, ruler: Ruler) -> int | None:
    found = _finish(half, [group])
    return None if found is None else ruler.minutes(found)


def _finish(half: Halfway, groups: Iterable[str]) -> datetime | None:
    """The finish with these groups of changes made; None where that plan cannot be scheduled."""
    try:
        return finish_of(schedule_once(half.plan(groups)))
    except NotSchedulable:
        return None


def _differs(half: Halfway, group: str) -> bool:
    """Whether the resources' work differs in a way that no change tells of: it may still move dates."""
    if group != "resources":
        return False
    tables = [half.of_resources(frozenset(groups)) for groups in ((), (group,))]
    return any(
        name in one and not one[name].equals(other[name]) for one, other in (tables, tables[::-1]) for name in ("assignments", "splits") if name in other
    )


def _with_days(row: Row, per_day: int) -> Row:
    alone = row["alone_minutes"]
    return {**row, "days": row["minutes"] / per_day, "alone_days": None if alone is None else alone / per_day}
