"""Forecast a board: when what is left will be done, held against the project's target and kept with the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pmo_lib import __version__
from pmo_lib.errors import PMOError
from pmo_lib.office import boards
from pmo_lib.office.board_rules import board_rules
from pmo_lib.office.boards import BoardForecast
from pmo_lib.office.forecasting import KIND
from pmo_lib.office.targets import listing_row
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.flow import FlowRules
    from pmo_lib.store import Snapshot, Workspace


def forecast_board(ws: Workspace, key: str, *, target: datetime | None = None, as_of: datetime | None = None) -> BoardForecast:
    """The forecast of a board's snapshot at or before `as_of`, kept in the workspace; it is exact, so it has no seed.

    A refusal is kept too, so that pages can say why there is no forecast, and raised again.
    """
    snapshot = ws.snapshot(key, as_of)
    parameters = {"target": None if target is None else target.isoformat(), "as_of": None if as_of is None else as_of.isoformat()}
    by: dict[str, Any] = {"edition": boards.EDITION}
    try:
        by["rules"] = board_rules(key, ws.folder).fingerprint
        made = board_forecast_at(ws, key, snapshot, target=target)
    except PMOError as error:
        ws.keep(snapshot, KIND, {"refusal": str(error), **by}, parameters=parameters, version=__version__)
        raise
    payload, frames = boards.kept_forecast(made)
    ws.keep(snapshot, KIND, payload | by, frames, parameters=parameters, version=__version__)
    return made


def board_forecast_at(ws: Workspace, key: str, snapshot: Snapshot, *, target: datetime | None = None) -> BoardForecast:
    """The same of one snapshot, without keeping it."""
    told = board_rules(key, ws.folder)
    listing = listing_row(ws, key, snapshot.data_date)
    return forecast_board_plan(ws.project(key, snapshot=snapshot), told.rules, target=target, listing=listing, window=told.window)


def forecast_board_plan(
    board: Project,
    rules: FlowRules | None = None,
    *,
    target: datetime | None = None,
    listing: Mapping[str, Any] | None = None,
    window: int | None = None,
    at: datetime | None = None,
) -> BoardForecast:
    """The forecast of a board without a workspace, as it stood at that moment. Raises `NotAvailable` where nothing is left, or too little was finished."""
    return boards.board_forecast(board, rules, target=boards.target_of(board, listing, target), window=window, at=at)


def holds_board(ws: Workspace, key: str, as_of: datetime | None = None) -> bool:
    """Whether the project's snapshot is a board: told by its counts, without opening it."""
    return bool(ws.snapshot(key, as_of).counts.get("items"))
