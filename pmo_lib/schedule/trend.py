"""How schedule quality moves from snapshot to snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib.project import Project
from pmo_lib.schedule.checks import checks

if TYPE_CHECKING:
    from pmo_lib.standards import Standards


def trend(plans: Sequence[Project], baseline: Project | None = None, *, standard: Standards | None = None) -> pl.DataFrame:
    """Each check of each version of a plan, oldest first (`tables.schedule_results.CheckTrend`); a version's actuals are compared with the version before.

    `baseline` is that of every version, as `schedule.checks` takes it. Plans that all have a status date are put in its order; others are taken as given,
    oldest first.

    Raises `NotAvailable` for a plan without activities.
    """
    if all(one.info.data_date for one in plans):
        plans = sorted(plans, key=lambda one: one.info.data_date or datetime.min)
    made = [
        (one.info.data_date, one.info.content_hash, checks(one, baseline, before, standard=standard))
        for before, one in zip([None, *plans], plans, strict=False)
    ]
    return joined(made)


def joined(made: Iterable[tuple[datetime | None, str | None, pl.DataFrame]]) -> pl.DataFrame:
    """The checks of several snapshots as one table: (status date, snapshot, `tables.schedule_results.Checks`), oldest first."""
    from pmo_lib.tables.schedule_results import CheckTrend

    columns = CheckTrend.column_names()
    frames = [frame.with_columns(data_date=pl.lit(at, pl.Datetime("us")), snapshot=pl.lit(snapshot, pl.String)).select(columns) for at, snapshot, frame in made]
    return CheckTrend.validate(pl.concat(frames) if frames else CheckTrend.create_empty())
