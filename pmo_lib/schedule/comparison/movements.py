"""The critical path and the floats before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.schedule.comparison.halfway import Halfway
from pmo_lib.schedule.dates import Run

Row = Mapping[str, Any]


def path(half: Halfway, before: Run, now: Run) -> pl.DataFrame:
    """`tables.schedule_results.PathChanges`: every activity on the longest path of either plan, by its dates in the newer plan, the removed ones at the end."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import PathChanges

    names = [dict(plan.tables["activities"].select("activity", "name").iter_rows()) for plan in (half.older, half.newer)]
    back = {new: old for old, new in half.match.pairs.items()}
    rows = []
    for new, row in sorted(now.rows.items(), key=lambda item: (item[1]["early_start"], item[1]["early_finish"])):
        was = before.rows.get(back.get(new, ""))
        if row["longest_path"] or (was is not None and was["longest_path"]):
            rows.append((new, names[1][new], _became(was, row), _critical(was), _critical(row)))
    for old, was in before.rows.items():
        if old not in half.match.pairs and was["longest_path"]:
            rows.append((old, names[0][old], "removed", _critical(was), None))
    return framed(PathChanges, rows)


def _became(was: Row | None, now: Row) -> str:
    if was is None:
        return "added"
    if now["longest_path"]:
        return "stayed" if was["longest_path"] else "entered"
    return "completed" if _complete(now) else "left"


def _complete(row: Row) -> bool:
    return row.get("total_float") is None


def _critical(row: Row | None) -> bool | None:
    return None if row is None or _complete(row) else row["critical"]


def floats(half: Halfway, before: Run, now: Run) -> pl.DataFrame:
    """`tables.schedule_results.FloatErosion`: what is open in both plans, what lost most of its total float first."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import FloatErosion

    names = dict(half.newer.tables["activities"].select("activity", "name").iter_rows())
    activities, *places = in_both(half, before, now)
    both = [run.columns[0]["total_float"][place] for run, place in zip((before, now), places, strict=True)]
    known = np.all([run.columns[1][place] & ~np.isnat(run.columns[0]["early_start"][place]) for run, place in zip((before, now), places, strict=True)], axis=0)
    days = np.zeros(len(activities))
    for cal, rows in now.net.tasks.by_calendar(activities):
        days[rows] = (both[1][rows] - both[0][rows]) / cal.minutes_per_day
    order = np.argsort(days, kind="stable")
    order = order[known[order]]
    shown = [activities[i] for i in order.tolist()]
    columns = [shown, [names[activity] for activity in shown], both[0][order], both[1][order], days[order]]
    return framed(FloatErosion, dict(zip(FloatErosion.column_names(), columns, strict=True)))


def in_both(half: Halfway, before: Run, now: Run) -> tuple[list[str], np.ndarray, np.ndarray]:
    """What both plans schedule, by the newer id, and its places among the tasks of either."""
    places = before.net.tasks.place, now.net.tasks.place
    pairs = [(old, new) for old, new in half.match.pairs.items() if old in places[0] and new in places[1]]
    was, then = np.array([places[0][old] for old, _ in pairs], np.int64), np.array([places[1][new] for _, new in pairs], np.int64)
    return [new for _, new in pairs], was, then
