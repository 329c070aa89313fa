"""Spans: pairs of a beginning and an end, of minutes, days or instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

Point = TypeVar("Point", int, date, datetime)


def joined(spans: Iterable[tuple[Point, Point]]) -> list[tuple[Point, Point]]:
    """In order, overlapping and touching ones made one."""
    found: list[tuple[Point, Point]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
