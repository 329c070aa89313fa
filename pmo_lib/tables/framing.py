"""Rows as frames of a declared table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import dataframely as dy
import polars as pl


@cache
def types(schema: type[dy.Schema]) -> Mapping[str, Any]:
    """The columns' types, in the table's order. dataframely tells them by making an empty frame, which takes two milliseconds: it is asked once."""
    return MappingProxyType(dict(schema.create_empty().schema))


def loose(schema: type[dy.Schema]) -> dict[str, Any]:
    """The types with texts for enums: a value outside the list must reach the filter and be named, not abort the construction."""
    return {name: pl.String if isinstance(kind, pl.Enum) else kind for name, kind in types(schema).items()}


def framed(schema: type[dy.Schema], rows: Any) -> pl.DataFrame:
    """A valid frame of the table, from rows (in the columns' order, or by name: what a row lacks is null) or from whole columns by name."""
    return schema.validate(pl.DataFrame(rows, schema=dict(types(schema)), orient="row"))
