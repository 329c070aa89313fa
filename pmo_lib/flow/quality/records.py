"""Whether what is written can be: times, resolutions, and what is counted together."""

from __future__ import annotations

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import NEVER
from pmo_lib.flow.quality.facts import Facts, share
from pmo_lib.flow.quality.moves import NOTHING_DONE
from pmo_lib.schedule.quality.check import Check, Measured, Missing

MINUTE = 60_000_000  # microseconds: a source may note an item's creation a little later than its first status


def _bulk_closed(facts: Facts) -> Measured | Missing:
    days = facts.h.day(facts.h.crossed[facts.h.done])
    finished = days[facts.delivered]
    if not finished.size:
        return Missing(NOTHING_DONE)
    each, counts = np.unique(finished, return_counts=True)
    bulk = each[counts >= max(facts.limits.bulk_items, facts.limits.bulk_factor * float(np.median(counts)))]
    return share(facts, np.isin(days, bulk), facts.delivered, NOTHING_DONE)


def _impossible_times(facts: Facts) -> Measured | Missing:
    created, resolved = np.where(facts.h.born == NEVER, np.iinfo(np.int64).min + MINUTE, facts.h.born), facts.column("resolved")
    first = np.full(facts.h.items.height, NEVER, np.int64)
    first[facts.h.codes[::-1]] = facts.h.moments[::-1]  # the last assignment stays: the first transition
    planned = (facts.h.items["due"] < facts.h.items["start"]).fill_null(value=False).to_numpy()
    return share(facts, (resolved < created) | (first < created - MINUTE) | planned, np.ones(created.size, bool), "there are no items")


def _unresolved_done(facts: Facts) -> Measured | Missing:
    if not facts.h.items["resolution"].count():
        return Missing("the source has no resolutions")
    done = facts.h.items["category"].cast(pl.String).to_numpy() == "done"
    return share(facts, facts.h.items["resolution"].is_null().to_numpy(), done, NOTHING_DONE)


def _resolved_open(facts: Facts) -> Measured | Missing:
    if not facts.h.items["resolution"].count():
        return Missing("the source has no resolutions")
    open_ = facts.h.items["category"].cast(pl.String).to_numpy() != "done"
    return share(facts, facts.h.items["resolution"].is_not_null().to_numpy(), open_, "every item is done")


def _mixed_levels(facts: Facts) -> Measured | Missing:
    items = facts.h.items
    wholes = pl.concat([items["parent"], items["epic"].set(items["epic"] == items["item"], None)]).drop_nulls().unique()
    return share(facts, items["item"].is_in(wholes.implode()).to_numpy(), np.ones(items.height, bool), "there are no items")


CHECKS = [
    Check(
        name="bulk_closed",
        title="Bulk-closed days",
        group="records",
        definition="Items finished on a day with at least {bulk_items} finishes and {bulk_factor:g} times the median day's (days without any do not count), "
        "of all finished items: their finish is when somebody tidied up",
        measure=_bulk_closed,
    ),
    Check(
        name="impossible_times",
        title="Impossible times",
        group="records",
        definition="Items resolved or moved before they were created (by more than a minute), or due before their planned start, of all items",
        measure=_impossible_times,
    ),
    Check(
        name="unresolved_done",
        title="Done, not resolved",
        group="records",
        definition="Items whose status counts as done and that have no resolution, of all such items: was it delivered or dropped?",
        measure=_unresolved_done,
    ),
    Check(
        name="resolved_open",
        title="Resolved, not done",
        group="records",
        definition="Items with a resolution whose status does not count as done, of all such items",
        measure=_resolved_open,
    ),
    Check(
        name="mixed_levels",
        title="Mixed levels",
        group="records",
        definition="Counted items that are the parent or epic of an item which is counted too, of all counted items: their work counts twice",
        measure=_mixed_levels,
    ),
]
