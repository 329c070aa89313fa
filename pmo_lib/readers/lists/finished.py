"""Lists of finished items that say when each was finished, and little besides: bare dates one a line, or a column of them with the item.

Throughput, forecasts and back-tests follow from finish dates alone. When an item was asked for or begun does not, so nothing of it is made up: such items
have no creation, no cycle time and no lead time, and a finding says so. A row without a finish is an open item.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.jira import csv_export
from pmo_lib.readers.jira.dates import is_date
from pmo_lib.readers.jira.headers import finish_fit
from pmo_lib.readers.payloads import unicode
from pmo_lib.readers.sheets import Grid, Sheet, grids, is_text, read_sheet

NAME = "finish_list"
VERSION = "finish_list/2"
RUNS_IN = "child"
LOOKED_AT = 20  # [lines] of a file without headers
MOST = 3  # [cells] of a line without headers
HEADERS = "name the columns, as in: Item,Created,Finished"


def matches(head: bytes, path: Path) -> bool:
    """Whether a line near the top has the header of a finish date and not those of Jira's list, or the lines are dates."""
    text = unicode(head)
    if b"\x00" in text or text.lstrip().startswith((b"<", b"{", b"[", b"%", b"MPX")):
        return False
    lines = text.decode("utf-8", errors="replace").splitlines()[:-1] or text.decode("utf-8", errors="replace").splitlines()
    if is_text(head) and any(finish_fit(_cells(line, mark)) for line in lines[: csv_export.LINES] for mark in ",;\t" if mark in line):
        return True
    filled = [line for line in lines if line.strip()][:LOOKED_AT]
    return bool(filled) and (finish_fit([filled[0].strip()]) > 0 or _dates_at([_cut(line) for line in filled]) is not None)


def is_finish_list(path: Path) -> bool:
    """Whether a sheet of a workbook, which nobody opens outside the readers' process, has the header of a finish date or holds dates alone."""
    try:
        _sheet(path)
    except UnreadableFile:
        return False
    return True


def parse(path: Path) -> list[Project]:
    """The boards, one for each project that the list names. Raises `UnreadableFile`."""
    return [replace(plan, info=replace(plan.info, source=NAME, reader=VERSION)) for plan in csv_export.boards(path, _sheet(path), bare=True)]


def _sheet(path: Path) -> Sheet:
    """The list with headers, its own or those that its rows imply. Raises `UnreadableFile`."""
    try:
        return read_sheet(path, finish_fit)
    except UnreadableFile:
        name, rows, encoding = next(iter(grids(path)), ("", [], None))
    filled: Grid = [(number, row) for number, row in rows if any(row)]
    at = _dates_at([row for _, row in filled[:LOOKED_AT]])
    if at is None:
        raise UnreadableFile(path.name, "no row of it has headers that are known, and its rows are not dates alone", remedy=HEADERS)
    width = max(len(row) for _, row in filled)
    if len(at) > 1:
        raise UnreadableFile(path.name, f"each of its rows has {len(at)} dates, and no header says which is the finish", remedy=HEADERS)
    headers = ["Resolved" if column == at[0] else "Key" if column == _first_other(at[0], width) else "" for column in range(width)]
    return Sheet(name, headers, [(number, [*row, *[""] * (width - len(row))]) for number, row in filled], encoding)


def _first_other(date: int, width: int) -> int | None:
    return next((column for column in range(width) if column != date), None)


def _dates_at(rows: Sequence[Sequence[str]]) -> list[int] | None:
    """Which columns of rows without headers are dates, the same in each row; None where the rows are no such list."""
    if not rows or max(map(len, rows)) > MOST:
        return None
    found = [[column for column, cell in enumerate(row) if is_date(cell)] for row in rows]
    return found[0] if found[0] and all(each == found[0] for each in found) else None


def _cut(line: str) -> list[str]:
    return max((_cells(line, mark) for mark in ";\t,"), key=len)


def _cells(line: str, mark: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=mark), [])]
