"""Boards made by hand, for tests: an item's way told as (day, status)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from pmo_lib.project import Project, ProjectInfo
from pmo_lib.tables import Items, Statuses, Transitions

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORY = {"To Do": "to_do", "Doing": "in_progress", "Review": "in_progress", "Done": "done"}
Way = Sequence[tuple[float, str]]


def moment(day: float) -> datetime:
    """Day 1 is 1 January 2026."""
    return EPOCH + timedelta(days=day - 1)


def board(ways: Mapping[str, Way], **columns: Mapping[str, object]) -> Project:
    """Items by name, each with its statuses from its creation on; `columns` gives further columns of items, by item."""
    items = [
        {
            "item": name,
            "name": name,
            "type": "Story",
            "level": "item",
            "status": way[-1][1],
            "category": CATEGORY[way[-1][1]],
            "created": moment(way[0][0]),
            "updated": moment(way[-1][0]),
            **{list_: [] for list_ in ("sprints", "versions", "components", "labels")},
            **{column: values[name] for column, values in columns.items() if name in values},
        }
        for name, way in ways.items()
    ]
    moves = [
        {"item": name, "at": moment(day), "before": way[i - 1][1] if i else None, "after": status}
        for name, way in ways.items()
        for i, (day, status) in enumerate(way)
    ]
    statuses = [{"status": status, "category": category, "column": status, "position": i} for i, (status, category) in enumerate(CATEGORY.items())]
    tables = {
        "items": Items.validate(pl.DataFrame(items, schema=dict(Items.create_empty().schema))),
        "transitions": Transitions.validate(pl.DataFrame(moves, schema=dict(Transitions.create_empty().schema)).sort("at", maintain_order=True)),
        "statuses": Statuses.validate(pl.DataFrame(statuses, schema=dict(Statuses.create_empty().schema))),
    }
    return Project(ProjectInfo(key="BOARD", name="Board", source="by_hand"), tables)
