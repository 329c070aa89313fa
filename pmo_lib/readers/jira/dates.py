"""Dates of lists of issues, as sites write them in their languages: `21/Sep/26 10:30 AM`, `21.09.26 10:30`, `21/sept./26`, `21/九月/26 上午10:30`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers import cells
from pmo_lib.readers.cells import DateOrder

ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMERALS = {numeral: number for number, numeral in enumerate([*"一二三四五六七八九十", "十一", "十二"], start=1)}
EASTERN = re.compile(r"(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*(?:月|월)")
YEAR_FIRST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
MARKS = {
    "上午": "AM", "下午": "PM", "午前": "AM", "午後": "PM", "오전": "AM", "오후": "PM", "vorm.": "AM", "nachm.": "PM", "a. m.": "AM", "p. m.": "PM",
    "ÖÖ": "AM", "ÖS": "PM",
}  # fmt: skip
LINKING = re.compile(r"\s(?:de|del|à|às|um|klo|kl\.?|uhr)(?=\s|$)", re.IGNORECASE)  # words between day, month, year and hour: 21 de setembro de 2026
POINTED = re.compile(r"(\s\d{1,2})\.(\d{2})$")  # 22.30
MARK_FIRST = re.compile(r"\b(AM|PM)\s*(\d{1,2}:\d{2}(?::\d{2})?)")
SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " "})
OFFSET = re.compile(r":\d{2}(?:[.,]\d+)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})$")
NUMBER = re.compile(r"[\d,]+(?:[.,]\d*)?")
SINCE_1970 = re.compile(r"\d{13}")  # milliseconds, as ClickUp exports them
USUAL = re.compile(r"(\d{1,2})/([A-Z][a-z]{2})/(\d\d) (\d{1,2}):(\d\d) ([AP])M")  # as sites in English write nearly every date of a long export
REMEDY = "set the dates to 2026-09-21 10:30, or to names of months, and export again"


def western(text: str) -> str:
    """The text with months and halves of the day as English writes them."""
    text = text.translate(SPACES).strip()
    if SINCE_1970.fullmatch(text):
        return f"{datetime.fromtimestamp(int(text) / 1000, UTC):%Y-%m-%d %H:%M}"
    text = POINTED.sub(r"\1:\2", LINKING.sub("", text))
    if text.isascii() and "." not in text:
        return text
    for mark, meant in MARKS.items():
        text = text.replace(mark, f" {meant} ")
    text = YEAR_FIRST.sub(r"\1-\2-\3 ", text)
    text = EASTERN.sub(lambda found: ENGLISH[_number(found[1]) - 1] if 1 <= _number(found[1]) <= 12 else found[0], text)
    return " ".join(MARK_FIRST.sub(r"\2 \1", text).split())


def _number(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else NUMERALS[numeral]


def order_of(file: str, texts: Iterable[str]) -> DateOrder | None:
    """Whether numeric dates have the day or the month first, as the file's own values decide; None where it does not matter.

    Raises `UnreadableFile` where they contradict each other, or none decides and one may be read in both ways.
    """
    said = [western(text) for text in texts if not USUAL.fullmatch(text)]
    found = cells.date_order(said)
    if found == "both":
        raise UnreadableFile(file, "some of its dates have the day first, others the month", remedy=REMEDY)
    if found != "either":
        return found
    doubtful = next((text for text in said if cells.is_ambiguous(text)), None)
    if doubtful is not None:
        raise UnreadableFile(file, f"its dates, as in {doubtful!r}, may have the day or the month first, and none of them decides", remedy=REMEDY)
    return None


def dated(text: str, order: DateOrder | None) -> cells.Dated | None:
    """The date that the text says; None where it says none."""
    return _usual(text) or cells.dated(western(text), order)


def _usual(text: str) -> cells.Dated | None:
    found = USUAL.fullmatch(text)
    if found is None or found[2] not in ENGLISH or not 1 <= int(found[4]) <= 12:
        return None
    year, month, hour = cells.full_year(found[3]), ENGLISH.index(found[2]) + 1, int(found[4]) % 12 + (12 if found[6] == "P" else 0)
    with suppress(ValueError):
        return cells.Dated(datetime(year, month, int(found[1]), hour, int(found[5])), timed=True)
    return None


def is_date(text: str) -> bool:
    """Whether it is a date, in whatever order; a bare number is none."""
    return not NUMBER.fullmatch(text.strip()) and any(dated(text, order) is not None for order in ("dmy", "mdy"))


def zoned(text: str) -> bool:
    """Whether the text says in which zone its time is."""
    return OFFSET.search(text.strip()) is not None


def offset(text: str) -> str:
    """The offset of the time that the text states, as ISO 8601 writes it; that of UTC where it states none."""
    found = OFFSET.search(text.strip())
    return "+00:00" if found is None or found["zone"] in ("Z", "UTC") else found["zone"]
