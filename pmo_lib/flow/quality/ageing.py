"""What lies: work in progress and backlog that nobody touches."""

from __future__ import annotations

import polars as pl

from pmo_lib.flow.quality.facts import Facts, share
from pmo_lib.schedule.quality.check import Check, Measured, Missing

NOTHING_OPEN = "nothing is in progress"


def _stale_wip(facts: Facts) -> Measured | Missing:
    return share(facts, facts.idle(facts.h.moved, facts.limits.stale_wip_days), facts.in_progress, NOTHING_OPEN)


def _zombies(facts: Facts) -> Measured | Missing:
    return share(facts, facts.idle(facts.touched, facts.limits.zombie_days), facts.in_progress, NOTHING_OPEN)


def _stale_backlog(facts: Facts) -> Measured | Missing:
    return share(facts, facts.idle(facts.touched, facts.limits.stale_backlog_days), facts.waiting, "every item is begun or ended")


def _overdue(facts: Facts) -> Measured | Missing:
    due = facts.h.items["due"].cast(pl.Int32)
    late = (due < facts.h.today).fill_null(value=False).to_numpy()
    return share(facts, late, (facts.in_progress | facts.waiting) & due.is_not_null().to_numpy(), "no open item has a due date")


def _unassigned(facts: Facts) -> Measured | Missing:
    if facts.h.items["assignee"].null_count() == facts.h.items.height:
        return Missing("no item has an assignee")
    return share(facts, facts.h.items["assignee"].is_null().to_numpy(), facts.in_progress, NOTHING_OPEN)


CHECKS = [
    Check(
        name="stale_wip",
        title="Stale work in progress",
        group="ageing",
        definition="Items in progress that have not moved for more than {stale_wip_days:g} days, of all in progress",
        measure=_stale_wip,
    ),
    Check(
        name="zombies",
        title="Zombies",
        group="ageing",
        definition="Items in progress of which nothing changed for more than {zombie_days:g} days, of all in progress: neither worked on nor ended",
        measure=_zombies,
    ),
    Check(
        name="stale_backlog",
        title="Stale backlog",
        group="ageing",
        definition="Items not begun of which nothing changed for more than {stale_backlog_days:g} days, of all not begun",
        measure=_stale_backlog,
    ),
    Check(
        name="overdue",
        title="Overdue items",
        group="ageing",
        definition="Items neither finished nor cancelled whose due date is past, of those with a due date",
        measure=_overdue,
    ),
    Check(
        name="unassigned_wip",
        title="Work in progress of nobody",
        group="ageing",
        definition="Items in progress without an assignee, of all in progress",
        measure=_unassigned,
    ),
]
