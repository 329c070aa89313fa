"""Which relationships other relationships imply: reachability in a network of starts and finishes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pmo_lib.schedule.network.order import topological

FROM = {"SS": 0, "SF": 0, "FS": 1, "FF": 1}  # which point of the predecessor a type binds: 0 its start, 1 its finish
TO = {"SS": 0, "FS": 0, "FF": 1, "SF": 1}  # and of the successor
CHUNK = 4096  # [points] targets at a time, a bit each

Relationship = tuple[int, int, str, int]  # predecessor, successor, type, lag [minutes]


def implied(count: int, relationships: Sequence[Relationship], names: Sequence[str]) -> list[bool]:
    """For each relationship whether others say it already, whatever the durations and calendars.

    An activity is two points, its start and its finish, which is never before. A relationship without a lead says that its successor's point does not
    come before its predecessor's. One without a lag is implied where a way through others leads from point to point (the transitive reduction of a
    graph; Aho, Garey and Ullman 1972), one with a lag by a like one with a longer lag alone.

    Raises `NotSchedulable` for a loop.
    """
    ends = np.array([one[:2] for one in relationships], np.int64).reshape(-1, 2)
    order = topological(count, ends[:, 0], ends[:, 1], names)
    place = {node: 2 * k for k, node in enumerate(order)}
    points = [(place[before] + FROM[kind], place[after] + TO[kind]) for before, after, kind, _ in relationships]
    lags = [one[3] for one in relationships]
    ways = [{i + 1} if i % 2 == 0 else set() for i in range(2 * count)]
    for (start, finish), lag in zip(points, lags, strict=True):
        if lag >= 0:
            ways[start].add(finish)
    doubled = _doubled(points, lags)
    by_target: dict[int, list[int]] = {}
    for k, (_, finish) in enumerate(points):
        if lags[k] <= 0 and not doubled[k]:
            by_target.setdefault(finish, []).append(k)
    for low in range(0, 2 * count, CHUNK):
        _mark(doubled, points, ways, by_target, low, min(low + CHUNK, 2 * count))
    return doubled


def _doubled(points: Sequence[tuple[int, int]], lags: Sequence[int]) -> list[bool]:
    """Of several relationships between the same points all but the first with the longest lag."""
    strictest: dict[tuple[int, int], int] = {}
    for k, both in enumerate(points):
        if both not in strictest or lags[k] > lags[strictest[both]]:
            strictest[both] = k
    return [strictest[both] != k for k, both in enumerate(points)]


def _mark(found: list[bool], points: Sequence[tuple[int, int]], ways: Sequence[set[int]], by_target: dict[int, list[int]], low: int, high: int) -> None:
    """Mark those implied whose target lies in [low, high): every way leads to a higher point."""
    if not any(target in by_target for target in range(low, high)):
        return
    reach = [0] * high  # a bit for each target that the point leads to, itself included
    for i in range(high - 1, -1, -1):
        bits = 1 << (i - low) if i >= low else 0
        for w in ways[i]:
            if w < high:
                bits |= reach[w]
        reach[i] = bits
    for target in range(low, high):
        bit = 1 << (target - low)
        for k in by_target.get(target, ()):
            found[k] = any(w != target and w < high and reach[w] & bit for w in ways[points[k][0]])
