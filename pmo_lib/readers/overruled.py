"""Which of MS Project's calendar exceptions holds where several fall on a day: a dated one, then daily, yearly, monthly, weekly ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeVar

from pmo_lib.spans import joined

Said = TypeVar("Said")


class Rank(IntEnum):
    """What overrules what, as MS Project's users saw it (MPXJ, issue 498)."""

    WEEKLY = 1
    MONTHLY = 2
    YEARLY = 3
    DAILY = 4
    DATED = 5


class Occurrence(NamedTuple):
    """Days of an exception, and how it recurs."""

    rank: Rank
    first: date
    last: date


def less_overruled(found: Iterable[tuple[Occurrence, Said]]) -> list[tuple[Occurrence, Said]]:
    """Without the days on which a higher exception holds; in the order given."""
    everything = list(found)
    taken: dict[Rank, list[tuple[date, date]]] = {}
    for rank in Rank:
        taken[rank] = joined((one.first, one.last) for one, _ in everything if one.rank > rank)
    return [(one, said) for one, said in everything if not _covered(taken[one.rank], one)]


def _covered(taken: list[tuple[date, date]], one: Occurrence) -> bool:
    place = bisect_right(taken, (one.first, date.max)) - 1
    return place >= 0 and one.last <= taken[place][1]
