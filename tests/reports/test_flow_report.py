"""The flow report: every part from what the office knows of a board, and a sentence where something is missing."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks import busy_board
from pmo_lib import reports
from pmo_lib.errors import NotAvailable
from pmo_lib.office.board_flow import BoardFlow, board_flow_of
from pmo_lib.project import Project
from pmo_lib.reports.document import Figure


@pytest.fixture(scope="module")
def known() -> BoardFlow:
    return board_flow_of(busy_board.board(420, years=1.0))


def test_it_opens_with_the_answer_and_has_all_its_parts(known: BoardFlow) -> None:
    document = reports.build(known, "flow")
    assert document.head.title.replace("\u00a0", " ").startswith("Busy board: 25 items are left; with 85 % confidence they are done by ")
    assert document.head.dated == "2026-11-30"
    assert list(document.sections) == ["rest", "flow", "quality", "sprints", "provenance"]
    drawn = [block for section in document.sections.values() for card in section.cards for block in card.blocks if isinstance(block, Figure)]
    assert len(drawn) == 4
    assert all(figure.label and figure.svg.startswith("<svg") and "<text" not in figure.svg for figure in drawn)
    assert document["sprints"].cards == []  # a board without sprints


def test_a_board_on_which_nothing_is_finished_says_so(known: BoardFlow) -> None:
    board = busy_board.board(420, years=1.0)
    moves = board.tables["transitions"].filter(pl.col("after") != "Done")
    document = reports.build(board_flow_of(Project(board.info, {**board.tables, "transitions": moves})), "flow")
    assert document.head.title.endswith("and there is no forecast")
    assert document["rest"].cards[0].title == "There is no forecast"
    assert any(card.title == "There are no cycle times" for card in document["flow"].cards)


def test_a_plan_has_no_flow_report() -> None:
    from pmo_lib import make_plan

    with pytest.raises(NotAvailable, match="WORKS has no board"):
        board_flow_of(make_plan({"A": 5}, name="WORKS"))
