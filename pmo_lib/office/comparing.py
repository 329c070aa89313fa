"""Compare: two snapshots of a project, as files or as the workspace keeps them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib import schedule
from pmo_lib.errors import InvalidInput, NotFound
from pmo_lib.project import Project
from pmo_lib.schedule import Comparison

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

MARK = "@"  # between a project's key and which of its snapshots is meant
HASH = 6  # digits of a snapshot's hash, at least


def compare(ws: Workspace, older: str, newer: str | None = None) -> tuple[Project, Project, Comparison]:
    """Both snapshots and what changed between them.

    Each is `KEY` (its latest), `KEY@2026-10-31` (the one in force on that day) or `KEY@3f9a12` (the beginning of its hash). Without `newer`,
    `older` is a project's key, and its last two snapshots are meant.

    Raises `NotFound` where there is no such snapshot, or only one.
    """
    plans = last_two(ws, older) if newer is None else (named(ws, older), named(ws, newer))
    return *plans, schedule.compare(*plans)


def named(ws: Workspace, reference: str) -> Project:
    """The snapshot that `KEY`, `KEY@DATE` or `KEY@HASH` means."""
    key, _, which = reference.partition(MARK)
    if not which:
        return ws.project(key)
    try:
        return ws.project(key, _end_of(datetime.fromisoformat(which)))
    except ValueError:
        if len(which) < HASH or set(which.lower()) - set("0123456789abcdef"):
            raise InvalidInput(
                f"{reference}: {which!r} is neither a date nor a snapshot's hash; write {key}{MARK}2026-10-31, or {key}{MARK} and {HASH} digits of the hash"
            ) from None
    return ws.project(key, snapshot=which)


def last_two(ws: Workspace, key: str) -> tuple[Project, Project]:
    """The two latest snapshots in force, the older first."""
    if MARK in key:
        raise InvalidInput(f"{key} names one snapshot; name the newer one too, or the project's key alone for its last two")
    history = ws.history(key).filter(~pl.col("superseded"))
    if history.height < 2:
        raise NotFound(f"{key} has one snapshot, and a comparison needs two; import a later one, or name two files")
    older, newer = history["snapshot"].to_list()[-2:]
    return ws.project(key, snapshot=older), ws.project(key, snapshot=newer)


def _end_of(when: datetime) -> datetime:
    """A day without a time means its end: what was in force on it."""
    return when.replace(hour=23, minute=59) if when.time() == datetime.min.time() else when


def read_plan(file: Path) -> Project:
    """The plan of a file; of several projects the one with most activities."""
    from pmo_lib.readers import read

    return read(file)
