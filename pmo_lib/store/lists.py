"""The project list with its history: a version a row, appended when the row changed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from pmo_lib.errors import InvalidInput
from pmo_lib.store.schema import listings
from pmo_lib.tables.portfolio_results import Listing


def in_force(connection: sa.Connection, until: datetime | None = None) -> list[sa.Row[Any]]:
    """The version of each row that held at `until` (None: the latest), withdrawn rows among them."""
    rank = sa.func.row_number().over(partition_by=listings.c.key, order_by=(listings.c.valid_from.desc(), listings.c.number.desc())).label("rank")
    versions = sa.select(listings, rank)
    if until is not None:
        versions = versions.where(listings.c.valid_from <= until)
    ranked = versions.subquery()
    return list(connection.execute(sa.select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.key)))


def portfolios(connection: sa.Connection) -> dict[str, str | None]:
    """The portfolio of each project now on the list."""
    return {row.key: row.portfolio for row in in_force(connection) if row.fields is not None}


def frame(rows: list[sa.Row[Any]]) -> pl.DataFrame:
    """`tables.portfolio_results.Listing` of the rows that are not withdrawn, by key."""
    columns = Listing.column_names()
    kept = [row.fields for row in rows if row.fields is not None]
    empty = Listing.create_empty()
    if not kept:
        return empty
    read = {name: [_read(name, fields.get(name)) for fields in kept] for name in columns}
    return Listing.validate(pl.DataFrame(read, schema=empty.schema))


def checked(list_: pl.DataFrame) -> pl.DataFrame:
    """The list as `tables.portfolio_results.Listing`, columns that it leaves out as null. Raises `InvalidInput` naming the rule that rows break."""
    empty = Listing.create_empty()
    unknown = [name for name in list_.columns if name not in empty.columns]
    if unknown or not {"key", "name"} <= set(list_.columns):
        raise InvalidInput(f"a project list has key, name and any of {', '.join(empty.columns[2:])}" + (f"; it has no {', '.join(unknown)}" if unknown else ""))
    whole = list_.with_columns(pl.lit(None).alias(name) for name in empty.columns if name not in list_.columns).select(empty.columns)
    good, bad = Listing.filter(whole, cast=True)
    if broken := bad.counts():
        rules = ", ".join(f"{rule} in {rows} row{'s' if rows > 1 else ''}" for rule, rows in broken.items())
        raise InvalidInput(f"the project list breaks the rule {rules}; each project has one row, a key and a name")
    return good


def changes(connection: sa.Connection, list_: pl.DataFrame, since: datetime) -> list[dict[str, Any]]:
    """The versions to append so that the list reads as `list_` from `since` on."""
    before = {row.key: row for row in in_force(connection, since)}
    rows = {row["key"]: {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in list_.iter_rows(named=True)}
    appended = [_version(key, fields) for key, fields in rows.items()]
    withdrawn = [_version(key, None) for key, row in before.items() if key not in rows and row.fields is not None]
    known = {key: row.row_hash for key, row in before.items()}
    return [version for version in appended + withdrawn if known.get(version["key"]) != version["row_hash"]]


def _version(key: str, fields: dict[str, Any] | None) -> dict[str, Any]:
    told = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return {"key": key, "fields": fields, "row_hash": told, "portfolio": fields.get("portfolio") if fields else None}


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "approved_finish" and value else value
