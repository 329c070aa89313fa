"""Beneath the table: what moved most, and which projects to ask about first."""

from __future__ import annotations

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.portfolio.table import leads_to
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Selection
from pmo_lib.plots import headlines, words

MOVES = 6
ASKS = 5


def moves(health: pl.DataFrame) -> Markup:
    """How far the P80 finishes moved since the last snapshots, the largest moves first."""
    moved = health.drop_nulls("p80_change").filter(pl.col("p80_change").abs() >= 1)
    top = moved.sort(pl.col("p80_change").abs(), descending=True, maintain_order=True).head(MOVES).sort("p80_change", descending=True, maintain_order=True)
    heading = parts.title(headlines.moves(health), "Calendar days of the P80 since each project’s last snapshot; later is filled, earlier hollow")
    if top.is_empty():
        return html("{}{}", heading, parts.state("Import the next snapshot to see what moved."))
    largest = float(top["p80_change"].abs().max() or 1)  # type: ignore[arg-type]
    items = [
        html('<li><span>{}</span>{}<span class="n b">{}</span></li>', row["name"], marks.move(row["p80_change"], largest), words.change(row["p80_change"]))
        for row in top.iter_rows(named=True)
    ]
    return html('{}<ul class="rows moves">{}</ul>', heading, join(items))


def asks(health: pl.DataFrame, chosen: Selection) -> Markup:
    """The worst projects with what decided their status."""
    worst = health.filter(pl.col("computed").is_in(["off_track", "no_data"]) | (pl.col("computed") == "at_risk")).head(ASKS)
    if worst.is_empty():
        return html("{}{}", parts.title("No project needs a word"), parts.state("Every project is on track."))
    items = [
        html(
            '<li><span><b>{}:</b> <span class="m">{}</span></span><a href="{}" aria-label="Open {}">Open →</a></li>',
            row["name"],
            row["reason"],
            leads_to(row, chosen),
            row["name"],
        )
        for row in worst.iter_rows(named=True)
    ]
    return html('{}<ul class="rows ask">{}</ul>', parts.title("Ask first about these", "The rule that decided each status"), join(items))
