"""Every counted item's way over the board, in one pass: when it crossed into each column. All other measures of flow read this.

Columns stand in the board's order. Up to the one in which work begins, an item's *first* crossing counts, since a clock that runs is not stopped by
going back; after it the *last*, so that an item which left done is not done. An item that skips columns crosses them all at once. The lines of a cumulative
flow diagram made of these crossings never fall.

Source: the Kanban Guide; Vacanti, Actionable Agile Metrics for Predictability.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from pmo_lib.compiled import kernel
from pmo_lib.errors import InvalidInput
from pmo_lib.flow.coding import coded
from pmo_lib.flow.counting import guessed_level
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project, table

NEVER = np.iinfo(np.int64).max
DAY = 86_400_000_000  # microseconds
EPOCH = date(1970, 1, 1)  # day 0
CATEGORY = {"to_do": 0, "in_progress": 1, "done": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a board's counted items did. Instants are microseconds since 1970, UTC; `NEVER` where it did not happen."""

    board: Project
    items: pl.DataFrame  # the counted rows of the table of items, in its order
    rules: FlowRules  # with the level that is counted, where it was left to a guess
    columns: tuple[str, ...]  # the board's, from the left
    started: int  # which column begins the clock
    done: int  # which ends it
    crossed: np.ndarray  # [columns, items] int64: when the item came to that column or beyond
    column: np.ndarray  # [items] int32: where it stands now; -1: it has no transitions
    moved: np.ndarray  # [items] int64: when it came to the column where it stands
    cancelled: np.ndarray  # [items] bool
    at: datetime  # naive UTC: when the board was looked at
    ignored: int  # transitions of items that are not counted
    statuses: tuple[str, ...]
    place: np.ndarray  # [statuses] int32: the column of each
    codes: np.ndarray  # [transitions] int32: of which row of `items`; transitions stand in order of time
    moments: np.ndarray  # [transitions] int64: when
    after: np.ndarray  # [transitions] int32: to which of `statuses`

    @property
    def now(self) -> int:
        """`at` as the other instants are."""
        return int(np.datetime64(self.at, "us").astype(np.int64))

    @property
    def today(self) -> int:
        """The day of `at`."""
        return int(self.day(np.array([self.now]))[0])

    def day(self, instants: np.ndarray) -> np.ndarray:
        """Days since 1970 in the board's time zone; `NEVER` stays."""
        never = instants == NEVER
        shift = _shifts(np.where(never, 0, instants), self.rules.zone)
        return np.where(never, NEVER, (np.where(never, 0, instants) + shift) // DAY)


def history(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> History:
    """The way of every counted item (`rules.level`, `rules.types`) as it stood at `at` (naive UTC; default: the snapshot's last moment).

    On a board without a column of work, where items are open or done and nothing else, no start is ever seen: `started` is then `done`.
    A `History` passes through, so that several measures share one pass. Raises `NotAvailable` for a project without items or transitions,
    `InvalidInput` for a rule that names no column of the board.
    """
    if isinstance(board, History):
        return board
    rules = rules or FlowRules()
    every = table(board, "items", "flow")
    transitions = table(board, "transitions", "flow")
    columns, place = _columns(every, transitions, board.tables.get("statuses"))
    begin, end = _named(columns, rules.started, 1), _named(columns, rules.done, 2)
    if begin > end or (begin == end and rules.started is not None):
        raise InvalidInput(f"work begins in {columns[begin][0]!r}, which does not stand before {columns[end][0]!r}, where it is done; correct the rules")
    until = at or _last(every, transitions)
    rules = rules if rules.level else replace(rules, level=guessed_level(board))
    items = _counted(every, rules, until)
    codes, moments, after = coded(items["item"], transitions, tuple(place), until)
    places = np.array(list(place.values()), np.int32)
    crossed, column, moved = walked(codes, moments, after, places, items.height, len(columns), min(begin, end - 1))
    return History(
        board=board,
        items=items,
        rules=rules,
        columns=tuple(name for name, _ in columns),
        started=begin,
        done=end,
        crossed=crossed,
        column=column,
        moved=moved,
        cancelled=_cancelled(items, rules),
        at=until,
        ignored=transitions.height - codes.size,
        statuses=tuple(place),
        place=places,
        codes=codes,
        moments=moments,
        after=after,
    )


@kernel
def walked(codes, moments, after, place, items, columns, begin):
    """Rows in order of time: `codes` item, `moments` instant, `after` status, whose column is in `place`. Gives when each item crossed into each column,
    where it stands, since when."""
    crossed = np.full((columns, items), NEVER, np.int64)
    column = np.full(items, -1, np.int32)
    moved = np.full(items, NEVER, np.int64)
    for row in range(codes.size):
        item, now, then = codes[row], place[after[row]], moments[row]
        was = column[item]
        if now == was:
            continue
        for c in range(was + 1, now + 1):
            if c > begin or crossed[c, item] == NEVER:
                crossed[c, item] = then
        for c in range(max(now, begin) + 1, was + 1):
            crossed[c, item] = NEVER
        column[item], moved[item] = now, then
    return crossed, column, moved


def _columns(items: pl.DataFrame, transitions: pl.DataFrame, statuses: pl.DataFrame | None) -> tuple[list[tuple[str, int]], dict[str, int]]:
    """The board's columns with their category, from the left, and each status's column. A status on no column is one of its own, by its category."""
    seen = dict(items.select("status", pl.col("category").cast(pl.String)).unique(maintain_order=True).iter_rows())
    told: dict[str, tuple[str, str, int | None]] = {status: (category, status, None) for status, category in seen.items()}
    if statuses is not None:
        rows = statuses.select("status", pl.col("category").cast(pl.String), "column", "position").iter_rows()
        told |= {status: (category, column or status, position) for status, category, column, position in rows}
    for status in transitions["after"].unique(maintain_order=True):
        told.setdefault(status, ("in_progress", status, None))  # gone from the workflow; the source no longer says what it was
    order: dict[str, tuple[int, int]] = {}
    for number, (category, column, position) in enumerate(told.values()):
        key = CATEGORY[category], position if position is not None else len(told) + number
        order[column] = min(order.get(column, key), key) if category != "done" else max(order.get(column, key), key)
    columns = sorted(order, key=order.__getitem__)
    place = {name: i for i, name in enumerate(columns)}
    places = {status: place[column] for status, (_, column, _) in told.items()}
    return [(name, order[name][0]) for name in columns], dict(sorted(places.items(), key=lambda one: one[1]))


def _named(columns: list[tuple[str, int]], name: str | None, category: int) -> int:
    if name is None:
        return next((i for i, (_, own) in enumerate(columns) if own >= category), len(columns) - 1)
    found = next((i for i, (own, _) in enumerate(columns) if own.casefold() == name.casefold()), None)
    if found is None:
        raise InvalidInput(f"the board has no column {name!r}; it has {', '.join(own for own, _ in columns)}")
    return found


def _last(items: pl.DataFrame, transitions: pl.DataFrame) -> datetime:
    moments = [items["created"].max(), items["updated"].max(), transitions["at"].max()]
    return max(when.replace(tzinfo=None) for when in moments if isinstance(when, datetime))


def _counted(items: pl.DataFrame, rules: FlowRules, until: datetime) -> pl.DataFrame:
    kept = items.filter(pl.col("level").cast(pl.String) == rules.level, pl.col("created").dt.replace_time_zone(None) <= until)
    return kept if rules.types is None else kept.filter(pl.col("type").is_in(rules.types))


def _cancelled(items: pl.DataFrame, rules: FlowRules) -> np.ndarray:
    words = [word.casefold() for word in rules.cancelled]
    found = items.select(pl.any_horizontal(pl.col(name).str.to_lowercase().is_in(words).fill_null(value=False) for name in ("status", "resolution")))
    return found.to_series().to_numpy()


def _shifts(instants: np.ndarray, zone: str) -> np.ndarray:
    """What is added to UTC to read the zone's own clock, in microseconds."""
    if zone == "UTC" or not instants.size:
        return np.zeros(1, np.int64)
    local = pl.Series(instants).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(str(ZoneInfo(zone))).dt.replace_time_zone(None)
    return local.dt.timestamp("us").to_numpy() - instants
