"""Predecessors as MS Project writes them: `3`, `A`, `4SS`, `A SS+2d`, `B FF-1d`, `A+2ed`, `7FS+50%`; several separated by `;`.

P6's own, in its column Predecessor Details, are read too: `A1010: FS, A1020: SS 2d`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pmo_lib.errors import InvalidInput

# what each unit's spelling means; `lag_minutes` turns it into minutes
UNITS = {
    "m": "minute", "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour",
    "d": "day", "dy": "day", "day": "day", "days": "day",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week",
    "mo": "month", "mon": "month", "mons": "month", "month": "month", "months": "month",
    "%": "percent",
}  # fmt: skip
SPELT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
AMOUNT = rf"(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<elapsed>e)?\s*(?P<unit>{SPELT})?\??"
LAG = rf"(?P<sign>[+\-−])\s*{AMOUNT}"
TYPED = re.compile(rf"(?P<ref>.+?)\s*(?P<type>FS|SS|FF|SF)\s*(?:{LAG})?", re.IGNORECASE)
OF_P6 = re.compile(rf"(?P<ref>.+?)\s*:\s*(?P<type>FS|SS|FF|SF)\s*(?:(?P<sign>[+\-−])?\s*{AMOUNT})?", re.IGNORECASE)
LAGGED = re.compile(rf"(?P<ref>.+?)\s*{LAG}", re.IGNORECASE)
ELAPSED_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """One predecessor: whom, how, and the lag in `unit` (negative: a lead)."""

    ref: str
    type: str = "FS"
    amount: float = 0.0
    unit: str = "day"  # minute, hour, day, week, month, percent
    elapsed: bool = False

    @property
    def lag_kind(self) -> str:
        """The lag's kind, in the words of the relationships table."""
        if self.unit == "percent":
            return "elapsed_percent" if self.elapsed else "percent"
        return "elapsed" if self.elapsed else "working"


def parse_predecessors(text: str, known: Collection[str] = ()) -> list[Predecessor]:
    """The predecessors that `text` names; an id in `known` is taken whole, whatever it looks like.

    Raises `InvalidInput` with the piece that cannot be read.
    """
    pieces = [piece.strip() for piece in re.split(r"[;\n]", text)]
    return [one for piece in pieces if piece for one in _pieces(piece, known)]


def _pieces(piece: str, known: Collection[str]) -> list[Predecessor]:
    """MS Project's English files separate by commas; one right after a lag's digits is a decimal comma."""
    if piece in known:
        return [_one(piece, known)]
    parts = re.split(r"(?<![+\-−]\d)(?<![+\-−]\d\d)(?<![+\-−]\d\d\d),", piece)
    return [_one(part.strip(), known) for part in parts if part.strip()]


def _one(piece: str, known: Collection[str]) -> Predecessor:
    if piece in known:
        return Predecessor(piece)
    for pattern in (OF_P6, TYPED, LAGGED):
        found = pattern.fullmatch(piece)
        if found and _plausible(found, known):
            return _built(found)
    return Predecessor(piece)


def _plausible(found: re.Match[str], known: Collection[str]) -> bool:
    """Whether the piece is a reference with type or lag, rather than an id that looks so, as `MASS` or `A-100`."""
    if known or found.re is OF_P6:
        return not known or found["ref"] in known
    if "type" in found.groupdict():
        return found["amount"] is not None or not found["ref"][-1].isalpha() or found.start("type") > found.end("ref")
    return found["unit"] is not None or found.start("sign") > found.end("ref")


def _built(found: re.Match[str]) -> Predecessor:
    groups = found.groupdict()
    if groups["amount"] is None:
        return Predecessor(groups["ref"], groups["type"].upper())
    amount = float(groups["amount"].replace(",", ".")) * (1 if groups["sign"] in ("+", None) else -1)
    unit = UNITS[(groups["unit"] or "d").lower()]
    return Predecessor(groups["ref"], (groups.get("type") or "FS").upper(), amount, unit, bool(groups["elapsed"]))


def lag_minutes(link: Predecessor, predecessor_duration: int, minutes_per_day: int = 480, minutes_per_week: int = 2400, days_per_month: int = 20) -> int:
    """The lag in whole minutes, of working or elapsed time as `link.lag_kind` says; per cent of the predecessor's duration."""
    if link.unit == "percent":
        return round(predecessor_duration * link.amount / 100)
    working = {"minute": 1, "hour": 60, "day": minutes_per_day, "week": minutes_per_week, "month": days_per_month * minutes_per_day}
    return round(link.amount * (ELAPSED_MINUTES if link.elapsed else working)[link.unit])


def resolve(link: Predecessor, known: Collection[str], successor: str) -> str:
    """The activity that `link` refers to.

    Raises `InvalidInput` naming the successor and the reference that is not there.
    """
    if link.ref not in known:
        raise InvalidInput(f"{successor}: predecessor {link.ref!r} is not an activity of the plan; write ids as in 'A; B SS+2d'")
    return link.ref
