"""The certificate: our dates against those that the source tool stored, activity by activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.calendar import Calendar, between, next_working, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.dates import Run, schedule_once, unmoved

EARLY_LATE = ("early_start", "early_finish", "late_start", "late_finish")
SHOWN = ("start", "finish")  # as people see them: a levelling delay or "as late as possible" separates them from the early ones
COMPARED = (*EARLY_LATE, *SHOWN)
TOLERANCE = 1  # [working minutes] MS Project keeps tenths of minutes
Same = Callable[[Calendar, datetime | None, datetime | None], bool]


def agreement(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Every activity that both have, our dates beside the stored ones (`tables.results.Agreement`).

    Schedules as the source did, and compares early and late start and finish, the scheduled start and finish, and the total float [working minutes].
    Two instants with no working time of the activity's calendar between them agree; so do two with one minute between (`within_minute`). Counted
    (`compared`) are activities that are neither complete nor manually scheduled and have a stored date; what is not stored is not held against us.
    Where the file states days alone (finding `days-only`), the day must be the same. What differs has a cause (`schedule.causes`).
    `run` is `schedule_once(plan)`, where it was made already.

    Raises what `dates` raises.
    """
    from pmo_lib.tables.results import Agreement

    run = run or schedule_once(plan)
    net, ours = run.net, as_stored(run)
    stored_columns = [f"stored_{column}" for column in (*COMPARED, "total_float")]
    theirs = plan.tables["activities"].select("activity", "name", "manual", *stored_columns).iter_rows(named=True)
    by_day = bool((plan.findings["code"] == "days-only").any())
    same = _same_day if by_day else _same
    done = {activity for activity, task in net.tasks.own.items() if task.state == "done"}
    rows = [
        _row(ours[row["activity"]], row, net.tasks.calendar(row["activity"]), same, by_day, done=row["activity"] in done)
        for row in theirs
        if row["activity"] in ours
    ]
    differing = [row["activity"] for row in rows if row["agrees"] is False]
    if differing:
        from pmo_lib.schedule.causes import causes

        known = {row["activity"]: row for row in rows if row["compared"]}

        def differ(mine: Mapping[str, Any], activity: str, columns: Sequence[str]) -> bool:
            shown = {**mine, "early_start": mine.get("remaining_start", mine["early_start"])}
            return not all(same(net.tasks.calendar(activity), shown[column], known[activity][f"stored_{column}"]) for column in columns)

        found = causes(plan, run, [row["activity"] for row in rows if row["agrees"] is False and row["dates_differ"]], known, differ)
        rows = [row | {"cause": found.get(row["activity"], "unknown") if row["agrees"] is False else None} for row in rows]
    frame = {column: [row.get(column) for row in rows] for column in Agreement.column_names()}
    return Agreement.validate(pl.DataFrame(frame, schema=dict(Agreement.create_empty().schema)))


def _row(ours: Mapping[str, Any], stored: Mapping[str, Any], cal: Calendar, same: Same, by_day: bool, *, done: bool) -> dict[str, Any]:
    other = [column for column in COMPARED if ours[column] != stored[f"stored_{column}"]]
    differing = [column for column in other if not same(cal, ours[column], stored[f"stored_{column}"])]
    floats = ours["total_float"], stored["stored_total_float"]
    float_differs = not by_day and None not in floats and abs(floats[0] - floats[1]) > TOLERANCE
    dated = any(stored[f"stored_{column}"] is not None for column in EARLY_LATE)
    compared = not done and not stored["manual"] and dated
    agrees = not differing and not float_differs if compared else None
    near = bool(agrees) and not by_day and any(_apart(cal, ours[column], stored[f"stored_{column}"]) for column in other)
    return {
        **stored,
        **ours,
        "compared": compared,
        "agrees": agrees,
        "within_minute": near,
        "dates_differ": bool(differing),
    }


def as_stored(run: Run) -> dict[str, dict[str, Any]]:
    """Our dates as the source stores them.

    Early start: of what P6 has begun that of the remaining work. MS Project's early dates know no levelling delay of the task's own, and of what is as
    late as possible they are those of as soon as possible; its start and finish are where the task stands.
    """
    found = {}
    before = unmoved(run)
    for activity, row in run.rows.items():
        shown = {"start": row["early_start"], "finish": row["early_finish"]}
        early = {"early_start": row.get("remaining_start", row["early_start"])} | before.get(activity, {})
        found[activity] = {column: row.get(column) for column in (*EARLY_LATE, "total_float")} | early | shown
    return found


def _same(cal: Calendar, ours: datetime | None, theirs: datetime | None) -> bool:
    """Whether no working time lies between the two; a date that either lacks cannot differ."""
    if ours is None or theirs is None or abs((ours - theirs).total_seconds()) <= 60 * TOLERANCE:
        return True
    return abs(between(cal, ours, theirs)) <= TOLERANCE


def _apart(cal: Calendar, ours: datetime | None, theirs: datetime | None) -> bool:
    """Whether some working time, be it a second, lies between the two."""
    if ours is None or theirs is None or ours == theirs:
        return False
    return bool(between(cal, ours, theirs)) or (abs((ours - theirs).total_seconds()) < 60 and next_working(cal, min(ours, theirs)) == min(ours, theirs))


def _same_day(cal: Calendar, ours: datetime | None, theirs: datetime | None) -> bool:
    """Whether ours, or the same instant at the other side of a time without work, lies on the day that is stored."""
    if ours is None or theirs is None:
        return True
    return theirs.date() in {ours.date(), next_working(cal, ours).date(), previous_working(cal, ours).date()}
