"""What counts as begun, done and cancelled, at which level, by which clock: configuration, with a guess that can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from pmo_lib.errors import InvalidInput

Level = Literal["portfolio", "epic", "item", "subtask"]
BLOCKED = ("blocked", "impeded", "impediment", "on hold")
CANCELLED = (
    "abandoned", "canceled", "cancelled", "cannot reproduce", "declined", "duplicate", "incomplete", "invalid", "not a bug", "obsolete", "rejected",
    "removed", "won't do", "won't fix", "wontfix", "withdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRules:
    """The rules of one board.

    `started` and `done` name board columns (or statuses that are on none); None takes the source's own categories: work begins with the first column
    of category in_progress and ends with the first of category done. `cancelled` are statuses or resolutions, in any case; `waiting` and `blocked` are
    statuses or columns, in any case.
    """

    level: Level | None = None  # None: that of stories and tasks, unless the board is of another (`flow.levels` shows it)
    types: tuple[str, ...] | None = None  # None: every type of that level
    started: str | None = None
    done: str | None = None
    cancelled: tuple[str, ...] = CANCELLED
    waiting: tuple[str, ...] | None = None  # statuses in which an item waits; None: not told, so there is no flow efficiency
    blocked: tuple[str, ...] = BLOCKED  # statuses in which it is blocked, besides the source's own mark
    zone: str = "UTC"  # whose days are counted
    days: Literal["inclusive", "elapsed"] = "inclusive"  # finish day - start day + 1, or hours / 24

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise InvalidInput(f"{self.zone!r} is no time zone; use a name such as Europe/Berlin or UTC") from None
        if self.days not in ("inclusive", "elapsed"):
            raise InvalidInput(f"days is 'inclusive' or 'elapsed', and is {self.days!r}")
