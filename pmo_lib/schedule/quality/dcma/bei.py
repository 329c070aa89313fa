"""DCMA 14: how much of what should be done is done."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts, due, unbaselined


def bei(completed: int, due: int) -> float | None:
    """Baseline execution index: completed activities over those that should be; None where none should (DCMA-EA PAM 200.1, point 14)."""
    return completed / due if due else None


def _bei(facts: Facts) -> Measured | Missing:
    """By the standard's variant. pam_2012: all that is completed, over what is due and what has no baseline; classic: baselined work alone;
    both: completed work without a baseline counts as completed and as due."""
    if reason := unbaselined(facts):
        return Missing(reason)
    planned, variant = due(facts, facts.work), facts.limits.bei_variant
    done = [row["activity"] for row in facts.work if row["actual_finish"] is not None and not facts.later(row["activity"], row["actual_finish"], facts.at)]  # type: ignore[arg-type]
    unplanned = [row["activity"] for row in facts.work if row["activity"] not in facts.baseline]
    extra = len(set(done).difference(facts.baseline))
    completed = len(done) - (extra if variant == "classic" else 0)
    of = len(planned) + {"pam_2012": len(unplanned), "classic": 0, "both": extra}[variant]
    value = bei(completed, of)
    if value is None:
        return Missing("no baseline finish lies before the status date")
    return Measured(value, completed, of, [row["activity"] for row in planned if row["activity"] not in set(done)])


CHECK = Check(
    name="bei",
    title="Baseline execution index",
    group="dcma",
    reference="DCMA 14",
    rule="at_least",
    unit="index",
    definition="{bei_variant}; offenders are due and not done",
    options={
        "bei_variant": {
            "pam_2012": "Completed activities, over those whose baseline finish is not after the status date and those without a baseline",
            "classic": "Completed activities that have a baseline, over those whose baseline finish is not after the status date",
            "both": "Completed activities, over those whose baseline finish is not after the status date and the completed ones without a baseline",
        }
    },
    remedy="Report what is done, finish what is due before what is not, and baseline what was added once it is agreed",
    measure=_bei,
)
