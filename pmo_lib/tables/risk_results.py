"""What the verbs of risk give back, declared as the inputs are: others build on these columns."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import CALENDAR_DAYS, SHARE, WORKING_DAYS, instant, when
from pmo_lib.tables.risks import RISK_KINDS


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
    working_days = dy.Float64(metadata=WORKING_DAYS, description="the same by the project's calendar")
    low = dy.Float64(metadata=WORKING_DAYS, description="lower end of the 95 % interval of working_days")
    high = dy.Float64(metadata=WORKING_DAYS, description="upper end of the 95 % interval of working_days")


class MergeBias(dy.Schema):
    """`risk.merge_bias`: one row a point where paths meet, the largest delay first."""

    activity = dy.String(primary_key=True, description="activity id at which they meet")
    name = dy.String(description="the activity's name")
    predecessors = dy.Int64(min=2, description="how many activities meet there")
    worst = dy.String(description="activity id of the predecessor that would let it begin latest, at its P80")
    delay = dy.Float64(min=0, metadata=WORKING_DAYS, description="average start less the latest average that one predecessor alone would give")
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
    contribution_p80 = dy.Float64(nullable=True, metadata=WORKING_DAYS, description="what removing its uncertainty would take off the P80; null: not computed")


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
    contribution = dy.Float64(metadata=WORKING_DAYS, description="contribution to the percentile; negative for what shortens the project")
    error = dy.Float64(min=0, metadata=WORKING_DAYS, description="one standard error of the contribution")


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


class RangeSources(dy.Schema):
    """`Simulation.ranges.sources`: one row a source of ranges, in the order in which they are asked: the first that has an activity decides its range."""

    source = dy.Enum(["given", "file", "rule", "standard"], description="a table of estimates, the plan's own file, a rule, the standard's rule")
    told = dy.String(description="which, in words")
    meets = dy.Int64(min=0, description="activities with open work that it has a range for")
    decides = dy.Int64(min=0, description="activities whose range it gives: those that no source before it has")
    note = dy.String(nullable=True, description="what was odd, as a rule that meets nothing")
