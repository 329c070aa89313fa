"""The catalogue as lines of JSON, the same from SQLite and from PostgreSQL, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TextIO

import sqlalchemy as sa

from pmo_lib.errors import StoreError
from pmo_lib.store.database import migrate, revision, writing
from pmo_lib.store.schema import REVISIONS

FORMAT = 1
ROWS_AT_ONCE = 500


def dump_catalogue(connection: sa.Connection, file: TextIO) -> None:
    """Every row of the catalogue, a line each, after a line that names format and schema."""
    file.write(json.dumps({"format": FORMAT, "schema": revision(connection)}) + "\n")
    for table in _tables(connection):
        for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings():
            file.write(json.dumps({"table": table.name, "row": dict(row)}, default=_text) + "\n")


def load_catalogue(catalogue: sa.Engine, file: TextIO) -> None:
    """Fills an empty database from a dump and brings it to this program's schema, in one transaction."""
    lines = (json.loads(line) for line in file)
    head = next(lines, {})
    if head.get("format") != FORMAT or head.get("schema") not in REVISIONS:
        raise StoreError(f"the backup has format {head.get('format')} and schema {head.get('schema')}, which this program does not know; update pmo-workbench")
    with writing(catalogue) as connection:
        migrate(connection, head["schema"])
        tables = {table.name: table for table in _tables(connection)}
        while batch := list(islice(lines, ROWS_AT_ONCE)):
            _insert(connection, tables, batch)
        _advance_sequences(connection, tables.values())
        migrate(connection, REVISIONS[-1])


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """The catalogue's tables as they are in this database, referred-to ones first."""
    found = sa.MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type = sa.JSON(none_as_null=True)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _insert(connection: sa.Connection, tables: dict[str, sa.Table], batch: list[dict[str, Any]]) -> None:
    for name, rows in _runs(batch):
        table = tables[name]
        instants = [column.name for column in table.columns if isinstance(column.type, sa.DateTime)]
        for row in rows:
            row.update({column: datetime.fromisoformat(row[column]) for column in instants if row[column]})
        connection.execute(sa.insert(table), rows)


def _runs(batch: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in dict.fromkeys(line["table"] for line in batch):
        yield name, [line["row"] for line in batch if line["table"] == name]


def _advance_sequences(connection: sa.Connection, tables: Any) -> None:
    """PostgreSQL numbers rows from a counter of its own, which rows with given numbers do not move."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        [column, *rest] = table.primary_key.columns
        if not rest and isinstance(column.type, sa.Integer):
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery(), False)))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no place in the catalogue")
