"""DCMA 10: work that nobody is named for."""

from __future__ import annotations

import polars as pl

from pmo_lib.project import Project
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _resources(facts: Facts) -> Measured | Missing:
    assigned = _assigned(facts.plan)
    costed = set(facts.plan.tables["activities"].filter(pl.col("planned_cost").fill_null(0) != 0)["activity"])
    if not assigned and not costed:
        return Missing("the plan holds neither resources nor costs")
    long = [row["activity"] for row in facts.open if facts.days(row["activity"], row["duration"]) >= 1]
    return share([activity for activity in long if activity not in assigned and activity not in costed], len(facts.open), facts.nothing)


def _assigned(plan: Project) -> set[str]:
    """Activities that somebody or something is named for. MS Project writes an assignment without a resource where nobody is; P6 does for a role."""
    if "assignments" not in plan.tables:
        return set()
    rows = plan.tables["assignments"]
    return set((rows.drop_nulls("resource") if plan.info.application == "msp" else rows)["activity"])


CHECK = Check(
    name="resources",
    title="Resources",
    group="dcma",
    reference="DCMA 10",
    definition="Incomplete activities of a day or more with neither a resource nor a cost, of all incomplete activities",
    remedy="Name who or what does it, or its cost; where no plan carries resources by agreement, raise the standard's threshold",
    measure=_resources,
)
