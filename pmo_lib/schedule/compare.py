"""What changed between two versions of a plan, and what moved its finish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pmo_lib.errors import NotSchedulable
from pmo_lib.matching import Verdict, match, matching
from pmo_lib.project import Project, table
from pmo_lib.schedule.comparison.changes import changes, frame
from pmo_lib.schedule.comparison.halfway import Halfway
from pmo_lib.schedule.comparison.movements import floats, path
from pmo_lib.schedule.dates import Run, schedule_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two versions of a plan beside each other; every frame is declared in `tables.schedule_results`."""

    verdict: Verdict  # whether they are one project: `doubtful` where less than half, `different` where less than a quarter of the smaller plan is in both
    share: float  # of the smaller plan's activities, found again in the other
    matching: pl.DataFrame  # Matching
    changes: pl.DataFrame  # Changes, largest first
    attribution: pl.DataFrame | None  # Attribution; None: `reason` says why
    path: pl.DataFrame | None  # PathChanges
    floats: pl.DataFrame | None  # FloatErosion
    older_finish: datetime | None  # scheduled by us, as the source would; None where that plan cannot be scheduled
    newer_finish: datetime | None
    reason: str | None = None  # why nothing is attributed

    def __repr__(self) -> str:
        ends = " -> ".join(f"{at:%Y-%m-%d}" if at else "no finish" for at in (self.older_finish, self.newer_finish))
        moved = f"nothing attributed: {self.reason}"
        if self.attribution is not None:
            parts = ((row["group"], row["days"]) for row in self.attribution.iter_rows(named=True) if row["days"] or row["group"] == "total")
            moved = ", ".join(f"{group} {days:+.1f}" for group, days in parts) + " working days"
        return f"<Comparison: {self.verdict}, {self.changes.height:,} changes; finish {ends}; {moved}>"


def compare(older: Project, newer: Project, *, run: Run | None = None) -> Comparison:
    """What changed from `older` to `newer`, and which changes moved the finish by how much.

    Activities are matched by GUID, internal id, visible id, name and place in the WBS, then by name (`pmo_lib.matching`). Both plans are scheduled
    as their source would: what they store as dates may be older than their changes, and counts for manually scheduled tasks alone. Plans that
    share too little to be one project are said to be `different`, and nothing is attributed between them. A plan that cannot be scheduled leaves
    what does not need its dates. `run` is `schedule_once(newer)`, where it was made already.

    Raises `NotAvailable` where either lacks activities.
    """
    from pmo_lib.schedule.comparison.attribution import attribution, finish_of

    for plan in (older, newer):
        table(plan, "activities", "schedule.compare")
    found = match(older, newer)
    half = Halfway(older, newer, found)
    before, failed_before = _scheduled(older, None)
    now, failed_now = _scheduled(newer, run)
    reason = failed_before or failed_now
    runs = (before, now) if before is not None and now is not None else None
    rows = changes(half, runs)
    if found.verdict == "different":
        reason = "these are different plans"
    return Comparison(
        verdict=found.verdict,
        share=found.share,
        matching=matching(older, newer, found),
        changes=frame(rows),
        attribution=None if reason is not None or runs is None else attribution(half, rows, runs),
        path=None if runs is None else path(half, *runs),
        floats=None if runs is None else floats(half, *runs),
        older_finish=None if before is None else finish_of(before),
        newer_finish=None if now is None else finish_of(now),
        reason=reason,
    )


def _scheduled(plan: Project, run: Run | None) -> tuple[Run | None, str | None]:
    """The plan's schedule, or why there is none."""
    try:
        return run or schedule_once(plan), None
    except NotSchedulable as error:
        return None, f"{plan.info.file or plan.info.key}: {error}"
