"""Certify: schedule a snapshot as its source did, compare, measure, and keep the result with the snapshot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib import __version__, schedule
from pmo_lib.errors import PMOError
from pmo_lib.office import standing as parts
from pmo_lib.office.assessment import Certificate
from pmo_lib.office.board_rules import BoardRules, board_rules
from pmo_lib.office.boards import is_board
from pmo_lib.office.certificates import certificate
from pmo_lib.project import Project
from pmo_lib.schedule.trend import joined
from pmo_lib.standards import Standards, standards

if TYPE_CHECKING:
    from pmo_lib.store import Workspace


def standard_of(ws: Workspace) -> Standards:
    """The standards that hold in this workspace: its own standards.toml over the defaults."""
    own = Path(ws.folder) / "standards.toml"
    return standards(own if own.exists() else None)


def certify(ws: Workspace, key: str, *, as_of: datetime | None = None) -> parts.Standing:
    """Dates, certificate, checks, earned value and changes of the snapshot at or before `as_of`, kept in the workspace."""
    snapshot, made, rules = _measured(ws, key, as_of)
    payload, frames = parts.kept(made)
    if rules is not None:
        payload["rules"] = rules.fingerprint
    ws.keep(snapshot, parts.KIND, payload, frames, version=__version__)
    return made


def standing_of(ws: Workspace, key: str, *, as_of: datetime | None = None) -> parts.Standing:
    """The same, without keeping it."""
    return _measured(ws, key, as_of)[1]


def _measured(ws: Workspace, key: str, as_of: datetime | None) -> tuple[str, parts.Standing, BoardRules | None]:
    """The snapshot's hash, where it stands, and by which rules a board was counted."""
    snapshots = snapshots_until(ws, key, as_of)
    earlier = [ws.project(key, snapshot=snapshots["snapshot"][-2])] if snapshots.height > 1 else []
    plan = ws.project(key, snapshot=snapshots["snapshot"][-1])
    rules = board_rules(key, ws.folder) if is_board(plan) else None
    return snapshots["snapshot"][-1], parts.standing(plan, standard_of(ws), earlier=earlier, rules=rules), rules


def certified(ws: Workspace, key: str, *, as_of: datetime | None = None) -> parts.Standing:
    """`certify`, for who may only read without keeping it."""
    return (certify if ws.may_edit(key) else standing_of)(ws, key, as_of=as_of)


def certificate_of(ws: Workspace, key: str, as_of: datetime | None = None) -> Certificate | None:
    """The certificate that is kept with the snapshot, made anew where there is none; None for a plan that cannot be scheduled."""
    result = ws.result(ws.snapshot(key, as_of), parts.KIND)
    made = parts.from_kept(result) if result is not None and parts.current(result) else certified(ws, key, as_of=as_of)
    return made.certificate


def certificate_of_plan(plan: Project, *, standard: Standards | None = None) -> Certificate | None:
    """The certificate of a plan without a workspace; None where it cannot be scheduled."""
    try:
        agreement = schedule.agreement(plan)
    except PMOError:
        return None
    return certificate(agreement, (standard or standards()).schedule.agreement, plan.info.application)


def quality_trend(ws: Workspace, key: str, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Each check of each snapshot in force up to `as_of`, oldest first (`tables.schedule_results.CheckTrend`): as kept, or made and kept now.

    A snapshot that could not be checked has no rows. Raises `NotFound` for a project without snapshots.
    """
    made = []
    for row in snapshots_until(ws, key, as_of).iter_rows(named=True):
        result = ws.result(row["snapshot"], parts.KIND)
        frame = result.frames.get("checks") if result and parts.current(result) else certified(ws, key, as_of=row["data_date"]).checks
        if frame is not None:
            made.append((row["data_date"], row["snapshot"], frame))
    return joined(made)


def snapshots_until(ws: Workspace, key: str, as_of: datetime | None) -> pl.DataFrame:
    """The project's snapshots in force, oldest first, up to the one that `as_of` means."""
    latest = ws.snapshot(key, as_of)
    history = ws.history(key).filter(~pl.col("superseded") | (pl.col("snapshot") == latest.hash))
    return history.filter(pl.col("data_date") <= latest.data_date)
