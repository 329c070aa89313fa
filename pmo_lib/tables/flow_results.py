"""What the flow verbs give back. Instants are UTC, periods are days of the board's own time zone."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.board import LEVELS, moment
from pmo_lib.tables.plan import SHARE


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


class WhenDone(dy.Schema):
    """`flow.when_done`: one row a confidence, with the window that was drawn from."""

    confidence = dy.Float64(primary_key=True, description="as asked: 0.85 or 85")
    periods = dy.Int64(min=0, metadata={"unit": "periods"}, description="fewest periods in which the items are done with at least that chance")
    chance = dy.Float64(metadata=SHARE, description="the chance that belongs to it exactly")
    date = dy.Date(nullable=True, description="last day of that period; null: no start is known")
    items = dy.Int64(min=0, description="items that were to be done")
    sampled = dy.Int64(min=1, description="past periods that were drawn from")
    counted = dy.Int64(min=0, description="items finished in those periods")
    window_from = dy.Date(nullable=True, description="first day of the window; null: plain numbers were given")
    window_to = dy.Date(nullable=True, description="last day of the window")


class HowMany(dy.Schema):
    """`flow.how_many`: one row a confidence, with the window that was drawn from."""

    confidence = dy.Float64(primary_key=True, description="as asked: 0.85 or 85")
    items = dy.Int64(min=0, description="most items that are done with at least that chance")
    chance = dy.Float64(metadata=SHARE, description="the chance that belongs to it exactly")
    periods = dy.Int64(min=0, metadata={"unit": "periods"}, description="whole periods ahead")
    date = dy.Date(nullable=True, description="last day of the last of them; null: no start is known")
    sampled = dy.Int64(min=1, description="past periods that were drawn from")
    counted = dy.Int64(min=0, description="items finished in those periods")
    window_from = dy.Date(nullable=True, description="first day of the window; null: plain numbers were given")
    window_to = dy.Date(nullable=True, description="last day of the window")


class RulesInForce(dy.Schema):
    """`flow.rules_in_force`: one row a rule by which the board is counted."""

    rule = dy.String(primary_key=True, description="the rule's key, as in [flow] of pmo.toml")
    value = dy.String(description="what it comes to on this board, in words")
    guessed = dy.Bool(description="nobody told it: a setting would replace it")


class Remaining(dy.Schema):
    """`flow.remaining`: one row an epic, in the order of the board; items that belong to none come last."""

    epic = dy.String(nullable=True, description="the epic; null: items of no epic")
    name = dy.String(nullable=True, description="its name; null: the snapshot does not hold it")
    open = dy.Int64(min=0, metadata={"unit": "items"}, description="items neither finished nor cancelled")
    begun = dy.Int64(min=0, metadata={"unit": "items"}, description="of them those in progress")
    done = dy.Int64(min=0, metadata={"unit": "items"}, description="items finished")
    cancelled = dy.Int64(min=0, metadata={"unit": "items"}, description="items that ended without being delivered")
    after = dy.List(dy.String(), description="open epics that it waits for, by links between epics")


class Finishes(dy.Schema):
    """`flow.finishes`: one row a work and confidence, with the window that was drawn from; the last rows are of all work together."""

    work = dy.String(nullable=True, description="name of the work; null: the last of all")
    confidence = dy.Float64(description="as asked: 0.85 or 85")
    periods = dy.Int64(nullable=True, min=0, metadata={"unit": "periods"}, description="fewest periods in which it is done with at least that chance")
    periods_low = dy.Int64(nullable=True, min=0, metadata={"unit": "periods"}, description="lower end of its 95 % sampling interval; null: beyond reach")
    periods_high = dy.Int64(nullable=True, min=0, metadata={"unit": "periods"}, description="upper end of it; null: beyond reach")
    chance = dy.Float64(metadata=SHARE, description="share of the iterations in which it is done by then")
    date = dy.Date(nullable=True, description="last day of that period; null: no start is known, or beyond reach")
    items = dy.Float64(min=0, metadata={"unit": "items"}, description="items to do at the beginning, splits included, on average")
    sampled = dy.Int64(min=1, description="past periods that were drawn from")
    counted = dy.Int64(min=0, description="items finished in those periods")
    window_from = dy.Date(nullable=True, description="first day of the window; null: plain numbers were given")
    window_to = dy.Date(nullable=True, description="last day of the window")
    reason = dy.String(nullable=True, description="why there is no period")


class Backtest(dy.Schema):
    """`flow.backtest`: one row a forecast that could have been made, with what followed."""

    origin = dy.Int64(min=0, description="number of the first period that the forecast did not know")
    method = dy.Enum(["as drawn", "calibrated"], description="asked as it is, or at the level that earlier forecasts and other teams teach")
    confidence = dy.Float64(metadata=SHARE, description="the confidence that was wanted")
    asked = dy.Float64(metadata=SHARE, description="the confidence that was asked for")
    window = dy.Int64(min=1, metadata={"unit": "periods"}, description="past periods that were drawn from")
    horizon = dy.Int64(min=1, metadata={"unit": "periods"}, description="periods ahead")
    items = dy.Int64(min=0, description="forecast: at least so many")
    actual = dy.Int64(min=0, description="what was finished")
    met = dy.Bool(description="the actual reached the forecast")
    loss = dy.Float64(min=0, metadata={"unit": "items"}, description="pinball loss")


class HitRates(dy.Schema):
    """`flow.hit_rates`: one row a method and confidence."""

    method = dy.Enum(["as drawn", "calibrated"], primary_key=True, description="as in the back-test")
    confidence = dy.Float64(primary_key=True, metadata=SHARE, description="the confidence that was wanted")
    forecasts = dy.Int64(min=1, description="forecasts that were tried, none overlapping another")
    hits = dy.Int64(min=0, description="of them met")
    rate = dy.Float64(metadata=SHARE, description="share that was met")
    low = dy.Float64(metadata=SHARE, description="lower end of its 95 % interval (Clopper and Pearson)")
    high = dy.Float64(metadata=SHARE, description="upper end of it")
    loss = dy.Float64(metadata={"unit": "items"}, description="mean pinball loss")
    verdict = dy.String(description="what it says, in a sentence")


DAYS = {"unit": "days of 24 hours"}
GROUP = "the group, where asked for; null: all, or the items that name none"


def group_of_items() -> dy.String:
    """The group's name."""
    return dy.String(nullable=True, description=GROUP)


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


POINTS = {"unit": "points"}
NO_POINTS = "; null: no item has points"


def points_of(description: str) -> dy.Float64:
    """A sum of points."""
    return dy.Float64(nullable=True, metadata=POINTS, description=description + NO_POINTS)


class SprintResults(dy.Schema):
    """`flow.sprint_results`: one row a sprint and group; committed and added are completed, cancelled, removed or carried over."""

    group = group_of_items()
    sprint = dy.String(description="the source's id")
    name = dy.String(description="its name")
    state = dy.Enum(["future", "active", "closed"], description="what it is now")
    start = moment("when it began, or shall")
    finish = moment("when it was to end")
    closed = moment("when it was closed")
    committed = dy.Int64(nullable=True, min=0, description="items in it and not done at its start; null: see reason")
    added = dy.Int64(nullable=True, min=0, description="items that came in after its start")
    completed = dy.Int64(nullable=True, min=0, description="items in it and done at its end (or now)")
    kept = dy.Int64(nullable=True, min=0, description="committed items that were completed")
    cancelled = dy.Int64(nullable=True, min=0, description="items that ended in it without being delivered")
    removed = dy.Int64(nullable=True, min=0, description="items that were in it and no longer are at its end")
    carried_over = dy.Int64(nullable=True, min=0, description="items in it and not done at its end")
    committed_points = points_of("points of what was committed, at the start")
    added_points = points_of("points of what was added, at the end")
    completed_points = points_of("points of what was completed")
    kept_points = points_of("points of committed items that were completed")
    cancelled_points = points_of("points of what was cancelled")
    removed_points = points_of("points of what was removed")
    carried_over_points = points_of("points of what was carried over")
    unestimated = dy.Int64(nullable=True, min=0, description="items without points, counted as 0 points")
    completion = dy.Float64(nullable=True, metadata=SHARE, description="kept over committed; null: nothing was committed")
    completion_points = dy.Float64(nullable=True, metadata=SHARE, description="the same of points")
    reason = dy.String(nullable=True, description="why there are no figures")


class SprintItems(dy.Schema):
    """`flow.sprint_items`: one row a sprint and an item that was in it while it ran."""

    sprint = dy.String(primary_key=True, description="the source's id of the sprint")
    item = dy.String(primary_key=True, description="item")
    name = dy.String(description="the item's name")
    type = dy.String(description="the source's type")
    joined = dy.Enum(["committed", "added"], description="in the sprint at its start, or later")
    fate = dy.Enum(["completed", "cancelled", "removed", "carried_over"], description="what became of it by the sprint's end")
    points = points_of("points at the start (committed) or the end (added)")


class BurnUp(dy.Schema):
    """`flow.burn_up`: one row a group and period, from the group's first item on; the last period may not be over."""

    group = group_of_items()
    period = dy.Date(description="first day of the period")
    scope = dy.Int64(min=0, description="items in scope at its end")
    done = dy.Int64(min=0, description="of them done")
    added = dy.Int64(min=0, description="items that came into the scope in it")
    removed = dy.Int64(min=0, description="items that left the scope, or were cancelled, in it")
    scope_points = points_of("points in scope at its end")
    done_points = points_of("of them done")
    added_points = points_of("points that came, by items or by larger estimates")
    removed_points = points_of("points that left")


class ScopeChange(dy.Schema):
    """`flow.scope_change`: one row a group, the largest first."""

    group = group_of_items()
    scope = dy.Int64(min=0, metadata={"unit": "items"}, description="items in scope now")
    done = dy.Int64(min=0, metadata={"unit": "items"}, description="of them done")
    came = dy.Int64(min=0, metadata={"unit": "items"}, description="items that came into the scope in the latest whole weeks")
    went = dy.Int64(min=0, metadata={"unit": "items"}, description="items that left the scope, or were cancelled, in them")
    weeks = dy.Int64(min=0, metadata={"unit": "weeks"}, description="how many weeks these are; fewer for a younger group")


class EstimateAccuracy(dy.Schema):
    """`flow.estimate_accuracy`: one row a group, estimate and actual, of the finished items that have both."""

    group = group_of_items()
    estimate = dy.Enum(["original_estimate", "points"], description="what was said before")
    actual = dy.Enum(["spent", "cycle_time"], description="what followed: logged work, or days from start to finish")
    unit = dy.String(description="unit of the ratios")
    items = dy.Int64(min=0, description="finished items that have both")
    p10 = dy.Float64(nullable=True, metadata={"unit": "that of `unit`"}, description="one in ten items has a ratio of actual to estimate up to this")
    p50 = dy.Float64(nullable=True, metadata={"unit": "that of `unit`"}, description="one in two")
    p90 = dy.Float64(nullable=True, metadata={"unit": "that of `unit`"}, description="nine in ten")
    rank_correlation = dy.Float64(nullable=True, min=-1, max=1, description="Spearman's: 1, the larger estimate always was the larger work; null: see reason")
    low = dy.Float64(nullable=True, min=-1, max=1, description="lower end of its 95 % interval (Bonett and Wright)")
    high = dy.Float64(nullable=True, min=-1, max=1, description="upper end of it")
    reason = dy.String(nullable=True, description="why there is nothing to compare, or no correlation")
