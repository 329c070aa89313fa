"""A plan measured against another one, which a person chose as its baseline."""

from __future__ import annotations

import dataclasses

import polars as pl

from pmo_lib.matching import match
from pmo_lib.project import Project, trusted


def measured_against(plan: Project, measure: Project, said: str) -> Project:
    """The plan measured against another one's dates, `said` in words; its own baselines 1 to 10 stay."""
    baseline = _as_baseline(measure, plan)
    own = plan.tables.get("baselines")
    frames = [baseline] if own is None else [baseline, own.filter(pl.col("baseline") != 0)]
    return trusted(dataclasses.replace(plan.info, baseline=said), {**plan.tables, "baselines": pl.concat(frames)}, plan.findings)


def _as_baseline(plan: Project, measured: Project) -> pl.DataFrame:
    """`tables.Baselines`, number 0, from a plan's own dates: scheduled ones, else P6's planned ones. Summaries and inactive tasks carry none.

    Its activities go by the ids that they have in the plan that is `measured` against it.
    """
    carried = plan.tables["activities"].filter(pl.col("active") & (pl.col("kind").cast(pl.String) != "summary"))
    carried = _as_known_in(measured, plan, carried)
    return carried.select(
        baseline=pl.lit(0, dtype=pl.Int64),
        activity="activity",
        start=pl.coalesce("stored_start", "actual_start", "planned_start", "stored_early_start"),
        finish=pl.coalesce("stored_finish", "actual_finish", "planned_finish", "stored_early_finish"),
        duration="duration",
        work="planned_work",
        cost="planned_cost",
        cost_at_start=pl.lit(None, dtype=pl.Float64),
    )


def _as_known_in(measured: Project, plan: Project, rows: pl.DataFrame) -> pl.DataFrame:
    """Activities of `plan` by their ids in `measured`. What that has no more keeps its own, marked where another activity goes by it now."""
    own = measured.tables["activities"].select("activity", "name")
    if rows.join(own, on=["activity", "name"], how="anti").is_empty():
        return rows
    pairs, taken = match(plan, measured).pairs, set(own["activity"])
    gone = {activity: f"{activity} (baseline)" for activity in rows["activity"] if activity not in pairs and activity in taken}
    return rows.with_columns(pl.col("activity").replace({**pairs, **gone}))
