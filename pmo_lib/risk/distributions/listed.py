"""Ranges given by lists in a table: the columns `values` and `weights`, and the ends that follow from them."""

from __future__ import annotations

import polars as pl

from pmo_lib.risk.distributions.by_name import LISTED

COLUMNS = ("values", "weights")
_ENDS = {"low": pl.col("values").list.min(), "high": pl.col("values").list.max()}


def with_lists(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with both columns as lists of numbers, from lists, texts as in "7; 9; 11" or nothing; rows given by them need neither low nor high."""
    missing = {"values": pl.List(pl.Float64), "weights": pl.List(pl.Float64), "low": pl.Float64, "high": pl.Float64}
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in missing.items() if name not in frame.columns)
    frame = frame.with_columns(_numbers(frame, name) for name in COLUMNS)
    by_list = pl.col("shape").cast(pl.String).is_in(LISTED)
    return frame.with_columns(**{name: pl.when(by_list).then(pl.coalesce(name, end)).otherwise(name) for name, end in _ENDS.items()})


def _numbers(frame: pl.DataFrame, name: str) -> pl.Expr:
    """What is no number stays as null, for the shape to refuse."""
    if isinstance(frame.schema[name], pl.List):
        return pl.col(name).cast(pl.List(pl.Float64))
    each = pl.col(name).cast(pl.String).str.strip_chars()
    numbers = each.str.split(";").list.eval(pl.element().str.strip_chars().cast(pl.Float64, strict=False))
    return pl.when(each.is_null() | (each == "")).then(None).otherwise(numbers).alias(name)
