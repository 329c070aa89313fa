"""Riding the data date: work that could have begun and has not, pushed along from update to update."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _riding(facts: Facts) -> Measured | Missing:
    if facts.at is None:
        return Missing("the plan has no status date")
    if isinstance(facts.run, str):
        return Missing(facts.run)
    if all(row["actual_start"] is None for row in facts.every.values()):
        return Missing("no activity has begun")
    waiting = [row["activity"] for row in facts.open if row["actual_start"] is None]
    rows = facts.run.rows
    riding = [a for a in waiting if a in rows and facts.worked(a, facts.at, rows[a]["early_start"]) == 0]
    return share(riding, len(waiting), "every activity has begun" if facts.open else facts.nothing)


CHECK = Check(
    name="riding_data_date",
    title="Riding the data date",
    group="progress",
    definition="Activities not yet begun whose early start is the status date itself, of all not yet begun",
    remedy="Ask what really keeps it from beginning, and give it that predecessor or a start that its owner stands by",
    measure=_riding,
)
