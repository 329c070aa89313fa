"""DCMA 9: forecasts in the past, and actual dates in the future."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.schedule.quality.check import Check, Measured, Missing, Row, share
from pmo_lib.schedule.quality.facts import Facts


def _invalid_dates(facts: Facts) -> Measured | Missing:
    at = facts.at
    if at is None:
        return Missing("the plan has no status date")
    return share([row["activity"] for row in facts.activities if _invalid(facts, row, at)], len(facts.activities), facts.nothing)


def _invalid(facts: Facts, row: Row, at: datetime) -> bool:
    activity = row["activity"]
    if any(facts.later(activity, row[f"actual_{end}"], at) for end in ("start", "finish")):
        return True
    forecasts = [row[f"stored_{end}"] for end in ("start", "finish") if row[f"actual_{end}"] is None]
    return any(when is not None and facts.later(activity, at, when) for when in forecasts)


CHECK = Check(
    name="invalid_dates",
    title="Invalid dates",
    group="dcma",
    reference="DCMA 9",
    definition="Activities with a forecast start or finish before the status date, or an actual date after it, of all activities, completed ones too",
    remedy="Give an actual date to what has happened, and schedule what has not from the status date (MS Project: Update Project)",
    measure=_invalid_dates,
)
