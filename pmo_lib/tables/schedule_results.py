"""What scheduling verbs give back, declared as the inputs are: others build on these columns."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import MINUTES, WORKING_DAYS, instant, when


class Dates(dy.Schema):
    """`schedule.dates`: one row a scheduled activity, in the plan's order."""

    activity = dy.String(primary_key=True, description="activity id")
    name = dy.String(description="the activity's name")
    early_start = when("earliest start; actual start once begun")
    early_finish = when("earliest finish; actual finish once ended")
    late_start = instant("latest start that keeps the finish; null when complete")
    late_finish = instant("latest finish that keeps the finish; null when complete")
    total_float = dy.Int64(nullable=True, metadata=MINUTES, description="total float by the source's own definition; null when complete")
    free_float = dy.Int64(nullable=True, metadata=MINUTES, description="free float; null when complete")
    critical = dy.Bool(description="critical by the source's own definition")
    longest_path = dy.Bool(description="on the chain of driving relationships that ends at the latest finish")


class Agreement(dy.Schema):
    """`schedule.agreement`: our dates beside the source's own, one row an activity that both have."""

    activity = dy.String(primary_key=True, description="activity id")
    name = dy.String(description="the activity's name")
    compared = dy.Bool(description="counts for the rate: not complete, not manual, with stored dates")
    agrees = dy.Bool(nullable=True, description="every stored date and the float are met, modulo working-time equivalence and one minute; null: not compared")
    within_minute = dy.Bool(description="it agrees, and some date only thanks to that minute: the source keeps parts of minutes")
    cause = dy.String(nullable=True, description="why it differs, where known; 'unknown' otherwise")
    start = instant("ours, as people see it: the actual start, or where levelling and constraints leave it")
    stored_start = instant("the source's")
    finish = instant("ours, as people see it")
    stored_finish = instant("the source's")
    early_start = instant("ours")
    stored_early_start = instant("the source's")
    early_finish = instant("ours")
    stored_early_finish = instant("the source's")
    late_start = instant("ours")
    stored_late_start = instant("the source's")
    late_finish = instant("ours")
    stored_late_finish = instant("the source's")
    total_float = dy.Int64(nullable=True, metadata=MINUTES, description="ours")
    stored_total_float = dy.Int64(nullable=True, metadata=MINUTES, description="the source's")


CHECK_GROUPS = ["dcma", "structure", "progress", "gao", "moves", "ageing", "records"]


class Checks(dy.Schema):
    """`schedule.checks`, `flow.checks`: one row a check. A ratio keeps its numerator, denominator and offenders."""

    check = dy.String(primary_key=True, description="short stable name, as in logic")
    title = dy.String(description="what people call it, as in 'Missing logic'")
    group = dy.Enum(
        CHECK_GROUPS,
        description="dcma: the 14 points; structure, progress: further checks; gao: best practices, each made of other checks; the rest: a board's",
    )
    reference = dy.String(nullable=True, description="where it stands in its source, as in 'DCMA 1', 'GAO 9'")
    value = dy.Float64(nullable=True, description="the measured value; null where it cannot be measured")
    unit = dy.String(description="unit of value and threshold: 'share', 'count', 'index'")
    threshold = dy.Float64(nullable=True, description="the standard's threshold; null: the value is for information")
    rule = dy.Enum(["at_most", "at_least"], nullable=True, description="how the value must lie to the threshold")
    passed = dy.Bool(nullable=True, description="compared before rounding; null: not available, or for information")
    numerator = dy.Float64(nullable=True, description="what the value is made of: how many offend, as a rule")
    denominator = dy.Float64(nullable=True, description="of how many")
    offenders = dy.List(dy.String(), description="activity ids, 'A -> B' for relationships, names of calendars, names of checks (gao), items of a board")
    reason = dy.String(nullable=True, description="why it is not available")
    coverage = dy.Enum(["measured", "partly", "not_measurable"], nullable=True, description="gao: how far a plan's file tells whether the practice is kept")
    definition = dy.String(description="what is counted, of what")
    remedy = dy.String(nullable=True, description="what to do where it fails; null: a practice, whose failed checks say it, or a board's")


class ActivityOverview(dy.Schema):
    """`office.activities`: one row an activity that is scheduled, the open ones with the least float first, what is complete last."""

    activity = dy.String(primary_key=True, description="activity id")
    name = dy.String(description="the activity's name")
    wbs = dy.List(dy.String(), description="keys of the WBS elements that hold it, from the top; empty: none")
    wbs_names = dy.List(dy.String(), description="the names of these elements")
    start = instant("early start by our engine; what has begun: the actual start")
    finish = instant("early finish by our engine; what is complete: the actual finish")
    baseline_finish = instant("finish of the current baseline")
    remaining_days = dy.Float64(nullable=True, metadata=WORKING_DAYS, description="remaining duration, by its own calendar's hours per day; null: complete")
    total_float_days = dy.Float64(nullable=True, metadata=WORKING_DAYS, description="total float, by its own calendar's hours per day; null: complete")
    critical = dy.Bool(description="open, and critical by the source's own definition")
    late = dy.Bool(description="open, and to finish after its baseline, with working time between, or with total float below zero")
    open = dy.Bool(description="not complete")
    agrees = dy.Bool(nullable=True, description="whether our dates are the stored ones; null: not compared")
    cause = dy.String(nullable=True, description="why it differs, as `schedule.agreement` names it")
    difference = dy.String(nullable=True, description="the date, or the float, that lies furthest from the stored one, in words")
    failed = dy.List(dy.String(), description="titles of the failed schedule checks that it, or one of its relationships, offends")


CHANGES = [
    "added", "removed", "renamed", "moved", "relinked", "duration", "progress", "actuals", "calendar", "hours", "constraint", "resources", "kind", "project",
    "option", "slipped", "gained",
]  # fmt: skip


CHANGE_GROUPS = ["progress", "durations", "scope", "logic", "calendars", "constraints", "resources", "options"]


class Changes(dy.Schema):
    """`Comparison.changes`: one row a change between two snapshots, largest first."""

    activity = dy.String(
        description="activity id in the newer plan (older where removed); the calendar's name or the project's key where it is not an activity"
    )
    name = dy.String(description="the activity's name; for a calendar how many activities follow it")
    change = dy.Enum(CHANGES, description="what kind of change; slipped and gained are the scheduled finish, which follows from the others")
    before = dy.String(nullable=True, description="the value before")
    after = dy.String(nullable=True, description="the value after")
    days = dy.Float64(nullable=True, metadata=WORKING_DAYS, description="size of the change, later and longer positive")
    subject = dy.Enum(["activity", "calendar", "project"], description="what changed")
    field = dy.String(nullable=True, description="the value's name where the kind of change has several, as in actual start")
    group = dy.Enum(CHANGE_GROUPS, nullable=True, description="the group of changes to which the attribution counts it; null: it moves nothing by itself")
    retroactive = dy.Bool(description="an actual date before the older status date that the older plan did not have, or that was changed or withdrawn")


MATCHED_BY = ["guid", "internal_id", "visible_id", "name_and_wbs", "name"]


class Matching(dy.Schema):
    """`Comparison.matching`: one row an activity of either plan, in the newer plan's order, what was removed at the end; summary tasks are left out."""

    older = dy.String(nullable=True, description="activity id in the older plan; null: added")
    newer = dy.String(nullable=True, description="activity id in the newer plan; null: removed")
    name = dy.String(description="the activity's name, in the newer plan where it has it")
    method = dy.Enum(MATCHED_BY, nullable=True, description="by what it was found again; null: it was not")


class Attribution(dy.Schema):
    """`Comparison.attribution`: what moved the finish. Groups in the order in which they were applied, then `interaction`, then `total`."""

    group = dy.Enum([*CHANGE_GROUPS, "interaction", "total"], primary_key=True, description="group of changes")
    minutes = dy.Int64(
        metadata=MINUTES, description="what it moved the finish when applied after those above it, later positive; the groups add up to the total"
    )
    days = dy.Float64(metadata=WORKING_DAYS, description="the same, by the project calendar's hours per day")
    alone_minutes = dy.Int64(
        nullable=True, metadata=MINUTES, description="what it alone moves the finish of the older plan; null: alone it cannot be scheduled"
    )
    alone_days = dy.Float64(nullable=True, metadata=WORKING_DAYS, description="the same; interaction is what the groups alone leave of the total")
    count = dy.Int64(min=0, description="how many changes the group has")
    finish = when("the scheduled finish after it")
    note = dy.String(nullable=True, description="what is special about the row, in a sentence")


class PathChanges(dy.Schema):
    """`Comparison.path`: the critical path before and after. One row an activity that was or is on it, in the order of its dates."""

    activity = dy.String(description="activity id in the newer plan (older where removed)")
    name = dy.String(description="the activity's name")
    change = dy.Enum(["entered", "left", "completed", "added", "removed", "stayed"], description="what became of its place on the longest path")
    critical_before = dy.Bool(nullable=True, description="critical in the older plan by its source's definition; null: it was not in it, or complete")
    critical_after = dy.Bool(nullable=True, description="critical in the newer plan; null: it is not in it, or complete")


class FloatErosion(dy.Schema):
    """`Comparison.floats`: total float before and after, one row an activity that is open in both plans, what lost most first."""

    activity = dy.String(primary_key=True, description="activity id in the newer plan")
    name = dy.String(description="the activity's name")
    before = dy.Int64(metadata=MINUTES, description="total float in the older plan")
    after = dy.Int64(metadata=MINUTES, description="total float in the newer plan")
    days = dy.Float64(metadata=WORKING_DAYS, description="what it lost, negative, or gained, by its own calendar's hours per day")


class CheckTrend(dy.Schema):
    """`schedule.trend`: one row a snapshot and check, oldest snapshot first, in the checks' order."""

    data_date = instant("the snapshot's status date")
    snapshot = dy.String(nullable=True, description="the snapshot's hash; of a plan outside a workspace the hash of its source")
    check = dy.String(description="short stable name, as in logic")
    title = dy.String(description="what people call it")
    group = dy.Enum(CHECK_GROUPS, description="as in `schedule.checks`")
    reference = dy.String(nullable=True, description="where it stands in its source, as in 'DCMA 1'")
    value = dy.Float64(nullable=True, description="the measured value; null where it cannot be measured")
    unit = dy.String(description="unit of value and threshold: 'share', 'count', 'index'")
    threshold = dy.Float64(nullable=True, description="the standard's threshold when it was measured")
    rule = dy.Enum(["at_most", "at_least"], nullable=True, description="how the value must lie to the threshold")
    passed = dy.Bool(nullable=True, description="null: not available, or for information")
    numerator = dy.Float64(nullable=True, description="what the value is made of")
    denominator = dy.Float64(nullable=True, description="of how many")
    reason = dy.String(nullable=True, description="why it is not available")
