"""A plan under authorship: works, their logic, their crews. Works change from month to month; a snapshot of them becomes a `Project`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from pmo_demo.hours import Hours, calendars

REFERENCE = re.compile(r"^(\S+?)(?: (FS|SS|FF|SF))?(?: ?([+-]\d+(?:\.\d+)?)d)?$")


@dataclass
class Link:
    predecessor: str
    type: str = "FS"
    lag: int = 0  # [working minutes], negative for a lead


@dataclass
class Resource:
    key: str
    code: str
    name: str
    kind: str  # labour, equipment, material
    rate: float  # [GBP per hour; material: per unit]
    units: float | None = None  # how many there are


@dataclass
class Demand:
    resource: str
    units: float  # [full-time equivalents; material: quantity]


@dataclass
class Work:
    id: str
    name: str
    wbs: str
    kind: str
    calendar: str
    minutes: int  # [working minutes] as planned
    remaining: int  # [working minutes]
    links: list[Link]
    demands: list[Demand]
    discipline: str
    constraint: str | None = None
    constraint_date: datetime | None = None
    deadline: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    spread: tuple[float, float] | None = None  # low and high of the duration, as factors; None: nobody estimated it

    @property
    def hours(self) -> Hours:
        return calendars()[self.calendar]

    @property
    def has_work(self) -> bool:
        return self.kind in ("task", "resource_dependent")


@dataclass
class Element:
    """One element of the work breakdown structure."""

    key: str
    parent: str | None
    code: str
    name: str
    level: int


@dataclass
class Draft:
    """One project under authorship. `uid` numbers MS Project's tasks, and its summaries take numbers from the same row."""

    key: str
    name: str
    code: str
    application: str  # p6, msp, other
    start: datetime
    manager: str
    resources: dict[str, Resource]
    works: dict[str, Work] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    must_finish: datetime | None = None
    calendar: str = "1"
    number: int = 0

    def __post_init__(self) -> None:
        self.elements.append(Element(self._next() if self.application == "msp" else "100", None, self.code, self.name, 0))

    def phase(self, name: str) -> None:
        """Begin a first-level element of the work breakdown structure; later works belong to it."""
        self._element(name, self.elements[0])

    def section(self, name: str) -> None:
        """Begin a second-level element below the current phase."""
        self._element(name, next(element for element in reversed(self.elements) if element.level == 1))

    def task(self, name: str, days: float, after: str = "", crew: str = "", on: str | None = None, discipline: str = "MGT", **more: object) -> str:
        """Add a work and return its id. `after` is MS Project's notation, separated by ';'; `crew` is 'CIV*6; CONC*120'."""
        calendar = on or self.calendar
        minutes = round(days * calendars()[calendar].day / 240) * 240
        kind = str(more.pop("kind", "task"))
        identity = self._next() if self.application == "msp" else f"{self.code}{1000 + 10 * len(self.works)}"
        links = [self.link(reference) for reference in after.split(";") if reference.strip()]
        demands = [Demand(*_demand(part)) for part in crew.split(";") if part.strip()]
        self.works[identity] = Work(identity, name, self.elements[-1].key, kind, calendar, minutes, minutes, links, demands, discipline, **more)  # type: ignore[arg-type]
        return identity

    def milestone(self, name: str, after: str = "", kind: str = "finish_milestone", **more: object) -> str:
        # MS Project has one kind of milestone, and it shows as the end of work
        return self.task(name, 0, after, kind="finish_milestone" if self.application == "msp" else kind, **more)  # type: ignore[arg-type]

    def link(self, reference: str) -> Link:
        matched = REFERENCE.match(reference.strip())
        if matched is None:
            raise ValueError(f"{reference!r} is no reference such as 'A1010 SS+2d'")
        identity, kind, days = matched.groups()
        # a lag counts on the office day whatever the calendar, as planners type it
        return Link(identity, kind or "FS", round(float(days or 0) * 480))

    def find(self, name: str) -> Work:
        """The work of that name."""
        return next(work for work in self.works.values() if work.name == name)

    def _element(self, name: str, parent: Element) -> None:
        siblings = sum(element.parent == parent.key for element in self.elements)
        code = f"{parent.code}.{siblings + 1}"
        key = self._next() if self.application == "msp" else str(100 + len(self.elements))
        self.elements.append(Element(key, parent.key, code, name, parent.level + 1))

    def _next(self) -> str:
        self.number += 1
        return str(self.number - 1)


def _demand(text: str) -> tuple[str, float]:
    resource, _, units = text.strip().partition("*")
    return resource, float(units or 1)
