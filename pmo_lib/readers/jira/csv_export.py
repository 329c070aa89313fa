"""Jira's CSV export, and lists of issues like it: a row an issue, repeated headers for what it has several of, dates as the site writes them.

Such a list has no history: creation, resolution and, from Cloud, the last change of category are all that is known of an issue's way. Its times have no
zone and are taken as UTC. Each row becomes what the REST interface would have sent, and goes the same way.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import polars as pl

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.jira.headers import fit
from pmo_lib.readers.jira.issue_list import IssueList
from pmo_lib.readers.jira.payloads import board
from pmo_lib.readers.sheets import Sheet, is_text, read_sheet

NAME = "jira_csv"
VERSION = "jira_csv/2"
RUNS_IN = "child"
LINES = 25  # in which the headers stand
UNDATED = "export it with the dates of creation and of finish (from Jira: all fields), or from the tool's own interface where its list has none"
IN_ONE_CELL = "most of its rows are one quoted cell: a spreadsheet that parts cells by another sign opened and saved it"


def matches(head: bytes, path: Path) -> bool:
    """Whether a line near the top has the headers of a list of issues: key, created, and status or resolved."""
    if not is_text(head):
        return False
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    lines = text.splitlines()[:LINES]
    return any(fit(next(csv.reader(io.StringIO(line), delimiter=mark), [])) for line in lines for mark in ",;\t" if mark in line)


def is_issue_list(path: Path) -> bool:
    """Whether a sheet of a workbook, which nobody opens outside the readers' process, has such headers."""
    try:
        return fit(read_sheet(path, fit).headers) > 0
    except UnreadableFile:
        return False


def parse(path: Path) -> list[Project]:
    """The boards, one for each of Jira's projects in the list. Raises `UnreadableFile`."""
    return boards(path, read_sheet(path, fit))


def boards(path: Path, sheet: Sheet, *, bare: bool = False) -> list[Project]:
    """The boards of a sheet; `bare`: of finished items, whose key and creation may be untold. Raises `UnreadableFile`."""
    reading = IssueList(path.name, sheet, bare=bare)
    if not bare and "created" not in reading.headers.fields:
        raise UnreadableFile(path.name, "it is a list of items that does not say when they were created", remedy=UNDATED)
    projects = reading.projects()
    if not projects and len(sheet.headers) > 1 and 2 * sum(not any(cells[1:]) for _, cells in reading.sheet.rows) > len(reading.sheet.rows):
        raise UnreadableFile(path.name, IN_ONE_CELL, place=reading.sheet.place(reading.sheet.rows[0][0]), remedy="export it again, and import it unopened")
    if not projects:
        first = reading.notes.frame().filter(severity="error")
        because = f": {first['place'][0]}: {first['message'][0]}" if first.height else ""
        raise UnreadableFile(path.name, f"no row of it can be read as an issue{because}", remedy="export it from Jira again")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return [
        _of_file(board({"issues": {"issues": issues, "names": reading.names}}, name=path.name), path, digest, position, reading.notes.frame())
        for position, issues in enumerate(projects.values())
    ]


def _of_file(plan: Project, path: Path, digest: str, position: int, findings: pl.DataFrame) -> Project:
    key = plan.info.key if plan.info.key != path.name else path.stem
    name = plan.info.name if plan.info.name != path.name else path.stem
    info = replace(plan.info, key=key, name=name, source=NAME, file=path.name, content_hash=digest, reader=VERSION, position=position)
    return Project(info, plan.tables, pl.concat([findings, plan.findings]))
