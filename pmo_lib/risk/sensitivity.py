"""What drives the finish: criticality, cruciality, the schedule sensitivity index.

References: Williams, Journal of the Operational Research Society 43 (1992); Vanhoucke, Project Management with Dynamic Scheduling, chapter 5.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pmo_lib.risk.simulation import Simulation


def sensitivity(sim: Simulation, *, contributions: int = 0) -> pl.DataFrame:
    """One row an uncertain activity, the most important first, by SSI (`tables.results.Sensitivity`).

    Cruciality is the absolute rank correlation of the duration with the finish, ties averaged, null where either is certain. The index (SSI) is
    criticality times the duration's standard deviation over that of the finish, both in working days. `contribution_p80`, of the leading so many
    `contributions` and null beyond, is what the P80 would lose if the activity took its planned duration, on the same draws: each costs another run.
    For risks see `risk.contributions`.
    """
    from pmo_lib.tables.results import Sensitivity

    correlation, deviation = of_durations(sim)
    place = {activity: i for i, activity in enumerate(sim.network.activities)}
    spread = finish_spread(sim)
    rows = sim.activities.filter(pl.col("uncertain"))
    order = [place[activity] for activity in rows["activity"]]
    sd = pl.Series(deviation[order] / sim.network.minutes_per_day[order])
    frame = rows.select(
        "activity",
        "name",
        "criticality",
        pl.Series("cruciality", correlation[order]).fill_nan(None),
        (pl.col("criticality") * sd / spread if spread else pl.lit(None, pl.Float64)).alias("ssi"),
        pl.lit(None, pl.Float64).alias("contribution_p80"),
    )
    frame = frame.with_row_index("place").sort(["ssi", "cruciality", "place"], descending=[True, True, False], nulls_last=True).drop("place")
    return Sensitivity.validate(_with_contributions(sim, frame, contributions) if contributions else frame)


def _with_contributions(sim: Simulation, frame: pl.DataFrame, leading: int) -> pl.DataFrame:
    from pmo_lib.risk.contributions import contributions

    chosen = [activity for activity in frame["activity"] if activity in sim.ranges.own][:leading]
    found = contributions(sim, 80, activities=chosen).filter(pl.col("kind").cast(pl.String) == "activity")
    lost = dict(found.select("item", "contribution").iter_rows())
    return frame.with_columns(pl.col("activity").replace_strict(lost, default=None, return_dtype=pl.Float64).alias("contribution_p80"))


def of_durations(sim: Simulation) -> tuple[np.ndarray, np.ndarray]:
    """Per row of the network its duration's absolute rank correlation with the finish (NaN where either is certain), and its standard deviation [minutes]."""
    from pmo_lib.risk.again import rank_correlation, ranked, tiles

    finish = ranked(sim.finish_minutes)
    correlation, deviation = np.full(len(sim.network.activities), np.nan), np.zeros(len(sim.network.activities))
    for first, durations in tiles(sim, durations=True):
        for i in np.flatnonzero(sim.network.uncertain[first : first + len(durations)]):
            correlation[first + i] = rank_correlation(ranked(durations[i]), finish)
            deviation[first + i] = durations[i].std()
    return np.abs(correlation), deviation


def finish_spread(sim: Simulation) -> float:
    """Standard deviation of the project's finish [working days of the project's calendar]."""
    from pmo_lib.risk.percentiles import worked

    minutes, per_day = worked(sim.plan, sim.network, sim.finish_minutes)
    return float(np.std(minutes)) / per_day


def indices(durations: np.ndarray, finish: np.ndarray, critical: np.ndarray, total_float: np.ndarray) -> dict[str, np.ndarray]:
    """The indices on plain numbers: durations, critical and total_float [activities, iterations], finish [iterations].

    `criticality`, `significance` (Williams), `ssi`, `pearson`, `spearman` and `kendall` (tau-b) with the finish,
    each [activities]; NaN where a duration is certain.
    """
    from pmo_lib.risk.again import rank_correlation, ranked

    criticality = critical.mean(axis=1)
    length = durations + total_float
    share = np.divide(durations, length, out=np.zeros(durations.shape), where=length > 0)
    ranks = ranked(np.ascontiguousarray(finish, np.int32))
    return {
        "criticality": criticality,
        "significance": (share * finish / finish.mean()).mean(axis=1),
        "ssi": criticality * durations.std(axis=1) / finish.std() if finish.std() else np.full(len(durations), np.nan),
        "pearson": np.array([_correlation(row, finish) for row in durations]),
        "spearman": np.array([rank_correlation(ranked(np.ascontiguousarray(row, np.int32)), ranks) for row in durations]),
        "kendall": np.array([kendall(row, finish) for row in durations]),
    }


def kendall(a: np.ndarray, b: np.ndarray) -> float:
    """Kendall's tau-b of two sets of values, ties corrected; NaN where either does not vary. For some thousands of values: it counts pairs.

    Reference: Kendall, Rank Correlation Methods (1948).
    """
    agreeing = ties_a = ties_b = pairs = 0
    for k in range(1, len(a)):
        x, y = np.sign(a[k] - a[:k]), np.sign(b[k] - b[:k])
        agreeing += int((x * y).sum())
        ties_a, ties_b, pairs = ties_a + int((x == 0).sum()), ties_b + int((y == 0).sum()), pairs + k
    size = math.sqrt(float(pairs - ties_a) * float(pairs - ties_b))
    return agreeing / size if size else math.nan


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    x, y = a - a.mean(), b - b.mean()
    size = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / size) if size > 0 else float("nan")
