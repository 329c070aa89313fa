"""DCMA 2: negative lags."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts, shown


def _leads(facts: Facts) -> Measured | Missing:
    return share([shown(one) for one in facts.relationships if one["lag"] < 0], len(facts.relationships), facts.unrelated)


CHECK = Check(
    name="leads",
    title="Leads",
    group="dcma",
    reference="DCMA 2",
    definition="Relationships with a negative lag, of all relationships to incomplete activities",
    remedy="Split the predecessor where the work really overlaps, or link the starts (SS) with a lag; a lead hides what the successor waits for",
    measure=_leads,
)
