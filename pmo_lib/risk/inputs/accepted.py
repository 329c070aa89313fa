"""A table that people wrote, as its schema; the first row that breaks a rule is named in words that say what to do."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from pmo_lib.errors import InvalidInput


def accepted(schema: type[dy.Schema], frame: pl.DataFrame, what: str) -> pl.DataFrame:
    """The frame as its table, its columns in order; `what` names it, as in `risks`.

    A row is named by its `place` where the frame has that column, else by its key. Raises `InvalidInput`.
    """
    from pmo_lib.tables import part

    _words(schema, frame, what)
    _filled(schema, frame, what)
    _once(schema, frame, what)
    good, refused = part(schema, frame.select(schema.column_names()), what)
    if refused:
        told = (refused[0]["message"] or "").removesuffix(" and was left out")
        raise InvalidInput(f"{refused[0]['place']}: {told}; correct it{_more(len(refused))}")
    return good


def _words(schema: type[dy.Schema], frame: pl.DataFrame, what: str) -> None:
    """Refuses a word that is none of its column's."""
    for name, column in schema.columns().items():
        if not isinstance(column, dy.Enum):
            continue
        known = [str(category) for category in column.categories]
        wrong = frame.filter(~pl.col(name).cast(pl.String).is_in(known))
        if wrong.height:
            where = _named(schema, wrong.row(0, named=True), what, name)
            raise InvalidInput(f"{where}: {str(wrong[name][0])!r} is no {name}; it is {_either(known)}{_more(wrong.height)}")


def _filled(schema: type[dy.Schema], frame: pl.DataFrame, what: str) -> None:
    """Refuses an empty cell where there must be a value."""
    for name, column in schema.columns().items():
        empty = frame.filter(pl.col(name).is_null()) if not column.nullable else frame.clear()
        if empty.height:
            listed = ", or values for a shape that is a list" if name in ("low", "high") and "values" in schema.column_names() else ""
            raise InvalidInput(f"{_named(schema, empty.row(0, named=True), what, name)}: it has no {name}; give it one{listed}{_more(empty.height)}")


def _once(schema: type[dy.Schema], frame: pl.DataFrame, what: str) -> None:
    """Refuses a second row of one key."""
    keys = schema.primary_key()
    twice = frame.filter(pl.struct(keys).is_duplicated()) if keys else frame.clear()
    if twice.height:
        first = twice.row(0, named=True)
        same = twice.filter(pl.all_horizontal(pl.col(key) == first[key] for key in keys))
        places = f" ({'; '.join(same['place'])})" if "place" in same.columns else ""
        raise InvalidInput(f"{what}: {' '.join(str(first[key]) for key in keys)} has {same.height} rows{places}; keep one of them")


def _named(schema: type[dy.Schema], row: dict[str, object], what: str, column: str) -> str:
    if row.get("place"):
        return f"{row['place']}, column {column}"
    keys = [str(row[key]) for key in schema.primary_key()]
    return f"{what}, {' '.join(keys)}" if keys else what


def _either(known: list[str]) -> str:
    return f"{', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else known[0]


def _more(count: int) -> str:
    return f" ({count - 1:,} more row{'s' if count > 2 else ''} break a rule too)" if count > 1 else ""
