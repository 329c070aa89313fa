"""DCMA 4: finish-start relationships; the offenders are the others."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts, shown


def _types(facts: Facts) -> Measured | Missing:
    others = [shown(one) for one in facts.relationships if one["type"] != "FS"]
    of = len(facts.relationships)
    return Measured((of - len(others)) / of, of - len(others), of, others) if of else Missing(facts.unrelated)


CHECK = Check(
    name="relationship_types",
    title="Finish-start relationships",
    group="dcma",
    reference="DCMA 4",
    rule="at_least",
    definition="Finish-start relationships, of all relationships to incomplete activities; offenders are the others",
    remedy="Use finish-start where one waits for the other to end; break long activities up rather than overlap them by SS and FF",
    measure=_types,
)
