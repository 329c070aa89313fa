"""Transitions as numbers: which item, when, to which status.

Keys are found by their hashes in a table of our own, which takes a fifth of the time of a join: ten million rows are looked up once and nothing else is
made of them. What was found is then compared as text, so that two keys with one hash cannot be mixed up; if there are such, a join decides.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.compiled import kernel

Coded = tuple[np.ndarray, np.ndarray, np.ndarray]

MANY = 1 << 20  # rows that are worth a thread of their own
HELD = 1 << 21  # transitions that are held without being asked for
PART = 1 << 18  # values that are looked up together


class Moves:
    """Transitions of the counted items as numbers, in order of time. Of millions they are not held, but read again when they are asked for."""

    __slots__ = ("_held", "_read")

    def __init__(self, read: Callable[[], Coded], first: Coded) -> None:
        """`read` makes them anew; `first` is what it made, held unless they are many."""
        self._read = read
        self._held = first if first[0].size <= HELD else None

    def every(self) -> Coded:
        """Item [int32], instant [int64] and status [int16] of each; held from now on."""
        self._held = self._held or self._read()
        return self._held


def coded(items: pl.Series, transitions: pl.DataFrame, after: np.ndarray, until: datetime) -> Coded:
    """Transitions of those items up to that moment, in order of time: row of the item [int32], instant [int64], `after` as it was given."""
    moments = transitions["at"].to_physical().to_numpy()  # no copy: the table's own microseconds
    codes = rows_of(transitions["item"], items)
    kept = (codes >= 0) & (moments <= int(np.datetime64(until, "us").astype(np.int64)))
    if not kept.all():
        codes, moments, after = codes[kept], moments[kept], after[kept]
    if moments.size and (moments[1:] < moments[:-1]).any():
        order = np.argsort(moments, kind="stable")
        codes, moments, after = codes[order], moments[order], after[order]
    return codes, moments, after


def rows_of(values: pl.Series, keys: pl.Series) -> np.ndarray:
    """The row of each value among the keys [int32]; -1 where it is none of them. Keys are told once each.

    A part of the values at a time: their hashes are nowhere held all together.
    """
    slots, clash = tabled(keys.hash().to_numpy())
    found = np.empty(len(values), np.int32)

    def alike(part: slice) -> bool:
        """Look a part up; whether what was found is the same text."""
        told, rows = values[part], found[part]
        sought(told.hash().to_numpy(), slots, rows)
        known = rows >= 0
        if not known.all():
            rows, told = rows[known], told.filter(pl.Series(known))
        return bool((keys.gather(pl.Series(rows)) == told).all())

    same = at_once(alike, list(parts(found.size)))
    if clash or not all(same):
        numbered = pl.DataFrame({"key": keys}).with_row_index("row")
        joined = values.to_frame("key").join(numbered, on="key", how="left", maintain_order="left")
        return joined["row"].cast(pl.Int32).fill_null(-1).to_numpy()
    return found


def parts(rows: int) -> Iterator[slice]:
    """The rows part by part, so that what is made of each on the way is small."""
    return (slice(begin, begin + PART) for begin in range(0, rows, PART))


def threads(rows: int) -> int:
    """How many threads share so many rows: one for each million, at most one for each core."""
    return max(1, min(rows // MANY, os.cpu_count() or 1))


def at_once(work: Callable[[Any], Any], parts: Sequence[Any]) -> list[Any]:
    """`work` on each part, on all cores; it must leave the interpreter's lock."""
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))


@kernel
def tabled(hashes):
    """A table of the hashes, open addressing: each slot holds the upper half of a hash and the row + 1. Whether two hashes could not be told apart."""
    size = 4
    while size < 2 * hashes.size:
        size *= 2
    slots = np.zeros(size, np.uint64)
    mask, low = np.uint64(size - 1), np.uint64(0xFFFFFFFF)
    clash = False
    for row in range(hashes.size):
        mark = hashes[row] & ~low
        at = hashes[row] & mask
        while slots[at] != 0:
            if slots[at] & ~low == mark and hashes[np.int64(slots[at] & low) - 1] == hashes[row]:
                clash = True
            at = (at + np.uint64(1)) & mask
        slots[at] = mark | np.uint64(row + 1)
    return slots, clash


@kernel
def sought(hashes, slots, found):
    """Writes the row of each hash in the table by its upper half; -1 where there is none."""
    mask, low = np.uint64(slots.size - 1), np.uint64(0xFFFFFFFF)
    for row in range(hashes.size):
        mark = hashes[row] & ~low
        at = hashes[row] & mask
        found[row] = -1
        while slots[at] != 0:
            if slots[at] & ~low == mark:
                found[row] = np.int32(slots[at] & low) - 1
                break
            at = (at + np.uint64(1)) & mask
