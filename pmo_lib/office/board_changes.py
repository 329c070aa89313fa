"""What became of a board since the snapshot before: how the number of items that are left came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import flow
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.flow import FlowRules, History

FRAME = "became"  # under which the store keeps the items


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChanges:
    """What became of each item between two snapshots of a board."""

    before: int  # items left then
    left: int  # items left now
    items: pl.DataFrame  # tables.flow_results.Became

    def count(self, change: str) -> int:
        """To how many items that happened."""
        return self.items.filter(pl.col("change").cast(pl.String) == change).height


def board_changes(older: Project, newer: Project | History, rules: FlowRules | None = None, *, left: int) -> BoardChanges:
    """What became of the items since `older`; `left` is how many are left on `newer`. Raises `NotAvailable` where either has no items or transitions."""
    items = flow.became(older, newer, rules)
    return BoardChanges(before=left - int(items["left"].sum()), left=left, items=items)


def kept_changes(made: BoardChanges | None) -> tuple[dict[str, Any] | None, dict[str, pl.DataFrame]]:
    """Payload and frames for the store."""
    if made is None:
        return None, {}
    return {"before": made.before, "left": made.left}, {FRAME: made.items}


def changes_from_kept(told: Mapping[str, Any] | None, frames: Mapping[str, pl.DataFrame]) -> BoardChanges | None:
    """The same again, from the store."""
    if told is None:
        return None
    return BoardChanges(before=told["before"], left=told["left"], items=frames[FRAME])
