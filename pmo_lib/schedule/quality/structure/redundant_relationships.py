"""Relationships that others imply: they clutter the network and hide what drives."""

from __future__ import annotations

from pmo_lib.errors import NotSchedulable
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts, shown
from pmo_lib.schedule.quality.paths import implied


def _redundant(facts: Facts) -> Measured | Missing:
    nodes = [activity for activity, row in facts.every.items() if row["kind"] != "level_of_effort"]
    place = {activity: k for k, activity in enumerate(nodes)}
    written = [one for one in facts.written if one["predecessor"] in place and one["successor"] in place]
    try:
        found = implied(len(nodes), [(place[one["predecessor"]], place[one["successor"]], one["type"], one["lag"]) for one in written], nodes)
    except NotSchedulable as error:
        return Missing(str(error))
    inside = {row["activity"] for row in facts.open}
    counted = [(one, superfluous) for one, superfluous in zip(written, found, strict=True) if one["successor"] in inside]
    return share([f"{shown(one)} {one['type']}" for one, superfluous in counted if superfluous], len(counted), facts.unrelated)


CHECK = Check(
    name="redundant_relationships",
    title="Redundant relationships",
    group="structure",
    definition="Relationships that a way through others implies whatever the durations, of all relationships to incomplete activities",
    remedy="Remove it: the way through the others says the same",
    measure=_redundant,
)
