"""A table of checks: each against its threshold, failures first, opened to what it counts and who offends; for plans and boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.safe import Markup, html, join
from pmo_lib.plots import measures, words

Row = Mapping[str, Any]
NAMED = 60  # offenders that a check lists
GLYPHS = {"passed": "on_track", "failed": "off_track", "for information": "no_data", "not available": "no_data"}
FAILURES_FIRST = {"failed": 0, "passed": 1, "for information": 2, "not available": 3}


def ordered(frame: pl.DataFrame) -> list[Row]:
    """The checks, failures first."""
    return sorted(frame.iter_rows(named=True), key=lambda row: FAILURES_FIRST[measures.result(row)])


def check_table(rows: Sequence[Row], trend: pl.DataFrame | None, caption: str) -> Markup:
    """The table; with how each check moved where there are several snapshots."""
    headers = [("Check", False), ("Result", False), ("Value", True), ("Threshold", True), ("Count", True)]
    moved = trend is not None and trend["snapshot"].n_unique() > 1
    cells = [(*_cells(row), *([_moved(row, trend)] if moved else [])) for row in rows]
    return parts.table([*headers, ("Trend", False)] if moved else headers, cells, caption)


def _cells(row: Row) -> tuple[Any, ...]:
    missing = row["value"] is None
    value = ("q", words.NONE) if missing else measures.value(row)
    return ("w", opened(row)), result(row), value, ("m", measures.threshold(row) or words.NONE), ("q" if missing else "", measures.counted(row) or words.NONE)


def result(row: Row) -> Markup:
    """Glyph and word."""
    said = measures.result(row)
    return html('<span class="st">{}{}</span>', marks.glyph(GLYPHS[said]), html("<b>failed</b>") if said == "failed" else said)


def opened(row: Row, called: Mapping[str, str] | None = None) -> Markup:
    """The check's name, which opens to what it counts, why it is missing and who offends."""
    number = html(' <span class="s">{}</span>', row["reference"]) if row["reference"] else ""
    told = [html("<p>{}.</p>", row["definition"])]
    if row["reason"]:
        told.append(html("<p>Not available: {}.</p>", row["reason"]))
    if row["offenders"]:
        left = len(row["offenders"]) - NAMED
        told.append(html("<p>{}{}</p>", ", ".join(measures.offenders(row, called or {})[:NAMED]), f" and {left:,} more" if left > 0 else ""))
    if row.get("remedy") and row["offenders"]:
        told.append(html("<p>{}.</p>", row["remedy"]))
    return html('<details class="chk"><summary>{}{}</summary>{}</details>', row["title"], number, join(told))


def _moved(row: Row, trend: pl.DataFrame | None) -> Any:
    assert trend is not None
    own = trend.filter(pl.col("check") == row["check"])
    said = ", ".join(f"{words.day(one['data_date'])} {measures.value(one)}" for one in own.iter_rows(named=True))
    return marks.spark(own["value"].to_list(), row["threshold"], f"{row['title']}: {said}") or ("q", words.NONE)
