"""Progress out of sequence: work that began or ended before its predecessor allowed."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.calendar import add
from pmo_lib.schedule.network.plain import Link
from pmo_lib.schedule.quality.check import Check, Measured, Missing, share
from pmo_lib.schedule.quality.facts import Facts, shown


def _out_of_sequence(facts: Facts) -> Measured | Missing:
    if isinstance(facts.own_links, str):
        return Missing(facts.own_links)
    own = [(f"{link.predecessor} -> {link.successor} {link.type}", [link]) for link in facts.own_links if _begun(facts, link)]
    summaries = [(f"{shown(one)} {one['type']}", links) for one, links in facts.handed_down()]  # each counts once, for all that belongs to it
    tried, broken = 0, []
    for name, links in [*own, *summaries]:
        begun = [(link, when) for link in links if _holds(facts, link) and (when := _begun(facts, link)) is not None]
        tried += bool(begun)
        early = [link for link, when in begun if _too_early(facts, link, when)]
        if early:
            broken.append((all(facts.every[link.predecessor]["actual_finish"] is not None for link in early), name))
    broken.sort(key=lambda one: one[0])  # those that still matter first
    return share([name for _, name in broken], tried, "no activity with a predecessor has begun")


def _holds(facts: Facts, link: Link) -> bool:
    row = facts.every.get(link.predecessor)
    return row is not None and row["kind"] != "level_of_effort"


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
        if link.lag >= 0:
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
    remedy="Report the predecessor's progress; or correct the relationship to how the work is really done",
    measure=_out_of_sequence,
)
