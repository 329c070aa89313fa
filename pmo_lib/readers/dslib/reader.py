"""Project cards of the Dynamic Scheduling Library (OR-AS and Ghent University): one project as planned, and at each of its tracking periods.

A card is a workbook with the sheets *Baseline Schedule*, *Resources*, *Risk Analysis*, *Agenda*, one a tracking period, and *Tracking Overview*.
Every period comes as a project of the same key with that period's status date; the first is the plan as it stood before any work.

References: Batselier and Vanhoucke, International Journal of Project Management 33 (2015) 697-710.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from pmo_lib.by_hand import calendar_tables
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.building import tables_from
from pmo_lib.readers.dslib import network, tracking
from pmo_lib.readers.dslib.card import Card, card_of
from pmo_lib.readers.dslib.money import currency_of
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import ZIP

NAME = "dslib"
VERSION = "dslib/2"
RUNS_IN = "child"
SHEETS = ("Baseline Schedule", "Risk Analysis", "Agenda", "Tracking Overview")
NAMES_WITHIN = 256 * 1024  # [bytes] of the part that names the sheets
CALENDAR = "agenda"


def matches(head: bytes, path: Path) -> bool:
    """Whether it is an Excel workbook with a card's sheets."""
    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            told = part.read(NAMES_WITHIN)
    except (KeyError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return False
    return all(f'"{name}"'.encode() in told for name in SHEETS)


def parse(path: Path) -> list[Project]:
    """The project as planned, then at each tracking period in the order of their dates. Raises `UnreadableFile`."""
    notes = Notes()
    card = card_of(path, notes)
    planned = network.activities(card, notes)
    if not planned:
        raise UnreadableFile(path.name, "its baseline schedule holds no activity", remedy="export the card again")
    info = ProjectInfo(
        key=path.stem,
        name=card.name or path.stem,
        source=NAME,
        file=path.name,
        content_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
        reader=VERSION,
        planned_start=min(row["stored_start"] for row in planned),
        stored_finish=max(row["stored_finish"] for row in planned),
        calendar=CALENDAR,
        baseline="Baseline schedule of the card",
        options=card.options,
        currency=currency_of(path),
    )
    rows = network.rows(card, planned, notes)
    before = replace(info, data_date=info.planned_start, source_id="as planned")
    found = [_project(card, before, rows, planned, notes.copy())]
    for number, period in enumerate(card.periods, start=1):
        own = notes.copy()
        now = tracking.progressed(card, planned, period, own)
        at = replace(info, data_date=period.status, source_id=period.sheet, position=number, stored_finish=None)
        found.append(_project(card, at, {**rows, "custom_fields": tracking.told(info.key, period)}, now, own))
    return found


def _project(card: Card, info: ProjectInfo, rows: dict[str, list[dict[str, Any]]], activities: list[dict[str, Any]], notes: Notes) -> Project:
    own = {"activities": activities, **rows, "estimates": network.estimates(card, activities, notes)}
    public = {name: [{key: value for key, value in row.items() if not key.startswith("_")} for row in found] for name, found in own.items() if found}
    tables = {**tables_from(public, notes), **calendar_tables({CALENDAR: card.calendar})}
    return Project(info, {name: frame for name, frame in tables.items() if name == "activities" or frame.height}, notes.frame())
