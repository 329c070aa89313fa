"""What verbs give back, declared as the inputs are: others build on these columns."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import INSTANT, MINUTES, SHARE, instant
from pmo_lib.tables.risks import RISK_KINDS

DAYS = {"unit": "working days"}
CALENDAR_DAYS = {"unit": "calendar days"}


def when(description: str) -> dy.Datetime:
    """A local instant that is always there."""
    return dy.Datetime(time_unit="us", metadata=INSTANT, description=description)


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
    days = dy.Float64(nullable=True, metadata=DAYS, description="size of the change, later and longer positive")
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
    days = dy.Float64(metadata=DAYS, description="the same, by the project calendar's hours per day")
    alone_minutes = dy.Int64(
        nullable=True, metadata=MINUTES, description="what it alone moves the finish of the older plan; null: alone it cannot be scheduled"
    )
    alone_days = dy.Float64(nullable=True, metadata=DAYS, description="the same; interaction is what the groups alone leave of the total")
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
    days = dy.Float64(metadata=DAYS, description="what it lost, negative, or gained, by its own calendar's hours per day")


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


class Percentiles(dy.Schema):
    """`risk.percentiles`: each with its 95 % interval."""

    p = dy.Float64(primary_key=True, metadata={"unit": "%"}, description="percentile")
    finish = when("finish at that percentile")
    finish_low = when("lower end of the percentile's 95 % interval")
    finish_high = when("upper end of the percentile's 95 % interval")


class Trace(dy.Schema):
    """`risk.convergence`: a percentile and its 95 % interval as replicates are added."""

    iterations = dy.Int64(primary_key=True, min=1, description="iterations so far")
    finish = when("the percentile after them")
    finish_low = when("lower end of its 95 % interval")
    finish_high = when("upper end of its 95 % interval")


class Difference(dy.Schema):
    """`risk.difference`: what a what-if would move, by percentile, with the error that the same random numbers leave."""

    p = dy.Float64(primary_key=True, metadata={"unit": "%"}, description="percentile")
    before = when("finish at that percentile before")
    after = when("finish at that percentile in the what-if")
    days = dy.Float64(metadata=CALENDAR_DAYS, description="from before to after, later positive")
    working_days = dy.Float64(metadata=DAYS, description="the same by the project's calendar")
    low = dy.Float64(metadata=DAYS, description="lower end of the 95 % interval of working_days")
    high = dy.Float64(metadata=DAYS, description="upper end of the 95 % interval of working_days")


class MergeBias(dy.Schema):
    """`risk.merge_bias`: one row a point where paths meet, the largest delay first."""

    activity = dy.String(primary_key=True, description="activity id at which they meet")
    name = dy.String(description="the activity's name")
    predecessors = dy.Int64(min=2, description="how many activities meet there")
    worst = dy.String(description="activity id of the predecessor that would let it begin latest, at its P80")
    delay = dy.Float64(min=0, metadata=DAYS, description="average start less the latest average that one predecessor alone would give")
    p50 = when("P50 of when all predecessors let it begin")
    p50_worst = when("the latest P50 of one predecessor alone")
    p80 = when("P80 of when all predecessors let it begin")
    p80_worst = when("the latest P80 of one predecessor alone")


class ActivityPercentiles(dy.Schema):
    """`risk.activity_percentiles`: one row an open activity and percentile, in the plan's order."""

    activity = dy.String(primary_key=True, description="activity id")
    p = dy.Float64(primary_key=True, metadata={"unit": "%"}, description="percentile")
    finish = when("finish at that percentile")
    finish_low = when("lower end of its 95 % interval")
    finish_high = when("upper end of its 95 % interval")


class Sensitivity(dy.Schema):
    """`risk.sensitivity`: one row an uncertain activity (or risk), most important first."""

    activity = dy.String(primary_key=True, description="activity id, or the risk's name")
    name = dy.String(description="the activity's name")
    criticality = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="share of iterations in which it is critical")
    significance = dy.Float64(nullable=True, min=0, description="Williams: mean of duration / (duration + float), weighted by the length of each iteration")
    cruciality = dy.Float64(nullable=True, description="absolute rank correlation of its duration with the finish; null for a certain duration")
    pearson = dy.Float64(nullable=True, description="linear correlation of its duration with the finish")
    spearman = dy.Float64(nullable=True, description="rank correlation of its duration with the finish, ties averaged")
    kendall = dy.Float64(nullable=True, description="tau-b of its duration and the finish; null: not computed")
    ssi = dy.Float64(nullable=True, min=0, description="schedule sensitivity index: criticality times the ratio of the standard deviations")
    contribution_p80 = dy.Float64(nullable=True, metadata=DAYS, description="what removing its uncertainty would take off the P80; null: not computed")


class Occurrences(dy.Schema):
    """How often each risk of a simulation occurred: one row a risk, in the given order."""

    risk = dy.String(primary_key=True, description="the risk's id")
    name = dy.String(description="what may happen, in words")
    kind = dy.Enum(RISK_KINDS, description="driver or event")
    probability = dy.Float64(min=0, max=1, metadata=SHARE, description="chance that it occurs, as given")
    activities = dy.Int64(min=0, description="open activities that it touches; 0: what it touches is finished")
    share = dy.Float64(min=0, max=1, metadata=SHARE, description="how often it occurred, over iterations and independent draws")


class Contributions(dy.Schema):
    """`risk.contributions`: what each risk, and each named activity's own range, adds to a percentile of the finish."""

    item = dy.String(description="the risk's or the activity's id")
    name = dy.String(description="its name")
    kind = dy.Enum([*RISK_KINDS, "activity"], description="driver, event, or an activity's own range")
    method = dy.Enum(["remove_one", "shapley"], description="remove_one: what leaving it out takes off; shapley: shares that add up to all less none")
    contribution = dy.Float64(metadata=DAYS, description="contribution to the percentile; negative for what shortens the project")
    error = dy.Float64(min=0, metadata=DAYS, description="one standard error of the contribution")


class Ways(dy.Schema):
    """How often each branch of a simulation was taken: one row a branch; for a task that may not exist the two are exists and does not exist."""

    node = dy.String(description="activity id at whose end the plan branches, or of the task that may not exist")
    branch = dy.String(description="the branch's name")
    probability = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="chance as given; null: by a test")
    activities = dy.Int64(min=0, description="open activities that belong to it")
    share = dy.Float64(min=0, max=1, metadata=SHARE, description="share of iterations in which it was taken")


class Targets(dy.Schema):
    """Forecast against each target: one row a target, the measured one first."""

    target = dy.String(description="what the target is: approved finish, must-finish, deadline, baseline finish, or a milestone's name")
    kind = dy.Enum(["approved", "must_finish", "deadline", "baseline", "given", "milestone"], description="where the target comes from")
    activity = dy.String(nullable=True, description="activity that the target binds; null: the project's finish")
    date = instant("the target; null for a milestone without one")
    p50 = when("P50 of that finish")
    p80 = when("P80 of that finish")
    chance = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="chance of meeting the target")
    chance_low = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="lower end of its 95 % interval")
    chance_high = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="upper end of its 95 % interval")


class ActivityForecast(dy.Schema):
    """The simulated finish of each open activity, for the banded Gantt chart."""

    activity = dy.String(primary_key=True, description="activity id")
    p10 = when("P10 finish")
    p50 = when("P50 finish")
    p80 = when("P80 finish")
    p90 = when("P90 finish")
    criticality = dy.Float64(min=0, max=1, metadata=SHARE, description="share of iterations in which it is critical")


class Steps(dy.Schema):
    """What each preparation of the forecast moved, alone and in order."""

    step = dy.String(primary_key=True, description="what was done, as in 'open work moved to the status date'")
    finish = when("deterministic finish after the step")
    days = dy.Float64(metadata=CALENDAR_DAYS, description="what the step alone moved, later positive")
    count = dy.Int64(min=0, description="how many activities or constraints it touched")


class Listing(dy.Schema):
    """The project list: what the organisation says of each project. One row a project; history keeps every version."""

    key = dy.String(primary_key=True, min_length=1, description="the organisation's key of the project")
    name = dy.String(description="the project's name")
    programme = dy.String(nullable=True, description="programme that the project belongs to")
    portfolio = dy.String(nullable=True, description="portfolio that the programme belongs to")
    manager = dy.String(nullable=True, description="project manager")
    sponsor = dy.String(nullable=True, description="sponsor")
    phase = dy.String(nullable=True, description="phase or stage")
    approved_budget = dy.Float64(nullable=True, min=0, metadata={"unit": "project currency"}, description="budget as approved")
    approved_finish = dy.Date(nullable=True, description="finish as approved: the first choice of target")
    milestones = dy.String(nullable=True, description="key milestones: activity ids, separated by ';'")
    file_pattern = dy.String(nullable=True, description="which files of a folder belong to the project, as in '*northgate*'")
    declared = dy.Enum(["on_track", "at_risk", "off_track"], nullable=True, description="status as the project declares it")


STATUSES = ["on_track", "at_risk", "off_track", "no_data"]


class Health(dy.Schema):
    """`portfolio.health`: one row a project, worst first: the portfolio page's and the portfolio report's table."""

    key = dy.String(primary_key=True, description="the project's key")
    name = dy.String(description="the project's name")
    programme = dy.String(nullable=True, description="from the project list")
    portfolio = dy.String(nullable=True, description="from the project list")
    manager = dy.String(nullable=True, description="from the project list, or the source")
    source = dy.String(nullable=True, description="format of the snapshot; null: nothing submitted")
    data_date = instant("the snapshot's status date")
    snapshot = dy.String(nullable=True, description="the snapshot's hash")
    declared = dy.Enum(STATUSES, description="status as declared; no_data where nobody declared one")
    computed = dy.Enum(STATUSES, description="status as the standard's rules compute it")
    watermelon = dy.Bool(description="declared on track, computed off track")
    reason = dy.String(description="the rule that decided, in a sentence")
    finish = instant("deterministic finish")
    target_kind = dy.String(nullable=True, description="what the target is")
    target = instant("the target")
    p10 = instant("P10 finish")
    p25 = instant("P25 finish")
    p50 = instant("P50 finish")
    p75 = instant("P75 finish")
    p80 = instant("P80 finish")
    p80_low = instant("lower end of the P80's 95 % interval")
    p80_high = instant("upper end of the P80's 95 % interval")
    p90 = instant("P90 finish")
    chance = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="chance of the target")
    indicative = dy.Bool(description="true: ranges are assumed, nobody estimated them")
    previous_p80 = instant("P80 of the snapshot before")
    p80_change = dy.Float64(nullable=True, metadata=CALENDAR_DAYS, description="change of the P80 since that snapshot, later positive")
    spi = dy.Float64(nullable=True, description="schedule performance index; null: not available")
    cpi = dy.Float64(nullable=True, description="cost performance index; null: not available")
    checks_passed = dy.Int64(nullable=True, description="how many of the DCMA's 14 points passed, of a board how many of its checks")
    checks_made = dy.Int64(nullable=True, description="how many of them could be measured")
    agreement = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="share of activities whose stored dates our engine reproduces")
    compared = dy.Int64(nullable=True, description="activities compared for it")
    kind = dy.Enum(["plan", "board"], description="a network of activities, or items that flow")
    left = dy.Int64(nullable=True, min=0, description="board: items that are left")
    weekly = dy.Float64(nullable=True, min=0, metadata={"unit": "items a week"}, description="board: throughput in the weeks that its forecast draws from")
    within = dy.Float64(nullable=True, metadata={"unit": "days"}, description="board: service-level expectation, the days within which that share was done")
    share = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="board: the share that the expectation is about")
    measured = dy.Int64(nullable=True, min=0, description="board: items that the expectation was measured on")
    weeks = dy.Int64(nullable=True, min=0, description="board: whole weeks that its forecast draws from")
    counted = dy.Int64(nullable=True, min=0, description="board: items finished in those weeks")
    learnt = dy.Int64(nullable=True, min=0, description="board: past forecasts of its own that calibrated it, beside those of other teams")
    findings = dy.Int64(description="findings of warning or error")
    note = dy.String(nullable=True, description="why a figure is missing")


class RangeSources(dy.Schema):
    """`Simulation.ranges.sources`: one row a source of ranges, in the order in which they are asked: the first that has an activity decides its range."""

    source = dy.Enum(["given", "file", "rule", "standard"], description="a table of estimates, the plan's own file, a rule, the standard's rule")
    told = dy.String(description="which, in words")
    meets = dy.Int64(min=0, description="activities with open work that it has a range for")
    decides = dy.Int64(min=0, description="activities whose range it gives: those that no source before it has")
    note = dy.String(nullable=True, description="what was odd, as a rule that meets nothing")
