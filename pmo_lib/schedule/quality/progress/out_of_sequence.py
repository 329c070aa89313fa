"""Progress out of sequence: work that began or ended before its predecessor allowed."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.calendar import add
from pmo_lib.schedule.links import Link
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts


def _out_of_sequence(facts: Facts) -> Measured | Missing:
    if isinstance(facts.links, str):
        return Missing(facts.links)
    own = {(one["predecessor"], one["successor"]) for one in facts.written}  # those of summary tasks would count once for all that belongs to them
    links = [link for link in facts.links if (link.predecessor, link.successor) in own and link.predecessor in facts.driving]
    tried = [(link, when) for link in links if (when := _begun(facts, link)) is not None]
    broken = [link for link, when in tried if _too_early(facts, link, when)]
    broken.sort(key=lambda link: facts.every[link.predecessor]["actual_finish"] is not None)  # those that still matter first
    return share([f"{link.predecessor} -> {link.successor} {link.type}" for link in broken], len(tried), "no activity with a predecessor has begun")


def _begun(facts: Facts, link: Link) -> datetime | None:
    """When the successor did what the relationship is about."""
    row = facts.every.get(link.successor)
    if row is None or row["kind"] == "level_of_effort":
        return None
    return row["actual_start" if link.type in ("FS", "SS") else "actual_finish"]


def _too_early(facts: Facts, link: Link, when: datetime) -> bool:
    row, end = facts.every[link.predecessor], "finish" if link.type in ("FS", "FF") else "start"
    allowed = row[f"actual_{end}"]
    if allowed is None:
        if not link.lag:
            return True  # what has not happened yet cannot have come first
        dated = {} if isinstance(facts.run, str) else facts.run.rows.get(link.predecessor, {})
        allowed = dated.get(f"early_{end}")
    return allowed is not None and facts.later(link.successor, add(link.calendar, allowed, link.lag), when)


CHECK = Check(
    name="out_of_sequence",
    title="Out-of-sequence progress",
    group="progress",
    definition="Relationships whose successor began (or ended) before its predecessor and lag allowed, of all whose successor did so; "
    "those with an incomplete predecessor are named first",
    measure=_out_of_sequence,
)
