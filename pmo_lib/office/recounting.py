"""Boards whose rules or methods changed since their figures were kept are counted and forecast anew: `[flow]` of pmo.toml holds at once, and so does a newer
version of the program.

What somebody may write is kept, once for everybody. Who may only read is told the same figures; they are remembered by the process until the workspace is
written to, so that no page counts a board at each opening.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import __version__
from pmo_lib.errors import PMOError
from pmo_lib.office import boards, forecasting, standing
from pmo_lib.office.board_forecasting import board_forecast_at, forecast_board
from pmo_lib.office.board_rules import board_rules
from pmo_lib.office.boards import kept_forecast
from pmo_lib.office.certifying import certify, standing_of

if TYPE_CHECKING:
    from pmo_lib.store import ProjectResult, Result, Snapshot, Workspace

EDITIONS = {standing.KIND: standing.EDITION, forecasting.KIND: boards.EDITION}
REMEMBERED = 256  # figures of readers that a process holds
_remembered: dict[tuple[Any, ...], Result] = {}


def in_force(ws: Workspace, found: Iterable[ProjectResult]) -> list[ProjectResult]:
    """The results, those of boards by the rules and methods that hold now; of the snapshot before too, so that a move stays a move."""
    return [
        replace(one, result=recounted(ws, one.key, one.snapshot, one.result), previous_result=recounted(ws, one.key, one.previous, one.previous_result))
        for one in found
    ]


def recounted(ws: Workspace, key: str, snapshot: Snapshot | None, result: Result | None) -> Result | None:
    """One result of one snapshot by the rules and methods that hold now. A board whose rules cannot be read keeps what it has: its own page says why."""
    if result is None or snapshot is None or not snapshot.counts.get("items"):
        return result
    try:
        rules = board_rules(key, ws.folder).fingerprint
    except PMOError:
        return result
    if (result.payload.get("rules"), result.payload.get("edition")) == (rules, EDITIONS[result.kind]):
        return result
    return _kept_anew(ws, key, snapshot, result) if ws.may_edit(key) else _told_anew(ws, key, snapshot, result, rules)


def _kept_anew(ws: Workspace, key: str, snapshot: Snapshot, result: Result) -> Result | None:
    try:
        if result.kind == standing.KIND:
            certify(ws, key, as_of=snapshot.data_date)
        else:
            forecast_board(ws, key, target=_target(result), as_of=snapshot.data_date)
    except PMOError:
        pass  # a forecast that is refused is kept with its reason
    return ws.result(snapshot, result.kind)


def _told_anew(ws: Workspace, key: str, snapshot: Snapshot, result: Result, rules: str) -> Result:
    """The same for who may not keep it."""
    known = (snapshot.hash, result.kind, rules, result.parameters.get("target"), ws.folder, ws.edition())
    if known not in _remembered:
        while len(_remembered) >= REMEMBERED:
            del _remembered[next(iter(_remembered))]
        payload, frames = _counted(ws, key, snapshot, result)
        payload = json.loads(json.dumps(payload | {"rules": rules, "edition": EDITIONS[result.kind]}))  # as it would come back from the store
        made = replace(result, payload=payload, frames=frames, version=__version__, created_at=datetime.now(UTC).replace(tzinfo=None))
        _remembered[known] = made
    return _remembered[known]


def _counted(ws: Workspace, key: str, snapshot: Snapshot, result: Result) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    if result.kind == standing.KIND:
        return standing.kept(standing_of(ws, key, as_of=snapshot.data_date))
    try:
        return kept_forecast(board_forecast_at(ws, key, snapshot, target=_target(result)))
    except PMOError as error:
        return {"refusal": str(error)}, {}


def _target(result: Result) -> datetime | None:
    told = result.parameters.get("target")
    return datetime.fromisoformat(told) if told else None
