"""A board for the Flow page: a year of made-up items, one of them with a hostile name, sub-tasks that are not counted."""

from __future__ import annotations

import polars as pl
from sample import HOSTILE

from benchmarks import busy_board
from pmo_lib.project import Project


def board() -> Project:
    """Validated, as a reader's is."""
    made = busy_board.board(420, years=1.0)
    going = made.tables["items"].filter(pl.col("category").cast(pl.String) == "in_progress")["item"][0]
    items = made.tables["items"].with_columns(
        name=pl.when(pl.col("item") == going).then(pl.lit(HOSTILE)).otherwise(pl.concat_str(pl.lit("Item "), "item")),
        level=pl.when(pl.int_range(pl.len()) % 20 == 0).then(pl.lit("subtask")).otherwise(pl.lit("item")).cast(made.tables["items"].schema["level"]),
    )
    return Project(made.info, {**made.tables, "items": items})
