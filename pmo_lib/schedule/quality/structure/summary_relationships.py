"""Relationships of summary tasks: logic that cannot be followed from activity to activity."""

from __future__ import annotations

import polars as pl

from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts, shown


def _summary_relationships(facts: Facts) -> Measured | Missing:
    rows = facts.plan.tables["activities"].filter(pl.col("active"), pl.col("kind").cast(pl.String) == "summary")
    summaries, done = set(rows["activity"]), set(rows.filter(pl.col("actual_finish").is_not_null())["activity"])
    ended = {activity for activity, row in facts.every.items() if row["actual_finish"] is not None} | done
    live = [one for one in facts.written if one["successor"] not in ended]
    found = [shown(one) for one in live if one["predecessor"] in summaries or one["successor"] in summaries]
    return share(found, len(live), "no relationship leads to an incomplete activity")


CHECK = Check(
    name="summary_relationships",
    title="Relationships of summary tasks",
    group="structure",
    definition="Relationships that begin or end at a summary task, of all relationships to what is incomplete",
    remedy="Link the activities below the summary task that really wait for each other, and remove its relationship",
    measure=_summary_relationships,
)
