"""How the percentile and its interval settle with more replicates, and when that is enough.

Replicates are independent and of one size, and the numbers of a replicate do not depend on how many follow. So a run that stops after k of them is the run
of k replicates that one could have asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.iterated import begin
from pmo_lib.risk.results.percentiles import interval, quantile, worked

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.risk.record import Simulation
    from pmo_lib.schedule.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """Stop once the percentile's 95 % interval has been narrow enough after three replicates in a row.

    Give one of `half_width` [working days of the project's calendar] and `share` [of the time from the start of the open work to the percentile].
    `at_most` bounds the iterations; a run that reaches it ends without having converged, as `risk.convergence` shows.
    """

    p: float = 80
    half_width: float | None = None
    share: float | None = None
    at_most: int = 100_000
    in_a_row: int = 3

    def __post_init__(self) -> None:
        given = [one for one in (self.half_width, self.share) if one is not None]
        if len(given) != 1 or not (math.isfinite(given[0]) and given[0] > 0):
            told = f"it has half_width={self.half_width}, share={self.share}"
            raise InvalidInput(f"a run goes on until half the interval is so many working days (half_width) or such a share, above 0, one of the two; {told}")
        if not 0 < self.p < 100:
            raise InvalidInput(f"a percentile lies between 0 and 100, and Convergence has p={self.p}")
        if self.at_most < 1 or self.in_a_row < 1:
            raise InvalidInput(f"at_most and in_a_row are 1 or more, and are {self.at_most} and {self.in_a_row}")

    def bounds(self, iterations: int, replicates: int, sampling: str) -> np.ndarray:
        """Replicates of iterations / replicates draws each, as many as `at_most` allows: [replicates + 1]."""
        if sampling != "latin_hypercube":
            raise InvalidInput("until stops by whole replicates of the Latin hypercube, and plain sampling has none; leave sampling as it is, or until out")
        size = iterations // replicates if replicates else 0
        if size < 50 or replicates < 2:
            raise InvalidInput(f"until needs 2 replicates or more, of 50 iterations or more each; {iterations:,} iterations in {replicates} do not give them")
        if self.at_most < iterations:
            raise InvalidInput(f"at_most is {self.at_most:,}, below the {iterations:,} iterations to begin with; raise it, or lower iterations")
        return size * np.arange(self.at_most // size + 1, dtype=np.int64)


def narrow(until: Convergence, plan: Project, net: Network, finish: np.ndarray, bounds: np.ndarray) -> bool:
    """Whether the interval that these replicates give is narrow enough."""
    parts = [np.sort(finish[a:b]) for a, b in itertools.pairwise(bounds)]
    ordered = np.sort(np.concatenate(parts), kind="stable")
    at = quantile(ordered, until.p / 100)
    (start, here, low, high), per_day = worked(plan, net, np.array([begin(net), at, *interval(ordered, parts, until.p / 100)]))
    allowed = (until.half_width or 0.0) * per_day if until.share is None else until.share * (here - start)
    return (high - low) / 2 <= allowed


def convergence(sim: Simulation, p: float = 80, *, milestone: str | None = None) -> pl.DataFrame:
    """The percentile and its 95 % interval after each replicate but the first (`tables.risk_results.Trace`), for the convergence plot.

    Plain sampling has no replicates; its iterations are taken in twenty parts.
    """
    from pmo_lib.risk.results.percentiles import times
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Trace

    if not 0 < p < 100:
        raise InvalidInput(f"a percentile lies between 0 and 100, and {p} does not")
    plain = sim.bounds.size == 2
    bounds = np.linspace(0, sim.iterations, min(20, sim.iterations) + 1).astype(np.int64) if plain else sim.bounds
    found = np.array(list(_steps(times(sim, milestone), bounds, p, range(2, bounds.size), plain=plain)), np.int64).reshape(-1, 4)
    instants = sim.network.instants(found[:, 1:].T)
    frame = {"iterations": found[:, 0], "finish": instants[0], "finish_low": instants[1], "finish_high": instants[2]}
    return framed(Trace, frame)


def _steps(finish: np.ndarray, bounds: np.ndarray, p: float, counts: range, *, plain: bool = False) -> Iterator[tuple[int, int, int, int]]:
    """Iterations, percentile and interval after so many replicates."""
    parts = [np.sort(finish[a:b]) for a, b in itertools.pairwise(bounds)] if counts else []
    for count in counts:
        ordered = np.sort(finish[: bounds[count]])
        yield int(bounds[count]), quantile(ordered, p / 100), *interval(ordered, [] if plain else parts[:count], p / 100)
