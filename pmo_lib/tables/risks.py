"""What may happen to a plan: risk drivers and events, branches, tasks that may not exist, weather."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pmo_lib.tables.plan import SHARE, instant
from pmo_lib.tables.records import MEANINGS, SHAPES, listed_values, listed_weights

EVERY = "*"  # in a list of activities: every open one
RISK_KINDS = ["driver", "event"]
IMPACT_UNITS = ["factor", "days", "percent"]
COMBINATIONS = ["series", "parallel"]
OCCURRENCES = ["shared", "independent"]
IMPACTS = ["correlated", "independent"]
MEASURES = ["duration", "start", "finish"]
COMPARISONS = ["<", "<=", ">", ">="]
IMPACT = {"unit": "that of `unit`"}


class Risks(dy.Schema):
    """One row a risk: what may happen, how likely, and what it then does to the activities that it touches."""

    risk = dy.String(primary_key=True, min_length=1, description="the risk's id, as in R7")
    name = dy.String(description="what may happen, in words")
    kind = dy.Enum(RISK_KINDS, description="driver: multiplies durations (Hulett); event: adds days or per cent where it occurs")
    probability = dy.Float64(min=0, max=1, metadata=SHARE, description="chance that it occurs; 1: background uncertainty, which always does")
    unit = dy.Enum(IMPACT_UNITS, description="of low, likely and high: factor (drivers; 1.1 is a tenth longer), working days, or per cent of the duration")
    shape = dy.Enum(SHAPES, description="distribution of the impact")
    low = dy.Float64(metadata=IMPACT, description="low point (mean_sd: the mean); an opportunity's days and per cents are negative")
    likely = dy.Float64(nullable=True, metadata=IMPACT, description="most likely")
    high = dy.Float64(metadata=IMPACT, description="high point (mean_sd: the standard deviation)")
    meaning = dy.Enum(MEANINGS, description="what low and high are")
    lam = dy.Float64(nullable=True, min=0, description="PERT's weight of the mode; null: 4")
    values = listed_values(IMPACT)
    weights = listed_weights()
    combine = dy.Enum(COMBINATIONS, description="drivers on one activity: series multiply, of the parallel ones the largest counts")
    occurrence = dy.Enum(OCCURRENCES, description="shared: one draw for all its activities; independent: a draw for each")
    impact = dy.Enum(IMPACTS, description="correlated: one impact for all its activities; independent: a draw for each")
    coupled = dy.String(nullable=True, description="risks with the same word here share one occurrence draw: the likelier occurs wherever the rarer does")
    activities = dy.List(dy.String(), description="activity ids; a summary stands for its leaves, * for every open activity")

    @dy.rule()
    def a_driver_multiplies(cls) -> pl.Expr:
        return (cls.kind.col == "driver") == (cls.unit.col == "factor")


class Branches(dy.Schema):
    """One row a branch: of all that begin at one node exactly one is taken, by chance or by a test; the others' work is not done."""

    node = dy.String(primary_key=True, min_length=1, description="activity id at whose end the plan branches")
    branch = dy.String(primary_key=True, min_length=1, description="the branch's name")
    activities = dy.List(dy.String(), description="activity ids with which the branch begins; what follows from them alone belongs to it")
    probability = dy.Float64(nullable=True, min=0, max=1, metadata=SHARE, description="chance of this branch; those of a node add up to 1; null: by a test")
    tested = dy.String(nullable=True, description="conditional: activity id that is tested; null: the node")
    measure = dy.Enum(MEASURES, nullable=True, description="conditional: what of it is tested; null in the branch taken where no test holds")
    comparison = dy.Enum(COMPARISONS, nullable=True, description="conditional: how it is compared; the first row whose test holds is taken")
    days = dy.Float64(nullable=True, metadata={"unit": "working days"}, description="conditional: the duration that it is compared with")
    date = instant("conditional: the start or finish that it is compared with")


class Existence(dy.Schema):
    """One row an activity that may prove unnecessary: where it does not exist it takes no time, and its logic remains."""

    activity = dy.String(primary_key=True, min_length=1, description="activity id; a summary stands for its leaves")
    probability = dy.Float64(min=0, max=1, metadata=SHARE, description="chance that it exists")
    coupled = dy.String(nullable=True, description="activities with the same word here share one draw")


class Weather(dy.Schema):
    """One row a kind of weather and its months: chance that a working day is lost to it, for all work on the calendars or activities named."""

    weather = dy.String(min_length=1, description="the weather's name, as in North Sea; several rows of one name are its seasons")
    months = dy.List(dy.Int64(min=1, max=12), description="months of the year, 1 to 12")
    probability = dy.Float64(min=0, max=1, metadata=SHARE, description="chance that a working day of these months is lost")
    persistence = dy.Float64(
        nullable=True, min=0, max=1, metadata=SHARE, description="chance that a lost day is followed by another; null: days are lost independently"
    )
    calendars = dy.List(dy.String(), nullable=True, description="keys of the calendars whose work it stops")
    activities = dy.List(dy.String(), nullable=True, description="ids of further activities that it stops; a summary stands for its leaves")
