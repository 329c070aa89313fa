"""Two snapshots of a board: what became of its items is kept with the newer one, and told on its status report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import polars as pl

from benchmarks import busy_board
from pmo_lib import office, reports
from pmo_lib.plots import flow_words, words
from pmo_lib.project import Project
from pmo_lib.store import init_workspace


def earlier(board: Project, days: int) -> Project:
    """The board as a pull so many days before would have told it."""
    at = board.info.data_date - timedelta(days=days)  # type: ignore[operator]
    instant = at.replace(tzinfo=UTC)
    moves = board.tables["transitions"].filter(pl.col("at") <= instant)
    items = board.tables["items"].filter(pl.col("created") <= instant)
    return Project(replace(board.info, data_date=at), {**board.tables, "items": items, "transitions": moves})


def test_what_became_of_the_items_is_kept_and_told(tmp_path: Path) -> None:
    newer = busy_board.board(420, years=1.0)
    with init_workspace(tmp_path / "ws") as ws:
        for board in (earlier(newer, 30), newer):
            ws.add(board)
            office.certify(ws, "BUSY", as_of=board.info.data_date)
            office.forecast_board(ws, "BUSY", as_of=board.info.data_date)
        first, known = office.assess(ws, "BUSY", newer.info.data_date - timedelta(days=1)), office.assess(ws, "BUSY")  # type: ignore[operator]
        board = office.board_flow(ws, "BUSY")
    assert (first.board_changes, first.refusals["comparison"]) == (None, "this is the first snapshot, so there is nothing to compare with")
    made = known.board_changes
    assert made is not None
    assert first.board is not None
    assert known.board is not None
    assert (made.before, made.left) == (first.board.left, known.board.left)
    assert made.before + sum(count for _, count in flow_words.steps(made)) == made.left
    assert made.count("finished") == known.board.finished - first.board.finished
    assert known.previous_board_forecast is not None
    assert first.board_forecast is not None
    assert known.previous_board_forecast.finish(80) == first.board_forecast.finish(80)
    report = reports.build(known, "status", board)
    assert known.board_forecast is not None
    assert report.head.title.startswith(f"Busy board will probably finish on {words.long_day(known.board_forecast.finish(80))}")
    assert f"since {words.long_day(first.info.data_date)}" in report.head.lead  # type: ignore[arg-type]
    assert report.head.kpis[0].value == words.day(known.board_forecast.finish(80))
    assert list(report.sections) == ["standing", "changes", "flow", "quality", "provenance"]
    table = report["changes"].cards[0].blocks[0]
    rows = [[cell.text for cell in row] for row in table.rows]  # type: ignore[union-attr]
    assert rows[0] == [f"Left on {words.day(first.info.data_date)}", str(made.before)]
    assert rows[-1] == ["Left now", str(made.left)]
    first_report = reports.build(first, "status", board)
    assert first_report["changes"].cards[0].title == "There is nothing to compare with"
