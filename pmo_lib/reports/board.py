"""The status report of a board, for those who lead it: when the rest is done, against what was promised, what changed, what is stuck, whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import polars as pl

from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.plots import flow_words, headlines, words
from pmo_lib.reports import flow, sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Document, Head, Kpi, Section, Table, Text

SPRINTS, LOST = 6, 3  # latest sprints, and items that were dropped or are gone, that are listed


def build(known: Assessment, board: BoardFlow) -> Document:
    """The report of what the office knows of a board and of its flow; it computes nothing."""
    return Document(_head(known, board), {name: Section(name, label, cards(known, board)) for name, (label, cards) in SECTIONS.items()})


def _head(known: Assessment, board: BoardFlow) -> Head:
    """That of the flow report, with the P80 and what moved it."""
    made = known.board_forecast
    target = datetime.fromisoformat(made.target["date"]) if made and made.target else None
    name = sentences.short(sentences.name_of(known))
    listing = known.listing or {}
    return replace(
        flow.head(board),
        report="status",
        title=headlines.project(name, made.finish(80) if made else None, target),
        lead=" ".join(_lead(known)),
        line=[sentences.short(text) for text in (listing.get("portfolio"), listing.get("programme"), name) if text],
        kpis=[_finish(known), *flow.kpis(board)[1:]],
        notes=["Watermelon: declared on track, computed off track."] if known.status.watermelon else [],
    )


def _lead(known: Assessment) -> list[str]:
    """What moved since the snapshot before; of a first one what decided its status."""
    made, before = known.board_forecast, known.previous_board_forecast
    if made is None:
        return [sentences.refusal(known, "forecast")]
    said = [flow_words.moved(words.days_between(before.finish(80), made.finish(80)), known.previous_date)] if before and known.previous_date else []
    if known.board_changes is not None:
        said.append(sentences.sentence(flow_words.became(known.board_changes)))
    return said or [sentences.status_reason(known)]


def _finish(known: Assessment) -> Kpi:
    made, before = known.board_forecast, known.previous_board_forecast
    if made is None:
        return Kpi("P80 finish", words.NONE, "no forecast")
    moved = f"{words.change(words.days_between(before.finish(80), made.finish(80)))} since {words.day(known.previous_date, year=False)}" if before else ""
    return Kpi("P80 finish", words.day(made.finish(80)), moved or f"P50 {words.day(made.finish(50))}")


def _standing(known: Assessment, board: BoardFlow) -> list[Card]:
    return flow.rest(board)


def _changes(known: Assessment, board: BoardFlow) -> list[Card]:
    """How what is left came about, what was finished, and what is stuck."""
    made = known.board_changes
    if made is None:
        return [Card("There is nothing to compare with", [Text(sentences.refusal(known, "comparison"))], None, 5), flow.oldest(board, 7)]
    since = words.day(known.previous_date)
    rows = [[Cell(f"Left on {since}", strong=True), Cell(words.number(made.before), strong=True)]]
    rows += [[Cell(name), Cell(words.signed(count, "").strip())] for name, count in flow_words.steps(made)]
    rows += [[Cell("Left now", strong=True), Cell(words.number(made.left), strong=True)]]
    begun = Text(f"Work was begun on {words.count(made.count('begun'), 'item')}.", note=True)
    table = Table([Column("What became of items", share=3), Column("Items", "right")], rows)
    return [Card(flow_words.became(made), [table, begun, *_named(known)], f"Items, since the snapshot of {since}", 5), flow.oldest(board, 7)]


def _named(known: Assessment) -> list[Block]:
    """The items that were dropped or are gone: nobody reports them, and they are not done."""
    assert known.board_changes is not None
    lost = known.board_changes.items.filter(pl.col("change").cast(pl.String).is_in(["dropped", "gone"]))
    if lost.is_empty():
        return []
    names = "; ".join(sentences.short(f"{row['item']} {row['name']}", 60) for row in lost.head(LOST).iter_rows(named=True))
    more = f"; and {words.number(lost.height - LOST)} more" if lost.height > LOST else ""
    return [Text(f"Dropped or gone: {names}{more}", note=True)]


def _flowing(known: Assessment, board: BoardFlow) -> list[Card]:
    return [*flow.arrived(board), *flow.sprints(board, 6, SPRINTS)]


def _provenance(known: Assessment, board: BoardFlow) -> list[Card]:
    return flow.provenance(board)


# name: what it is called in the report, and who makes its cards
SECTIONS: dict[str, tuple[str, Callable[[Assessment, BoardFlow], list[Card]]]] = {
    "standing": ("Where the project stands", _standing),
    "changes": ("What changed, and what is stuck", _changes),
    "flow": ("How work flows", _flowing),
    "quality": ("Board quality", lambda known, board: flow.quality(board)),
    "provenance": ("Findings and provenance", _provenance),
}
