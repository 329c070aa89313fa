"""The organisation's project list from Excel or CSV: key, name, programme, approved budget and finish, declared status and more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers import cells
from pmo_lib.readers.headers import PROJECT_HEADERS, guess_columns, project_fit
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import OLE, ZIP, Sheet, is_text, read_sheet
from pmo_lib.tables import part
from pmo_lib.tables.portfolio_results import Listing

STATUSES = {
    "on_track": "on track|on-track|ontrack|green|g|ok|good|grun|gruen|vert|im plan|auf kurs|en bonne voie",
    "at_risk": "at risk|at-risk|amber|yellow|a|y|warning|gelb|orange|amber/green|amber/red|gefahrdet|a risque",
    "off_track": "off track|off-track|offtrack|red|r|critical|late|rot|rouge|kritisch|en retard",
}
STATUS_OF = {spelt: status for status, words in STATUSES.items() for spelt in words.split("|")}
NO_STATUS = {"", "-", "na", "n/a", "none", "unknown", "not reported", "no data", "unbekannt"}
REMEDY = "correct the cell and import again"


def is_project_list(path: str | Path) -> bool:
    """Whether the file has a row of headers of a project list: a key or name of projects, and two more that only such a list has."""
    from pmo_lib.readers import READERS, door

    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(door.HEAD)
        if not (head.startswith((OLE, ZIP)) or is_text(head)) or door.admit(path) != READERS["activity_list"]:
            return False
        read_sheet(path, project_fit)
    except (UnreadableFile, OSError):
        return False
    return True


def read_project_list(path: str | Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The list with the columns of `tables.portfolio_results.Listing`, and the findings: rows and values that were refused, with sheet and row.

    Raises `UnreadableFile` where no row has the headers of a project list, or none can be read.
    """
    path, notes = Path(path), Notes()
    sheet = read_sheet(path, project_fit)
    columns = guess_columns(sheet.headers, PROJECT_HEADERS)
    columns.setdefault("key", columns.get("name", ""))
    columns.setdefault("name", columns["key"])
    at = {name: sheet.headers.index(header) for name, header in columns.items()}
    rows = _rows(sheet, at, notes)
    frame, refused = part(Listing, rows, "project list")
    notes.extend(refused)
    if frame.is_empty():
        raise UnreadableFile(path.name, "no row of it can be read as a project", remedy="give each project a key")
    return frame, notes.frame()


def _rows(sheet: Sheet, at: dict[str, int], notes: Notes) -> list[dict[str, Any]]:
    def column(name: str) -> list[str]:
        return [line[at[name]] for _, line in sheet.rows if line[at[name]]] if name in at else []

    stated = cells.date_order(column("approved_finish"))
    order = stated if stated in ("dmy", "mdy") else None
    comma = cells.decimal_comma(column("approved_budget"))
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in sheet.rows:
        text = {name: line[index] for name, index in at.items()}
        place = sheet.place(number)
        if not text["key"]:
            if any(text.values()):
                notes.add("error", "project-without-key", place, "a row without a key was left out", REMEDY)
            continue
        if text["key"].casefold() in seen:
            notes.add("error", "project-twice", place, f"the key {text['key']} came before; this row was left out", REMEDY)
            continue
        seen.add(text["key"].casefold())
        rows.append(
            {
                **{name: text.get(name) or None for name in ("key", "programme", "portfolio", "manager", "sponsor", "phase", "file_pattern")},
                "name": text["name"] or text["key"],
                "milestones": "; ".join(filter(None, (piece.strip() for piece in re.split(r"[;\n]", text.get("milestones", ""))))) or None,
                "approved_budget": _budget(text.get("approved_budget", ""), comma, place, notes),
                "approved_finish": _finish(text.get("approved_finish", ""), order, place, notes),
                "declared": _status(text.get("declared", ""), place, notes),
            }
        )
    return rows


def _budget(text: str, comma: bool, place: str, notes: Notes) -> float | None:
    value = cells.number(text, comma) if text else None
    if text and (value is None or value < 0):
        notes.add("error", "number-unreadable", place, f"the approved budget is no amount: {text[:40]!r}", REMEDY)
        return None
    return value


def _finish(text: str, order: cells.DateOrder | None, place: str, notes: Notes) -> Any:
    if cells.plain(text) in NO_STATUS or cells.plain(text) == "tbc":
        return None
    if order is None and cells.is_ambiguous(text):
        notes.add(
            "error",
            "date-ambiguous",
            place,
            f"the approved finish can be day/month or month/day ({text[:20]}), and nothing in the column decides; it was left out",
            "write dates as 2026-03-31",
        )
        return None
    stated = cells.dated(text, order)
    if stated is None:
        notes.add("error", "date-unreadable", place, f"the approved finish is no date: {text[:40]!r}", REMEDY)
    return stated.at.date() if stated else None


def _status(text: str, place: str, notes: Notes) -> str | None:
    said = cells.plain(text)
    if said in NO_STATUS:
        return None
    if said not in STATUS_OF:
        notes.add(
            "warning", "status-unknown", place, f"the status {text[:40]!r} is none of on track, at risk, off track (green, amber, red); it was left out", REMEDY
        )
    return STATUS_OF.get(said)
