"""MS Project: the late dates count from the latest of the project's finish, what was done last, and the last finish-no-later-than date.

Reference: Microsoft, Q182899, "Unexpected Late Finish, Slack, or Critical Path": such a date becomes the late finish though it lies after the project's
finish, and slack is the time until "the project finish date or the last constraint date, whichever is later". So it is on summary tasks too (mpug.com, forum,
Summary task: Finish No Later Than constraint: odd behavior).
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pmo_lib.project import Project
from pmo_lib.schedule.network.plain import Tasks


def latest_end(plan: Project, tasks: Tasks) -> datetime | None:
    """The instant before which the late dates do not begin to count; None: from the project's finish."""
    if plan.info.application != "msp":
        return None
    ends = [task.finished for task in tasks.own.values() if task.finished]
    held = (pl.col("constraint").cast(pl.String) == "finish_on_or_before") & pl.col("actual_finish").is_null() & pl.col("active") & ~pl.col("manual")
    ends += plan.tables["activities"].filter(held)["constraint_date"].drop_nulls().to_list()
    return max(ends, default=None)
