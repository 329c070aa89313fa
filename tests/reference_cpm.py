"""The critical path method in plain Python, one activity and one half hour at a time: the readable specification of the kernel.

It walks the clock in steps of thirty minutes and asks the calendar of each step. Nothing is shared with the engine but `Calendar.on`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pmo_lib.calendar import Calendar

SLOT = timedelta(minutes=30)


@dataclass
class Activity:
    name: str
    calendar: Calendar
    duration: int  # [half hours] of the remaining work
    milestone: bool = False  # without duration; stands at the end of what went before
    low: dict[str, datetime] = field(default_factory=dict)  # es, ef: not before
    high: dict[str, datetime] = field(default_factory=dict)  # ls, lf: not after
    pinned: dict[str, datetime] = field(default_factory=dict)  # s or f: mandatory


@dataclass
class Link:
    predecessor: str
    successor: str
    type: str
    lag: int  # [half hours]
    calendar: Calendar


def works(cal: Calendar, t: datetime) -> bool:
    minute = t.hour * 60 + t.minute
    return any(start <= minute < finish for start, finish in cal.on(t.date()))


def advance(cal: Calendar, t: datetime, slots: int) -> datetime:
    while slots:
        slots -= works(cal, t)
        t += SLOT
    return t


def retreat(cal: Calendar, t: datetime, slots: int) -> datetime:
    while slots:
        t -= SLOT
        slots -= works(cal, t)
    return t


def next_start(cal: Calendar, t: datetime) -> datetime:
    while not works(cal, t):
        t += SLOT
    return t


def previous_end(cal: Calendar, t: datetime) -> datetime:
    while not works(cal, t - SLOT):
        t -= SLOT
    return t


def count(cal: Calendar, a: datetime, b: datetime) -> int:
    if b < a:
        return -count(cal, b, a)
    slots = 0
    while a < b:
        slots += works(cal, a)
        a += SLOT
    return slots


def lagged(link: Link, t: datetime) -> datetime:
    return advance(link.calendar, t, link.lag) if link.lag >= 0 else next_start(link.calendar, retreat(link.calendar, t, -link.lag))


def unlagged(link: Link, t: datetime) -> datetime:
    if link.lag == 0:
        return t
    moved = retreat(link.calendar, t, link.lag) if link.lag > 0 else advance(link.calendar, t, -link.lag)
    return next_start(link.calendar, moved)


def ordered(activities: Mapping[str, Activity], links: Sequence[Link]) -> list[str]:
    waiting, done = list(activities), []
    while waiting:
        free = [a for a in waiting if all(link.predecessor in done for link in links if link.successor == a)]
        done += free
        waiting = [a for a in waiting if a not in free]
    return done


def early(activities: Mapping[str, Activity], links: Sequence[Link]) -> dict[str, tuple[datetime, datetime]]:
    found: dict[str, tuple[datetime, datetime]] = {}
    for name in ordered(activities, links):
        a = activities[name]
        starts, ends = [], []
        for link in links:
            if link.successor == name:
                from_ = found[link.predecessor][link.type in ("FS", "FF")]
                (starts if link.type in ("FS", "SS") else ends).append(lagged(link, from_))
        candidates = [*starts, *(retreat(a.calendar, end, a.duration) for end in ends), a.low["es"]]
        if "ef" in a.low:
            candidates.append(retreat(a.calendar, a.low["ef"], a.duration))
        begin = next_start(a.calendar, max(candidates))
        if "s" in a.pinned:
            begin = next_start(a.calendar, a.pinned["s"])
        if "f" in a.pinned:
            begin = next_start(a.calendar, retreat(a.calendar, a.pinned["f"], a.duration))
        if a.duration:
            found[name] = begin, advance(a.calendar, begin, a.duration)
        else:
            before = previous_end(a.calendar, begin)
            stands = before if a.milestone and (starts or ends) and max(starts + ends) <= before else begin
            found[name] = stands, stands
    return found


def late(activities: Mapping[str, Activity], links: Sequence[Link], finish: datetime) -> dict[str, tuple[datetime, datetime]]:
    found: dict[str, tuple[datetime, datetime]] = {}
    for name in reversed(ordered(activities, links)):
        a = activities[name]
        ends, starts = [finish], []
        for link in links:
            if link.predecessor == name:
                to = found[link.successor][link.type in ("FF", "SF")]
                (ends if link.type in ("FS", "FF") else starts).append(unlagged(link, to))
        bounds = [*ends, *(advance(a.calendar, next_start(a.calendar, start), a.duration) if a.duration else start for start in starts)]
        if "lf" in a.high:
            bounds.append(a.high["lf"])
        if "ls" in a.high:
            bounds.append(advance(a.calendar, a.high["ls"], a.duration))
        end = previous_end(a.calendar, min(bounds))
        if "f" in a.pinned:
            end = previous_end(a.calendar, a.pinned["f"])
        if "s" in a.pinned:
            end = previous_end(a.calendar, advance(a.calendar, a.pinned["s"], a.duration))
        if a.duration:
            found[name] = retreat(a.calendar, end, a.duration), end
        else:
            after = next_start(a.calendar, end)
            stands = after if not a.milestone or min(ends + starts) >= after else end
            found[name] = stands, stands
    return found


def floats(
    activities: Mapping[str, Activity], early_: Mapping[str, tuple[datetime, datetime]], late_: Mapping[str, tuple[datetime, datetime]]
) -> dict[str, int]:
    """Total float of the finish, in half hours of the activity's own calendar."""
    return {name: count(a.calendar, early_[name][1], late_[name][1]) for name, a in activities.items()}


def free_floats(activities: Mapping[str, Activity], links: Sequence[Link], early_: Mapping[str, tuple[datetime, datetime]], finish: datetime) -> dict[str, int]:
    found = {}
    for name, a in activities.items():
        slack = []
        for link in links:
            if link.predecessor == name:
                to = unlagged(link, early_[link.successor][link.type in ("FF", "SF")])
                slack.append(count(a.calendar, early_[name][link.type in ("FS", "FF")], to))
        found[name] = min(slack) if slack else count(a.calendar, early_[name][1], finish)
    return found
