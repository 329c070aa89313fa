"""The critical path and the floats before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pmo_lib.schedule.dates import Run
from pmo_lib.schedule.halfway import Halfway

Row = Mapping[str, Any]


def path(half: Halfway, before: Run, now: Run) -> pl.DataFrame:
    """`tables.results.PathChanges`: every activity on the longest path of either plan, by its dates in the newer plan, the removed ones at the end."""
    from pmo_lib.tables.results import PathChanges

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
    return PathChanges.validate(pl.DataFrame(rows, schema=dict(PathChanges.create_empty().schema), orient="row"))


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
    """`tables.results.FloatErosion`: what is open in both plans, what lost most of its total float first."""
    from pmo_lib.tables.results import FloatErosion

    names = dict(half.newer.tables["activities"].select("activity", "name").iter_rows())
    rows = sorted(_floats(half, before, now), key=lambda row: row[-1])
    rows = [(activity, names[activity], *rest) for activity, *rest in rows]
    return FloatErosion.validate(pl.DataFrame(rows, schema=dict(FloatErosion.create_empty().schema), orient="row"))


def _floats(half: Halfway, before: Run, now: Run) -> Iterator[tuple[str, int, int, float]]:
    for old, new in half.match.pairs.items():
        found = [(run.rows.get(activity) or {}).get("total_float") for run, activity in ((before, old), (now, new))]
        if found[0] is not None and found[1] is not None:
            yield new, found[0], found[1], (found[1] - found[0]) / now.net.tasks.calendar(new).minutes_per_day
