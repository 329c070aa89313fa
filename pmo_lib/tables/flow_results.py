"""What the flow verbs tell of a board as it is: times, ages, counts. Instants are UTC, periods are days of the board's own time zone."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.board import LEVELS, moment
from pmo_lib.tables.plan import SHARE

DAYS = {"unit": "days of 24 hours"}
GROUP = "the group, where asked for; null: all, or the items that name none"


def group_of_items() -> dy.String:
    """The group's name."""
    return dy.String(nullable=True, description=GROUP)


class CycleTimes(dy.Schema):
    """`flow.cycle_times`: one row a counted item, in order of its finish; what is not finished comes last."""

    item = dy.String(primary_key=True, description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    created = moment("when it was asked for; null: the source does not tell")
    started = moment("first entry into a started column; null: never seen to begin")
    finished = moment("last entry into done; null: not finished")
    cycle_time = dy.Float64(nullable=True, metadata={"unit": "days"}, description="start to finish; null where either is missing")
    lead_time = dy.Float64(nullable=True, metadata={"unit": "days"}, description="creation to finish; null where either is missing, or the finish is before")
    cancelled = dy.Bool(description="ended without being delivered: no throughput, no cycle time")
    reason = dy.String(nullable=True, description="why a finished item has no cycle time, or no lead time")


class Became(dy.Schema):
    """`flow.became`: one row an item and what became of it between two looks at the board."""

    item = dy.String(primary_key=True, description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    change = dy.Enum(["new", "reopened", "begun", "finished", "dropped", "gone"], primary_key=True, description="what became of it")
    left = dy.Int64(min=-1, max=1, metadata={"unit": "items"}, description="what that adds to the number of items that are left")


class Ageing(dy.Schema):
    """`flow.ageing`: one row an item in progress, oldest first."""

    item = dy.String(primary_key=True, description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    column = dy.String(description="where it stands on the board")
    started = moment("when its clock began", nullable=False)
    age = dy.Float64(metadata={"unit": "days"}, description="how long ago that is")
    in_column = dy.Float64(metadata={"unit": "days"}, description="how long it has stood in this column")
    older_than = dy.Float64(nullable=True, metadata=SHARE, description="share of the finished items whose whole cycle time was shorter; null: none is finished")


class Pace(dy.Schema):
    """`flow.pace`: one row a column in which work is in progress, and a confidence."""

    column = dy.String(primary_key=True, description="the column")
    confidence = dy.Float64(primary_key=True, metadata=SHARE, description="share of the finished items")
    days = dy.Float64(metadata={"unit": "days"}, description="so old were they at most when they left the column")
    items = dy.Int64(min=1, description="finished items that were counted")


class Throughput(dy.Schema):
    """`flow.throughput`: one row a whole period, the empty ones too."""

    period = dy.Date(description="first day of the period")
    group = dy.String(nullable=True, description="the group, where asked for; null: all")
    finished = dy.Int64(min=0, description="items finished in it")


class RulesInForce(dy.Schema):
    """`flow.rules_in_force`: one row a rule by which the board is counted."""

    rule = dy.String(primary_key=True, description="the rule's key, as in [flow] of pmo.toml")
    value = dy.String(description="what it comes to on this board, in words")
    guessed = dy.Bool(description="nobody told it: a setting would replace it")


class Levels(dy.Schema):
    """`flow.levels`: one row a level and type of items, the counted ones first."""

    level = dy.Enum(LEVELS, primary_key=True, description="where in the hierarchy")
    type = dy.String(primary_key=True, description="the source's type")
    items = dy.Int64(min=1, description="items of that level and type")
    moved = dy.Int64(min=0, description="of them with transitions")
    counted = dy.Bool(description="whether the measures count them")
    guessed = dy.Bool(description="the counted level is a guess: the rules name none")


class GroupFigures(dy.Schema):
    """`flow.group_figures`: one row a group, the largest first."""

    group = group_of_items()
    items = dy.Int64(min=1, description="its items, those that were cancelled left out")
    left = dy.Int64(min=0, metadata={"unit": "items"}, description="of them not finished")
    in_progress = dy.Int64(min=0, metadata={"unit": "items"}, description="of those left, begun")
    finished = dy.Int64(min=0, metadata={"unit": "items"}, description="items finished")
    weekly = dy.Float64(nullable=True, min=0, metadata={"unit": "items a week"}, description="finished a week, in the latest whole weeks; null: none is over")
    p50 = dy.Float64(nullable=True, metadata={"unit": "days"}, description="half of the finished took at most so long; null: none has a cycle time")
    p85 = dy.Float64(nullable=True, metadata={"unit": "days"}, description="85 % of the finished took at most so long")
    p95 = dy.Float64(nullable=True, metadata={"unit": "days"}, description="95 % of the finished took at most so long")


class Times(dy.Schema):
    """`flow.times`: one row a group, measure and confidence."""

    group = group_of_items()
    measure = dy.Enum(["cycle_time", "lead_time", "wait"], description="start to finish, creation to finish, creation to start")
    confidence = dy.Float64(metadata=SHARE, description="share of the finished items")
    days = dy.Float64(nullable=True, metadata={"unit": "days"}, description="they took at most so long; null: no item has the measure")
    items = dy.Int64(min=0, description="finished items that have the measure")


class Efficiency(dy.Schema):
    """`flow.efficiency`: one row a group; sums over its finished items with a known start."""

    group = group_of_items()
    items = dy.Int64(min=0, description="finished items with a known start")
    total = dy.Float64(min=0, metadata=DAYS, description="time from start to finish, all items together")
    waiting = dy.Float64(nullable=True, min=0, metadata=DAYS, description="of it in waiting statuses or blocked; null: no waiting statuses are told")
    active = dy.Float64(nullable=True, min=0, metadata=DAYS, description="total less waiting")
    blocked = dy.Float64(min=0, metadata=DAYS, description="of it blocked")
    efficiency = dy.Float64(nullable=True, metadata=SHARE, description="active over total; null: see reason")
    reason = dy.String(nullable=True, description="why there is no share")


class ItemEfficiency(dy.Schema):
    """`flow.item_efficiency`: one row a finished item with a known start, the least efficient first."""

    item = dy.String(primary_key=True, description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    total = dy.Float64(min=0, metadata=DAYS, description="time from start to finish")
    waiting = dy.Float64(nullable=True, min=0, metadata=DAYS, description="of it in waiting statuses or blocked; null: no waiting statuses are told")
    active = dy.Float64(nullable=True, min=0, metadata=DAYS, description="total less waiting")
    blocked = dy.Float64(min=0, metadata=DAYS, description="of it blocked")
    efficiency = dy.Float64(nullable=True, metadata=SHARE, description="active over total")


class Blocked(dy.Schema):
    """`flow.blocked_time`: one row an item that was blocked while in progress, the longest first in each group."""

    group = group_of_items()
    item = dy.String(description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    blocked = dy.Float64(min=0, metadata=DAYS, description="how long it was blocked between its start and its finish (or now)")
    spells = dy.Int64(min=1, description="how many times")
    share = dy.Float64(metadata=SHARE, description="blocked time of its time in progress")
    now = dy.Bool(description="it is blocked now")


class Arrivals(dy.Schema):
    """`flow.arrivals`: one row a period and group, from the first item on; the last period may not be over."""

    group = group_of_items()
    period = dy.Date(description="first day of the period")
    created = dy.Int64(nullable=True, min=0, description="items asked for in it; null: the source does not tell of every item")
    started = dy.Int64(nullable=True, min=0, description="items begun: the arrivals in progress; null: items were finished, and no start was ever seen")
    finished = dy.Int64(min=0, description="items finished: the departures")
    dropped = dy.Int64(min=0, description="items cancelled after their start")
    declined = dy.Int64(min=0, description="items cancelled before a start")
    in_progress = dy.Int64(nullable=True, min=0, description="items in progress at its end; null as `started`")
    backlog = dy.Int64(nullable=True, min=0, description="items not begun at its end; null as `created`")
