"""The catalogue's queries. Each carries the user's condition; none writes.

Of several status snapshots with one data date the last import is in force: a correction replaces, in every view but the history.
"""

from __future__ import annotations

import difflib
import json
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from pmo_lib.errors import NotFound
from pmo_lib.store.access import Rights
from pmo_lib.store.facts import Vault
from pmo_lib.store.kept import Frames, ProjectResult, Result, Snapshot
from pmo_lib.store.schema import audit, baselines, projects, results, snapshots

INSTANT = pl.Datetime("us")
NAMED = [column for column in snapshots.c if column.name not in ("info", "facts", "source_hash", "project_id")]


def snapshot_where(connection: sa.Connection, rights: Rights, *conditions: sa.ColumnElement[bool], **columns: Any) -> Snapshot | None:
    """The one snapshot that meets the conditions, if the user may see it."""
    equal = [snapshots.c[name] == value for name, value in columns.items()]
    row = connection.execute(_snapshots().where(rights.visible(connection), *conditions, *equal)).first()
    return _snapshot(row) if row else None


def snapshot(connection: sa.Connection, rights: Rights, named: str | Snapshot) -> Snapshot:
    """The snapshot of that hash, or of those first digits of it (six at least)."""
    digits = named.hash if isinstance(named, Snapshot) else named.lower()
    found = []
    if len(digits) >= 6 and set(digits) <= set("0123456789abcdef"):
        found = connection.execute(_snapshots().where(rights.visible(connection), snapshots.c.snapshot.startswith(digits)).limit(2)).all()
    if len(found) != 1:
        why = "more than one snapshot begins with" if found else "the workspace has no snapshot"
        raise NotFound(f"{why} {digits}; give the hash as the project's history shows it")
    return _snapshot(found[0])


def latest(connection: sa.Connection, rights: Rights, key: str, until: datetime | None) -> Snapshot:
    """The snapshot in force at `until`."""
    row = connection.execute(
        _snapshots()
        .where(rights.visible(connection), projects.c.key == key, snapshots.c.purpose == "status", _by(until))
        .order_by(snapshots.c.data_date.desc(), snapshots.c.number.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(f"{key} has no snapshot" + (f" by {until:%Y-%m-%d}" if until else "") + "; import its file, or choose a later date")
    return _snapshot(row)


def first_reading(connection: sa.Connection, key: str, identity: dict[str, Any]) -> Snapshot | None:
    """The first import of the same bytes, by whatever reader."""
    same = [snapshots.c[name] == identity[name] for name in ("content_hash", "position", "purpose")]
    row = connection.execute(_snapshots().where(projects.c.key == key, *same).order_by(snapshots.c.number).limit(1)).first()
    return _snapshot(row) if row else None


def baseline(connection: sa.Connection, key: str) -> Snapshot | None:
    """The snapshot last set as the project's baseline."""
    chosen = (
        sa.select(baselines.c.snapshot_number)
        .join(projects, projects.c.id == baselines.c.project_id)
        .where(projects.c.key == key)
        .order_by(baselines.c.number.desc())
        .limit(1)
    )
    number = connection.execute(chosen).scalar()
    # chosen by one who could see it: whoever may see the project may see what it is measured against
    return _snapshot(connection.execute(_snapshots().where(snapshots.c.number == number)).one()) if number is not None else None


def known_project(connection: sa.Connection, rights: Rights, key: str) -> int:
    """The project's number in the catalogue. Raises `NotFound`, with the nearest key, where there is none that the user may see."""
    rights.must_see(key)
    found = connection.execute(sa.select(projects.c.id).where(projects.c.key == key)).scalar()
    if found is None:
        there = {one.casefold(): one for one in connection.scalars(sa.select(projects.c.key).where(rights.visible(connection)))}
        near = [f"did you mean {there[one]}? " for one in difflib.get_close_matches(key.casefold(), there, 1)]
        raise NotFound(f"the workspace has no project {key}; {''.join(near)}pmo projects lists those it has")
    return found


def number(connection: sa.Connection, digest: str) -> int:
    return connection.execute(sa.select(snapshots.c.number).where(snapshots.c.snapshot == digest)).scalar_one()


def stored(connection: sa.Connection, at: Snapshot) -> tuple[dict[str, Any], dict[str, str | None]]:
    """A snapshot's info, and its facts' hashes by table."""
    row = connection.execute(sa.select(snapshots.c.info, snapshots.c.facts).where(snapshots.c.snapshot == at.hash)).one()
    return row.info, row.facts


def result(connection: sa.Connection, vault: Vault, at: Snapshot, kind: str) -> Result | None:
    """The latest result of a kind."""
    chosen = (
        sa.select(results)
        .join(snapshots, snapshots.c.number == results.c.snapshot_number)
        .where(snapshots.c.snapshot == at.hash, results.c.kind == kind)
        .order_by(results.c.number.desc())
        .limit(1)
    )
    row = connection.execute(chosen).first()
    return _result(row, vault) if row else None


def latest_result(connection: sa.Connection, rights: Rights, vault: Vault, key: str, kind: str, until: datetime | None) -> tuple[Snapshot, Result] | None:
    """Of all the project's snapshots by `until`, the result of a kind that was kept last."""
    row = connection.execute(
        sa.select(projects.c.key, *NAMED, *(column.label(f"result_{column.name}") for column in results.c))
        .join(snapshots, snapshots.c.number == results.c.snapshot_number)
        .join(projects, projects.c.id == snapshots.c.project_id)
        .where(rights.visible(connection), projects.c.key == key, results.c.kind == kind, snapshots.c.purpose == "status", _by(until))
        .order_by(results.c.number.desc())
        .limit(1)
    ).first()
    return (_snapshot(row), _result(row, vault, "result_")) if row else None


def results_of_kind(connection: sa.Connection, rights: Rights, vault: Vault, kind: str, until: datetime | None) -> list[ProjectResult]:
    """The list of `Workspace.results`."""
    ranked = _ranked(until).cte("ranked")
    same = results.alias("same")
    newest = sa.select(sa.func.max(same.c.number)).where(same.c.snapshot_number == ranked.c.number, same.c.kind == kind).correlate(ranked).scalar_subquery()
    rows = connection.execute(
        sa.select(projects.c.key, *NAMED, ranked.c.rank, *(column.label(f"result_{column.name}") for column in results.c))
        .join(ranked, ranked.c.number == snapshots.c.number)
        .join(projects, projects.c.id == snapshots.c.project_id)
        .outerjoin(results, results.c.number == newest)
        .where(ranked.c.rank <= 2, rights.visible(connection))
        .order_by(projects.c.key, ranked.c.rank)
    ).all()
    found: dict[str, list[tuple[Snapshot, Result | None]]] = {}
    for row in rows:
        found.setdefault(row.key, []).append((_snapshot(row), _result(row, vault, "result_") if row.result_number is not None else None))
    return [_project_result(key, two) for key, two in found.items()]


def projects_frame(connection: sa.Connection, rights: Rights, until: datetime | None) -> pl.DataFrame:
    """The table of `Workspace.projects`."""
    ranked = _ranked(until).cte("ranked")
    rows = connection.execute(
        sa.select(projects.c.key, *NAMED, ranked.c.rank, ranked.c.held)
        .join(ranked, ranked.c.number == snapshots.c.number)
        .join(projects, projects.c.id == snapshots.c.project_id)
        .where(ranked.c.rank <= 2, rights.visible(connection))
        .order_by(projects.c.key, ranked.c.rank)
    ).all()
    before = {row.key: row for row in rows if row.rank == 2}
    measured = _baselines(connection)
    return pl.DataFrame([_project_row(row, before.get(row.key), measured.get(row.key)) for row in rows if row.rank == 1], schema=PROJECT_COLUMNS, orient="row")


PROJECT_COLUMNS = {
    "key": pl.String,
    "name": pl.String,
    "source": pl.String,
    "file": pl.String,
    "snapshot": pl.String,
    "data_date": INSTANT,
    "dated_by": pl.String,
    "imported_at": INSTANT,
    "activities": pl.Int64,
    "items": pl.Int64,
    "findings": pl.Int64,
    "snapshots": pl.Int64,
    "previous": pl.String,
    "previous_date": INSTANT,
    "baseline": pl.String,
}


def _project_row(row: sa.Row[Any], before: sa.Row[Any] | None, baseline_: str | None) -> tuple[Any, ...]:
    counted = (row.counts.get("activities", 0), row.counts.get("items", 0), row.counts.get("findings", 0), row.held)
    earlier = (before.snapshot, before.data_date) if before else (None, None)
    return (row.key, row.name, row.source, row.file, row.snapshot, row.data_date, row.dated_by, row.imported_at, *counted, *earlier, baseline_)


HISTORY_COLUMNS = {
    "snapshot": pl.String,
    "data_date": INSTANT,
    "dated_by": pl.String,
    "imported_at": INSTANT,
    "imported_by": pl.String,
    "file": pl.String,
    "source": pl.String,
    "reader": pl.String,
    "activities": pl.Int64,
    "items": pl.Int64,
    "findings": pl.Int64,
    "superseded": pl.Boolean,
}


def history_frame(connection: sa.Connection, rights: Rights, key: str) -> pl.DataFrame:
    """The table of `Workspace.history`."""
    mine = (rights.visible(connection), projects.c.key == key, snapshots.c.purpose == "status")
    rows = connection.execute(_snapshots().where(*mine).order_by(snapshots.c.data_date, snapshots.c.number)).all()
    told = [
        (
            *(getattr(row, name) for name in list(HISTORY_COLUMNS)[:8]),
            row.counts.get("activities", 0),
            row.counts.get("items", 0),
            row.counts.get("findings", 0),
            later is not None and later.data_date == row.data_date,
        )
        for row, later in zip(rows, [*rows[1:], None], strict=False)
    ]
    return pl.DataFrame(told, schema=HISTORY_COLUMNS, orient="row")


def status_dates(connection: sa.Connection, rights: Rights) -> list[date]:
    """The days of `Workspace.status_dates`."""
    mine = sa.select(snapshots.c.data_date).distinct().join(projects, projects.c.id == snapshots.c.project_id)
    found = connection.scalars(mine.where(snapshots.c.purpose == "status", rights.visible(connection)))
    return sorted({instant.date() for instant in found})


def audit_frame(connection: sa.Connection, rights: Rights) -> pl.DataFrame:
    """The table of `Workspace.audit`."""
    rows = connection.execute(sa.select(audit).order_by(audit.c.number)).all()
    seen = [row for row in rows if rights.admin or (row.project is not None and rights.sees(row.project))]
    schema = {"number": pl.Int64, "at": INSTANT, "who": pl.String, "what": pl.String, "project": pl.String, "detail": pl.String}
    return pl.DataFrame([(*row[:5], json.dumps(row.detail, ensure_ascii=False)) for row in seen], schema=schema, orient="row")


def _snapshots() -> sa.Select[Any]:
    return sa.select(projects.c.key, *NAMED).join(projects, projects.c.id == snapshots.c.project_id)


def _by(until: datetime | None) -> sa.ColumnElement[bool]:
    return snapshots.c.data_date <= until if until is not None else sa.true()


def _ranked(until: datetime | None) -> sa.Select[Any, Any, Any]:
    """number, rank (1: in force, 2: the one before) and held (how many) of the status snapshots in force at their data dates."""
    own = {"partition_by": (snapshots.c.project_id, snapshots.c.data_date), "order_by": snapshots.c.number.desc()}
    dated = (
        sa.select(snapshots.c.number, snapshots.c.project_id, snapshots.c.data_date, sa.func.row_number().over(**own).label("version"))
        .where(snapshots.c.purpose == "status", _by(until))
        .subquery()
    )
    rank = sa.func.row_number().over(partition_by=dated.c.project_id, order_by=dated.c.data_date.desc()).label("rank")
    held = sa.func.count().over(partition_by=dated.c.project_id).label("held")
    return sa.select(dated.c.number, rank, held).where(dated.c.version == 1)


def _baselines(connection: sa.Connection) -> dict[str, str]:
    newest = sa.select(sa.func.max(baselines.c.number)).group_by(baselines.c.project_id)
    chosen = (
        sa.select(projects.c.key, snapshots.c.snapshot)
        .select_from(baselines)
        .join(projects, projects.c.id == baselines.c.project_id)
        .join(snapshots, snapshots.c.number == baselines.c.snapshot_number)
        .where(baselines.c.number.in_(newest))
    )
    return {row.key: row.snapshot for row in connection.execute(chosen)}


def _snapshot(row: sa.Row[Any]) -> Snapshot:
    same = ("key", "name", "data_date", "dated_by", "purpose", "content_hash", "position", "reader", "source", "file", "imported_at", "imported_by", "counts")
    return Snapshot(hash=row.snapshot, **{name: getattr(row, name) for name in same})


def _result(row: sa.Row[Any], vault: Vault, prefix: str = "") -> Result:
    same = {name: getattr(row, prefix + name) for name in ("kind", "payload", "parameters", "version", "created_at")}
    return Result(**same, frames=Frames(vault, getattr(row, f"{prefix}frames")))


def _project_result(key: str, two: list[tuple[Snapshot, Result | None]]) -> ProjectResult:
    before = two[1] if len(two) > 1 else (None, None)
    return ProjectResult(key=key, snapshot=two[0][0], result=two[0][1], previous=before[0], previous_result=before[1])
