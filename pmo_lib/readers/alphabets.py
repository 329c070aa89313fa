"""In which of Windows' alphabets a text was written that is not Unicode and does not say so: Western European, or Cyrillic where its words show it."""

from __future__ import annotations

import re

WESTERN, CYRILLIC = "cp1252", "cp1251"
NAMES = {WESTERN: "Windows-1252", CYRILLIC: "Windows-1251 (Cyrillic)"}
WORD = re.compile(rb"[A-Za-z\xa8\xb3\xb8\xbf\xc0-\xff]*[\xc0-\xff][A-Za-z\xa8\xb3\xb8\xbf\xc0-\xff]*")  # with at least one letter beyond ASCII
FOREIGN = re.compile(rb"[\xa8\xb3\xb8\xbf\xc0-\xff]{3,}")  # without any of ASCII
COMMON = "оеаинтОЕАИНТ".encode(CYRILLIC)  # about half of all letters of Russian, a fifth of those that Greek would have in their places
SAMPLE = 200_000  # words


def alphabet(data: bytes) -> str:
    """The encoding of a text that is not UTF-8: `cp1251` where most words with letters beyond ASCII have no other letters, and those are Cyrillic's
    commonest; else `cp1252`, in which such letters stand among others."""
    words = [found.group() for found, _ in zip(WORD.finditer(data), range(SAMPLE), strict=False)]
    foreign = b"".join(word for word in words if FOREIGN.fullmatch(word))
    most = sum(len(word) for word in words if len(word) > 2)
    common = sum(foreign.count(letter) for letter in COMMON)
    return CYRILLIC if len(foreign) > 0.8 * most and common > 0.35 * len(foreign) else WESTERN
