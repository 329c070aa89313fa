"""What a report consists of, whatever it is rendered to: a head, sections of cards, and in the cards sentences, tables and figures.

A part shows itself in a notebook, and carries itself there as data, from which the PDF is set: both say the same.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

MIME = "application/vnd.pmo.report+json"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a paragraph; a `note` is set smaller, in the colour of captions."""

    text: str
    note: bool = False
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell; `glyph` is a status (`on_track`, `at_risk`, `off_track`, `no_data`) or `watermelon`."""

    text: str
    strong: bool = False
    quiet: bool = False
    glyph: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; `share` is its part of the width."""

    title: str
    align: Literal["left", "right"] = "left"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[Column]
    rows: list[list[Cell]]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG without text, script or reference; `label` is what a screen reader says."""

    svg: str
    label: str
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and their values, as in the provenance."""

    pairs: list[tuple[str, str]]
    kind: Literal["facts"] = "facts"


Block = Text | Table | Figure | Facts


@dataclass(frozen=True, slots=True)
class Card:
    """A titled part of a section; `width` in twelfths of the page. The title is the finding, the subtitle says what is measured."""

    title: str
    blocks: list[Block]
    subtitle: str | None = None
    width: int = 12


@dataclass(frozen=True, slots=True)
class Kpi:
    label: str
    value: str
    note: str = ""
    small: str = ""  # beside the value, as the sampling error
    glyph: str | None = None


class Part:
    """What a notebook cell shows."""

    __slots__ = ()
    part = ""

    def data(self) -> dict[str, Any]:
        return {"part": self.part, **asdict(self)}  # type: ignore[call-overload]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from pmo_lib.reports import html

        data = self.data()
        return {"text/html": html.styled(html.fragment(data)), "text/plain": repr(self), MIME: data}


@dataclass(frozen=True, slots=True, repr=False)
class Head(Part):
    """The report's answer: its sentence, what supports it, and the figures."""

    key: str
    report: str
    title: str
    lead: str
    line: list[str]  # where the project belongs: portfolio, programme, project
    dated: str  # the folder of this status date: ISO date, or `undated`
    kpis: list[Kpi]
    notes: list[str]
    foot: list[str]
    part = "head"

    def __repr__(self) -> str:
        return f"{self.title}. {self.lead}"


@dataclass(frozen=True, slots=True, repr=False)
class Section(Part):
    name: str
    label: str
    cards: list[Card]
    part = "section"

    def __repr__(self) -> str:
        return f"{self.label}: " + " ".join(f"{card.title}." for card in self.cards)


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A report: `head`, and sections by name."""

    head: Head
    sections: dict[str, Section] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Section:
        return self.sections[name]

    def __repr__(self) -> str:
        return f"<report {self.head.report} of {self.head.key}: {', '.join(self.sections)}>"

    def data(self) -> list[dict[str, Any]]:
        """All parts as data, in order."""
        return [self.head.data(), *(section.data() for section in self.sections.values())]


def dated(data_date: datetime | None) -> str:
    """The name of a status date's folder."""
    return "undated" if data_date is None else data_date.date().isoformat()
