"""DCMA 3: positive lags."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts, shown


def _lags(facts: Facts) -> Measured | Missing:
    return share([shown(one) for one in facts.relationships if one["lag"] > 0], len(facts.relationships), facts.unrelated)


CHECK = Check(
    name="lags",
    title="Lags",
    group="dcma",
    reference="DCMA 3",
    definition="Relationships with a positive lag, of all relationships to incomplete activities",
    remedy="Make an activity of a lag that is work or waiting of somebody (curing, approval, delivery); take out what nobody can explain",
    measure=_lags,
)
