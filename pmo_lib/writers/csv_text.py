"""A table as CSV that a spreadsheet opens as it is meant: full precision, and nothing in it that would run."""

from __future__ import annotations

import polars as pl

RUNS = r"^([=+\-@\t\r])"  # what a spreadsheet would take for a formula
MARK = "\ufeff"  # by which a spreadsheet knows that it is UTF-8


def csv_text(table: pl.DataFrame) -> str:
    """The table as CSV text with a byte order mark: instants as ISO 8601, lists separated by "; ", a text that a spreadsheet would run after an apostrophe.

    References: OWASP, CSV Injection.
    """
    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    flat = table.with_columns(pl.col(lists).list.join("; ")) if lists else table
    return MARK + flat.with_columns(pl.col([*lists, *texts]).str.replace(RUNS, "'$1")).write_csv(datetime_format="%Y-%m-%dT%H:%M")
