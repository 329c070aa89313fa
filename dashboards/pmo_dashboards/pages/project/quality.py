"""Schedule quality: each check against its threshold."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import html
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, measures, words


def checks_card(known: Assessment) -> Any:
    """Schedule quality: each check against its threshold, failures first."""
    if known.checks is None:
        return parts.words_card(
            "Schedule quality", parts.state("No schedule check could be made.", parts.sentence(why(known, "checks", "the plan has no network")))
        )
    order = (
        known.checks.filter(pl.col("group").cast(pl.String) == "dcma")
        .with_columns(place=pl.when(pl.col("passed").is_null()).then(2).when(pl.col("passed")).then(1).otherwise(0))
        .sort("place", maintain_order=True)
    )
    rows = [_check_row(row) for row in order.iter_rows(named=True)]
    headers = [("Check", False), ("Result", False), ("Value", True), ("Threshold", True), ("Offenders", True)]
    return parts.words_card(
        headlines.checks(known.checks), parts.table(headers, rows, "Schedule checks"), "Failures first; thresholds are the organisation’s standards"
    )


def _check_row(row: dict[str, Any]) -> tuple[Any, ...]:
    if row["passed"] is None:
        return (
            row["title"],
            ("q", html('<span title="{0}">not available: {0}</span>', row["reason"] or "no reason given")),
            ("q", words.NONE),
            measures.threshold(row),
            ("q", words.NONE),
        )
    result = html(
        '<span class="st">{}{}</span>', marks.glyph("on_track" if row["passed"] else "off_track"), "passed" if row["passed"] else html("<b>failed</b>")
    )
    offenders = html('<span title="{}">{}</span>', ", ".join(row["offenders"][:20]), measures.counted(row) or words.NONE)
    return row["title"], result, measures.value(row), ("m", measures.threshold(row)), offenders
