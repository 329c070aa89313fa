"""Where a plan's ids lead: which row an activity is, and which rows a relationship joins.

A Project's tables name things by text. Finding them costs more than scheduling, and one plan is scheduled many times, so the last few plans' are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pmo_lib.project import Project
from pmo_lib.tables import Relationships


@dataclass(frozen=True, slots=True)
class Index:
    """Rows of the table of activities, by id; the relationships' ends as such rows, -1 where there is none; the activities' calendars as numbers."""

    row: Mapping[str, int]
    predecessor: np.ndarray  # [relationships]
    successor: np.ndarray  # [relationships]
    calendars: list[str]  # the different keys, "" for none
    calendar: np.ndarray  # [activities] which of them


# frames and what was made of them: the frames are held, so that no other can take their place in memory
_remembered: deque[tuple[pl.DataFrame, pl.DataFrame | None, Index]] = deque(maxlen=4)


def index(plan: Project) -> Index:
    """The plan's index, made anew where its tables are others."""
    activities, relationships = plan.tables["activities"], plan.tables.get("relationships")
    for one, other, known in _remembered:
        if one is activities and other is relationships:
            return known
    made = _made(activities, Relationships.create_empty() if relationships is None else relationships)
    _remembered.append((activities, relationships, made))
    return made


def _made(activities: pl.DataFrame, relationships: pl.DataFrame) -> Index:
    row = {activity: i for i, activity in enumerate(activities["activity"].to_list())}
    ends = [np.array([row.get(name, -1) for name in relationships[end].to_list()], np.int64) for end in ("predecessor", "successor")]
    filled = activities["calendar"].fill_null("")
    keys = filled.unique(maintain_order=True).to_list()
    return Index(row, ends[0], ends[1], keys, filled.replace_strict(keys, range(len(keys)), return_dtype=pl.Int64).to_numpy())
