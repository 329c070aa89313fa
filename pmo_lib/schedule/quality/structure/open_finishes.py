"""Dangling logic at the finish: nothing waits for the activity's end, so a delay of it is never seen."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import SUMMARY_LOGIC, Facts


def _open_finishes(facts: Facts) -> Measured | Missing:
    links = facts.logic
    if isinstance(links, str):
        return Missing(links)
    awaited = {before for before, after, kind in links if kind in ("FS", "FF") and after in facts.driving}
    awaited |= facts.elsewhere("successor", ("FS", "FF"))
    return share([row["activity"] for row in facts.open if row["activity"] not in awaited], len(facts.open), facts.nothing)


CHECK = Check(
    name="open_finishes",
    title="Open finishes",
    group="structure",
    definition="Incomplete activities whose finish holds no successor (level of effort is none) by an FS or FF relationship, "
    "of all incomplete activities{summary_logic}",
    options={"summary_logic": SUMMARY_LOGIC},
    remedy="Add the relationship of what waits for its end, finish-start or finish-finish",
    measure=_open_finishes,
)
