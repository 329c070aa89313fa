"""Jira: a pulled folder of payloads, one JSON export, or DevLake's raw layer. What lies in such a folder is told in `jira_payloads`."""

from __future__ import annotations

from pathlib import Path

from pmo_lib.project import Project
from pmo_lib.readers import jira_payloads
from pmo_lib.readers.payloads import PULL, holds_pull
from pmo_lib.readers.raw_layer import is_raw_layer

NAME = jira_payloads.NAME
VERSION = jira_payloads.VERSION
RUNS_IN = "child"
READS_FOLDERS = True
SOURCES = ("jira-cloud", "jira-data-center")
HEAD = 64 * 1024  # [bytes]
LOOKED_AT = 200  # [files] of a folder without pull.json
BESIDE = {".json", ".jsonl", ".csv", ".md", ".txt", ""}  # kinds of files that such a folder may hold


def matches(head: bytes, path: Path) -> bool:
    """Whether it is a pull of Jira, a folder of its answers that another tool wrote, or a JSON file of issues."""
    if head:
        return _holds_issues(head) or (head.startswith(b"PK\x03\x04") and holds_pull(path, *SOURCES))
    return holds_pull(path, *SOURCES) or (not (path / PULL).exists() and _holds_answers(path))


def parse(path: Path) -> list[Project]:
    """The board. Raises `UnreadableFile`."""
    return [jira_payloads.board(path)]


def _holds_answers(folder: Path) -> bool:
    """Whether one of the first files holds issues, and none is a plan, which would make the folder a heap of them."""
    found = [file for _, file in zip(range(LOOKED_AT), sorted(folder.rglob("*")), strict=False) if file.is_file()]
    return all(file.suffix.lower() in BESIDE for file in found) and any(map(_file_holds_issues, found))


def _file_holds_issues(file: Path) -> bool:
    with file.open("rb") as start:
        head = start.read(HEAD)
    return _holds_issues(head) if file.suffix.lower() == ".json" else "jira" in file.name.lower() and is_raw_layer(head)


def _holds_issues(head: bytes) -> bool:
    """Whether JSON begins as issues of Jira do, or as the file of its importer; Asana's have a `gid`."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"[") or b'"gid"' in head or b'"key"' not in head:
        return False
    return b'"fields"' in head or b'"changelog"' in head or (b'"projects"' in head and b'"issueType"' in head)
