"""The certificate: our dates against those that the source tool stored, activity by activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import Calendar, between, next_working, previous_working
from pmo_lib.project import Project
from pmo_lib.schedule.dates import Run, schedule_once, unmoved

EARLY_LATE = ("early_start", "early_finish", "late_start", "late_finish")
SHOWN = ("start", "finish")  # as people see them: "as late as possible" separates them from the early ones
COMPARED = (*EARLY_LATE, *SHOWN)
TOLERANCE = 1  # [working minutes] MS Project keeps tenths of minutes
Same = Callable[[Calendar, datetime | None, datetime | None], bool]


def agreement(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Every activity that both have, our dates beside the stored ones (`tables.schedule_results.Agreement`).

    Schedules as the source did, and compares early and late start and finish, the scheduled start and finish, and the total float [working minutes].
    Two instants with no working time of the activity's calendar between them agree; so do two with one minute between (`within_minute`). Counted
    (`compared`) are activities that are neither complete nor manually scheduled and have a stored date; what is not stored is not held against us.
    Where the file states days alone (finding `days-only`), the day must be the same. What differs has a cause (`schedule.causes`).
    `run` is `schedule_once(plan)`, where it was made already.

    Raises what `dates` raises.
    """
    from pmo_lib.tables.schedule_results import Agreement

    run = run or schedule_once(plan)
    by_day = bool((plan.findings["code"] == "days-only").any())
    same = _same_day if by_day else _same
    frame = _beside(run, by_day)
    apart, near = _differing(run, frame.filter("other"), same)
    agrees = ~pl.col("activity").is_in(apart) & ~pl.col("float_differs")
    frame = frame.with_columns(agrees=pl.when("compared").then(agrees))
    frame = frame.with_columns(within_minute=pl.col("agrees").fill_null(False) & pl.col("activity").is_in([] if by_day else near))
    found = _causes(run, frame, apart, same)
    told = pl.when(~pl.col("agrees")).then(pl.col("activity").replace_strict(found, default="unknown", return_dtype=pl.String))
    return Agreement.validate(frame.with_columns(cause=told).select(Agreement.column_names()))


def _beside(run: Run, by_day: bool) -> pl.DataFrame:
    """Our dates beside the stored ones in the plan's order, and of each activity whether it is `compared`, whether any date is an `other`, and the float."""
    stored = run.plan.tables["activities"].select("name", "manual", *(f"stored_{column}" for column in (*COMPARED, "total_float")))
    frame = ours(run).hstack(stored[run.net.tasks.row]).with_columns(done=pl.Series(run.net.tasks.having("done")))
    dated = pl.any_horizontal(pl.col(f"stored_{column}").is_not_null() for column in EARLY_LATE)
    slack = (pl.col("total_float") - pl.col("stored_total_float")).abs() > TOLERANCE
    return frame.filter(pl.col("start").is_not_null()).with_columns(
        compared=~pl.col("done") & ~pl.col("manual") & dated,
        other=pl.any_horizontal((pl.col(column) != pl.col(f"stored_{column}")).fill_null(False) for column in COMPARED),
        float_differs=pl.lit(False) if by_day else slack.fill_null(False),
    )


def _differing(run: Run, rows: pl.DataFrame, same: Same) -> tuple[list[str], list[str]]:
    """Of these activities those of which some date differs from the stored one, and those with working time between, be it less than a minute."""
    apart, near = [], []
    for row in rows.iter_rows(named=True):
        cal = run.net.tasks.calendar(row["activity"])
        pairs = [(row[column], row[f"stored_{column}"]) for column in COMPARED if row[column] != row[f"stored_{column}"]]
        if not all(same(cal, *pair) for pair in pairs):
            apart.append(row["activity"])
        elif any(_apart(cal, *pair) for pair in pairs):
            near.append(row["activity"])
    return apart, near


def _causes(run: Run, frame: pl.DataFrame, apart: Sequence[str], same: Same) -> dict[str, str]:
    """The cause of each difference of dates that counts."""
    wrong = frame.filter(~pl.col("agrees"), pl.col("activity").is_in(apart))["activity"].to_list()
    if not wrong:
        return {}
    from pmo_lib.schedule.certificate.causes import causes

    stored = frame.filter("compared").select("activity", *(f"stored_{column}" for column in COMPARED))
    known = {row["activity"]: row for row in stored.iter_rows(named=True)}

    def differ(mine: Mapping[str, Any], activity: str, columns: Sequence[str]) -> bool:
        shown = {**mine, "early_start": mine.get("remaining_start", mine["early_start"])}
        return not all(same(run.net.tasks.calendar(activity), shown[column], known[activity][f"stored_{column}"]) for column in columns)

    return causes(run.plan, run, wrong, known, differ)


def ours(run: Run) -> pl.DataFrame:
    """Our dates of every activity that is scheduled, in the plan's order, as the source stores them; what cannot be said has no `start`.

    Early start: of what P6 has begun that of the remaining work. MS Project's early dates of what is as late as possible are those of as soon as
    possible; its start and finish are where the task stands. A levelling delay is in all of them (Microsoft, Early Start (task field)).
    """
    found, floated = run.columns
    early = {"early_start": np.where(np.isnat(found["remaining_start"]), found["early_start"], found["remaining_start"]), "early_finish": found["early_finish"]}
    early = {name: values.copy() for name, values in early.items()}
    for activity, instants in unmoved(run).items():
        for name, when in instants.items():
            early[name][run.net.tasks.place[activity]] = when
    columns = {**{name: found[name] for name in EARLY_LATE}, **early, "start": found["early_start"], "finish": found["early_finish"]}
    slack = pl.select(pl.when(pl.Series(floated)).then(pl.Series(found["total_float"]))).to_series()
    return pl.DataFrame({"activity": pl.Series(run.net.tasks.names, dtype=pl.String), **columns, "total_float": slack})


def as_stored(run: Run) -> dict[str, dict[str, Any]]:
    """`ours` by activity."""
    return {row.pop("activity"): row for row in ours(run).filter(pl.col("start").is_not_null()).iter_rows(named=True)}


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
