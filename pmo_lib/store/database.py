"""One catalogue, SQLite or PostgreSQL: connections, the two kinds of transaction, and the schema's version."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from pmo_lib.errors import InvalidInput, StoreError
from pmo_lib.store.schema import REVISIONS

WRITER_LOCK = 0x504D4F  # PostgreSQL's advisory lock number of the one writer
BUSY_SECONDS = 10


def engine(url: str | sa.URL) -> sa.Engine:
    """An engine with our rules set. SQLite: WAL, full fsync, foreign keys, ten seconds' patience."""
    address = sa.make_url(url)
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"a workspace lives in SQLite or PostgreSQL, and store.url names {address.get_backend_name()}")
    sqlite = address.get_backend_name() == "sqlite"
    made = sa.create_engine(address, json_serializer=as_json, pool_pre_ping=not sqlite)
    if sqlite:
        event.listen(made, "connect", _set_pragmas)
        event.listen(made, "begin", _begin)
    return made


def as_json(value: object) -> str:
    """The value as the catalogue keeps it; instants in ISO 8601. Raises `InvalidInput` for what has no place there."""
    try:
        return json.dumps(value, default=_plain, allow_nan=False)
    except ValueError as error:
        raise InvalidInput("a number that is not finite cannot be kept; give null where a figure is undefined") from error


def sqlite_url(file: Path) -> sa.URL:
    return sa.URL.create("sqlite", database=str(file))


@contextmanager
def reading(made: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view; nothing is written."""
    with _sentences(), made.connect() as connection:
        if made.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def writing(made: sa.Engine) -> Iterator[sa.Connection]:
    """The one writer: waits its turn, then commits all or nothing."""
    with _sentences(), made.connect() as connection:
        connection = connection.execution_options(pmo_writer=True)
        with connection.begin():
            if made.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
            yield connection


def revision(connection: sa.Connection) -> str | None:
    """The schema's version in the database; None where there is no catalogue yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(made: sa.Engine, where: str, back_up: Callable[[str], None]) -> None:
    """Brings the catalogue to this program's schema; `back_up(version)` runs first where there is one to lose.

    Raises `StoreError` for a schema that this program does not know: a newer one wrote it.
    """
    with reading(made) as connection:
        found = revision(connection)
    if found == REVISIONS[-1]:
        return
    if found is not None and found not in REVISIONS:
        newer = f"{where} was written by a newer PMO Workbench (schema {found}; this one knows up to {REVISIONS[-1]})"
        raise StoreError(f"{newer}; update pmo-workbench to open it")
    if found is not None:
        back_up(found)
    with writing(made) as connection:
        if revision(connection) != REVISIONS[-1]:  # another process may have done it while we waited
            migrate(connection, REVISIONS[-1])


def migrate(connection: sa.Connection, to: str) -> None:
    """Brings the schema to revision `to`, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, and which
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # a deferred transaction that turns writer midway fails at once when another writes (181 of 240 measured)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("pmo_writer") else "BEGIN")


@contextmanager
def _sentences() -> Iterator[None]:
    """The database's own refusals, as one sentence."""
    try:
        yield
    except exc.OperationalError as error:
        said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        remedy = "another program is writing to the workspace; try again" if "locked" in said else "check that the database is there and can be written"
        raise StoreError(f"the workspace's database refused: {said}; {remedy}") from error
    except exc.DatabaseError as error:
        said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        raise StoreError(f"the workspace's database refused: {said}; run pmo doctor") from error


def _plain(value: object) -> object:
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    if getattr(value, "shape", None) == ():  # one number of NumPy's
        return value.item()  # type: ignore[attr-defined]
    raise InvalidInput(f"a {type(value).__name__} cannot be kept in the catalogue; give text, numbers, dates, lists and dictionaries of them")


def operator() -> str:
    """Who runs this process, for the audit."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "local"
