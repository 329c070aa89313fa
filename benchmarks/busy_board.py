"""A made-up board of any size, for timing: items that wait, are worked on in two columns, are reviewed, and are done. The same seed gives the same board."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.project import Project, ProjectInfo, trusted
from pmo_lib.tables import Items, Statuses, Transitions, findings_frame

COLUMNS = (("Backlog", "to_do"), ("In progress", "in_progress"), ("Review", "in_progress"), ("Test", "in_progress"), ("Done", "done"))
DAY = 86_400_000_000  # microseconds
END = datetime(2026, 11, 30, 18)


def board(items: int, seed: int = 2026, years: float = 6.0) -> Project:
    """A board whose items came over that many years; the latest are not all finished. Four moves or so an item."""
    rng = np.random.default_rng(seed)
    now = int(np.datetime64(END, "us").astype(np.int64))
    created = np.sort(now - (rng.random(items) * years * 365 * DAY).astype(np.int64))
    waits = (rng.lognormal((2.6, 0.6, 0.0, 0.2), (1.0, 1.0, 0.8, 0.9), (items, 4)) * DAY).astype(np.int64)  # in each column but the last
    reached = np.column_stack([created, created[:, None] + np.cumsum(waits, axis=1)])
    came = reached <= now
    place = came.sum(axis=1) - 1
    keys = pl.Series([f"BUSY-{k + 1}" for k in range(items)])
    names, categories = (pl.Series(list(one)) for one in zip(*COLUMNS, strict=True))
    return trusted(
        ProjectInfo(key="BUSY", name="Busy board", source="generated", data_date=END),
        {"items": _items(keys, created, reached[np.arange(items), place], place, names, categories, rng), "transitions": _moves(keys, reached, came, names),
         "statuses": _statuses()},
        findings_frame(),
    )  # fmt: skip


def _items(
    keys: pl.Series, created: np.ndarray, updated: np.ndarray, place: np.ndarray, names: pl.Series, categories: pl.Series, rng: np.random.Generator
) -> pl.DataFrame:
    kinds = pl.Series(["Story", "Story", "Bug", "Task"])
    told = {
        "item": keys, "name": keys, "type": kinds.gather(rng.integers(0, 4, len(keys))), "status": names.gather(place),
        "category": categories.gather(place), "created": _instants(created), "updated": _instants(updated),
    }  # fmt: skip
    return pl.DataFrame(told).select(_column(name, kind, name in told) for name, kind in Items.create_empty().schema.items())


def _column(name: str, kind: pl.DataType, told: bool) -> pl.Expr:
    if told:
        return pl.col(name).cast(kind)
    value = pl.lit([], kind) if isinstance(kind, pl.List) else pl.lit("item" if name == "level" else None, kind)
    return value.alias(name)


def _moves(keys: pl.Series, reached: np.ndarray, came: np.ndarray, names: pl.Series) -> pl.DataFrame:
    item, to = np.nonzero(came)
    moves = pl.DataFrame({"item": keys.gather(item), "at": _instants(reached[came]), "before": names.gather(np.maximum(to - 1, 0)), "after": names.gather(to)})
    first = pl.Series(to == 0)
    schema = Transitions.create_empty().schema
    moves = moves.with_columns(before=pl.when(first).then(None).otherwise("before"), author=pl.lit(None, pl.String), uid=pl.lit(None, pl.String))
    return moves.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort("at", maintain_order=True)


def _statuses() -> pl.DataFrame:
    rows = [{"status": name, "category": category, "column": name, "position": k} for k, (name, category) in enumerate(COLUMNS)]
    return pl.DataFrame(rows, schema=dict(Statuses.create_empty().schema))


def _instants(values: np.ndarray) -> pl.Series:
    return pl.Series(values).cast(pl.Datetime("us", "UTC"))
