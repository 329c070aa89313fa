"""The project list, and what the portfolio's verbs give back, declared as the inputs are: others build on these columns."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import CALENDAR_DAYS, SHARE, instant


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
