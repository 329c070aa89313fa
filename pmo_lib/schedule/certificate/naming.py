"""What the file alone shows of an activity at which a difference begins. Each name is a proof from the stored values; what has none is unknown.

- `contradiction`: stored values of the activity, or of it and a neighbour, cannot hold together under any rule.
- `stale`: a stored late finish lies earlier than anything that the file now holds would put it: MS Project recalculates what a change reaches, and
  keeps the late dates of the rest from an earlier state of the plan.
- `split`: the stored dates span more working time than the duration, and the file does not tell where the work rests.
- `external`: nothing of this project leads to an activity that waits, and the file has links from other projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from pmo_lib.calendar import add, between
from pmo_lib.project import Project
from pmo_lib.schedule.dates import Run
from pmo_lib.schedule.network.outline import memberships
from pmo_lib.schedule.network.plain import Link

MINUTE = 1  # what differs by more than a minute of working time differs
Stored = Mapping[str, Mapping[str, Any]]  # by activity: its `stored_*` dates
Differ = Callable[[Mapping[str, Any], str, Sequence[str]], bool]  # whether of an activity's dates, as `scheduled` gives them, any of these columns differs


def end_of_day(plan: Project) -> timedelta:
    """What to add to a stored finish: where a file states days alone, its finish is the end of that day."""
    return timedelta(days=1) if (plan.findings["code"] == "days-only").any() else timedelta()


class Evidence:
    """The stored dates of a plan and its links, looked up by activity."""

    def __init__(self, plan: Project, run: Run, stored: Stored, differ: Differ) -> None:
        self.run, self.plan, self.net, self.rows, self.stored, self.differ = run, plan, run.net, run.rows, stored, differ
        self.late_by = end_of_day(plan)

    @cached_property
    def links(self) -> Mapping[str, list[Link]]:
        """Each activity's links, on both ends; those between its summaries and others too."""
        found: dict[str, list[Link]] = {}
        for link in self.run.links:
            found.setdefault(link.predecessor, []).append(link)
            found.setdefault(link.successor, []).append(link)
        return found

    @cached_property
    def last(self) -> datetime | None:
        """The latest early finish that is stored: the project's."""
        column = self.plan.tables["activities"].filter(pl.col("active"))["stored_early_finish"].max()
        return column if isinstance(column, datetime) else None

    @cached_property
    def above(self) -> Mapping[str, list[str]]:
        """Each activity's summary tasks."""
        found: dict[str, list[str]] = {}
        for activity, summary in memberships(self.plan):
            found.setdefault(activity, []).append(summary)
        return found

    @cached_property
    def late_finish(self) -> Mapping[str, datetime | None]:
        """The stored late finish of everything, summary tasks too."""
        return dict(self.plan.tables["activities"].select("activity", "stored_late_finish").iter_rows())

    @cached_property
    def free_float(self) -> Mapping[str, int | None]:
        """The stored free float."""
        return dict(self.plan.tables["activities"].select("activity", "stored_free_float").iter_rows())

    def after(self, activity: str) -> Iterator[Link]:
        """Its links to what follows it."""
        return (link for link in self.links.get(activity, ()) if link.predecessor == activity)

    def finish(self, when: datetime) -> datetime:
        return when + self.late_by


def named(evidence: Evidence, activity: str) -> str:
    """The cause of a difference that begins at this activity."""
    if _contradicts(evidence, activity):
        return "contradiction"
    if _stale(evidence, activity):
        return "stale"
    if _split(evidence, activity):
        return "split"
    return "external" if _external(evidence, activity) else "unknown"


def _contradicts(evidence: Evidence, activity: str) -> bool:
    own = evidence.stored[activity]
    start, finish = own["stored_early_start"], own["stored_early_finish"]
    if start is not None and finish is not None and (finish < start or _shorter_than_its_rest(evidence, activity, start, finish)):
        return True
    if any(_broken(evidence, link) for link in evidence.links.get(activity, ())):
        return True
    return _beyond_its_summary(evidence, activity) or _float_through_a_link(evidence, activity)


def _shorter_than_its_rest(evidence: Evidence, activity: str, start: datetime, finish: datetime) -> bool:
    """Whether the dates of a begun activity hold less than its remaining work; in a P6 file without a data date nothing else says where that lies."""
    task, info = evidence.net.tasks[activity], evidence.plan.info
    told = info.application == "p6" and info.data_date is None and task.state == "started"
    return told and between(task.calendar, start, finish) < task.duration - MINUTE


def _broken(evidence: Evidence, link: Link) -> bool:
    """Whether the stored late dates let the predecessor end after its successor must have begun."""
    stored, tasks = evidence.stored, evidence.net.tasks
    if link.type != "FS" or link.lag or link.predecessor not in stored or link.successor not in stored:
        return False
    ends, begins = stored[link.predecessor]["stored_late_finish"], stored[link.successor]["stored_late_start"]
    both = tasks[link.predecessor], tasks[link.successor]
    if any(task.state != "open" or task.high or task.low.keys() - {"es", "ef"} for task in both) or ends is None or begins is None:
        return False
    return between(both[0].calendar, begins, evidence.finish(ends) if both[0].duration else ends) > MINUTE


def _beyond_its_summary(evidence: Evidence, activity: str) -> bool:
    """Whether it may finish later than a summary task that it belongs to, whose late finish is the latest of what belongs to it."""
    own, cal = evidence.stored[activity]["stored_late_finish"], evidence.net.tasks[activity].calendar
    limits = [limit for summary in evidence.above.get(activity, ()) if (limit := evidence.late_finish.get(summary)) is not None]
    return own is not None and any(between(cal, limit, own) > MINUTE for limit in limits)


def _float_through_a_link(evidence: Evidence, activity: str) -> bool:
    """Whether its stored free float is more than its successors' stored starts leave of it."""
    row = evidence.free_float.get(activity)
    own = evidence.stored[activity]["stored_early_finish"]
    if row is None or own is None:
        return False
    cal = evidence.net.tasks[activity].calendar
    for link in evidence.after(activity):
        starts = evidence.stored[link.successor]["stored_early_start"] if link.successor in evidence.stored else None
        if link.type == "FS" and not link.lag and starts is not None and row > max(between(cal, own, starts), 0) + MINUTE:
            return True
    return False


def _stale(evidence: Evidence, activity: str) -> bool:
    """Whether its stored late finish lies before all that could hold it: its successors, its limits, the project's stored finish."""
    own, task = evidence.stored[activity]["stored_late_finish"], evidence.net.tasks[activity]
    options = evidence.plan.info.options
    if not evidence.differ(evidence.rows[activity], activity, ("late_finish",)):
        return False
    if evidence.plan.info.application != "msp" or own is None or options.open_ends_critical or options.schedule_from == "finish":
        return False
    if task.late or {"ls", "lf"} & task.high.keys():
        return False
    limits = [_begins(evidence, link) for link in evidence.after(activity)]
    if any(limit is None for limit in limits) or evidence.last is None:
        return False
    least = min([*(limit for limit in limits if limit is not None), evidence.last])
    if between(task.calendar, evidence.finish(own), least) > MINUTE:
        return True
    return any(_as_if_unbegun(evidence, activity, link) for link in evidence.after(activity))


def _begins(evidence: Evidence, link: Link) -> datetime | None:
    """The earliest late start that the stored dates could give the successor, less the lag; None where that cannot be said."""
    task = evidence.net.tasks[link.successor]
    if task.state == "done":
        return evidence.last
    starts = task.started or (evidence.stored[link.successor]["stored_late_start"] if link.successor in evidence.stored else None)
    return None if starts is None or link.type != "FS" else add(link.calendar, starts, -link.lag)


def _as_if_unbegun(evidence: Evidence, activity: str, link: Link) -> bool:
    """Whether the late finish is what it was before its successor began: the successor's late finish less all of its duration."""
    task = evidence.net.tasks[link.successor]
    ends = evidence.stored[link.successor]["stored_late_finish"] if link.successor in evidence.stored else None
    if task.state != "started" or link.type != "FS" or ends is None:
        return False
    whole = dict(evidence.plan.tables["activities"].select("activity", "duration").iter_rows())[link.successor]
    before = add(link.calendar, add(task.calendar, ends, -whole), -link.lag)
    own = evidence.stored[activity]["stored_late_finish"]
    return whole > task.duration and abs(between(evidence.net.tasks[activity].calendar, before, own)) <= MINUTE


def _split(evidence: Evidence, activity: str) -> bool:
    task, own = evidence.net.tasks[activity], evidence.stored[activity]
    start, finish = own["stored_early_start"], own["stored_early_finish"]
    if task.state != "open" or not task.duration or start is None or finish is None:
        return False
    return between(task.calendar, start, finish) > task.duration + MINUTE


def _external(evidence: Evidence, activity: str) -> bool:
    task, start = evidence.net.tasks[activity], evidence.stored[activity]["stored_early_start"]
    led = any(link.successor == activity for link in evidence.links.get(activity, ()))
    if led or task.late or start is None or not (evidence.plan.findings["code"] == "relationship-external").any():
        return False
    return bool(start > evidence.rows[activity]["early_start"])
