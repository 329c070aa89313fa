"""From a reader's rows to a board's tables: validated, parted from what breaks a rule, with nothing that hangs on an item that was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pmo_lib.readers.notes import Notes
from pmo_lib.tables import TABLES, part
from pmo_lib.tables.framing import loose

REMEDY = "correct it in the source and pull again"
OF_ITEMS = ("transitions", "item_changes", "worklogs")
IN_TIME = {"transitions": "at", "item_changes": "at", "worklogs": "started"}
ALWAYS = ("items", "transitions")  # a board has them, be they empty
Rows = Mapping[str, Sequence[Any]]


def columns(name: str, rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as tuples in the table's order of columns, turned into columns."""
    names = TABLES[name].column_names()
    return {column: list(values) for column, values in zip(names, zip(*rows, strict=True), strict=True)} if rows else {column: [] for column in names}


def board_tables(values: Mapping[str, Rows], notes: Notes) -> dict[str, pl.DataFrame]:
    """Validated tables from columns of values by table name; a column that is left out is null. Transitions are put in order of time."""
    frames = {name: _frame(name, found) for name, found in values.items()}
    tables: dict[str, pl.DataFrame] = {}
    for name, frame in frames.items():
        tables[name], refused = part(TABLES[name], frame.sort(IN_TIME[name], maintain_order=True) if name in IN_TIME else frame, name)
        notes.extend(refused)
    if tables["items"].is_empty():
        notes.add("warning", "no-items", "items", "the board has no item that can be read", "see the other findings, or pull it again")
    _without_dangling(tables, notes)
    return {name: frame for name, frame in tables.items() if name in ALWAYS or frame.height}


def _frame(name: str, values: Rows) -> pl.DataFrame:
    height = max((len(column) for column in values.values()), default=0)
    return pl.DataFrame([_series(column, values.get(column) or [None] * height, kind) for column, kind in loose(TABLES[name]).items()])


def _series(name: str, values: Sequence[Any], kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """The values as a column; of lists, the inner values are put down once and cut, which is ten times as fast as a series for each."""
    if not isinstance(kind, pl.List):
        return pl.Series(name, values, dtype=kind)
    flat = pl.DataFrame(
        {"row": [row for row, held in enumerate(values) for _ in held or ()], name: [one for held in values for one in held or ()]},
        schema={"row": pl.UInt32, name: kind.inner},
    )
    cut = flat.group_by("row", maintain_order=True).agg(name)
    whole = pl.DataFrame({"row": range(len(values))}, schema={"row": pl.UInt32}).join(cut, on="row", how="left", maintain_order="left")
    return whole[name].fill_null(pl.Series([[]], dtype=kind))


def _without_dangling(tables: dict[str, pl.DataFrame], notes: Notes) -> None:
    """Leave out what happened to an item that was refused, and links whose items are both unknown."""
    items = tables["items"].select("item")
    for name in OF_ITEMS:
        if name not in tables:
            continue
        lost = tables[name].join(items, on="item", how="anti")
        if lost.height:
            tables[name] = tables[name].join(items, on="item", how="semi", maintain_order="left")
            notes.add(
                "error",
                "hangs-on-refused",
                f"{name}, {lost['item'][0]}",
                f"{lost.height:,} {name.replace('_', ' ')} of items that were refused were left out",
                REMEDY,
            )
