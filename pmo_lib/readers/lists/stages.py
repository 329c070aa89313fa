"""Lists with a column a stage of the work, which says when an item came to it: what flow tools exchange, as ActionableAgile's CSV and Excel files.

An id, a link, a name, then the stages from the left to the right, each cell a date, then whatever else is known of the item. Such a list tells the whole way
of an item over the board, so cycle times, ageing and cumulative flow follow. A stage without a date was skipped, or not reached yet. An item counts as
asked for when it came to its first stage; the last column is where it is done.

Source of the format: 55 Degrees, ActionableAgile Analytics, Uploading CSV or Excel Data.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.cells import DateOrder, plain
from pmo_lib.readers.jira.changes import APART
from pmo_lib.readers.jira.dates import dated, is_date, order_of
from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.headers import TABLE
from pmo_lib.readers.jira.payloads import board
from pmo_lib.readers.jira.statuses import usual_category
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.payloads import unicode
from pmo_lib.readers.sheets import Sheet, is_text, read_sheet

NAME = "stage_list"
VERSION = "stage_list/2"
RUNS_IN = "child"
FEWEST = 3  # stages of a list without the column Link; with it two will do
LOOKED_AT = 200  # [rows] that tell whether a column holds dates
HELD = {"type", "priority", "assignee", "resolution", "labels", "versions", "components", "parent"}  # what is kept of an item besides its way
NO_STAGE = {"updated", "due", "category_changed"}  # dates of lists of issues that are no stage
PLANNED = {"start", "start date", "finish", "finish date", "end", "end date", "duration", "predecessors", "planned start", "planned finish"}
MORE = {"version": "versions", "versions": "versions", "release": "versions", "releases": "versions"}  # headers that such lists have besides
KEYS = {"to_do": "new", "in_progress": "indeterminate", "done": "done"}
AGAIN = "correct it and export the list again"
Made = dict[str, Any]


def matches(head: bytes, path: Path) -> bool:
    """Whether its first line has an id, and columns of dates follow that are stages."""
    if not is_text(head):
        return False
    lines = unicode(head).decode("utf-8-sig", errors="replace").splitlines()
    rows = max(([row for row in csv.reader(io.StringIO("\n".join(lines[:LOOKED_AT])), delimiter=mark) if any(row)] for mark in ",;\t"), key=_width)
    return bool(rows) and stages(rows[0], rows[1:-1] or rows[1:]) is not None


def is_stage_list(path: Path) -> bool:
    """Whether a sheet of a workbook, which nobody opens outside the readers' process, is such a list."""
    try:
        sheet = _sheet(path)
    except UnreadableFile:
        return False
    return stages(sheet.headers, [line for _, line in sheet.rows]) is not None


def parse(path: Path) -> list[Project]:
    """The board. Raises `UnreadableFile`."""
    sheet = _sheet(path)
    found = stages(sheet.headers, [line for _, line in sheet.rows])
    if found is None:
        raise UnreadableFile(path.name, "it has no columns of dates that are stages of the work", remedy="put them after ID, Link and Name, in their order")
    reading = _Reading(path.name, sheet, found)
    issues = list(reading.issues())
    if not issues:
        raise UnreadableFile(path.name, "no row of it says when an item came to a stage", remedy=AGAIN)
    names = [sheet.headers[at] for at in found]
    listed = [{"id": name, "name": name, "statusCategory": {"key": KEYS[kind]}} for name, kind in zip(names, categories(names), strict=True)]
    columns = [{"name": name, "statuses": [{"id": name}]} for name in names]
    plan = board(
        {
            "issues": {"issues": issues, "names": reading.custom},
            "statuses": listed,
            "board-1-configuration": {"id": 1, "name": path.stem, "columnConfig": {"columns": columns}},
        },
        name=path.name,
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    info = replace(plan.info, key=path.stem, name=path.stem, source=NAME, file=path.name, content_hash=digest, reader=VERSION)
    return [Project(info, plan.tables, pl.concat([reading.notes.frame(), plan.findings]))]


def stages(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> range | None:
    """Which columns are the stages; None where it is no such list."""
    said = [plain(header) for header in headers]
    if len(said) < 1 + 2 or not ("ID" in headers[0] or said[0] in ("id", "key")):
        return None
    linked = said[1] in ("link", "url")
    begin = 1 + linked
    begin += begin < len(said) and bool({"name", "title", "summary", "description"} & set(said[begin].split()))
    end = begin
    for at in range(begin, len(said)):
        cells = [row[at] for row in rows[:LOOKED_AT] if at < len(row) and row[at].strip()]
        if not said[at] or said[at] in PLANNED or TABLE.get(said[at], ("",))[0] in NO_STAGE or not all(map(is_date, cells)):
            break
        if cells or usual_category(headers[at]) == "done":
            end = at + 1  # a column that nothing reached yet is one where another follows, or where its name is that of an end
    return range(begin, end) if end - begin >= (2 if linked else FEWEST) else None


def categories(names: Sequence[str]) -> list[str]:
    """What each stage counts as: the last is done; the first ones wait, as far as their names usually say so; between them is work."""
    found = ["in_progress"] * (len(names) - 1) + ["done"]
    for at, name in enumerate(names[:-1]):
        if usual_category(name) != "to_do":
            break
        found[at] = "to_do"
    return found


class _Reading:
    """The rows as issues with their histories, and what was noticed on the way."""

    def __init__(self, file: str, sheet: Sheet, found: range) -> None:
        self.sheet, self.notes, self._found = sheet, Notes(), found
        self._names = [sheet.headers[at] for at in found]
        self._order: DateOrder | None = order_of(file, (line[at] for _, line in sheet.rows for at in found if line[at]))
        self._named = next((at for at in range(1, found.start) if plain(sheet.headers[at]) not in ("link", "url")), None)
        said = {at: plain(sheet.headers[at]) for at in range(found.stop, len(sheet.headers)) if sheet.headers[at]}
        self._others = {at: TABLE.get(name, (MORE.get(name, ""),))[0] for at, name in said.items()}
        fields = FieldMap()
        fields.learn_names({f"customfield_{sheet.headers[at]}": sheet.headers[at] for at, role in self._others.items() if not role})
        self.custom = {key: fields.names[key] for keys in fields.ids.values() for key in keys}  # team, class of service, points and the like
        self._project = file.rpartition(".")[0] or file
        counted = ", ".join(f"{name} ({kind.replace('_', ' ')})" for name, kind in zip(self._names, categories(self._names), strict=True))
        self.notes.add("info", "stages", file, f"the stages and what they count as: {counted}", "where one is wrong, set started and done in the flow rules")
        unused = [sheet.headers[at] for at, role in self._others.items() if role not in HELD and sheet.headers[at] not in self.custom.values()]
        if unused:
            self.notes.add("info", "columns-unused", file, f"columns that a board does not need were left out: {', '.join(dict.fromkeys(unused))[:300]}")

    def issues(self) -> Iterator[Made]:
        seen: set[str] = set()
        for number, line in self.sheet.rows:
            place, key = self.sheet.place(number), line[0].strip()
            if not key or key in seen:
                code, message = ("key-twice", "a row whose id came before was left out") if key else ("item-without-key", "a row without an id was left out")
                self.notes.add("error", code, f"{place}, {key}" if key else place, message, AGAIN)
                continue
            seen.add(key)
            way = self._way(line, f"{place}, {key}")
            if way:
                yield self._issue(key, line, way)
            else:
                self.notes.add("error", "item-without-creation", f"{place}, {key}", "an item that came to no stage was left out", AGAIN)

    def _way(self, line: Sequence[str], place: str) -> list[tuple[str, datetime]]:
        """The stages that the item came to, with the moments, in the board's order; one whose date lies after a later stage's is told and left out."""
        told: list[tuple[str, datetime]] = []
        for name, at in zip(self._names, self._found, strict=True):
            if not line[at].strip():
                continue
            found = dated(line[at], self._order)
            if found is None:
                self.notes.add("error", "date-unreadable", f"{place}: {line[at][:40]!r}", f"the date of the stage {name!r} is no date and was left out", AGAIN)
                continue
            moment = found.at if found.timed else found.at.replace(hour=12)  # a day alone is that day in every zone
            while told and told[-1][1] > moment:
                late, _ = told.pop()
                message = "an item came to a stage before it left the one on its left; the date of the left one was left out"
                self.notes.add(
                    "error", "stages-backwards", f"{place}: {late!r} after {name!r}", message, "correct the dates: each stage follows the one before"
                )
            told.append((name, moment))
        return _one_after_the_other(told)

    def _issue(self, key: str, line: Sequence[str], way: list[tuple[str, datetime]]) -> Made:
        texts = {at: _texts(line[at]) for at in self._others}

        def first(role: str) -> str | None:
            return next((texts[at][0] for at, own in self._others.items() if own == role and texts[at]), None)

        def every(role: str) -> list[str]:
            return [text for at, own in self._others.items() if own == role for text in texts[at]]

        last = way[-1][0]
        moves = [_moved(f"{key}/{number}", before, after, at) for number, ((before, _), (after, at)) in enumerate(pairwise(way))]
        fields: Made = {
            "summary": (line[self._named] if self._named is not None else "") or key,
            "issuetype": {"name": first("type") or "Item"},
            "project": {"key": self._project, "name": self._project},
            "status": {"id": last, "name": last},
            "created": _written(way[0][1]),
            "updated": _written(way[-1][1]),
            "priority": first("priority"),
            "assignee": first("assignee"),
            "resolution": first("resolution"),
            "labels": every("labels"),
            "fixVersions": every("versions"),
            "components": every("components"),
            "parent": {"key": first("parent")} if first("parent") else None,
        }
        fields |= {f"customfield_{self.sheet.headers[at]}": texts[at][0] for at in self._others if texts[at] and self.sheet.headers[at] in self.custom.values()}
        return {"id": key, "key": key, "fields": fields, "changelog": {"histories": moves, "total": len(moves)}}


def _one_after_the_other(told: list[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """Stages of one day or minute a moment apart, since the item came to each of them."""
    found: list[tuple[str, datetime]] = []
    for name, moment in told:
        found.append((name, max(moment, found[-1][1] + APART) if found else moment))
    return found


def _moved(number: str, before: str, after: str, at: datetime) -> Made:
    change = {"field": "status", "fieldId": "status", "from": before, "fromString": before, "to": after, "toString": after}
    return {"id": number, "created": _written(at), "items": [change]}


def _written(at: datetime) -> str:
    return f"{at.isoformat()}+00:00"


def _texts(cell: str) -> list[str]:
    """The values of a cell: several stand in brackets, parted by semicolons, or are parted by bars."""
    inner = cell.strip().removeprefix("[").removesuffix("]")
    several = inner.split("|") if "|" in inner else inner.split(";") if cell.strip().startswith("[") else [inner]
    return [text.strip() for text in several if text.strip()]


def _sheet(path: Path) -> Sheet:
    return read_sheet(path, lambda row: len(row) if row and ("ID" in row[0] or plain(row[0]) in ("id", "key")) and all(row[:2]) else 0)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return len(rows[0]) if rows else 0
