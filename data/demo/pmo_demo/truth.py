"""How the works really went: a forward pass at the true pace, and what of it had happened by a status date.

The pass is this module's own, so that the demo's history owes nothing to the engine which it is to try.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random

from pmo_demo.drafts import Draft, Link, Work
from pmo_demo.hours import calendars

HALF_DAY = 240
Span = tuple[datetime, datetime]


def forward(draft: Draft, at: datetime, remaining: Mapping[str, int] | None = None) -> dict[str, Span]:
    """Start and finish of every work that drives, with open work from `at` on and `remaining` [working minutes] in place of the plan's.

    Raises `KeyError` where a work was authored before one of its predecessors.
    """
    spans: dict[str, Span] = {}
    for work in draft.works.values():  # authored predecessors first
        if work.finished and work.started:
            spans[work.id] = work.started, work.finished
        elif work.kind != "level_of_effort":
            minutes = remaining.get(work.id, work.remaining) if remaining else work.remaining
            start = max([at, draft.start, *(_bound(draft, work, link, minutes, spans) for link in work.links)])
            if work.constraint in ("start_on_or_after", "mandatory_start") and work.constraint_date and not work.started:
                start = max(start, work.constraint_date)
            if minutes:
                start = work.hours.opening(start)
            spans[work.id] = work.started or start, work.hours.after(start, minutes) if minutes else start
    return spans


def _bound(draft: Draft, work: Work, link: Link, minutes: int, spans: Mapping[str, Span]) -> datetime:
    """The earliest start of the work's open part that the relationship allows."""
    predecessor = draft.works[link.predecessor]
    moment = spans[link.predecessor][link.type[0] == "F"]
    moment = _moved(predecessor.calendar, moment, link.lag)
    return moment if link.type[1] == "S" else _moved(work.calendar, moment, -minutes)


def _moved(calendar: str, instant: datetime, minutes: int) -> datetime:
    return calendars()[calendar].after(instant, minutes) if minutes else instant


def advance(draft: Draft, since: datetime, until: datetime, pace: float, seed: str) -> None:
    """Let the works go on from `since` to `until`: each takes `pace` times what it planned, give or take its own luck."""
    remaining = {work.id: _true(work, pace, seed) for work in draft.works.values() if work.has_work and not work.finished}
    for identity, (start, finish) in forward(draft, since, remaining).items():
        work = draft.works[identity]
        if work.finished or start >= until:
            continue
        work.started = start
        if finish <= until:
            work.finished, work.remaining = finish, 0
        else:
            work.remaining = max(60, work.hours.minutes(until, finish))
    _carry(draft, until)


def _true(work: Work, pace: float, seed: str) -> int:
    luck = 0.9 + 0.3 * Random(f"{seed}/{work.name}/{work.id}").random()
    return max(HALF_DAY, round(work.remaining * pace * luck / HALF_DAY) * HALF_DAY)


def _carry(draft: Draft, until: datetime) -> None:
    """Level of effort begins and ends with what it carries: a start-start and a finish-finish relationship."""
    for work in draft.works.values():
        if work.kind == "level_of_effort" and not work.finished:
            begun = [draft.works[link.predecessor].started for link in work.links if link.type == "SS"]
            ended = [draft.works[link.predecessor].finished for link in work.links if link.type == "FF"]
            work.started = work.started or next((moment for moment in begun if moment), None)
            if ended and all(ended) and work.started:
                work.finished, work.remaining = max(moment for moment in ended if moment), 0
