"""What drives the finish: criticality, cruciality, the schedule sensitivity index.

References: Williams, Journal of the Operational Research Society 43 (1992), significance; Kendall, Rank Correlation Methods (1948); PMI, A Guide to the
PMBOK (2004), schedule sensitivity index; Vanhoucke, Project Management with Dynamic Scheduling, chapter 5, all of them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pmo_lib.risk.record import Simulation


def sensitivity(sim: Simulation, *, contributions: int = 0, kendall: int = 0) -> pl.DataFrame:
    """One row an uncertain activity, the most important first, by SSI (`tables.risk_results.Sensitivity`).

    With d the duration, T the time to the finish and F the total float of an iteration, each index null where d or T is certain:

    - `criticality`: share of iterations in which the activity is critical;
    - `significance`: mean of d / (d + F) x T / mean(T) (Williams);
    - `pearson`, `spearman` (ranks, ties averaged), `kendall` (tau-b): how d goes with T; `cruciality` is the absolute of `spearman`;
    - `ssi`: criticality times the standard deviation of d over that of T, both in working days.

    Two more cost a run or a sort each, so they are of the leading so many activities, and null beyond: `contribution_p80`, of the leading
    `contributions`, is what the P80 would lose if the activity took its planned duration, on the same draws; `kendall`, of the leading `kendall`.
    For risks see `risk.contributions`.
    """
    from pmo_lib.risk.influence.significance import significance
    from pmo_lib.tables.risk_results import Sensitivity

    found = of_durations(sim)
    place = {activity: i for i, activity in enumerate(sim.network.activities)}
    spread = finish_spread(sim)
    rows = sim.activities.filter(pl.col("uncertain"))
    order = [place[activity] for activity in rows["activity"]]
    sd = pl.Series(found.deviation[order] / sim.network.minutes_per_day[order])
    spearman = pl.Series(found.spearman[order]).fill_nan(None)
    frame = rows.select(
        "activity",
        "name",
        "criticality",
        pl.Series("significance", significance(sim)[order]).fill_nan(None),
        spearman.abs().alias("cruciality"),
        pl.Series("pearson", found.pearson[order]).fill_nan(None),
        spearman.alias("spearman"),
        pl.lit(None, pl.Float64).alias("kendall"),
        (pl.col("criticality") * sd / spread if spread else pl.lit(None, pl.Float64)).alias("ssi"),
        pl.lit(None, pl.Float64).alias("contribution_p80"),
    )
    frame = frame.with_row_index("place").sort(["ssi", "cruciality", "place"], descending=[True, True, False], nulls_last=True).drop("place")
    frame = _with_kendall(sim, frame, kendall) if kendall else frame
    return Sensitivity.validate(_with_contributions(sim, frame, contributions) if contributions else frame)


def _with_kendall(sim: Simulation, frame: pl.DataFrame, leading: int) -> pl.DataFrame:
    from pmo_lib.risk.drawn import row_of
    from pmo_lib.risk.influence.ranking import kendall

    place = {activity: i for i, activity in enumerate(sim.network.activities)}
    found = {activity: kendall(row_of(sim, place[activity]), sim.finish_minutes) for activity in frame["activity"].head(leading)}
    return frame.with_columns(pl.col("activity").replace_strict(found, default=None, return_dtype=pl.Float64).fill_nan(None).alias("kendall"))


def _with_contributions(sim: Simulation, frame: pl.DataFrame, leading: int) -> pl.DataFrame:
    from pmo_lib.risk.influence.contributions import contributions

    chosen = [activity for activity in frame["activity"] if activity in sim.ranges.own][:leading]
    found = contributions(sim, 80, activities=chosen).filter(pl.col("kind").cast(pl.String) == "activity")
    lost = dict(found.select("item", "contribution").iter_rows())
    return frame.with_columns(pl.col("activity").replace_strict(lost, default=None, return_dtype=pl.Float64).alias("contribution_p80"))


@dataclass(frozen=True, slots=True)
class Durations:
    """What the durations of all iterations are to the finish, by row of the network [n]; NaN where either is certain."""

    deviation: np.ndarray  # [minutes]
    pearson: np.ndarray
    spearman: np.ndarray


def of_durations(sim: Simulation) -> Durations:
    """Each duration's standard deviation, and how it goes with the finish."""
    from pmo_lib.risk.drawn import over_durations
    from pmo_lib.risk.influence.ranking import rank_correlations, ranked, spreads

    n = len(sim.network.activities)
    found = Durations(np.zeros(n), np.full(n, np.nan), np.full(n, np.nan))
    finish, deviations = ranked(sim.finish_minutes), sim.finish_minutes - sim.finish_minutes.mean()

    def work(first: int, durations: np.ndarray) -> None:
        rows = np.flatnonzero(sim.network.uncertain[first : first + len(durations)])
        found.deviation[first + rows], found.pearson[first + rows] = spreads(durations, rows, finish, deviations).T
        found.spearman[first + rows] = rank_correlations(durations, rows, finish)

    over_durations(sim, work)
    return found


def finish_spread(sim: Simulation) -> float:
    """Standard deviation of the project's finish [working days of the project's calendar]."""
    from pmo_lib.risk.results.percentiles import worked

    minutes, per_day = worked(sim.plan, sim.network, sim.finish_minutes)
    return float(np.std(minutes)) / per_day


def indices(durations: np.ndarray, finish: np.ndarray, critical: np.ndarray, total_float: np.ndarray) -> dict[str, np.ndarray]:
    """The indices on plain numbers: durations, critical and total_float [activities, iterations], finish [iterations].

    `criticality`, `significance` (Williams), `ssi`, `pearson`, `spearman` and `kendall` (tau-b) with the finish,
    each [activities]; NaN where a duration is certain.
    """
    from pmo_lib.risk.influence.ranking import kendall, rank_correlation, ranked

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


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    x, y = a - a.mean(), b - b.mean()
    size = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / size) if size > 0 else float("nan")
