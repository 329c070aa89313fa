"""DCMA 6: more total float than a sound network leaves."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts, floats


def _high_float(facts: Facts) -> Measured | Missing:
    return floats(facts, lambda days: days > facts.limits.high_float_days)


CHECK = Check(
    name="high_float",
    title="High float",
    group="dcma",
    reference="DCMA 6",
    definition="Incomplete activities with more than {high_float_days:g} working days of total float, of all incomplete activities",
    remedy="Look for the successor that is missing: much float is missing logic more often than spare time",
    measure=_high_float,
)
