"""Pieces of cards that several sections share."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.office import Forecast
from pmo_lib.plots import words
from pmo_lib.reports.document import Block, Cell, Text

MOST = 12  # rows of a table in print; what is left out is said beneath


def day(at: datetime | None, strong: bool = False) -> Cell:
    return Cell(words.day(at), strong=strong, quiet=at is None)


def left_out(count: int, noun: str, most: int = MOST) -> list[Block]:
    left = count - most
    return [Text(f"{words.count(left, f'more {noun}')} not shown here.", note=True)] if left > 0 else []


def assumed(subtitle: str, forecast: Forecast) -> str:
    """The subtitle of a card that shows a forecast, which says where its ranges are assumed; the report's head says by which rule."""
    return f"{subtitle}. Indicative, ranges assumed" if forecast.indicative else subtitle
