"""What a simulation starts from: the plan's network with its ranges, risks and choices, lowered to a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project
from pmo_lib.risk.engine.block import lanes_of
from pmo_lib.risk.engine.run import Run
from pmo_lib.risk.engine.running import available
from pmo_lib.risk.inputs.branching import Choice, choices
from pmo_lib.risk.inputs.correlation import among
from pmo_lib.risk.inputs.ranges import FieldUse, Ranges, ranges
from pmo_lib.risk.inputs.register import Risk, register
from pmo_lib.risk.inputs.weather import Season, roomy, seasons
from pmo_lib.risk.iterated import for_iterations
from pmo_lib.risk.lowering.reach import reached
from pmo_lib.risk.lowering.touches import effects, longest
from pmo_lib.risk.lowering.variables import variables
from pmo_lib.risk.prepared import Preparation, prepare
from pmo_lib.sampling import blocks
from pmo_lib.schedule.network import Network, lower
from pmo_lib.standards import RangeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What `simulate` takes besides the plan, as it is given."""

    estimates: Any
    risks: Any
    correlation: Any
    rule: RangeRule | str | None
    rules: Any
    fields: FieldUse
    field_names: Sequence[str] | None
    branches: Any
    existence: Any
    weather: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Which random numbers are drawn."""

    seed: int
    bounds: np.ndarray  # [replicates + 1]: where each independent replicate begins
    latin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A plan made ready: `run` runs it."""

    network: Network
    ranges: Ranges
    risks: list[Risk]
    choices: list[Choice]
    weather: list[Season]
    steps: pl.DataFrame  # tables.risk_results.Steps
    status_date: datetime | None
    run: Run


def set_up(plan: Project, given: Inputs, draws: Draws, as_of: datetime | None, constraints: str, threads: int | None, room: float = 1.0) -> Setting:
    """The network at the status date, with room on its time axis for whatever can be drawn, and for `room` times the days that weather may cost."""
    prepared, net = prepare(plan, as_of, constraints)
    drawn = ranges(plan, net, given.estimates, given.rule, rules=given.rules, fields=given.fields, field_names=given.field_names)
    listed = register(plan, net, given.risks)
    stops = seasons(plan, net, given.weather)
    most = roomy(net, stops, longest(net, listed, drawn), room)
    del net  # a large network is not held twice
    net = _roomy(plan, prepared, drawn, listed, most, draws)
    made = choices(plan, net, given.branches, given.existence)
    bound = among(plan, net, drawn.own, given.correlation) if given.correlation is not None else None
    replicates = draws.bounds.size - 1
    run = Run(
        arrays=for_iterations(net.arrays),
        variables=variables(net.activities, drawn, draws.seed, replicates, latin=draws.latin, correlation=bound),
        effects=effects(net, listed, made, drawn, draws.seed, replicates, latin=draws.latin, weather=stops),
        fixed=net.duration,
        blocks=blocks(draws.bounds, lanes_of(net.duration.size)),
        threads=threads or available(),
    )
    return Setting(network=net, ranges=drawn, risks=listed, choices=made, weather=stops, steps=prepared.steps, status_date=prepared.status_date, run=run)


def _roomy(plan: Project, prepared: Preparation, drawn: Ranges, listed: list[Risk], most: Any, draws: Draws) -> Network:
    """The network with room for durations of `most`, or, where every risk at its greatest at once leaves the range, for what occurs in these iterations."""

    def lowered(longest: Any = None) -> Network:
        return lower(plan, move_to=prepared.status_date, soften=prepared.soften, longest=longest)

    try:
        return lowered(most)
    except NotSchedulable:
        return lowered(reached(lowered(), listed, drawn, draws.seed, blocks(draws.bounds), latin=draws.latin))
