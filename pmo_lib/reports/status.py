"""The status report: where a project stands, what changed, when it will finish and what drives that, how good its plan is."""

from __future__ import annotations

from collections.abc import Callable

from pmo_lib.errors import InvalidInput
from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.reports import evidence, outlook, progress, quality
from pmo_lib.reports.document import Card, Document, Section
from pmo_lib.reports.head import head

# name: what it is called in the report, and who makes its cards
SECTIONS: dict[str, tuple[str, Callable[[Assessment], list[Card]]]] = {
    "standing": ("Where the project stands", outlook.standing),
    "changes": ("What changed", outlook.changes),
    "earned_value": ("Earned value", progress.earned_value),
    "schedule": ("The plan", progress.schedule),
    "quality": ("Schedule quality", quality.quality),
    "findings": ("Findings", evidence.findings),
    "provenance": ("Provenance", evidence.provenance),
}


def build(assessment: Assessment, board: BoardFlow | None = None) -> Document:
    """The report of an assessment; it computes nothing. `board` is the flow of a project that is one.

    Raises `InvalidInput` for a board whose flow is not given.
    """
    if "items" not in assessment.plan.tables:
        return Document(head(assessment), {name: Section(name, label, cards(assessment)) for name, (label, cards) in SECTIONS.items()})
    if board is None:
        raise InvalidInput(f"{assessment.info.key} is a board: its status report needs what office.board_flow gives, besides what office.assess gives")
    from pmo_lib.reports import board as of_board

    return of_board.build(assessment, board)
