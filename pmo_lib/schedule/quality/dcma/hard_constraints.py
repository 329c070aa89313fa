"""DCMA 5: constraints that can stop logic from moving a date."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts

HARD = ("mandatory_start", "mandatory_finish", "start_on_or_before", "finish_on_or_before")


def _hard_constraints(facts: Facts) -> Measured | Missing:
    held = [row["activity"] for row in facts.open if row["constraint"] in HARD or row["constraint_2"] in HARD]
    return share(held, len(facts.open), facts.nothing)


CHECK = Check(
    name="hard_constraints",
    title="Hard constraints",
    group="dcma",
    reference="DCMA 5",
    definition="Incomplete activities with a mandatory (must) date or one on or before (no later than), of all incomplete activities",
    remedy="Let logic set the date: replace the constraint by a start or finish on or after, or by a deadline, and keep the contract's dates as milestones",
    measure=_hard_constraints,
)
