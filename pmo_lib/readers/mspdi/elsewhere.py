"""MSPDI that another program than MS Project wrote: what tells of it, and what such files leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pmo_lib.calendar import between
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.readers.mspdi.plan import dates_alone
from pmo_lib.readers.mspdi.values import Item

COMMENT = re.compile(rb"<!--(.{1,400}?)-->", re.DOTALL)
RULES = "its dates may follow other rules than MS Project's, by which they are scheduled here"


def tell(root: Item, tasks: Sequence[Item], head: bytes) -> None:
    """Notes where another program wrote the file: MS Project writes early dates with every task, and no comment before the root element."""
    own = [item for item in tasks if item.text("UID") != "0"]
    comment = COMMENT.search(head.partition(b"<Project")[0])
    if comment:
        said = " ".join(comment[1].decode("utf-8", "replace").split())[:80]
        root.notes.add("info", "written-elsewhere", root.place, f"another program wrote the file ({said}); {RULES}")
    elif own and not any(item.text("EarlyStart") for item in own):
        root.notes.add(
            "info", "written-elsewhere", root.place, f"another program wrote the file, as no task has the early dates that MS Project writes; {RULES}"
        )


def lasting(plan: Project, tasks: Sequence[Item]) -> Project:
    """The plan in which a task that states start and finish but no duration lasts from one to the other."""
    without = {item.text("UID"): item for item in tasks if dates_alone(item)}
    if not without or "activities" not in plan.tables:
        return plan
    known = calendars(plan)
    default = project_calendar(plan, known)
    activities = plan.tables["activities"]
    found = []
    for uid, key, start, finish, share, done in activities.select(
        "activity", "calendar", "stored_start", "stored_finish", "percent_complete", "actual_finish"
    ).iter_rows():
        if uid in without and start is not None and finish is not None:
            cal = known.get(key) or default
            whole = max(between(cal, start, finish), 0) if cal.works else 0
            without[uid].notes.add("info", "duration-from-dates", without[uid].place, "a task without a duration lasts from its start to its finish")
            found.append((uid, whole, 0 if done else whole - round(whole * share)))
    schema = {"activity": pl.String, "duration": activities.schema["duration"], "remaining_duration": activities.schema["remaining_duration"]}
    return Project(plan.info, {**plan.tables, "activities": activities.update(pl.DataFrame(found, schema=schema, orient="row"), on="activity")}, plan.findings)
