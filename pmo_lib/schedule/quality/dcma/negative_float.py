"""DCMA 7: activities that are too late already."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts, floats


def _negative_float(facts: Facts) -> Measured | Missing:
    return floats(facts, lambda days: days < 0)


CHECK = Check(
    name="negative_float",
    title="Negative float",
    group="dcma",
    reference="DCMA 7",
    definition="Incomplete activities with total float below zero, of all incomplete activities",
    remedy="The plan misses a date that it is held to: shorten or overlap the work that leads there, or agree on another date",
    measure=_negative_float,
)
