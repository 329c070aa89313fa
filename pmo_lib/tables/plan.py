"""What a plan consists of: activities, relationships, the work breakdown structure."""

from __future__ import annotations

import dataframely as dy
import polars as pl

ACTIVITY_KINDS = ["task", "resource_dependent", "level_of_effort", "start_milestone", "finish_milestone", "summary"]
RELATIONSHIP_TYPES = ["FS", "SS", "FF", "SF"]
LAG_KINDS = ["working", "elapsed", "percent", "elapsed_percent"]
TASK_TYPES = ["fixed_units", "fixed_duration", "fixed_work"]
CONSTRAINTS = [
    "as_late_as_possible",
    "start_on_or_after",
    "start_on_or_before",
    "start_on",
    "finish_on_or_after",
    "finish_on_or_before",
    "finish_on",
    "mandatory_start",
    "mandatory_finish",
]
MINUTES = {"unit": "working minutes"}
WORKING_DAYS = {"unit": "working days"}
CALENDAR_DAYS = {"unit": "calendar days"}
INSTANT = {"unit": "local instant"}
MONEY = {"unit": "project currency"}
SHARE = {"unit": "0..1"}


def instant(description: str) -> dy.Datetime:
    """A nullable naive local instant, to the microsecond."""
    return dy.Datetime(nullable=True, time_unit="us", metadata=INSTANT, description=description)


def when(description: str) -> dy.Datetime:
    """A local instant that is always there."""
    return dy.Datetime(time_unit="us", metadata=INSTANT, description=description)


class Activities(dy.Schema):
    """One row an activity, in the source's order. MS Project's summary tasks are rows too (kind `summary`)."""

    activity = dy.String(primary_key=True, min_length=1, description="the id that a planner sees: P6 Activity ID, MS Project Unique ID")
    uid = dy.String(nullable=True, description="the source's internal id, stable under renaming")
    guid = dy.String(nullable=True, description="the source's globally unique id")
    row = dy.Int64(nullable=True, description="position in the source: MS Project's row ID")
    name = dy.String(description="the activity's name")
    wbs = dy.String(nullable=True, description="key of the WBS element that the activity belongs to")
    kind = dy.Enum(ACTIVITY_KINDS, description="what the activity is; only task and resource_dependent carry work of their own")
    calendar = dy.String(nullable=True, description="key of the activity's calendar; null: the project's")
    active = dy.Bool(description="false: MS Project's inactive task, which schedules nothing")
    manual = dy.Bool(description="true: MS Project's manually scheduled task, whose stored dates stand")
    elapsed = dy.Bool(description="true: the duration runs round the clock, whatever the calendar")
    ignore_resource_calendars = dy.Bool(description="MS Project: the task calendar alone counts")
    task_type = dy.Enum(TASK_TYPES, nullable=True, description="MS Project: what stays when work changes; a fixed duration runs on no resource's calendar")
    duration = dy.Int64(min=0, metadata=MINUTES, description="duration at completion, as planned now")
    remaining_duration = dy.Int64(min=0, metadata=MINUTES, description="what is still to do; equals duration when not started")
    percent_complete = dy.Float64(min=0, max=1, metadata=SHARE, description="the source's own per cent complete")
    physical_percent = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="physical per cent complete, where the source keeps one")
    actual_start = instant("when work began")
    actual_finish = instant("when work ended")
    suspended = instant("when started work was suspended")
    resumed = instant("when suspended work resumes; MS Project: where the remaining part begins")
    expected_finish = instant("P6's expected finish")
    external_early_start = instant("P6: where another project lets the activity begin, kept when the relationship itself was lost")
    external_late_finish = instant("P6: when another project needs the activity to be done, kept when the relationship itself was lost")
    constraint = dy.Enum(CONSTRAINTS, nullable=True, description="primary constraint; null: as soon as possible")
    constraint_date = instant("date of the primary constraint")
    constraint_2 = dy.Enum(CONSTRAINTS, nullable=True, description="P6's secondary constraint")
    constraint_2_date = instant("date of the secondary constraint")
    deadline = instant("MS Project's deadline")
    levelling_delay = dy.Int64(min=0, metadata={"unit": "elapsed minutes"}, description="delay that the source's levelling added before the start")
    priority = dy.Int64(nullable=True, description="0 to 1000 in MS Project; 1 (top) to 5 in P6")
    planned_start = instant("P6's planned (target) start; never a baseline")
    planned_finish = instant("P6's planned (target) finish; never a baseline")
    stored_start = instant("the source's own scheduled start, as people see it")
    stored_finish = instant("the source's own scheduled finish, as people see it")
    stored_early_start = instant("the source's own early start")
    stored_early_finish = instant("the source's own early finish")
    stored_late_start = instant("the source's own late start")
    stored_late_finish = instant("the source's own late finish")
    stored_total_float = dy.Int64(nullable=True, metadata=MINUTES, description="the source's own total float")
    stored_free_float = dy.Int64(nullable=True, metadata=MINUTES, description="the source's own free float")
    stored_critical = dy.Bool(nullable=True, description="the source's own critical flag")
    planned_work = dy.Int64(nullable=True, metadata={"unit": "person minutes"}, description="work as planned now")
    actual_work = dy.Int64(nullable=True, metadata={"unit": "person minutes"}, description="work done")
    remaining_work = dy.Int64(nullable=True, metadata={"unit": "person minutes"}, description="work to do")
    planned_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost at completion, as planned now (P6: budgeted cost)")
    actual_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost so far")
    remaining_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost still to come")

    @dy.rule()
    def finished_work_began(cls) -> pl.Expr:
        return cls.actual_finish.col.is_null() | cls.actual_start.col.is_not_null()


class Relationships(dy.Schema):
    """One row a relationship. Several between one pair are legal (SS and FF, say)."""

    predecessor = dy.String(description="activity id of the predecessor")
    successor = dy.String(description="activity id of the successor")
    type = dy.Enum(RELATIONSHIP_TYPES, description="finish-start, start-start, finish-finish, start-finish")
    lag = dy.Int64(metadata={"unit": "minutes"}, description="lag, negative for a lead; for per cent lags the minutes that it comes to now")
    lag_kind = dy.Enum(
        LAG_KINDS,
        description="the lag's clock: the lag calendar's working time or round the clock; a percentage of the predecessor's duration on either",
    )
    lag_percent = dy.Float64(nullable=True, metadata={"unit": "%"}, description="the percentage of a per cent lag")
    uid = dy.String(nullable=True, description="the source's internal id of the relationship")


class ExternalRelationships(dy.Schema):
    """One row a relationship with an activity of another project in the same file, with the dates that the file keeps of that activity."""

    activity = dy.String(description="activity id of this project's end")
    other_is = dy.Enum(["predecessor", "successor"], description="which end the other project's activity is")
    project = dy.String(description="key of the other project")
    other = dy.String(description="activity id in the other project")
    type = dy.Enum(RELATIONSHIP_TYPES, description="finish-start, start-start, finish-finish, start-finish")
    lag = dy.Int64(metadata={"unit": "working minutes"}, description="lag, negative for a lead")
    start = instant("where the other's start stands: actual or scheduled for a predecessor, late for a successor")
    finish = instant("where the other's finish stands: actual or scheduled for a predecessor, late for a successor")
    done = dy.Bool(description="true: the other is complete and restrains nothing but by its actual dates")
    early_start = instant("of a successor its early start, or that of what remains of it: free float ends there")
    early_finish = instant("of a successor its early finish: free float ends there")


class WBS(dy.Schema):
    """The work breakdown structure: one row an element, parents before children."""

    wbs = dy.String(primary_key=True, description="key: P6 wbs_id, MS Project Unique ID of the summary task")
    parent = dy.String(nullable=True, description="key of the parent element")
    code = dy.String(nullable=True, description="the code that people see, dotted path")
    name = dy.String(description="the element's name")
    level = dy.Int64(min=0, description="depth; the project itself is 0")
    activity = dy.String(nullable=True, description="activity id of the summary task which is this element (MS Project)")


class Splits(dy.Schema):
    """The segments of activities that are split: one row a stretch of work, at least two an activity. The stretches between are planned rest."""

    activity = dy.String(description="activity id")
    start = dy.Datetime(time_unit="us", metadata=INSTANT, description="when this stretch of work begins, as the source has it scheduled")
    finish = dy.Datetime(time_unit="us", metadata=INSTANT, description="when it ends")
