"""Boards whose rules changed since their figures were kept are counted and forecast anew, so that `[flow]` of pmo.toml holds at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pmo_lib.errors import PMOError
from pmo_lib.office import forecasting, standing
from pmo_lib.office.board_forecasting import forecast_board
from pmo_lib.office.board_rules import board_rules
from pmo_lib.office.certifying import certify

if TYPE_CHECKING:
    from pmo_lib.store import ProjectResult, Result, Snapshot, Workspace


def recounted(ws: Workspace, found: Iterable[ProjectResult]) -> bool:
    """Whether something that was kept of a board, by rules that hold no longer, was made anew; of the snapshot before too, so that a move stays a move.

    What this user may not write stays as it is, and so does a board whose rules cannot be read: its own page says why.
    """
    made = [
        recount(ws, one.key, snapshot, result)
        for one in found
        for snapshot, result in ((one.snapshot, one.result), (one.previous, one.previous_result))
        if snapshot is not None
    ]
    return any(made)


def recount(ws: Workspace, key: str, snapshot: Snapshot, result: Result | None) -> bool:
    """The same of one result of one snapshot."""
    if result is None or not snapshot.counts.get("items"):
        return False
    try:
        if result.payload.get("rules") == board_rules(key, ws.folder).fingerprint:
            return False
        if result.kind == standing.KIND:
            certify(ws, key, as_of=snapshot.data_date)
        elif result.kind == forecasting.KIND:
            target = result.parameters.get("target")
            forecast_board(ws, key, target=datetime.fromisoformat(target) if target else None, as_of=snapshot.data_date)
    except PMOError:
        return False
    return True
