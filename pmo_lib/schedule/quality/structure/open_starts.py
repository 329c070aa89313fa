"""Dangling logic at the start: nothing says when the activity may begin."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import SUMMARY_LOGIC, Facts


def _open_starts(facts: Facts) -> Measured | Missing:
    links = facts.logic
    if isinstance(links, str):
        return Missing(links)
    held = {after for before, after, kind in links if kind in ("FS", "SS") and before in facts.driving}
    held |= facts.elsewhere("predecessor", ("FS", "SS"))
    waiting = [row for row in facts.open if row["actual_start"] is None]
    return share([row["activity"] for row in waiting if row["activity"] not in held], len(waiting), "every activity has begun" if facts.open else facts.nothing)


CHECK = Check(
    name="open_starts",
    title="Open starts",
    group="structure",
    definition="Activities not yet begun whose start no FS or SS relationship holds, of all not yet begun; level of effort holds nothing{summary_logic}",
    options={"summary_logic": SUMMARY_LOGIC},
    remedy="Add the relationship that lets it begin, finish-start or start-start",
    measure=_open_starts,
)
