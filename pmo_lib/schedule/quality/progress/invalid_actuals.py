"""Progress that contradicts itself."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, Row, share
from pmo_lib.schedule.quality.facts import Facts


def _invalid_actuals(facts: Facts) -> Measured | Missing:
    rows = [row for row in facts.every.values() if row["kind"] != "level_of_effort"]
    return share([row["activity"] for row in rows if _contradicts(row) or _ahead(facts, row)], len(rows), facts.nothing)


def _ahead(facts: Facts, row: Row) -> bool:
    """Reported for a time after the status date: of milestones too, which point 9 leaves out."""
    at = facts.at
    return at is not None and any(facts.later(row["activity"], row[f"actual_{end}"], at) for end in ("start", "finish"))


def _contradicts(row: Row) -> bool:
    started, finished = row["actual_start"], row["actual_finish"]
    done = row["percent_complete"]
    backwards = started is not None and finished is not None and finished < started
    unfinished = finished is not None and row["remaining_duration"] > 0
    undated = (started is None and done > 0) or (finished is None and done >= 1)
    exhausted = started is not None and finished is None and row["duration"] > 0 and row["remaining_duration"] == 0
    return backwards or unfinished or undated or exhausted or (row["resumed"] is not None and started is None)


CHECK = Check(
    name="invalid_actuals",
    title="Contradictory progress",
    group="progress",
    definition="Activities whose progress contradicts itself (finished before it began, finished with work left, progress without an actual start, all done "
    "without an actual finish) or has an actual date after the status date, of all activities",
    remedy="Correct the dates, the remaining duration or the per cent, whichever is wrong, in the tool",
    measure=_invalid_actuals,
)
