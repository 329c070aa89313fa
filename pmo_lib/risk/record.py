"""What a finished simulation holds: what every figure of risk is read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib import __version__
from pmo_lib.project import Project
from pmo_lib.risk.engine.run import Run
from pmo_lib.risk.inputs.branching import Choice
from pmo_lib.risk.inputs.ranges import Ranges
from pmo_lib.risk.inputs.register import Risk
from pmo_lib.risk.inputs.weather import Season
from pmo_lib.schedule.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A finished simulation. Times are minutes of the network's axis, `finish` and `milestones` also as instants."""

    plan: Project
    network: Network
    ranges: Ranges
    finish_minutes: np.ndarray  # [iterations] int32
    finish: np.ndarray  # [iterations] datetime64[us]
    milestone_minutes: dict[str, np.ndarray]  # by activity: [iterations] int32
    activities: pl.DataFrame  # activity, name, uncertain, planned [working minutes of remaining duration], criticality
    risks: tuple[Risk, ...]
    choices: tuple[Choice, ...]  # branches and tasks that may not exist
    weather: tuple[Season, ...]  # kinds of weather that stop work
    occurrences: pl.DataFrame  # tables.risk_results.Occurrences
    ways: pl.DataFrame  # tables.risk_results.Ways
    deterministic_finish: datetime
    steps: pl.DataFrame  # tables.risk_results.Steps
    status_date: datetime | None
    indicative: str | None  # what to print beside every figure; None: every range was estimated
    iterations: int
    seed: int
    bounds: np.ndarray  # [replicates + 1]: where each independent replicate begins
    sampling: str  # as in "Latin hypercube, 10 replicates of 1,000"
    criticality: str
    version: str = __version__
    compared: Simulation | None = field(default=None, repr=False)  # what it was compared with, on the same random numbers
    run: Run = field(repr=False)

    def __repr__(self) -> str:
        p50, p80 = np.sort(self.finish_minutes)[[(self.iterations - 1) // 2, -(-self.iterations * 8 // 10) - 1]]
        at = self.network.instants(np.array([p50, p80])).astype("datetime64[D]")
        told = f"{self.iterations:,} iterations, seed {self.seed}; {self.indicative or 'ranges estimated'}"
        return f"<Simulation {self.plan.info.key}: P50 {at[0]}, P80 {at[1]}; {told}>"
