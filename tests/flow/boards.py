"""Boards made by hand, for tests: an item's way told as (day, status)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from pmo_lib.project import Project, ProjectInfo
from pmo_lib.tables import ItemChanges, Items, Sprints, Statuses, Transitions

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORY = {"To Do": "to_do", "Doing": "in_progress", "Review": "in_progress", "Done": "done"}
Way = Sequence[tuple[float, str]]
Change = tuple[float, str, str | None, str | None]  # day, field, before, after


def moment(day: float) -> datetime:
    """Day 1 is 1 January 2026."""
    return EPOCH + timedelta(days=day - 1)


def board(
    ways: Mapping[str, Way],
    *,
    changes: Mapping[str, Sequence[Change]] | None = None,
    boxes: Mapping[str, tuple[float | None, float | None, float | None]] | None = None,
    limits: Mapping[str, int] | None = None,
    **columns: Mapping[str, object],
) -> Project:
    """Items by name, each with its statuses from its creation on; `boxes` are sprints: start, finish, completed. `columns` gives further columns of items."""
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
    statuses = [
        {"status": status, "category": category, "column": status, "position": i, "limit": (limits or {}).get(status)}
        for i, (status, category) in enumerate(CATEGORY.items())
    ]
    fields = [
        {"item": item, "at": moment(day), "field": field, "before": before, "after": after}
        for item, rows in (changes or {}).items()
        for day, field, before, after in rows
    ]
    timed = [
        {"sprint": key, "name": f"Sprint {key}", "state": "closed" if days[2] else "active" if days[0] else "future"}
        | {name: moment(day) if day else None for name, day in zip(("start", "finish", "completed"), days, strict=True)}
        for key, days in (boxes or {}).items()
    ]
    tables = {
        "items": Items.validate(pl.DataFrame(items, schema=dict(Items.create_empty().schema))),
        "transitions": Transitions.validate(pl.DataFrame(moves, schema=dict(Transitions.create_empty().schema)).sort("at", maintain_order=True)),
        "statuses": Statuses.validate(pl.DataFrame(statuses, schema=dict(Statuses.create_empty().schema))),
        "item_changes": ItemChanges.validate(pl.DataFrame(fields, schema=dict(ItemChanges.create_empty().schema)).sort("at", maintain_order=True)),
        "sprints": Sprints.validate(pl.DataFrame(timed, schema=dict(Sprints.create_empty().schema))),
    }
    return Project(ProjectInfo(key="BOARD", name="Board", source="by_hand"), tables)


def busy_board(weeks: int = 40, *, open_items: int = 30, key: str = "WEB") -> Project:
    """A board of three epics on which some five items a week are finished, and `open_items` are left: the same one each time."""
    rng = np.random.default_rng(11)
    ways: dict[str, Way] = {}
    epic: dict[str, object] = {}
    for week in range(weeks):
        for _ in range(rng.poisson(5)):
            name, end = f"{key}-{len(ways) + 10}", 7 * week + rng.uniform(12, 19)
            begun = end - rng.exponential(6)
            ways[name] = [(max(begun - rng.exponential(9), 1), "To Do"), (max(begun, 1.1), "Doing"), (end - 0.3, "Review"), (end, "Done")]
            epic[name] = f"{key}-{rng.integers(1, 4)}"
    for left in range(open_items):
        name = f"{key}-{len(ways) + 10}"
        ways[name] = [(7 * weeks, "To Do"), *([(7 * weeks + 6, "Doing")] if left % 5 == 0 else [])]
        epic[name] = None if left % 10 == 9 else f"{key}-{1 + left % 3}"
    levels: dict[str, object] = {}
    for number in (1, 2, 3):
        name = f"{key}-{number}"
        ways[name], levels[name] = [(1, "To Do"), (2, "Doing")], "epic"
    made = board(ways, epic=epic, level=levels, type=dict.fromkeys(levels, "Epic"))
    return Project(replace(made.info, key=key, name="Web shop"), dict(made.tables))
