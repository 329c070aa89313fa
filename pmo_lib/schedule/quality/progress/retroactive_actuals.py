"""History rewritten since the snapshot before."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.matching import match
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _retroactive_actuals(facts: Facts) -> Measured | Missing:
    if facts.previous is None:
        return Missing("there is no earlier snapshot to compare with")
    found = match(facts.previous, facts.plan)
    if found.verdict == "different":
        return Missing("the earlier snapshot is a different plan")
    was = {row["activity"]: row for row in facts.previous.tables["activities"].select("activity", "actual_start", "actual_finish").iter_rows(named=True)}
    since = facts.previous.info.data_date
    dated, rewritten = [], []
    for old, new in found.pairs.items():
        if new not in facts.every:
            continue
        dates = [(was[old][end], facts.every[new][end]) for end in ("actual_start", "actual_finish")]
        if any(before or after for before, after in dates):
            dated.append(new)
            if any(_rewritten(facts, new, before, after, since) for before, after in dates):
                rewritten.append(new)
    return share(rewritten, len(dated), "no activity of both snapshots has begun")


def _rewritten(facts: Facts, activity: str, before: datetime | None, after: datetime | None, since: datetime | None) -> bool:
    """Changed, withdrawn, or reported now for a time before the last status date."""
    if before is not None:
        return after is None or facts.later(activity, before, after) or facts.later(activity, after, before)
    return since is not None and after is not None and facts.later(activity, since, after)


CHECK = Check(
    name="retroactive_actuals",
    title="Retroactive actuals",
    group="progress",
    definition="Activities with an actual date that was changed, withdrawn or put before the earlier snapshot's status date since, "
    "of all with an actual date in either",
    remedy="Ask who changed the record and why, and keep the reason with the update",
    measure=_retroactive_actuals,
)
