"""How much is only just not critical."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts


def _near_critical(facts: Facts) -> Measured | Missing:
    if isinstance(facts.run, str):
        return Missing(facts.run)
    if not facts.open:
        return Missing(facts.nothing)
    rows = facts.run.rows
    near = [row["activity"] for row in facts.open if row["activity"] in rows and _near(facts, row["activity"], rows[row["activity"]])]
    return Measured(len(near), len(near), len(facts.open), near)


def _near(facts: Facts, activity: str, dated: Mapping[str, Any]) -> bool:
    minutes = dated.get("total_float")
    return minutes is not None and not dated["critical"] and 0 <= facts.days(activity, minutes) <= facts.limits.near_critical_days


CHECK = Check(
    name="near_critical",
    title="Near-critical activities",
    group="structure",
    unit="count",
    definition="Incomplete activities that are not critical and have at most {near_critical_days:g} working days of total float",
    remedy="Watch these with the critical ones: a small delay makes them critical",
    measure=_near_critical,
)
