"""Activities that hang nowhere in the work breakdown structure."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _outside_wbs(facts: Facts) -> Measured | Missing:
    if "wbs" not in facts.plan.tables or facts.plan.tables["wbs"].is_empty():
        return Missing("the plan has no work breakdown structure")
    known = set(facts.plan.tables["wbs"]["wbs"])
    return share([activity for activity, row in facts.every.items() if row["wbs"] not in known], len(facts.every), "the plan has no activities with work")


CHECK = Check(
    name="outside_wbs",
    title="Activities outside the WBS",
    group="structure",
    definition="Activities without an element of the work breakdown structure, of all activities",
    remedy="Put it under the element whose scope it is",
    measure=_outside_wbs,
)
