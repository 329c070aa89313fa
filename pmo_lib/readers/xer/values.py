"""The small values of XER: numbers with point or comma, hours, ids in base 64, keys and words of P6's own."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping

from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row

REMEDY = "correct it in P6 and export again"


def number(text: str, what: str, place: str, notes: Notes) -> float | None:
    """The number that a cell says, with point or comma; None where it is empty, or, with a finding, unreadable."""
    if not text:
        return None
    try:
        found = float(text if "," not in text else _with_point(text))
    except ValueError:
        found = None
    if found is None or abs(found) > 1e15 or found != found:
        notes.add("error", "number-unreadable", f"{place}: {text[:40]!r}", f"{what} is not a number and was left out", REMEDY)
        return None
    return found


def _with_point(text: str) -> str:
    """A number with a decimal comma as P6 writes it in such countries; of point and comma the later one is the decimal."""
    if text.rfind(",") > text.rfind("."):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "")


def minutes(row: Row, column: str, place: str, notes: Notes) -> int | None:
    """A cell of hours as whole minutes."""
    hours = number(row[column], column, place, notes)
    return None if hours is None else notes.whole_minutes(hours * 60, column, place)


def guid(text: str) -> str | None:
    """P6's 22 characters of base 64 as the usual text of a globally unique id; other text as it is."""
    if len(text) != 22:
        return text.lower() or None
    try:
        return str(uuid.UUID(bytes_le=base64.b64decode(text + "==", validate=True)))
    except ValueError:
        return text


def known(key: str, keys: set[str], what: str, place: str, notes: Notes) -> str | None:
    """The key, where it is one of `keys`; else None, with a finding unless it is empty."""
    if key and key not in keys:
        notes.add("warning", "reference-missing", f"{place}: {key[:40]}", f"{what} names nothing in this file; it was left empty", REMEDY)
        return None
    return key or None


def listed(text: str, values: dict[str, str], what: str, place: str, notes: Notes) -> str | None:
    """Our word for one of P6's, in whatever case; None, with a finding, for a word that it does not have."""
    found = values.get(text) or in_any_case(values).get(text.lower())
    if text and found is None:
        notes.add("error", "value-unknown", f"{place}: {text[:40]!r}", f"{what} has a value that P6 does not have; it was left out", REMEDY)
    return found


def in_any_case(values: Mapping[str, str]) -> dict[str, str]:
    """The same words by P6's in lower case: files that passed through other tools write TT_mile and RCAL_SUCCESSOR."""
    return {theirs.lower(): ours for theirs, ours in values.items()}
