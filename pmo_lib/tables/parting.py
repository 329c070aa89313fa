"""Good rows from bad: the bad become findings, each with its place and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import dataframely as dy
import polars as pl

from pmo_lib.tables.framing import loose
from pmo_lib.tables.records import Findings

DEFAULTS = {
    "active": True,
    "manual": False,
    "elapsed": False,
    "ignore_resource_calendars": False,
    "levelling_delay": 0,
    "percent_complete": 0.0,
    "kind": "task",
    "lag": 0,
    "lag_kind": "working",
}

BROKEN = {  # dataframely's names of a column's rules
    "min": "is less than it can be",
    "max": "is more than it can be",
    "nullability": "is missing",
    "min_length": "is empty",
    "dtype": "is of another kind",
}


def finding(severity: str, code: str, place: str, message: str, remedy: str | None = None) -> dict[str, str | None]:
    """One row of findings."""
    return {"severity": severity, "code": code, "place": place, "message": message, "remedy": remedy}


def findings_frame(rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A valid findings table from rows made by `finding`."""
    rows = list(rows)
    if not rows:
        return Findings.create_empty()
    columns = {name: [row.get(name) for row in rows] for name in Findings.column_names()}
    return Findings.validate(pl.DataFrame(columns, schema_overrides={"remedy": pl.String}), cast=True)


def part(schema: type[dy.Schema], rows: Iterable[Mapping[str, Any]] | pl.DataFrame, place: str) -> tuple[pl.DataFrame, list[dict[str, str | None]]]:
    """The rows that keep the schema's rules, and a finding for each that does not.

    Columns which a row lacks take the value in `DEFAULTS`, or else null. `place` begins each finding's place, as in `TASK`.
    """
    frame = rows if isinstance(rows, pl.DataFrame) else _frame(schema, rows)
    result = schema.filter(frame, cast=True)
    bad = result.failure.details()
    if bad.is_empty():
        return result.result, []
    rules = [name for name in bad.columns if name not in schema.column_names()]
    first = schema.primary_key() or schema.column_names()[:2]
    refused = []
    for row in bad.iter_rows(named=True):
        broken = ", ".join(_said(schema, rule) for rule in rules if str(row[rule]) == "invalid")
        named = " ".join(str(row.get(column)) for column in first)
        refused.append(finding("error", "row-refused", f"{place}, {named}", f"the row was left out: {broken}", "correct it in the source and import again"))
    return result.result, refused


def _said(schema: type[dy.Schema], rule: str) -> str:
    """A rule that a row breaks, in words."""
    column, _, kind = rule.partition("|")
    if kind == "min" and getattr(schema.columns()[column], "min", None) == 0:
        return f"{_plain(column)} is negative"
    return f"{_plain(column)} {BROKEN[kind]}" if kind in BROKEN else f"it breaks the rule {_plain(rule)!r}"


def _plain(name: str) -> str:
    """A column's or a rule's name as words."""
    return name.replace("_", " ")


def _frame(schema: type[dy.Schema], rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    rows = list(rows)
    columns = loose(schema).items()
    return pl.DataFrame({name: pl.Series(name, [row.get(name, DEFAULTS.get(name)) for row in rows], dtype=kind) for name, kind in columns})
