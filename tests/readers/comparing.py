"""Two readings of one plan, compared table by table and field by field."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from pmo_lib.project import Project

NUMBER = re.compile(r"-?\d+(\.\d+)?")
KEYS: dict[str, tuple[str, ...]] = {
    "activities": ("activity",),
    "relationships": ("predecessor", "successor", "type", "lag"),
    "wbs": ("wbs",),
    "calendars": ("calendar",),
    "shifts": ("calendar", "first", "last", "weekday", "start"),
    "exceptions": ("calendar", "day", "start"),
    "resources": ("resource",),
    "assignments": ("uid",),
    "baselines": ("baseline", "activity"),
    "codes": ("activity", "type", "value"),
    "custom_fields": ("subject", "key", "field"),
}


def rows(plan: Project, table: str, fields: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The table's rows under their keys; equal keys are numbered."""
    frame = plan.tables.get(table)
    if frame is None or frame.is_empty():
        return {}
    if table == "exceptions":
        frame = frame.with_columns(day=pl.date_ranges("first", "last")).explode("day")
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in frame.iter_rows(named=True):
        key: tuple[Any, ...] = tuple(row[name] for name in KEYS[table])
        while key in found:
            key = (*key, "again")
        found[key] = {name: row[name] for name in fields}
    return found


def differences(one: Project, other: Project, fields: Mapping[str, Sequence[str]]) -> list[str]:
    """A line for each row that only one has, and for each field that differs."""
    told = []
    for table, names in fields.items():
        left, right = rows(one, table, names), rows(other, table, names)
        told += [f"{table} {key}: only in the first" for key in left.keys() - right.keys()]
        told += [f"{table} {key}: only in the second" for key in right.keys() - left.keys()]
        for key in left.keys() & right.keys():
            told += [f"{table} {key} {name}: {left[key][name]!r} and {right[key][name]!r}" for name in names if not same(left[key][name], right[key][name])]
    return sorted(told)


def same(one: Any, other: Any) -> bool:
    """Equal; numbers to nine digits, instants to a tenth of a minute, which is as fine as MS Project keeps them."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs((one - other).total_seconds()) <= 6
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, date):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (NUMBER.fullmatch(one) is not None and NUMBER.fullmatch(other) is not None and float(one) == float(other))
    return one == other
