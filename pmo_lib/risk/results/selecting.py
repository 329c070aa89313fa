"""Values of given ranks out of many rows, compiled: a histogram finds the bins in which the ranks lie, and only what lies in those is sorted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inner, kernel

BINS = 4096


class Room(NamedTuple):
    """Scratch of one thread."""

    count: np.ndarray  # int32 [bins]: values up to and with the bin
    slot: np.ndarray  # int32 [bins]: where a bin's values are gathered; -1: nowhere
    values: np.ndarray  # int32 [row]: those gathered


def room(length: int) -> Room:
    """Scratch for rows of so many values."""
    return Room(np.empty(BINS, np.int32), np.full(BINS, -1, np.int32), np.empty(length, np.int32))


@kernel
def select(values, ranks, scratch, out):
    """out [rows, ranks] = the values of those ranks (from 0) of each row."""
    for i in range(values.shape[0]):
        low, shift = counted(values[i], scratch.count)
        of_ranks(values[i], ranks, low, shift, scratch, out[i])


@inner
def counted(row, count):
    """The least value and the width of a bin as a shift; count = how many values lie up to and with each bin."""
    least, most = row[0], row[0]
    for k in range(row.size):
        least, most = min(least, row[k]), max(most, row[k])
    shift, low = 0, np.int64(least)
    while (np.int64(most) - low) >> shift >= count.size:
        shift += 1
    count[:] = 0
    for k in range(row.size):
        count[np.uint32(row[k] - least) >> np.uint32(shift)] += 1
    for c in range(1, count.size):
        count[c] += count[c - 1]
    return low, shift


@inner
def of_ranks(row, ranks, low, shift, scratch, out):
    """out [ranks] = the row's values of those ranks. Bins one value wide need no gathering."""
    count, slot, values = scratch.count, scratch.slot, scratch.values
    if shift == 0:
        for r in range(ranks.size):
            out[r] = low + np.searchsorted(count, ranks[r], side="right")
        return
    begin = 0
    for r in range(ranks.size):
        at = np.searchsorted(count, ranks[r], side="right")
        if slot[at] < 0:
            slot[at] = begin
            begin += count[at] - (count[at - 1] if at > 0 else 0)
    least, by = np.int32(low), np.uint32(shift)
    for k in range(row.size):
        place = np.uint32(row[k] - least) >> by
        if slot[place] >= 0:
            values[slot[place]] = row[k]
            slot[place] += 1
    for r in range(ranks.size):
        at = np.searchsorted(count, ranks[r], side="right")
        before = count[at - 1] if at > 0 else 0
        end = slot[at]
        out[r] = _ranked(values[end - (count[at] - before) : end], ranks[r] - before)
    for r in range(ranks.size):
        slot[np.searchsorted(count, ranks[r], side="right")] = -1


@inner
def _ranked(values, rank):
    """The value of that rank among a few: by insertion where they are very few, which leaves them sorted for the next rank."""
    if values.size > 48:
        values.sort()
        return values[rank]
    for i in range(1, values.size):
        held, j = values[i], i
        while j > 0 and values[j - 1] > held:
            values[j] = values[j - 1]
            j -= 1
        values[j] = held
    return values[rank]
