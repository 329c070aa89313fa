"""Percentiles and chances of a simulated finish, each with the interval that its sampling error allows.

Plain sampling: distribution-free order statistics and the exact binomial interval. Latin hypercube: those over-cover, so the error comes from how the
independent replicates differ (`replicate_ends`): as an interval of ranks, which needs no symmetry, holds where the finish has atoms, and covers better at
the tails than Student's t on the replicates' own percentiles. Ranks are parts of draws, and finishes between two draws lie on the line between them.

References: Hahn and Meeker, Statistical Intervals, chapter 5; Clopper and Pearson, Biometrika 26 (1934); and those of `replicate_ends`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import special

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.results.replicate_ends import ends, student

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.risk.record import Simulation
    from pmo_lib.schedule.network import Network

Target = tuple[str, str, str | None, datetime | None]  # name, kind, activity (None: the project's finish), date (None: percentiles alone)
CONFIDENCE = 0.95
SMALLEST_REPLICATE = 50  # below this many draws a replicate's own percentile says little, and the wider distribution-free interval is given


def percentiles(sim: Simulation, p: Sequence[float] = (10, 50, 80, 90), *, milestone: str | None = None) -> pl.DataFrame:
    """The finish at each percentile, with its 95 % interval (`tables.risk_results.Percentiles`): of the project, or of a milestone of the simulation.

    A percentile is the smallest finish that at least p % of the iterations meet (inverted CDF).
    """
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Percentiles

    if not all(0 < one < 100 for one in p):
        raise InvalidInput(f"a percentile lies between 0 and 100, and one of {tuple(p)} does not")
    minutes = times(sim, milestone)
    ordered, parts = np.sort(minutes), [np.sort(part) for part in replicates(sim, minutes)]
    found = np.array([(quantile(ordered, one / 100), *interval(ordered, parts, one / 100)) for one in p])
    instants = sim.network.instants(found.astype(np.int64).T)
    frame = {"p": [float(one) for one in p], "finish": instants[0], "finish_low": instants[1], "finish_high": instants[2]}
    return framed(Percentiles, frame)


def chance(sim: Simulation, instant: datetime, *, milestone: str | None = None) -> tuple[float, float, float]:
    """The chance (0..1) to finish at or before an instant, and its 95 % interval."""
    return chance_of(times(sim, milestone), replicates(sim, times(sim, milestone)), sim.network.axis(instant))


def targets(sim: Simulation, aims: Iterable[Target]) -> pl.DataFrame:
    """The forecast against each target, in the given order (`tables.risk_results.Targets`).

    An activity must be among the simulation's milestones; one that drives nothing (level of effort) has no simulated finish and is left out.
    """
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Targets

    rows = [row for aim in aims if (row := _target(sim, *aim)) is not None]
    return framed(Targets, rows)


def _target(sim: Simulation, name: str, kind: str, activity: str | None, date: datetime | None) -> dict[str, object] | None:
    if activity is not None and activity not in sim.milestone_minutes:
        return None
    p50, p80 = percentiles(sim, (50, 80), milestone=activity)["finish"]
    meets, low, high = chance(sim, date, milestone=activity) if date is not None else (None, None, None)
    return {"target": name, "kind": kind, "activity": activity, "date": date, "p50": p50, "p80": p80, "chance": meets, "chance_low": low, "chance_high": high}


def times(sim: Simulation, milestone: str | None) -> np.ndarray:
    """The finish in each iteration [iterations], minutes of the network's axis."""
    if milestone is None:
        return sim.finish_minutes
    if milestone not in sim.milestone_minutes:
        raise InvalidInput(f"{milestone!r} is not among the simulation's milestones; name it in simulate(…, milestones=…)")
    return sim.milestone_minutes[milestone]


def replicates(sim: Simulation, minutes: np.ndarray) -> list[np.ndarray]:
    """The values of each independent replicate; none where the sampling is plain or the replicates are too small."""
    sizes = np.diff(sim.bounds)
    if sizes.size < 2 or sizes.min() < SMALLEST_REPLICATE:
        return []
    return [minutes[a:b] for a, b in zip(sim.bounds[:-1], sim.bounds[1:], strict=True)]


def worked(plan: Project, net: Network, minutes: np.ndarray) -> tuple[np.ndarray, int]:
    """Minutes of the network's axis as working minutes of the project's calendar, and how many of them a day has."""
    from pmo_lib.plan_calendars import project_calendar

    own = project_calendar(plan)
    if not net.single:
        same = [i for i, cal in enumerate(net.calendars) if (cal.week, cal.exceptions) == (own.week, own.exceptions)]
        minutes = net.timelines[same[0] if same else 0].working(minutes)
    return minutes, own.minutes_per_day


def quantile(ordered: np.ndarray, p: float) -> int:
    """The smallest of the sorted values that a share of at least `p` meets."""
    return int(ordered[max(math.ceil(p * ordered.size - 1e-9), 1) - 1])


def interval(ordered: np.ndarray, parts: Sequence[np.ndarray], p: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The interval of a percentile, in whole minutes; `parts` are the sorted replicates."""
    if len(parts) < 2:
        low, high = order_statistics(ordered.size, p, confidence)
        return int(ordered[low - 1]), int(ordered[high - 1])
    low, high = ends(ordered, parts, p, confidence)
    return between_draws(ordered, low, up=False), between_draws(ordered, high, up=True)


def between_draws(ordered: np.ndarray, rank: float, *, up: bool) -> int:
    """The value at a rank that may lie between two sorted ones, in whole minutes; where the outer one of the two occurs more than once, that atom itself."""
    n, first = ordered.size, math.floor(rank)
    if not 1 <= rank < n:
        return int(ordered[0 if rank < 1 else -1])
    one, other, share = int(ordered[first - 1]), int(ordered[first]), rank - first
    if up:
        atom = share > 0 and first + 1 < n and ordered[first + 1] == other
        return other if atom else math.floor(one + share * (other - one) + 0.5)
    return one if first > 1 and ordered[first - 2] == one else math.floor(one + share * (other - one) + 0.5)


def half_width(values: np.ndarray, confidence: float = CONFIDENCE) -> float:
    """Half the width of Student's interval for the mean of independent replicates."""
    return float(student(values.size, confidence) * values.std(ddof=1) / math.sqrt(values.size))


def order_statistics(n: int, p: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Ranks (from 1) of the order statistics between which the percentile lies: binomial quantiles, held within 1..n."""
    below = special.bdtr(np.arange(n + 1, dtype=float), n, p)
    low = int(np.searchsorted(below, (1 - confidence) / 2))
    high = int(np.searchsorted(below, (1 + confidence) / 2)) + 1
    return max(low, 1), min(high, n)


def chance_of(minutes: np.ndarray, parts: Sequence[np.ndarray], limit: int, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """The share of values at or below the limit, and its interval."""
    hits, n = int(np.count_nonzero(minutes <= limit)), minutes.size
    shares = np.array([np.count_nonzero(part <= limit) / part.size for part in parts])
    if shares.size < 2 or np.ptp(shares) == 0:
        return hits / n, *clopper_pearson(hits, n, confidence)
    half = half_width(shares, confidence)
    return hits / n, max(hits / n - half, 0.0), min(hits / n + half, 1.0)


def clopper_pearson(hits: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact binomial interval of a share."""
    tail = (1 - confidence) / 2
    low = float(special.betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return low, high
