"""Work that nothing was ever promised for."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _without_baseline(facts: Facts) -> Measured | Missing:
    if not facts.baseline and facts.plan.info.application != "msp":
        return Missing("the plan has no baseline")  # P6 keeps it as a project of its own; a file of MS Project would hold it
    return share([row["activity"] for row in facts.work if row["activity"] not in facts.baseline], len(facts.work), facts.nothing)


CHECK = Check(
    name="without_baseline",
    title="Activities without a baseline",
    group="progress",
    definition="Activities without a baseline finish, of all activities, completed ones too; all of them where a file of MS Project has none",
    remedy="Baseline the activity once the change that brought it is agreed",
    measure=_without_baseline,
)
