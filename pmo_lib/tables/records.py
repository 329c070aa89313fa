"""What hangs on a plan: project facts, baselines, codes, custom fields, estimates, findings."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import MINUTES, MONEY, instant


class ProjectRecord(dy.Schema):
    """One row: the project as its source names it. The same fields as `ProjectInfo`, without its options."""

    key = dy.String(description="the id under which people know the project")
    name = dy.String(description="the project's name")
    source = dy.String(description="format that was read: xer, mspdi, mpp, mpx, pmxml, activity_list, by_hand, …")
    application = dy.Enum(["p6", "msp", "other"], description="whose scheduling rules hold")
    file = dy.String(nullable=True, description="name of the file that was read, without its folder")
    content_hash = dy.String(nullable=True, description="SHA-256 of the source's bytes")
    position = dy.Int64(min=0, description="which project of the file, from 0")
    source_id = dy.String(nullable=True, description="the source's internal project id")
    guid = dy.String(nullable=True, description="the source's globally unique project id")
    reader = dy.String(description="reader and version, as in xer/1")
    data_date = instant("P6 data date; MS Project status date; null where the source has none")
    planned_start = instant("where the forward pass begins")
    must_finish = instant("the project's must-finish-by date")
    stored_finish = instant("the source's own scheduled finish")
    calendar = dy.String(nullable=True, description="key of the project's calendar")
    currency = dy.String(nullable=True, description="ISO 4217 code or the source's symbol")
    manager = dy.String(nullable=True, description="who manages the project, as the source says")
    baseline = dy.String(nullable=True, description="where the baseline comes from; null: the project has none")


class Baselines(dy.Schema):
    """One row an activity and baseline. Baseline 0 is the one that is measured against."""

    baseline = dy.Int64(min=0, max=10, description="MS Project's number; 0 is the baseline in force")
    activity = dy.String(description="activity id")
    start = instant("baseline start")
    finish = instant("baseline finish")
    duration = dy.Int64(nullable=True, metadata=MINUTES, description="baseline duration")
    work = dy.Int64(nullable=True, metadata={"unit": "person minutes"}, description="baseline work")
    cost = dy.Float64(nullable=True, metadata=MONEY, description="baseline cost: the activity's share of BAC")
    cost_at_start = dy.Float64(nullable=True, metadata=MONEY, description="the part of it that falls due as the activity begins; null: none, it accrues evenly")


class Codes(dy.Schema):
    """One row an activity and code: P6 activity codes, MS Project outline codes."""

    activity = dy.String(description="activity id")
    type = dy.String(description="the code's type, as in Phase")
    value = dy.String(description="the code's value, as in DES")
    description = dy.String(nullable=True, description="what the value means")


class CustomFields(dy.Schema):
    """One row a thing and field: P6 user-defined fields, MS Project's Text1, Number3, …"""

    subject = dy.Enum(["activity", "resource", "wbs", "assignment", "project", "item"], description="what kind of thing carries the field")
    key = dy.String(description="key of that thing in its table")
    field = dy.String(description="the field's name: its alias where it has one")
    kind = dy.Enum(["text", "number", "cost", "date", "duration", "flag"], description="how to read the value; durations are working minutes, dates ISO 8601")
    value = dy.String(description="the value as text")


SHAPES = ["triangular", "pert", "uniform", "lognormal", "trigen", "normal", "discrete", "cumulative", "histogram", "empirical"]
MEANINGS = ["minmax", "p10_p90", "p5_p95", "mean_sd"]


def listed_values(unit: dict[str, str]) -> dy.List:
    """The column of the values that some shapes are given by."""
    told = "discrete, empirical: the values; cumulative: the curve's; histogram: the bins' edges; normal: its two bounds"
    return dy.List(dy.Float64(nullable=True), nullable=True, metadata=unit, description=told)


def listed_weights() -> dy.List:
    """The column of their chances."""
    told = "discrete: the chance of each value; cumulative: of it or less; histogram: of each bin"
    return dy.List(dy.Float64(nullable=True), nullable=True, description=told)


class Estimates(dy.Schema):
    """One row an activity: the range of its remaining duration."""

    activity = dy.String(primary_key=True, description="activity id")
    shape = dy.Enum(SHAPES, description="distribution")
    low = dy.Float64(metadata={"unit": "working days"}, description="low point (mean_sd: the mean; of a list: its least value)")
    likely = dy.Float64(nullable=True, metadata={"unit": "working days"}, description="most likely")
    high = dy.Float64(metadata={"unit": "working days"}, description="high point (mean_sd: the standard deviation; of a list: its greatest value)")
    meaning = dy.Enum(MEANINGS, description="what low and high are")
    lam = dy.Float64(nullable=True, min=0, description="PERT's weight of the mode; null: 4")
    values = listed_values({"unit": "working days"})
    weights = listed_weights()


SEVERITIES = ["info", "warning", "error"]


class Findings(dy.Schema):
    """One row a thing that was refused, repaired or found odd: nothing is dropped in silence."""

    severity = dy.Enum(SEVERITIES, description="error: refused; warning: repaired or doubtful; info: worth knowing")
    code = dy.String(description="short stable name of the rule, as in lag-rounded")
    place = dy.String(description="where: table, row, activity")
    message = dy.String(description="what was found, in a sentence")
    remedy = dy.String(nullable=True, description="what to do about it")
