"""Pieces of cards that several sections share."""

from __future__ import annotations

from datetime import datetime

from pmo_lib.office import Forecast
from pmo_lib.plots import words
from pmo_lib.reports import sentences
from pmo_lib.reports.document import Block, Cell, Text

MOST = 12  # rows of a table in print; what is left out is said beneath


def day(at: datetime | None, strong: bool = False) -> Cell:
    return Cell(words.day(at), strong=strong, quiet=at is None)


def left_out(count: int, noun: str, most: int = MOST) -> list[Block]:
    left = count - most
    return [Text(f"{words.count(left, f'more {noun}')} not shown here.", note=True)] if left > 0 else []


def assumed(forecast: Forecast) -> list[Block]:
    """The note that stands wherever a forecast from assumed ranges shows."""
    return [Text(sentences.sentence(forecast.indicative), note=True)] if forecast.indicative else []
