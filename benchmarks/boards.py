"""A made-up board of any size with the ways that real ones have: skipped columns, moves back, reopened and cancelled items. Same seed, same board."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pmo_lib.project import Project, ProjectInfo, trusted
from pmo_lib.tables import Items, Statuses, Transitions, findings_frame

COLUMNS = (("Backlog", "to_do"), ("Ready", "to_do"), ("Doing", "in_progress"), ("Review", "in_progress"), ("Test", "in_progress"), ("Done", "done"))
STARTED, DONE = 2, 5
DAY = 86_400_000_000  # microseconds
BEGIN, END = np.datetime64("2020-01-01", "us").astype(np.int64), np.datetime64("2026-01-01", "us").astype(np.int64)
MOST = 9  # moves of an item
PEOPLE, FIRST = 60, 4_000_000  # who move items, and the id of the first change


def board(items: int, seed: int = 2026) -> Project:
    """Some six moves an item, over six years; in order of time. One item in twenty is cancelled."""
    rng = np.random.default_rng(seed)
    created = BEGIN + np.sort(rng.integers(0, END - BEGIN, items))
    places, moments = _ways(created, rng)
    known = moments <= END
    item, step = np.nonzero(known & np.column_stack([np.ones(items, bool), places[:, 1:] != places[:, :-1]]))
    order = np.argsort(moments[item, step], kind="stable")
    item, step = item[order], step[order]
    keys = pl.Series("item", [f"WORK-{n + 1}" for n in range(items)], pl.String)
    names = pl.Series([name for name, _ in COLUMNS])
    after = places[item, step]
    before = np.where(step > 0, places[item, np.maximum(step - 1, 0)], 0)
    moves = pl.DataFrame({"item": keys.gather(item), "at": _instants(moments[item, step]), "after": names.gather(after)})
    by = pl.Series([f"Person number {n + 1}" for n in range(PEOPLE)])
    told_by = {"author": by.gather(item % PEOPLE), "uid": pl.int_range(FIRST, FIRST + item.size, eager=True).cast(pl.String)}
    moves = moves.with_columns(before=names.gather(before).set(pl.Series(step == 0), None), **told_by)
    last = known.sum(axis=1) - 1
    now, moved = places[np.arange(items), last], moments[np.arange(items), last]
    told = {"item": keys, "name": keys, "type": pl.Series(["Story", "Bug", "Task"]).gather(rng.integers(0, 3, items)), "status": names.gather(now)}
    told |= {"category": pl.Series([category for _, category in COLUMNS]).gather(now), "created": _instants(created), "updated": _instants(moved)}
    told["resolution"] = pl.Series(["Done", "Won't Do"]).gather((rng.random(items) < 0.05).astype(int)).set(pl.Series(now != DONE), None)
    statuses = [{"status": name, "category": category, "column": name, "position": n} for n, (name, category) in enumerate(COLUMNS)]
    tables = {
        "items": _filled(pl.DataFrame(told), Items),
        "transitions": _filled(moves, Transitions),
        "statuses": pl.DataFrame(statuses, schema=dict(Statuses.create_empty().schema)),
    }
    info = ProjectInfo(key="WORK", name="A board", source="generated", data_date=datetime(2026, 1, 1))
    return trusted(info, tables, findings_frame())


def _ways(created: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Place and moment of each move [items, moves]: mostly a column on, sometimes one back or two on; what is done stays so, as a rule."""
    items = created.size
    places, moments = np.zeros((items, MOST), np.int64), np.empty((items, MOST), np.int64)
    moments[:, 0] = created
    for step in range(1, MOST):
        before = places[:, step - 1]
        drawn = rng.random(items)
        change = np.where(drawn < 0.10, -1, np.where(drawn < 0.85, 1, 2))
        change = np.where((before == DONE) & (drawn > 0.03), 0, change)
        places[:, step] = np.clip(before + change, 0, DONE)
        moments[:, step] = moments[:, step - 1] + (rng.lognormal(1.0, 1.2, items) * DAY).astype(np.int64)
    return places, moments


def _instants(values: np.ndarray) -> pl.Series:
    return pl.Series(values.astype(np.int64)).cast(pl.Datetime("us", "UTC"))


def _filled(frame: pl.DataFrame, schema: type) -> pl.DataFrame:
    """The frame with the columns that it lacks, empty."""
    kinds = schema.create_empty().schema  # type: ignore[attr-defined]
    missing = {n: pl.lit([], kind) if isinstance(kind, pl.List) else pl.lit("item" if n == "level" else None, kind) for n, kind in kinds.items()}
    return frame.with_columns(**{n: one for n, one in missing.items() if n not in frame.columns}).select(pl.col(n).cast(kind) for n, kind in kinds.items())
