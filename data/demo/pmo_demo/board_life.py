"""PORTAL's board lives day by day: who picks up what, where it waits, what goes back.

Plain arithmetic on a seeded generator, so that it comes out alike everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

Clock = Callable[[], datetime]
BEGIN, END = datetime(2026, 2, 2), datetime(2026, 11, 30)
BACKLOG, SELECTED, DOING, REVIEW, TEST, DONE = "Backlog", "Selected", "In progress", "Code review", "Test", "Done"
AHEAD = 84  # items that are known before the first day
SLOWER = datetime(2026, 8, 3)  # one of two reviewers leaves
TIDIED = datetime(2026, 9, 30, 16)  # half of what waits in test is closed in one go
DEVELOPERS = ("Asha Rao", "Ben Carver", "Chloe Munro", "Dai Prosser", "Ewa Lis")
REVIEWERS, TESTERS = ("Farid Aziz", "Grace Teo"), ("Hal Osei",)
EPICS = ("Sign-in and accounts", "Bills and payments", "Meter readings", "Leaks and outages")
PARTS = ("form", "confirmation page", "e-mail", "letter template", "error message", "audit entry", "search", "export", "help text", "reminder")
VERBS = {"Story": "Customer sees the {} for {}", "Bug": "Wrong {} in {}", "Task": "Prepare the {} for {}"}


@dataclass(slots=True)
class Move:
    """A change of status."""

    at: datetime
    before: str
    after: str
    author: str


@dataclass(slots=True)
class Item:
    """An item of work and its way so far. Days are working days."""

    number: int
    name: str
    kind: str  # Story, Bug, Task
    epic: int
    created: datetime
    points: int
    work: float  # days of development that are left
    moves: list[Move] = field(default_factory=list)
    sprints: list[tuple[datetime, int]] = field(default_factory=list)  # when it came into which
    flagged: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    dropped: datetime | None = None
    owner: str | None = None
    forgotten: bool = False  # begun, and never looked at again

    def move(self, at: datetime, after: str, author: str) -> None:
        """To another status, some time after the last change."""
        last = self.moves[-1].at if self.moves else self.created
        self.moves.append(Move(max(at, last + timedelta(minutes=20)), self.status, after, author))

    @property
    def status(self) -> str:
        return self.moves[-1].after if self.moves else BACKLOG


def lived(seed: int) -> list[Item]:
    """Every item of the board as it stood on the last day."""
    chance = Random(f"{seed}/board/PORTAL")
    items = [_asked(chance, k, BEGIN - timedelta(days=3 + 40 * chance.random())) for k in range(AHEAD)]
    items.sort(key=lambda item: item.created)
    day, number = BEGIN, 0
    while day <= END:
        if day.weekday() < 5:
            if (day - BEGIN).days % 14 == 0:
                number += 1
                _plan(items, day, number)
            _day(items, day, number, chance)
        day += timedelta(days=1)
    for number, item in enumerate(items, start=1):
        item.number = number
    return items


def _asked(chance: Random, number: int, at: datetime) -> Item:
    kind = ("Story", "Story", "Bug", "Task", "Bug")[int(chance.random() * 5)]
    epic = int(chance.random() * len(EPICS))
    name = VERBS[kind].format(PARTS[int(chance.random() * len(PARTS))], EPICS[epic].lower())
    points = (1, 2, 3, 5, 8)[int(chance.random() * chance.random() * 5)]
    return Item(number, name, kind, epic, at.replace(hour=9 + int(chance.random() * 8), minute=int(chance.random() * 60), second=0, microsecond=0), points,
                0.4 + points * (0.35 + 0.9 * chance.random()))  # fmt: skip


def _plan(items: list[Item], day: datetime, number: int) -> None:
    """What is under way goes into the sprint, and the oldest of the backlog besides."""
    at = day.replace(hour=9, minute=30)
    going = [item for item in items if item.status in (SELECTED, DOING, REVIEW, TEST) and not item.dropped]
    waiting = [item for item in items if item.status == BACKLOG and not item.dropped][: max(18 - len(going), 5)]
    for item in waiting:
        item.move(at, SELECTED, "Ines Roy")
    for item in going + waiting:
        item.sprints.append((at, number))


def _day(items: list[Item], day: datetime, sprint: int, chance: Random) -> None:
    def clock() -> datetime:
        return day.replace(hour=9 + int(chance.random() * 8), minute=int(chance.random() * 60))

    for _ in range(int(chance.random() * 3.2)):
        items.append(_asked(chance, len(items), day))
    open_ = [item for item in items if not item.dropped and not item.forgotten]
    _test([item for item in open_ if item.status == TEST], clock, chance)
    _review([item for item in open_ if item.status == REVIEW], clock, 1.9 if day < SLOWER else 1.25, chance)
    _develop(open_, clock, sprint, chance)
    for item in open_:
        if item.status in (BACKLOG, SELECTED) and chance.random() < 0.0016:
            item.move(clock(), DONE, "Ines Roy")
            item.dropped = item.moves[-1].at
    if day.date() == TIDIED.date():
        for item in [item for item in open_ if item.status == TEST] + [item for item in open_ if item.status == REVIEW][:6]:
            item.move(TIDIED, DONE, "Ines Roy")


def _develop(open_: list[Item], clock: Clock, sprint: int, chance: Random) -> None:
    busy = [item for item in open_ if item.status == DOING]
    for item in busy:
        if item.flagged and item.flagged[-1][1] is None:
            if chance.random() < 0.25:
                item.flagged[-1] = (item.flagged[-1][0], clock())
            continue
        item.work -= 1
        if item.work <= 0:
            after = DONE if chance.random() < 0.03 else REVIEW  # a few go past review and test
            item.move(clock(), after, item.owner or "")
        elif chance.random() < 0.02:
            item.flagged.append((clock(), None))
        elif chance.random() < 0.004:
            item.forgotten = True
    free = 8 - len([item for item in open_ if item.status == DOING and not item.forgotten])
    chosen = [item for item in open_ if item.status == SELECTED]
    if len(chosen) < free and chance.random() < 0.5:  # the sprint has run dry: the next of the backlog comes in
        late = [item for item in open_ if item.status == BACKLOG and not item.dropped][:1]
        for item in late:
            item.move(clock(), SELECTED, "Ines Roy")
            item.sprints.append((item.moves[-1].at, sprint))
        chosen += late
    for item in chosen[: max(free, 0)]:
        item.owner = DEVELOPERS[int(chance.random() * len(DEVELOPERS))]
        item.move(clock(), DOING, item.owner)


def _review(queue: list[Item], clock: Clock, capacity: float, chance: Random) -> None:
    for item in sorted(queue, key=lambda one: one.moves[-1].at)[: int(capacity + chance.random())]:
        back = chance.random() < 0.12
        item.work = 0.5 + chance.random() if back else 0
        item.move(clock(), DOING if back else TEST, REVIEWERS[int(chance.random() * len(REVIEWERS))])


def _test(queue: list[Item], clock: Clock, chance: Random) -> None:
    for item in sorted(queue, key=lambda one: one.moves[-1].at)[: int(1.3 + chance.random())]:
        back = chance.random() < 0.08
        item.work = 0.5 + 1.5 * chance.random() if back else 0
        item.move(clock(), DOING if back else DONE, TESTERS[0])
