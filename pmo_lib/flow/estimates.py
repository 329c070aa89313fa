"""How well estimates told what followed: the ratio of actual to estimate, and whether the larger estimate was the larger work.

Sources: Spearman 1904; its interval, Bonett and Wright, Sample size requirements for estimating correlations, Psychometrika 65, 2000; the ratio's
percentiles, Jørgensen, on estimation error.
"""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import DAY, NEVER, History, history
from pmo_lib.flow.cycle import observed
from pmo_lib.flow.grouping import grouped
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

FEWEST = 10  # below that many items a rank correlation says nothing
PAIRS = (
    ("original_estimate", "spent", "hours an hour estimated"),
    ("original_estimate", "cycle_time", "days a working day estimated"),
    ("points", "spent", "hours a point"),
    ("points", "cycle_time", "days a point"),
)


def estimate_accuracy(board: Project | History, rules: FlowRules | None = None, *, by: str | None = None, at: datetime | None = None) -> pl.DataFrame:
    """One row a group, estimate and actual (`tables.flow_scope.EstimateAccuracy`): original estimate and points, against logged work and cycle time.

    Finished items count that have both, the estimate above 0 and the actual above 0. `p10`, `p50` and `p90` are observed ratios of actual to estimate in the
    row's `unit`; points have no true ratio, so look at its spread, `p90` over `p10`. `rank_correlation` is Spearman's, with its 95 % interval, from 10 items
    on. Cycle time is elapsed days here, whatever the rules count. Where there is nothing to compare, `reason` says why.
    """
    from pmo_lib.tables.flow_scope import EstimateAccuracy

    return grouped(history(board, rules, at=at), by, _rows, EstimateAccuracy)


def _rows(h: History) -> list[tuple[object, ...]]:
    minutes = h.board.info.options.minutes_per_day
    started, finished = h.crossed[h.started], h.crossed[h.done]
    done = pl.Series((finished != NEVER) & ~h.cancelled)
    known = pl.Series((started != NEVER) & (started < finished)) & done
    days = pl.Series("cycle_time", np.where(known, finished - np.where(known, started, 0), 0) / DAY).set(~known, None)
    items = h.items.with_columns(days).filter(done)
    scaled = items.select(
        "points", "cycle_time", original_estimate=pl.col("original_estimate") / minutes, spent=pl.col("spent") / 60.0, hours=pl.col("original_estimate") / 60.0
    )
    rows = []
    for estimate, actual, unit in PAIRS:
        basis = "hours" if (estimate, actual) == ("original_estimate", "spent") else estimate
        both = scaled.select(estimated=basis, actual=actual).filter(pl.col("estimated") > 0, pl.col("actual") > 0)
        rows.append((estimate, actual, unit, both.height, *_ratios(both), *_rank(both), _why(items, both, estimate, actual)))
    return rows


def _ratios(both: pl.DataFrame) -> list[float | None]:
    ratios = np.sort((both["actual"] / both["estimated"]).to_numpy())
    return [observed(ratios, share) if ratios.size else None for share in (0.1, 0.5, 0.9)]


def _rank(both: pl.DataFrame) -> tuple[float | None, float | None, float | None]:
    """Spearman's coefficient and its interval; none for few items, or where one side is always the same."""
    if both.height < FEWEST or both["estimated"].n_unique() == 1 or both["actual"].n_unique() == 1:
        return None, None, None
    found = float(np.corrcoef(both["estimated"].rank().to_numpy(), both["actual"].rank().to_numpy())[0, 1])
    r = min(max(found, -1.0), 1.0)
    if abs(r) > 1 - 1e-12:
        return r, r, r
    half = 1.959963984540054 * math.sqrt((1 + r * r / 2) / (both.height - 3))
    return r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _why(items: pl.DataFrame, both: pl.DataFrame, estimate: str, actual: str) -> str | None:
    """Why there is nothing to compare, or no correlation."""
    words = {"original_estimate": "an original estimate", "points": "points", "spent": "logged work", "cycle_time": "a cycle time"}
    if items.is_empty():
        return "nothing is finished"
    for column in (estimate, actual):
        if not items.select((pl.col(column) > 0).any()).item():
            return f"no finished item has {words[column]}"
    if both.is_empty():
        return f"no finished item has both {words[estimate]} and {words[actual]}"
    if both.height < FEWEST:
        return f"{both.height} items have both; a rank correlation needs {FEWEST}"
    same = next((column for column, side in ((estimate, "estimated"), (actual, "actual")) if both[side].n_unique() == 1), None)
    return f"all have the same {words[same].split(' ', 1)[-1]}, so nothing can be ranked" if same else None
