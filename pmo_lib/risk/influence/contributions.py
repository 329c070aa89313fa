"""What each risk, and each activity's own range, contributes to a percentile of the finish: all from one set of drawn numbers.

Two measures. *Remove one*: what the percentile loses when that one is left out and everything else stays; these do not add up where paths merge.
*Shapley*: the mean of what it adds over every order in which the risks could come; these add up to the percentile with all risks less that with none, exactly.
Up to EXACT risks the Shapley values are enumerated; beyond, permutations are drawn, each with its reverse, and their scatter is part of the error.

References: Shapley, A value for n-person games (1953); Song, Nelson and Staum, Shapley effects for global sensitivity analysis, SIAM/ASA JUQ 4 (2016);
Mitchell et al., Sampling permutations for Shapley value estimation, JMLR 23 (2022), for pairs of permutations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.risk.record import Simulation

Method = Literal["remove_one", "shapley"]
EXACT = 10  # risks up to which every combination is run
HELD = 40_000_000  # finishes held at a time, 160 MB
PARTS = 10  # of a plain sample, for its error


def contributions(sim: Simulation, p: float = 80, method: Method = "remove_one", *, activities: Sequence[str] = (), pairs: int = 16) -> pl.DataFrame:
    """One row a risk, then one a named activity, each group's largest first (`tables.risk_results.Contributions`) [working days].

    An activity's contribution is that of its own range, against its planned duration, and is always by removing it. `error` is one standard error: from the
    replicates of the sample, and for drawn permutations (`pairs` of them) from those too.
    """
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Contributions

    if not 0 < p < 100:
        raise InvalidInput(f"a percentile lies between 0 and 100, and is {p}")
    if method not in ("remove_one", "shapley"):
        raise InvalidInput(f"method is 'remove_one' or 'shapley', and is {method!r}")
    if pairs < 2:
        raise InvalidInput(f"pairs of permutations are 2 or more, and are {pairs}: their scatter is the error")
    rows = _rows(sim, activities)
    found, error = _of_risks(sim, p, method, pairs)
    all_in = np.ones((len(rows) + 1, len(sim.risks)), np.uint8)
    values = percentile_by_mask(sim, p, all_in, [-1, *rows]) if rows else np.empty((1, 1))
    own = values[0] - values[1:]
    names = dict(sim.activities.select("activity", "name").iter_rows())
    frame = [(r.risk, r.name, r.kind, method, found[i], error[i]) for i, r in enumerate(sim.risks)]
    frame += [(a, names[a], "activity", "remove_one", own[i, 0], _scatter(own[i, 1:])) for i, a in enumerate(activities)]
    order = sorted(frame, key=lambda row: (row[2] == "activity", -row[4]))
    return framed(Contributions, order)


def _rows(sim: Simulation, activities: Sequence[str]) -> list[int]:
    place = {activity: i for i, activity in enumerate(sim.network.activities)}
    strange = [activity for activity in activities if activity not in sim.ranges.own]
    if strange:
        raise InvalidInput(f"contributions: {strange[0]} is no uncertain activity of the simulation; correct the id")
    return [place[activity] for activity in activities]


def _of_risks(sim: Simulation, p: float, method: Method, pairs: int) -> tuple[np.ndarray, np.ndarray]:
    """Each risk's contribution and its standard error."""
    count = len(sim.risks)
    if not count:
        return np.empty(0), np.empty(0)
    if method == "remove_one":
        values = percentile_by_mask(sim, p, np.concatenate([np.ones((1, count), np.uint8), 1 - np.eye(count, dtype=np.uint8)]))
        lost = values[0] - values[1:]
        return lost[:, 0], np.array([_scatter(row[1:]) for row in lost])
    if count <= EXACT:
        shares = enumerated(percentile_by_mask(sim, p, combinations(count)), count)
        return shares[:, 0], np.array([_scatter(row[1:]) for row in shares])
    return _permuted(sim, p, count, pairs)


def combinations(count: int) -> np.ndarray:
    """Every combination of so many risks [2^count, count]: row number m holds risk i where bit i of m is set."""
    return ((np.arange(1 << count)[:, None] >> np.arange(count)) & 1).astype(np.uint8)


def enumerated(values: np.ndarray, count: int) -> np.ndarray:
    """Shapley values [count, …] from the value of every combination [2^count, …], numbered by bits."""
    numbers = np.arange(1 << count)
    size = np.array([bin(m).count("1") for m in numbers])
    weight = np.array([math.factorial(k) * math.factorial(count - k - 1) / math.factorial(count) for k in range(count)])
    found = []
    for i in range(count):
        without = numbers[(numbers >> i) & 1 == 0]
        found.append(np.tensordot(weight[size[without]], values[without | (1 << i)] - values[without], axes=1))
    return np.array(found)


def _permuted(sim: Simulation, p: float, count: int, pairs: int) -> tuple[np.ndarray, np.ndarray]:
    """Shapley values from drawn orders of the risks, each with its reverse, by the simulation's seed."""
    rng = np.random.default_rng(sim.seed)
    drawn = [rng.permutation(count) for _ in range(pairs)]
    orders = [order for one in drawn for order in (one, one[::-1])]
    numbers: dict[bytes, int] = {}
    masks: list[np.ndarray] = []
    steps = np.empty((len(orders), count + 1), np.int64)
    for o, order in enumerate(orders):
        mask = np.zeros(count, np.uint8)
        for k in range(count + 1):
            if k:
                mask[order[k - 1]] = 1
            key = mask.tobytes()
            if key not in numbers:
                numbers[key] = len(masks)
                masks.append(mask.copy())
            steps[o, k] = numbers[key]
    values = percentile_by_mask(sim, p, np.array(masks))
    added = np.empty((len(orders), count, values.shape[1]))
    for o, order in enumerate(orders):
        added[o, order] = np.diff(values[steps[o]], axis=0)
    mean = added.mean(axis=0)
    of_pairs = added[:, :, 0].reshape(pairs, 2, count).mean(axis=1)
    drawing = of_pairs.std(axis=0, ddof=1) / math.sqrt(pairs)
    return mean[:, 0], np.hypot(drawing, np.array([_scatter(row[1:]) for row in mean]))


def _scatter(parts: np.ndarray) -> float:
    """The standard error of a mean of independent parts."""
    return float(parts.std(ddof=1) / math.sqrt(parts.size)) if parts.size > 1 else 0.0


def percentile_by_mask(sim: Simulation, p: float, masks: np.ndarray, without: Sequence[int] | None = None) -> np.ndarray:
    """The percentile of the finish with the risks of each mask [m, risks] alone, and the row `without` as planned: [m, 1 + parts] working days.

    The first column is that of the whole sample, the others those of its independent parts.
    """
    left_out = np.full(len(masks), -1, np.int64) if without is None else np.asarray(without, np.int64)
    bounds = sim.bounds if sim.bounds.size > 2 else np.linspace(0, sim.iterations, min(PARTS, sim.iterations) + 1).astype(np.int64)
    size = max(HELD // sim.iterations, 1)
    found = []
    for first in range(0, len(masks), size):
        finishes = finishes_by_mask(sim, masks[first : first + size], left_out[first : first + size])
        whole = [_percentile(row, p) for row in finishes]
        parts = [[_percentile(row[a:b], p) for a, b in pairwise(bounds)] for row in finishes]
        found.append(np.column_stack([whole, parts]))
    return working_days(sim, np.concatenate(found))


def _percentile(values: np.ndarray, p: float) -> int:
    rank = max(math.ceil(p / 100 * values.size - 1e-9), 1) - 1
    return int(np.partition(values, rank)[rank])


def working_days(sim: Simulation, minutes: np.ndarray) -> np.ndarray:
    """Times of the network's axis as working days of the project's calendar since its origin."""
    from pmo_lib.plan_calendars import project_calendar

    own = project_calendar(sim.plan)
    if not sim.network.single:
        same = [i for i, cal in enumerate(sim.network.calendars) if (cal.week, cal.exceptions) == (own.week, own.exceptions)]
        minutes = sim.network.timelines[same[0] if same else 0].working(minutes.astype(np.int64))
    return np.asarray(minutes, np.float64) / own.minutes_per_day


def finishes_by_mask(sim: Simulation, masks: np.ndarray, without: np.ndarray) -> np.ndarray:
    """The finishes [m, iterations] with the risks of each mask alone, from the simulation's own numbers."""
    from pmo_lib.risk.engine import block
    from pmo_lib.risk.engine.effects import effect_scratch
    from pmo_lib.risk.engine.masked import changed_rows, run_masked

    run = sim.run
    out = np.empty((len(masks), sim.iterations), np.int32)
    changed, workers = changed_rows(run.effects), max(1, min(run.threads, len(run.blocks)))

    def work(rows: np.ndarray) -> None:
        s = block.scratch(run.fixed, single=not len(run.arrays.grid), by_float=False, latents=run.variables.latent.size, lanes=run.lanes)
        own = None if run.effects is None else run.effects._replace(on=run.effects.on.copy())
        e = None if own is None else effect_scratch(own, run.lanes)
        for row in rows:
            run_masked(run, own, masks, without, changed, row, s, e, out)

    with ThreadPoolExecutor(workers, thread_name_prefix="pmo-risk") as pool:
        list(pool.map(work, np.array_split(run.blocks, workers)))
    return out
