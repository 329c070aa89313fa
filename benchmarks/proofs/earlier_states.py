"""Late dates that MS Project kept from an earlier state of a plan: the state is put back by name, and our engine gives the stored dates.

MS Project recalculates what a change reaches and leaves the rest, so a stored late date may be of the plan as it was before later edits. For each real
plan with such dates a few edits, undone, give them back, which no rule on the file as it is does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from benchmarks.proofs.tables import REAL_DATA, table
from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.readers import read

DAY = 480  # [working minutes] in each of these plans
COMPARED = ("late_start", "late_finish")
UNBEGUN: dict[str, Any] = {"actual_start": None, "actual_finish": None, "percent_complete": 0.0}
NBIA, FIXTURES = "schedules/mpp-nbia-programme", "schedules/mpxj-fixtures/misc"
LATER_TASKS = tuple(str(uid) for uid in range(25, 39))
ADDED_LATER = "tasks 25 to 38 not yet there (created in April 2009)"
ALONE = tuple(str(uid) for uid in (*range(1, 7), 9, *range(12, 15), *range(17, 23)))


@dataclass(frozen=True)
class Earlier:
    """A plan as it was: the columns of activities that were different, the links and the activities that were not there; and whose dates that explains."""

    file: str
    was: str
    explains: tuple[str, ...]
    activities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unlinked: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    chosen: int = 0  # durations that had to be chosen so that the dates come back; the rest is undone progress, links and tasks, without any figure

    def plan(self, now: Project) -> Project:
        """The plan `now`, put back."""
        tables = {name: _without(frame, self.absent) for name, frame in now.tables.items()}
        for activity, columns in self.activities.items():
            frame = tables["activities"]
            values = {name: pl.lit(value, dtype=frame.schema[name]) for name, value in columns.items()}
            here = pl.col("activity") == activity
            tables["activities"] = frame.with_columns(pl.when(here).then(value).otherwise(name).alias(name) for name, value in values.items())
        for predecessor, successor in self.unlinked:
            one = (pl.col("predecessor") == predecessor) & (pl.col("successor") == successor)
            tables["relationships"] = tables["relationships"].filter(~one)
        return replace(now, tables=tables)


def _lasting(days: float, **more: Any) -> dict[str, Any]:
    return {"duration": round(days * DAY), "remaining_duration": round(days * DAY), **more}


STATES = (
    Earlier(
        f"{NBIA}/3.5 Project Plan.mpp",
        "tasks 1439 and 1440 not yet begun",
        ("1428", "1429"),
        {"1439": _lasting(3, **UNBEGUN), "1440": _lasting(4, **UNBEGUN)},
    ),
    Earlier(f"{NBIA}/3.5 Project Plan.mpp", "task 1404 still without duration", ("1383",), {"1404": _lasting(0)}, chosen=1),
    Earlier(
        f"{NBIA}/4.2_Project_Plan.mpp",
        "tasks 1844 and 2477 not yet begun, nor linked to 2478 and 2459",
        ("1859", "2459", "2461", "2463", "2471", "2474"),
        {"1844": _lasting(50 / 3, **UNBEGUN), "2477": _lasting(5, **UNBEGUN)},
        unlinked=(("2478", "1844"), ("2459", "2477")),
    ),
    Earlier(
        f"{NBIA}/4.2_Project_Plan.mpp",
        "tasks 2416 (half as long) and 2298 not yet begun",
        ("2452",),
        {"2416": _lasting(5 / 6, **UNBEGUN), "2298": _lasting(5 / 8, **UNBEGUN)},
        chosen=1,
    ),
    Earlier(
        f"{NBIA}/NBIA_4.4_Project_Plan.mpp",
        "task 120 of 18.75 days (now 23.44) and task 151 of 15 (now 17.5)",
        ("43", "44", "46", "47", "144"),
        {"120": _lasting(18.75), "151": _lasting(15)},
        chosen=2,
    ),
    Earlier(f"{NBIA}/NBIA_4.4_Project_Plan.mpp", "task 208 until 17 February 2010, 17:00", ("98", "126"), {"208": _lasting(22.15625)}, chosen=1),
    Earlier(f"{FIXTURES}/mpp14timephased.mpp", ADDED_LATER, ALONE, absent=LATER_TASKS),
    Earlier(f"{FIXTURES}/mspditimephased.xml", ADDED_LATER, ALONE, absent=LATER_TASKS),
)


def _without(frame: pl.DataFrame, absent: tuple[str, ...]) -> pl.DataFrame:
    return frame.filter(~pl.col("activity").is_in(absent).fill_null(False)) if absent and "activity" in frame.columns else frame


def given_back(state: Earlier, now: Project) -> tuple[int, int]:
    """Of the activities that `state` explains, those whose late dates and total float are stored (to the minute) in `now`, and with the state put back."""
    return _agreeing(now, state.explains), _agreeing(state.plan(now), state.explains)


def _agreeing(plan: Project, activities: tuple[str, ...]) -> int:
    columns = [f"stored_{column}" for column in (*COMPARED, "total_float")]
    both = schedule.dates(plan).join(plan.tables["activities"].select("activity", *columns), on="activity").filter(pl.col("activity").is_in(activities))
    near = [(pl.col(column) - pl.col(f"stored_{column}")).abs() <= pl.duration(minutes=1) for column in COMPARED]
    return both.filter(pl.all_horizontal(*near, (pl.col("total_float") - pl.col("stored_total_float")).abs() <= 1)).height


def section() -> str:
    """The table of the states, for the page on agreement."""
    rows = []
    for state in STATES:
        now, then = given_back(state, read(REAL_DATA / state.file))
        rows.append([state.file, state.was, state.chosen, len(state.explains), now, then])
    return table(["plan", "put back", "durations chosen", "activities", "agree now", "agree put back"], rows, text=("plan", "put back"))
