"""What is known of one project at one snapshot: the shape that pages, reports and the command line show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.office.board_changes import BoardChanges
from pmo_lib.office.board_figures import BoardFigures
from pmo_lib.office.boards import BoardForecast
from pmo_lib.portfolio.health import Status
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.schedule import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How far our engine reproduces the source tool's own dates."""

    rate: float | None  # 0..1; None: the source stores no dates to compare with
    compared: int
    agreeing: int
    threshold: float
    met: bool | None
    top: tuple[str, ...] = ()  # the three activities to look at first, with their dates and cause
    note: str | None = None  # why there is no rate, or what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A Monte Carlo forecast, reduced to what surfaces show; every frame is declared in `tables.risk_results`."""

    percentiles: pl.DataFrame  # Percentiles, for p = 1..99
    histogram: pl.DataFrame  # start [instant], finish [instant], share: equal-width bins of the finish
    targets: pl.DataFrame  # Targets
    sensitivity: pl.DataFrame  # Sensitivity, most important first
    activities: pl.DataFrame  # ActivityForecast
    steps: pl.DataFrame  # Steps
    deterministic_finish: datetime
    chance_of_deterministic: float
    indicative: str | None  # the sentence to show beside every figure, where ranges are assumed; None: all were estimated
    iterations: int
    seed: int
    sampling: str  # as in "latin hypercube, 10 replicates of 1,000"
    sources: pl.DataFrame | None = None  # RangeSources; None: kept before sources were told
    occurrences: pl.DataFrame | None = None  # Occurrences: how often each risk occurred
    ways: pl.DataFrame | None = None  # Ways: how often each branch was taken
    contributions: pl.DataFrame | None = None  # Contributions of the risks to the P80; those of activities stand in `sensitivity`
    trace: pl.DataFrame | None = None  # Trace: the P80 as replicates were added
    register: pl.DataFrame | None = None  # the risks as they were given; None: there were none
    certainty: tuple[str, ...] = ()  # what the check for false certainty says
    falsely_certain: bool = False  # whether it warns
    waits: tuple[str, ...] = ()  # what activities wait for outside the plan, a sentence each


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All that is known of one project at one snapshot: what the Project page and the status report show.

    Each part that could not be made is None, and `refusals` says why in a sentence, under the part's name.
    """

    plan: Project
    info: ProjectInfo
    snapshot: str | None  # hash; None: straight from a file
    previous: str | None  # hash of the snapshot before
    previous_date: datetime | None
    listing: dict[str, Any] | None  # this project's row of the project list
    dates: pl.DataFrame | None  # Dates
    certificate: Certificate | None
    agreement: pl.DataFrame | None  # Agreement
    checks: pl.DataFrame | None  # Checks
    forecast: Forecast | None
    previous_forecast: Forecast | None
    earned_value: dict[str, float | None] | None  # pv ev ac bac cv sv cpi spi eac etc vac tcpi
    earned_value_series: pl.DataFrame | None  # date, pv, ev, ac: cumulative, one row a month
    comparison: Comparison | None  # with the snapshot before
    status: Status
    findings: pl.DataFrame  # Findings
    provenance: dict[str, str]  # source, data date, snapshot, iterations, seed, version
    refusals: dict[str, str] = field(default_factory=dict)
    board: BoardFigures | None = None  # of a board: where it stands; a plan has none
    board_forecast: BoardForecast | None = None  # of a board, in place of `forecast`
    previous_board_forecast: BoardForecast | None = None  # of the snapshot before
    board_changes: BoardChanges | None = None  # of a board, in place of `comparison`
    checks_trend: pl.DataFrame | None = None  # CheckTrend of the snapshots up to this one; None: straight from a file
