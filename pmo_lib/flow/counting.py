"""Which items are counted: one level of the hierarchy, as told or as the board suggests, and how many stand on each."""

from __future__ import annotations

import polars as pl

from pmo_lib.flow.rules import FlowRules, Level
from pmo_lib.project import Project, table

ORDER: tuple[Level, ...] = ("item", "epic", "subtask", "portfolio")  # which is counted where several have as many
ENOUGH = 0.1  # of the items that move: the level of stories is counted from that share on


def levels(board: Project, rules: FlowRules | None = None) -> pl.DataFrame:
    """How many items of each level and type the board has, and which of them are counted (`tables.flow_results.Levels`).

    Without a level in the rules it is that of stories and tasks, unless fewer than one in ten of the items that ever moved stand there: then the level
    where most moved.
    """
    from pmo_lib.tables.flow_results import Levels

    rules = rules or FlowRules()
    level = rules.level or guessed_level(board)
    counted = pl.col("level").cast(pl.String) == level
    told = counted if rules.types is None else counted & pl.col("type").is_in(rules.types)
    rows = _moving(board).group_by("level", "type").agg(items=pl.len().cast(pl.Int64), moved=pl.col("moved").sum().cast(pl.Int64))
    rows = rows.with_columns(counted=told, guessed=pl.lit(rules.level is None)).sort(
        ["counted", "items", "level", "type"], descending=[True, True, False, False]
    )
    return Levels.validate(rows.select(Levels.column_names()))


def guessed_level(board: Project) -> Level:
    """The level that is counted where nobody says which."""
    present = table(board, "items", "flow")["level"].unique().to_list()
    if len(present) == 1:
        return present[0]
    moved = dict(_moving(board).filter("moved").group_by(pl.col("level").cast(pl.String)).len().iter_rows())
    if not moved or moved.get("item", 0) >= ENOUGH * sum(moved.values()):
        return "item"
    return max(ORDER, key=lambda level: moved.get(level, 0))


def _moving(board: Project) -> pl.DataFrame:
    """Items, each with whether it has transitions."""
    known = table(board, "transitions", "flow")["item"].unique()
    return table(board, "items", "flow").select("item", "level", "type", moved=pl.col("item").is_in(known.implode()))
