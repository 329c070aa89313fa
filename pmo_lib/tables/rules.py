"""Estimates by rule: which activities, and what range they then have."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.records import MEANINGS, SHAPES, listed_values, listed_weights

RULE_UNITS = ["factor", "percent", "days"]
POINT = {"unit": "that of `unit`"}


class Rules(dy.Schema):
    """One row a rule, the first that meets an activity gives its range: special rules first, a row without `where` last for all the others."""

    where = dy.String(nullable=True, description="filter, as in wbs = 1.2; code:Phase = Foundation; name ~ weld; null: every activity")
    unit = dy.Enum(RULE_UNITS, description="of low, likely and high: factor or per cent of the remaining duration, or working days")
    shape = dy.Enum(SHAPES, description="distribution")
    low = dy.Float64(metadata=POINT, description="low point (mean_sd: the mean)")
    likely = dy.Float64(nullable=True, metadata=POINT, description="most likely")
    high = dy.Float64(metadata=POINT, description="high point (mean_sd: the standard deviation)")
    meaning = dy.Enum(MEANINGS, description="what low and high are")
    lam = dy.Float64(nullable=True, min=0, description="PERT's weight of the mode; null: 4")
    values = listed_values(POINT)
    weights = listed_weights()
    place = dy.String(nullable=True, description="where the rule stands, for messages, as in sheet rules, row 3")
