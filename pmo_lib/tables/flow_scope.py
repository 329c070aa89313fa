"""What the flow verbs tell of the scope: what sprints took on, what came and went, and what estimates were worth. Instants are UTC."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.board import moment
from pmo_lib.tables.flow_results import group_of_items
from pmo_lib.tables.plan import SHARE

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
