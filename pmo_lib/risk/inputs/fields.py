"""Estimates from the plan's own custom fields, known by their titles: `Optimistic duration`, `Most likely duration`, `Pessimistic duration` and their kin.

MS Project's bare Duration1 to Duration3 may hold anything, so they are read only where they are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.project import Project

# triples of titles in the order low, likely, high; without spaces and punctuation, umlauts and accents plain
TITLES = (
    (
        "optimisticduration|optimistic|optimisticremainingduration|optimistischedauer|dureeoptimiste",
        "mostlikelyduration|mostlikely|likelyduration|expectedduration|mostlikelyremainingduration|wahrscheinlichedauer|wahrscheinlichstedauer|dureeprobable|dureelaplusprobable",
        "pessimisticduration|pessimistic|pessimisticremainingduration|pessimistischedauer|dureepessimiste",
    ),
    (
        "minimumduration|minduration|minimumremainingduration|minremainingduration",
        "mostlikelyduration|likelyduration|mostlikelyremainingduration|mlduration",
        "maximumduration|maxduration|maximumremainingduration|maxremainingduration",
    ),
    (
        "lowduration|lowremainingduration|lowestimate",
        "mostlikelyduration|likelyduration|mostlikelyestimate|likelyestimate",
        "highduration|highremainingduration|highestimate",
    ),
)
PLAIN = str.maketrans("äöüáàâéèêíîóôúû", "aouaaaeeeiioouu")
BARE = ("Duration1", "Duration2", "Duration3")


@dataclass(frozen=True, slots=True)
class FieldPoints:
    """Three points by activity [working minutes of remaining duration], the fields that held them, and what was odd."""

    points: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    notes: Sequence[str] = ()


def from_fields(plan: Project, minutes_per_day: Mapping[str, float], *, names: Sequence[str] | None = None, whole: bool = False) -> FieldPoints:
    """The three points that the plan's custom fields hold, for the activities in `minutes_per_day`.

    `names` are the fields of low, likely and high; None: known by their titles. The points mean what is left to do, or with `whole` the duration as
    planned at first, which for started work is scaled to what is left. Points out of order are left out with a note. A number means working days.

    Raises `InvalidInput` for a named field that the plan lacks.
    """
    rows = plan.tables.get("custom_fields")
    own = None if rows is None else rows.filter(pl.col("subject").cast(pl.String) == "activity")
    known = [] if own is None else own["field"].unique(maintain_order=True).to_list()
    chosen = _named(plan, known, names) if names is not None else _titled(known)
    if own is None or chosen is None:
        bare = names is None and set(BARE) <= set(known)
        return FieldPoints(notes=[f"the file has {', '.join(BARE)} without titles; if they are low, likely and high, name them"] if bare else [])
    found: dict[str, dict[str, float]] = {}
    notes: list[str] = []
    for activity, name, kind, value in own.filter(pl.col("field").is_in(chosen)).select("key", "field", pl.col("kind").cast(pl.String), "value").iter_rows():
        if activity not in minutes_per_day:
            continue
        minutes = _minutes(kind, value, minutes_per_day[activity])
        if minutes is None:
            notes.append(f"{activity}: {name} is no duration: {value[:40]!r}; its estimate was left out")
        else:
            found.setdefault(activity, {})[name] = minutes
    return _sound(plan, found, chosen, whole, notes)


def _titled(known: Sequence[str]) -> tuple[str, str, str] | None:
    """The first triple of titles that the plan has in full."""
    plain = {re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*?\)", "", name.casefold().translate(PLAIN))): name for name in reversed(known)}
    for triple in TITLES:
        found = [next((plain[title] for title in titles.split("|") if title in plain), None) for titles in triple]
        if all(found):
            low, likely, high = found
            return str(low), str(likely), str(high)
    return None


def _named(plan: Project, known: Sequence[str], names: Sequence[str]) -> tuple[str, str, str]:
    if len(names) != 3:
        raise InvalidInput(f"name three fields, of low, likely and high, as in Duration1,Duration2,Duration3; {len(names)} are named")
    by_case = {name.casefold(): name for name in known}
    for name in names:
        if name.strip().casefold() not in by_case:
            raise InvalidInput(f"{plan.info.file or plan.info.key} has no custom field {name.strip()!r}; it has {', '.join(known) or 'none'}")
    low, likely, high = (by_case[name.strip().casefold()] for name in names)
    return low, likely, high


def _minutes(kind: str, value: str, minutes_per_day: float) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return {"duration": number, "number": number * minutes_per_day, "text": number * minutes_per_day}.get(kind)


def _sound(plan: Project, found: Mapping[str, Mapping[str, float]], chosen: tuple[str, str, str], whole: bool, notes: list[str]) -> FieldPoints:
    columns = plan.tables["activities"].select("activity", "duration", "remaining_duration")
    lengths = {activity: (planned, left) for activity, planned, left in columns.iter_rows()}
    points: dict[str, tuple[float, float, float]] = {}
    looks_whole = []
    for activity, stated in found.items():
        if not any(stated.values()):
            continue  # an empty duration field reads as nothing, and says nothing
        if len(stated) < 3:
            notes.append(f"{activity}: {', '.join(name for name in chosen if name not in stated)} is empty; its estimate was left out")
            continue
        low, likely, high = (stated[name] for name in chosen)
        if not 0 <= low <= likely <= high:
            day = plan.info.options.minutes_per_day
            days = f"{low / day:g}, {likely / day:g}, {high / day:g} days"
            notes.append(f"{activity}: {', '.join(chosen)} are not in order ({days}); its estimate was left out")
            continue
        planned, left = lengths[activity]
        if left < planned and abs(likely - planned) < abs(likely - left):
            looks_whole.append(activity)
        scale = left / planned if whole and planned else 1.0
        points[activity] = (low * scale, likely * scale, high * scale)
    if looks_whole and not whole:
        told = f"{len(looks_whole)} started activities, first {looks_whole[0]}, have a {chosen[1]} nearer to their whole duration than to what is left"
        notes.append(f"{told}; if the fields hold whole durations, say so")
    return FieldPoints(points, chosen if points else (), notes)
