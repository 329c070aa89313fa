"""Is the workspace whole? Each check says what it found and what to do."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pmo_lib.errors import PMOError
from pmo_lib.settings import settings
from pmo_lib.store.database import reading, revision, writing
from pmo_lib.store.facts import Vault, rows_in
from pmo_lib.store.references import fact_digests, source_digests
from pmo_lib.store.schema import REVISIONS, projects, snapshots
from pmo_lib.store.workspace import Workspace

ENOUGH_ROOM = 2**30  # [bytes] below this an import of a large programme may not fit
NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report; `remedy` is null where all is well."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def doctor(ws: Workspace, *, fix: bool = False, more: Iterable[Callable[[], Check]] = ()) -> list[Check]:
    """Examines the workspace; `fix` removes files that nothing refers to, under the writer's lock. `more` are further checks, as of Java, run last.

    Reads and hashes every file, so that it takes time in proportion to the workspace. Raises `StoreError` where the user is no admin.
    """
    with reading(ws._engine) as connection:
        ws._rights(connection).must_administer("examine the workspace")
        facts, sources = fact_digests(connection), source_digests(connection)
        checks = [_schema(connection), _database(connection)]
        heights: dict[str, int] = {}
        checks += [_whole("facts", ws._facts, facts, lambda digest, content: heights.update({digest: rows_in(content)}))]
        checks += [_whole("sources", ws._sources, sources), _counts(connection, heights)]
    return [*checks, _orphans(ws, fix), _room(ws.folder), _limits(), *_settings(ws.folder), *(check() for check in more)]


def _schema(connection: sa.Connection) -> Check:
    found = revision(connection)
    return Check("schema", found == REVISIONS[-1], f"version {found}", None if found == REVISIONS[-1] else "open the workspace with the newest pmo-workbench")


def _database(connection: sa.Connection) -> Check:
    if connection.dialect.name == "sqlite":
        said = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        said += [f"row {row[1]} of {row[0]} refers to nothing" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
        where = f"SQLite {sqlite3.sqlite_version}"
    else:
        loose = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        said = [f"the foreign key {row[0]} is not enforced" for row in connection.exec_driver_sql(loose)]
        where = f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar()}"
    return Check("database", not said, f"{where}: " + (_some(said) or "whole, foreign keys hold"), "restore the latest backup (pmo restore)" if said else None)


def _whole(name: str, vault: Vault, digests: set[str], look: Callable[[str, bytes], object] = lambda digest, content: None) -> Check:
    """Every file has its hash; `look` sees the content of those that do."""
    lost = []
    for digest in sorted(digests):
        try:
            look(digest, vault.get(digest))
        except PMOError as error:
            lost.append(str(error).split(";")[0])
    detail = _some(lost) or f"{len(digests):,} files have their hash"
    return Check(name, not lost, detail, "take these files from a backup: pmo restore into a new folder, then copy them" if lost else None)


def _counts(connection: sa.Connection, heights: dict[str, int]) -> Check:
    """The rows in the facts (by hash, of the whole files) against those counted at the import."""
    wrong = []
    rows = connection.execute(sa.select(projects.c.key, snapshots.c.snapshot, snapshots.c.counts, snapshots.c.facts).join(projects)).all()
    for key, snapshot, counts, facts in rows:
        for table, digest in facts.items():
            held = heights.get(digest, counts[table]) if digest else 0
            if held != counts[table]:
                wrong.append(f"{table} of {key}, snapshot {snapshot}: {held:,} rows, {counts[table]:,} were imported")
    return Check(
        "counts", not wrong, _some(wrong) or f"{len(rows):,} snapshots hold the rows that were imported", "restore the latest backup" if wrong else None
    )


def _orphans(ws: Workspace, fix: bool) -> Check:
    """Files that an interrupted import left. Looked for as the writer: nobody is between writing a file and naming it."""
    with writing(ws._engine) as connection:
        found = [path for vault, known in ((ws._facts, fact_digests(connection)), (ws._sources, source_digests(connection))) for path in _unnamed(vault, known)]
        for path in found if fix else ():
            path.unlink(missing_ok=True)
    if not found:
        return Check("orphans", True, "no file without a snapshot")
    if fix:
        return Check("orphans", True, f"{len(found):,} files without a snapshot, removed")
    return Check("orphans", True, f"{len(found):,} files without a snapshot, left by an interrupted import; harmless", "pmo doctor --fix removes them")


def _unnamed(vault: Vault, known: set[str]) -> list[Path]:
    return [*(vault.path(digest) for digest in vault.digests() if digest not in known), *vault.unfinished()]


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    return Check(
        "room", free >= ENOUGH_ROOM, f"{free / 2**30:,.1f} GiB free at {folder}", None if free >= ENOUGH_ROOM else "free some space before the next import"
    )


def _limits() -> Check:
    """Can this system hold a reader to its share of memory and time? The clock can be held everywhere."""
    if sys.platform == "linux":
        return Check("limits", True, "memory and processor time of a reader can be limited")
    lacking = "memory and processor time" if sys.platform == "win32" else "memory"
    return Check("limits", True, f"this system cannot limit a reader's {lacking}", "read files from strangers on Linux")


def _settings(folder: Path) -> list[Check]:
    try:
        origins = settings(folder).origins
    except PMOError as error:
        return [Check("settings", False, str(error), "correct the file that it names")]
    return [Check(f"setting {key}", True, f"{_shown(key, chosen.value)} ({chosen.origin})") for key, chosen in origins.items()]


def _shown(key: str, value: str | int | None) -> str:
    """The value as people may see it: an address without its password."""
    if key == "store.url" and value:
        return sa.make_url(str(value)).render_as_string(hide_password=True)
    return "–" if value is None else str(value)


def _some(said: list[str]) -> str:
    more = f" and {len(said) - NAMED_AT_MOST:,} more" if len(said) > NAMED_AT_MOST else ""
    return "; ".join(said[:NAMED_AT_MOST]) + more
