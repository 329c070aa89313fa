"""What the reader refused, repaired or found odd."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.safe import html
from pmo_lib.office import Assessment
from pmo_lib.plots import words

LISTED = 8  # findings before "and n more"


def findings_card(known: Assessment) -> Any:
    """What the reader refused, repaired or found odd."""
    found = known.findings
    if found.is_empty():
        return parts.absent("No findings", "Nothing was refused, repaired or found odd when the file was read.")
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = found.with_columns(rank=pl.col("severity").cast(pl.String).replace_strict(order)).sort("rank", maintain_order=True)
    shapes = {"error": "off_track", "warning": "at_risk", "info": "no_data"}
    rows = [
        (
            html('<span class="st">{}{}</span>', marks.glyph(shapes[row["severity"]]), row["severity"]),
            ("w", html('{}<br><span class="s">{}{}</span>', words.capitalised(row["message"]), row["place"], f"; {row['remedy']}" if row["remedy"] else "")),
        )
        for row in ranked.head(LISTED).iter_rows(named=True)
    ]
    body = parts.table([("Severity", False), ("Finding", False)], rows, "Findings")
    return parts.words_card(
        words.capitalised(words.count(found.height, "finding")), html("{}{}", body, parts.rest(found.height, LISTED)), "From reading the file, worst first"
    )
