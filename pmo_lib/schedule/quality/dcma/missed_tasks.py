"""DCMA 11: what should be done by now, and was late or is not."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, Row, share
from pmo_lib.schedule.quality.facts import Facts, due, unbaselined


def _missed_tasks(facts: Facts) -> Measured | Missing:
    if reason := unbaselined(facts):
        return Missing(reason)
    planned = due(facts, facts.activities)
    return share([row["activity"] for row in planned if _missed(facts, row)], len(planned), "no baseline finish lies before the status date")


def _missed(facts: Facts, row: Row) -> bool:
    finish = row["actual_finish"]
    return finish is None or facts.later(row["activity"], finish, facts.baseline[row["activity"]]["finish"])


CHECK = Check(
    name="missed_tasks",
    title="Missed tasks",
    group="dcma",
    reference="DCMA 11",
    definition="Activities that finished after their baseline finish or are not finished, of those whose baseline finish is not after the status date",
    remedy="Ask the owner of each for the reason and a forecast; recover it, or bring the change of the baseline to be decided",
    measure=_missed_tasks,
)
