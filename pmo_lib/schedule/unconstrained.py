"""The plan as its logic alone would date it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from pmo_lib.project import Project, table


def unconstrained(plan: Project, kinds: Collection[str] | None = None) -> Project:
    """The plan without its hard constraints: the mandatory dates and those "on or before" that DCMA 5 counts, or the `kinds` given.

    Scheduled beside the plan itself it tells what the imposed dates hide: an activity that is held to a date passes on neither a delay nor a gain.
    What reality imposes (not before a permit, a deadline, a must-finish date) is no hard constraint, and stays.

    Raises `NotAvailable` without activities.
    """
    from pmo_lib.schedule.quality.dcma.hard_constraints import HARD

    activities = table(plan, "activities", "schedule.unconstrained")
    dropped = list(HARD if kinds is None else kinds)
    kept = [
        pl.when(pl.col(constraint).cast(pl.String).is_in(dropped).not_().fill_null(True)).then(pl.col(column)).alias(column)
        for constraint in ("constraint", "constraint_2")
        for column in (constraint, f"{constraint}_date")
    ]
    return replace(plan, tables={**plan.tables, "activities": activities.with_columns(kept)})
