"""`by=`: the same measure for each group of items. An item that names no group belongs to the group null, told last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.flow.coding import Moves
from pmo_lib.flow.crossings import History

ONE = ("team", "type", "epic", "service", "assignee", "priority", "parent")
SEVERAL = ("versions", "components", "labels")  # an item counts in each that it names


def parted(h: History, by: str | None) -> Iterator[tuple[str | None, History]]:
    """The history of each group's items, by name; all of it, as the group null, where `by` is None. Every measure takes a history, so that those
    without `by` of their own (ageing, cumulative flow, board quality) are grouped by `for group, own in flow.parted(flow.history(board), "team")`.

    Raises `InvalidInput` for what items cannot be grouped by.
    """
    if by is None:
        yield None, h
        return
    for group, rows in members(h.items, by):
        yield group, part(h, rows)


def members(items: pl.DataFrame, by: str) -> list[tuple[str | None, np.ndarray]]:
    """Each group with the rows of its items."""
    if by not in (*ONE, *SEVERAL):
        raise InvalidInput(f"items cannot be grouped by {by!r}; use one of {', '.join((*ONE, *SEVERAL))}")
    named = items.select(pl.col(by).alias("group")).with_row_index("row")
    named = named.explode("group", empty_as_null=True) if by in SEVERAL else named.with_columns(pl.col("group").cast(pl.String))
    found = named.unique(["group", "row"], maintain_order=True).group_by("group").agg("row").sort("group", nulls_last=True)
    return [(group, np.sort(np.asarray(rows, np.int64))) for group, rows in found.iter_rows()]


def part(h: History, rows: np.ndarray) -> History:
    """The history of those rows of its items alone."""
    number = np.full(h.items.height, -1, np.int32)
    number[rows] = np.arange(rows.size, dtype=np.int32)
    kept = number[h.codes] >= 0
    own = number[h.codes[kept]], h.moments[kept], h.after[kept]
    return replace(
        h,
        items=h.items[rows],
        crossed=h.crossed[:, rows],
        column=h.column[rows],
        moved=h.moved[rows],
        cancelled=h.cancelled[rows],
        moves=Moves(lambda: own, own),
        ignored=h.ignored + int(h.codes.size - np.count_nonzero(kept)),
    )


def grouped(h: History, by: str | None, measure: Callable[[History], Any], schema: Any) -> pl.DataFrame:
    """What `measure` gives of each group (a frame, or rows without `group`), one below the other with `group` told, in the schema's columns."""
    from pmo_lib.tables.framing import types

    columns = {name: kind for name, kind in types(schema).items() if name != "group"}
    frames = []
    for group, own in parted(h, by):
        found = measure(own)
        frame = found if isinstance(found, pl.DataFrame) else pl.DataFrame(found, schema=columns, orient="row")
        frames.append(frame.select(list(columns)).with_columns(group=pl.lit(group, pl.String)))
    return shaped(pl.concat(frames, how="vertical_relaxed"), schema) if frames else schema.create_empty()


def shaped(frame: pl.DataFrame, schema: Any) -> pl.DataFrame:
    """The schema's columns of a frame, as their declared types."""
    from pmo_lib.tables.framing import types

    kinds = types(schema)
    return schema.validate(frame.select(list(kinds)).cast(dict(kinds)))  # type: ignore[arg-type]
