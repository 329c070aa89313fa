"""What the flow verbs say of the days to come, and how often such sayings came true."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import SHARE


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
