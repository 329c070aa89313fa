"""The reports there are: each a module with `build` of what the office knows, and a notebook of the same name under `notebooks/reports`."""

from __future__ import annotations

from datetime import date, datetime, time
from importlib import import_module
from typing import TYPE_CHECKING

from pmo_lib.errors import InvalidInput
from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.office.board_forecasting import holds_board
from pmo_lib.reports.document import Document

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

REPORTS = {"status": "pmo_lib.reports.status", "flow": "pmo_lib.reports.flow"}  # modules are imported where a report is built: in its notebook


def build(known: Assessment | BoardFlow, report: str = "status", board: BoardFlow | None = None) -> Document:
    """The document of a report; that of flow takes what `office.board_flow` gives, that of status what `office.assess` gives, and of a board both.

    Raises `InvalidInput` for a report that there is not.
    """
    made = import_module(REPORTS[named(report)])
    return made.build(known) if board is None else made.build(known, board)


def own(ws: Workspace, key: str, as_of: date | str | None = None) -> str:
    """Which report is a project's own: of a board that of its flow, of a plan that of its status. Raises `NotFound` where there is no such project."""
    day = date.fromisoformat(as_of[:10]) if isinstance(as_of, str) else as_of
    at = datetime.combine(day, time.max) if day is not None and not isinstance(day, datetime) else day
    return "flow" if holds_board(ws, key, at) else "status"


def named(report: str) -> str:
    """The report's name. Raises `InvalidInput` for a report that there is not."""
    if report not in REPORTS:
        raise InvalidInput(f"there is no report {report!r}; there are {', '.join(REPORTS)}")
    return report
