"""In which of Windows' alphabets a text was written that is not Unicode and does not say so: Western European, or another that its own words show.

Tools write such text in the code page of the computer that they run on. An alphabet other than Latin has words without a letter of ASCII, most of them
of few letters; Chinese, Japanese and Korean have pairs of bytes, nearly all in the parts of their tables that hold the common characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable

WESTERN = "cp1252"
NAMES = {
    WESTERN: "Windows-1252",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "cp936": "Windows-936 (simplified Chinese)",
    "cp950": "Windows-950 (traditional Chinese)",
    "cp932": "Windows-932 (Japanese)",
    "cp949": "Windows-949 (Korean)",
}
# the commonest letters of each language: more than half of all, and less of what another alphabet has in their places
COMMON = {
    "cp1251": "оеаинтсрвкОЕАИНТСРВК",
    "cp1253": "αοιετσςνηυρόάίΑΟΙΕΤΣΝΗ",
    "cp1255": "יוהלאמרתבשנ",
    "cp1256": "اليمنرتبدوةعأ",
    "cp874": "านรกอเงมยลวด่้ัี",
}
HEBREW, THAI = bytes(range(0xE0, 0xFB)), bytes(range(0xA1, 0xDB))  # all of its letters; its consonants and most vowels
WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\xa1-\xff][A-Za-z\x80-\xff]*")  # with at least one letter beyond ASCII
FOREIGN = re.compile(rb"[\x80-\xff]{3,}")  # without any of ASCII
PAIRS = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
RUNS = re.compile(rb"[\x80-\xff]+")
SAMPLE = 200_000  # words
LETTERS = {"cp1251": 64, "cp1253": 62, "cp1255": 27, "cp1256": 37, "cp874": 84}  # small and capital
LEAST = 0.48  # of the letters that must be common ones
MOST, NEARLY_ALL = 0.85, 0.97  # of the pairs of bytes that must be common characters; the second where other languages have theirs there too
ENOUGH = 6  # pairs of bytes


def _between(first: tuple[int, int], last: tuple[int, int]) -> Callable[[int, int], bool]:
    return lambda lead, trail: first[0] <= lead <= last[0] and first[1] <= trail <= last[1]


# where the common characters lie; what lies elsewhere counts against the encoding, but for marks
PLACES: dict[str, Callable[[int, int], bool]] = {
    "cp932": lambda lead, trail: (lead in KANA or 0x88 <= lead <= 0x97) and trail != 0x7F,
    "cp949": lambda lead, trail: 0xB0 <= lead <= 0xC8 and trail >= 0xA1,
    "cp950": lambda lead, trail: 0xA4 <= lead <= 0xC6 and (trail <= 0x7E or trail >= 0xA1),
    "cp936": lambda lead, trail: 0xB0 <= lead <= 0xD7 and trail >= 0xA1,
}
KANA = (0x82, 0x83)
MARKS = (range(0xA1, 0xA4), range(0x81, 0x82))  # full stops, brackets, wide figures: in the Chinese and Korean tables, in the Japanese one


def alphabet(data: bytes) -> str:
    """The encoding of a text that is not UTF-8; `cp1252` where its words show no other."""
    words = [found.group() for found, _ in zip(WORD.finditer(data), range(SAMPLE), strict=False)]
    foreign = b"".join(word for word in words if FOREIGN.fullmatch(word))
    if not foreign or len(foreign) <= 0.8 * sum(len(word) for word in words if len(word) > 2):
        return _of_pairs(data) or WESTERN
    bytes_of = {name: {bytes([byte]) for byte in letters.encode(name)} for name, letters in COMMON.items()}
    shares = {name: sum(map(foreign.count, known)) / len(foreign) for name, known in bytes_of.items()}
    if shares["cp1255"] > LEAST and len(foreign.translate(None, HEBREW)) < 0.02 * len(foreign):  # Greek has accents there, Russian its last five letters
        return "cp1255"
    if len(foreign.translate(None, THAI)) > 0.5 * len(foreign):
        del shares["cp874"]
    best = max(shares, key=lambda name: shares[name] - len(bytes_of[name]) / LETTERS[name])  # beyond what as many letters would be by chance
    return best if shares[best] > LEAST else _of_pairs(data) or WESTERN


def _of_pairs(data: bytes) -> str | None:
    """Chinese, Japanese or Korean; of two that fit the one with the smaller table."""
    pairs = [match.group() for match, _ in zip(PAIRS.finditer(data), range(SAMPLE), strict=False)]
    for name, common in PLACES.items():
        letters = [(lead, trail) for lead, trail in pairs if lead not in MARKS[name == "cp932"]]
        known = sum(common(lead, trail) for lead, trail in letters)
        fits = known >= (NEARLY_ALL if name in ("cp949", "cp950") else MOST) * len(letters)
        if fits and len(letters) >= ENOUGH and _no_accents(name, letters, data):
            return name
    return None


def _no_accents(name: str, letters: list[tuple[int, int]], data: bytes) -> bool:
    """Whether they are more than single letters and marks among ASCII, such as °C, ’s or ÇÃ, which happen to lie there too."""
    if name in ("cp936", "cp949"):  # both bytes beyond ASCII
        runs = [len(run.group()) for run, _ in zip(RUNS.finditer(data), range(SAMPLE), strict=False)]
        return sum(length for length in runs if length >= 4) > 0.6 * sum(runs)
    kana = sum(lead in KANA and trail >= 0x40 for lead, trail in letters)
    return sum(trail >= 0x80 for _, trail in letters) > 0.3 * len(letters) and (name == "cp950" or kana > 0.05 * len(letters))
