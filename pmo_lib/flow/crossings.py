"""Every counted item's way over the board, in one pass: when it crossed into each column. All other measures of flow read this.

Columns stand in the board's order. Up to the one in which work begins, an item's *first* crossing counts, since a clock that runs is not stopped by
going back; after it the *last*, so that an item which left done is not done. An item that skips columns crosses them all at once. The lines of a cumulative
flow diagram made of these crossings never fall.

Source: the Kanban Guide; Vacanti, Actionable Agile Metrics for Predictability.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from pmo_lib.compiled import kernel
from pmo_lib.errors import InvalidInput
from pmo_lib.flow.coding import Moves, at_once, coded, rows_of, threads
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
    moves: Moves

    @property
    def codes(self) -> np.ndarray:
        """[transitions] int32: of which row of `items`; transitions stand in order of time."""
        return self.moves.every()[0]

    @property
    def moments(self) -> np.ndarray:
        """[transitions] int64: when."""
        return self.moves.every()[1]

    @property
    def after(self) -> np.ndarray:
        """[transitions] int16: to which of `statuses`."""
        return self.moves.every()[2]

    @property
    def now(self) -> int:
        """`at` as the other instants are."""
        return int(np.datetime64(self.at, "us").astype(np.int64))

    @property
    def today(self) -> int:
        """The day of `at`."""
        return int(self.day(np.array([self.now]))[0])

    @property
    def seen_on(self) -> date:
        """The day on which the board was looked at, in its own time zone."""
        return EPOCH + timedelta(days=self.today)

    @property
    def born(self) -> np.ndarray:
        """When each item was asked for [items] int64; `NEVER` where the source does not tell."""
        return self.items["created"].to_physical().fill_null(NEVER).to_numpy()

    def day(self, instants: np.ndarray) -> np.ndarray:
        """Days since 1970 in the board's time zone; `NEVER` stays."""
        return dayed(instants, _shifts(np.where(instants == NEVER, 0, instants), self.rules.zone))


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
    told, after = _told(every, transitions, board.tables.get("statuses"))
    columns, place = _columns(told if rules.done else _with_an_end(told))
    begin, end = _named(columns, rules.started, 1), _named(columns, rules.done, 2)
    if begin > end or (begin == end and rules.started is not None):
        raise InvalidInput(f"work begins in {columns[begin][0]!r}, which does not stand before {columns[end][0]!r}, where it is done; correct the rules")
    until = at or _last(every, transitions)
    rules = rules if rules.level else replace(rules, level=guessed_level(board))
    items = _counted(every, transitions, rules, until)
    places, names = np.array(list(place.values()), np.int32), pl.Series(list(place), dtype=pl.String)
    first = coded(items["item"], transitions, after, until)
    crossed, column, moved = _walked(*first, places, items.height, len(columns), min(begin, end - 1))
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
        ignored=transitions.height - first[0].size,
        statuses=tuple(place),
        place=places,
        moves=Moves(lambda: coded(items["item"], transitions, _after(transitions, names), until), first),
    )


@kernel
def dayed(instants, shifts):
    """Days since 1970 of instants that are shifted each, or all alike; `NEVER` stays."""
    days = np.empty(instants.size, np.int64)
    for row in range(instants.size):
        one = instants[row]
        days[row] = NEVER if one == NEVER else (one + shifts[row if shifts.size > 1 else 0]) // DAY
    return days


def _walked(
    codes: np.ndarray, moments: np.ndarray, after: np.ndarray, place: np.ndarray, items: int, columns: int, begin: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each item crossed into each column, where it stands, since when; a part of the items on each core."""
    crossed, column, moved = np.full((columns, items), NEVER, np.int64), np.full(items, -1, np.int32), np.full(items, NEVER, np.int64)
    bounds = np.linspace(0, items, threads(codes.size) + 1).astype(np.int64)
    at_once(lambda part: walked(codes, moments, after, place, crossed, column, moved, begin, *part), list(pairwise(bounds)))
    return crossed, column, moved


@kernel
def walked(codes, moments, after, place, crossed, column, moved, begin, first, last):
    """Rows in order of time: `codes` item, `moments` instant, `after` status, whose column is in `place`. Writes, of the items from `first` to before
    `last`, when each crossed into each column, where it stands, since when."""
    for row in range(codes.size):
        item = codes[row]
        if item < first or item >= last:
            continue
        now, then = place[after[row]], moments[row]
        was = column[item]
        if now == was:
            continue
        for c in range(was + 1, now + 1):
            if c > begin or crossed[c, item] == NEVER:
                crossed[c, item] = then
        for c in range(max(now, begin) + 1, was + 1):
            crossed[c, item] = NEVER
        column[item], moved[item] = now, then


Told = dict[str, tuple[str, str, int | None]]


def _told(items: pl.DataFrame, transitions: pl.DataFrame, statuses: pl.DataFrame | None) -> tuple[Told, np.ndarray]:
    """Every status with its category, column and position; and which of them each transition leads to."""
    seen = items.select("status", "category").unique(maintain_order=True).cast(pl.String).iter_rows()
    told: Told = {status: (category, status, None) for status, category in seen}
    if statuses is not None:
        rows = statuses.select("status", pl.col("category").cast(pl.String), "column", "position").iter_rows()
        told |= {status: (category, column or status, position) for status, category, column, position in rows}
    after = _after(transitions, pl.Series(list(told), dtype=pl.String))
    if (after < 0).any():
        strange = transitions["after"].filter(pl.Series(after < 0)).unique(maintain_order=True)
        told |= {status: ("in_progress", status, None) for status in strange}  # gone from the workflow; the source no longer says what it was
        after = _after(transitions, pl.Series(list(told), dtype=pl.String))
    return told, after


def _after(transitions: pl.DataFrame, statuses: pl.Series) -> np.ndarray:
    """To which of the statuses each transition leads [int16]; -1: to none of them."""
    return rows_of(transitions["after"], statuses).astype(np.int16)


def _with_an_end(told: Told) -> Told:
    """The statuses, and one that counts as done where the source tells of none, as on a young board: what is in progress is not finished by default."""
    if any(category == "done" for category, _, _ in told.values()):
        return told
    name = next(name for name in ("Done", "Finished", "Completed", "The end") if name not in {*told, *(column for _, column, _ in told.values())})
    return told | {name: ("done", name, None)}


def _columns(told: Told) -> tuple[list[tuple[str, int]], dict[str, int]]:
    """The board's columns with their category, from the left, and each status's column. A status on no column is one of its own, by its category."""
    order: dict[str, tuple[int, int]] = {}
    for number, (category, column, position) in enumerate(told.values()):
        key = CATEGORY[category], position if position is not None else len(told) + number
        order[column] = min(order.get(column, key), key) if category != "done" else max(order.get(column, key), key)
    columns = sorted(order, key=order.__getitem__)
    place = {name: i for i, name in enumerate(columns)}
    return [(name, order[name][0]) for name in columns], {status: place[column] for status, (_, column, _) in told.items()}


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


def _counted(items: pl.DataFrame, transitions: pl.DataFrame, rules: FlowRules, until: datetime) -> pl.DataFrame:
    told = items["created"].null_count() == 0
    every = told and items.select((pl.col("level") == rules.level).all() & (pl.col("created").dt.replace_time_zone(None).max() <= until)).item()
    known = pl.col("created").dt.replace_time_zone(None) <= until
    if not told:  # an item whose creation is not told is known by its first change; an open one without any is taken to have been there
        moved = transitions.filter(pl.col("at").dt.replace_time_zone(None) <= until)["item"].unique()
        untold = pl.col("item").is_in(moved.implode()) | (pl.col("category").cast(pl.String) != "done")
        known = pl.when(pl.col("created").is_null()).then(untold).otherwise(known)
    kept = items if every else items.filter(pl.col("level") == rules.level, known)
    return kept if rules.types is None else kept.filter(pl.col("type").is_in(rules.types))


def _cancelled(items: pl.DataFrame, rules: FlowRules) -> np.ndarray:
    words = {word.casefold() for word in rules.cancelled}
    found = np.zeros(items.height, bool)
    for name in ("status", "resolution"):
        said = [value for value in items[name].unique() if value is not None and value.casefold() in words]
        if said:
            found |= items[name].is_in(said).fill_null(value=False).to_numpy()
    return found


def _shifts(instants: np.ndarray, zone: str) -> np.ndarray:
    """What is added to UTC to read the zone's own clock, in microseconds."""
    if zone == "UTC" or not instants.size:
        return np.zeros(1, np.int64)
    local = pl.Series(instants).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(str(ZoneInfo(zone))).dt.replace_time_zone(None)
    return local.dt.timestamp("us").to_numpy() - instants
