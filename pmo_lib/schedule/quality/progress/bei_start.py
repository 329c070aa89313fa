"""How much of what should have begun has begun."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts, due, unbaselined


def _bei_start(facts: Facts) -> Measured | Missing:
    if reason := unbaselined(facts):
        return Missing(reason)
    planned = due(facts, facts.work, "start")
    begun = [row for row in facts.work if row["actual_start"] is not None and row["activity"] in facts.baseline]
    if not planned:
        return Missing("no baseline start lies before the status date")
    return Measured(len(begun) / len(planned), len(begun), len(planned), [row["activity"] for row in planned if row["actual_start"] is None])


CHECK = Check(
    name="bei_start",
    title="Baseline execution index of starts",
    group="progress",
    rule="at_least",
    unit="index",
    definition="Baselined activities that have begun, over those whose baseline start is not after the status date; offenders are due and not begun",
    remedy="Report what has begun, and begin what is due before what is not",
    measure=_bei_start,
)
