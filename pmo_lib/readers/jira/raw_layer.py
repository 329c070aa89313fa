"""DevLake's raw layer: CSV tables that hold in each row one answer of a service, as it came, in the column `data`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pmo_lib.errors import UnreadableFile

COLUMNS = {"params", "data", "url", "input"}
HEAD = 4096  # [bytes] in which the headers stand
LONGEST = 128 * 1024**2  # [characters] of one answer
REMEDY = "export the table again"


def is_raw_layer(head: bytes) -> bool:
    """Whether a file that begins so is a table of the raw layer."""
    return set(next(csv.reader(io.StringIO(head[:HEAD].decode("utf-8-sig", errors="ignore").lstrip())), [])) >= COLUMNS


def answers(content: bytes, name: str) -> Iterator[tuple[str, Any, Any]]:
    """Of each row its place, what was answered, and what had been asked: the connector's `input`, and its `url`. Raises `UnreadableFile`."""
    csv.field_size_limit(LONGEST)
    for number, row in enumerate(csv.DictReader(_after_blank_lines(io.StringIO(content.decode("utf-8-sig"), newline=""))), start=1):
        place = f"{name}, row {number}"
        asked = _json(row["input"] or "null", name, place)
        yield place, _json(row["data"], name, place), {**(asked if isinstance(asked, dict) else {}), "url": row["url"]}


def _json(text: str, name: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableFile(name, "an answer in it breaks off or is no JSON", place=place, remedy=REMEDY) from None


def _after_blank_lines(text: Iterable[str]) -> Iterator[str]:
    begun = False
    for line in text:
        begun = begun or bool(line.strip())
        if begun:
            yield line
