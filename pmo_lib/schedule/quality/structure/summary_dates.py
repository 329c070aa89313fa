"""Vertical traceability: do summary tasks span what belongs to them?"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pmo_lib.calendar import between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.schedule.network.outline import leaves
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _summary_dates(facts: Facts) -> Measured | Missing:
    if isinstance(facts.clocks, str):
        return Missing(facts.clocks)
    rows = facts.plan.tables["activities"].filter(pl.col("active"), pl.col("kind").cast(pl.String) == "summary")
    below = leaves(facts.plan, dict.fromkeys(facts.every))  # type: ignore[arg-type]
    spans = {activity: _span(facts, below.get(activity, [])) for activity in rows["activity"]}
    told = [(a, (start, finish), spans[a]) for a, start, finish in rows.select("activity", "stored_start", "stored_finish").iter_rows()]
    compared = [(a, own, span) for a, own, span in told if span is not None and None not in own]
    calendar = project_calendar(facts.plan)
    apart = [a for a, own, span in compared if any(between(calendar, one, other) for one, other in zip(own, span, strict=True))]
    return share(apart, len(compared), "the source stores no dates of summary tasks")


def _span(facts: Facts, activities: list[str]) -> tuple[datetime, datetime] | None:
    """From the first start to the last finish that the source stores."""
    starts = [when for a in activities if (when := facts.every[a]["stored_start"])]
    finishes = [when for a in activities if (when := facts.every[a]["stored_finish"])]
    return (min(starts), max(finishes)) if starts and finishes else None


CHECK = Check(
    name="summary_dates",
    title="Dates of summary tasks",
    group="structure",
    definition="Summary tasks that do not begin and end with the activities that belong to them, of all summary tasks with dates",
    remedy="Calculate the plan anew in its tool (MS Project: F9); schedule a manual summary task automatically, or give it the dates of its work",
    measure=_summary_dates,
)
