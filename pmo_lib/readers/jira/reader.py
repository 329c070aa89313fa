"""Jira: a pulled folder of payloads, one JSON export, or DevLake's raw layer. What lies in such a folder is told in `jira.payloads`."""

from __future__ import annotations

import re
from pathlib import Path

from pmo_lib.project import Project
from pmo_lib.readers import jira
from pmo_lib.readers.jira.raw_layer import is_raw_layer
from pmo_lib.readers.payloads import PULL, holds_pull, unicode

NAME = jira.NAME
VERSION = jira.VERSION
RUNS_IN = "child"
READS_FOLDERS = True
SOURCES = ("jira-cloud", "jira-data-center")
HEAD = 64 * 1024  # [bytes]
LOOKED_AT = 200  # [files] of a folder without pull.json
PAGED = (b'"isLast"', b'"nextPageToken"', b'"startAt"')  # what only a page of Jira's says
BESIDE = {".json", ".jsonl", ".csv", ".md", ""}  # kinds of files that such a folder may hold


def matches(head: bytes, path: Path) -> bool:
    """Whether it is a pull of Jira, a folder of its answers that another tool wrote, or a JSON file of issues."""
    if head:
        return _holds_issues(head) or (head.startswith(b"PK\x03\x04") and holds_pull(path, *SOURCES))
    return holds_pull(path, *SOURCES) or (not (path / PULL).exists() and _holds_answers(path))


def parse(path: Path) -> list[Project]:
    """The board. Raises `UnreadableFile`."""
    from pmo_lib.readers.jira.payloads import board  # all of Jira's parts: other files are asked for their format without them

    return [board(path)]


def _holds_answers(folder: Path) -> bool:
    """Whether the files of a folder belong together: issues one by one or in numbered pages, or with statuses, boards or histories beside them.

    One that holds anything else, a plan or a list, is a heap of files, each for itself.
    """
    found = [file for _, file in zip(range(LOOKED_AT), sorted(folder.rglob("*")), strict=False) if file.is_file()]
    heads = {file: _head(file) for file in found if file.suffix.lower() in (".json", ".csv")}
    if any(file.suffix.lower() not in BESIDE for file in found) or not any(_is_raw(file, head) or _holds_issues(head) for file, head in heads.items()):
        return False
    if any(file.suffix.lower() == ".csv" and not is_raw_layer(head) for file, head in heads.items()):
        return False
    names = {re.sub(r"\d+", "", file.name) for file in heads}
    return any(map(_is_part, heads.values())) or any(_is_raw(file, head) for file, head in heads.items()) or (len(heads) > 1 and len(names) == 1)


def _head(file: Path) -> bytes:
    with file.open("rb") as start:
        return start.read(HEAD)


def _is_raw(file: Path, head: bytes) -> bool:
    return file.suffix.lower() == ".csv" and "jira" in file.name.lower() and is_raw_layer(head)


def _is_part(head: bytes) -> bool:
    """Whether it is one issue, a board's configuration, a list of statuses or histories: what says little without its neighbours."""
    if b'"columnConfig"' in head or b'"issueChangeLogs"' in head or b'"changeHistories"' in head:
        return True
    if b'"issues"' in head[:1024] or b'"projects"' in head[:1024]:
        return False
    return (_holds_issues(head) and head.lstrip()[:1] == b"{") or (b'"statusCategory"' in head and b'"fields"' not in head)


def _holds_issues(head: bytes) -> bool:
    """Whether JSON begins as issues of Jira do, as the file of its importer, or as an answer without any; Asana's have a `gid`."""
    head = unicode(head)
    if head.lstrip()[:1] not in (b"{", b"[") or b'"gid"' in head:
        return False
    if b'"errorMessages"' in head or (b'"issues"' in head and any(mark in head for mark in PAGED)):
        return True
    return b'"key"' in head and (b'"fields"' in head or b'"changelog"' in head or (b'"projects"' in head and b'"issueType"' in head))
