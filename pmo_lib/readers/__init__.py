"""Readers: a package a source. `READERS` is the index; a file's reader is chosen by its content, never by its suffix.

A reader is a module with four names: `matches(head, path)` says whether the file's first bytes are its own, `parse(path)` gives
every project of the file, `RUNS_IN` is "child" (parsed in a Python child process with limits) or "jvm" (brings its own child),
`VERSION` names it in each project. Where `READS_FOLDERS` is true it may own a folder too: it is then asked with no bytes and the folder's path.
"""

from __future__ import annotations

from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pmo_lib.errors import UnreadableFile
    from pmo_lib.project import Project

# in the order in which they are asked
READERS: dict[str, str] = {
    "jira": "pmo_lib.readers.jira.reader",
    "xer": "pmo_lib.readers.xer.reader",
    "mspdi": "pmo_lib.readers.mspdi.reader",
    "asana": "pmo_lib.readers.asana.reader",
    "asana_csv": "pmo_lib.readers.asana.csv_export",
    "asana_warehouse": "pmo_lib.readers.asana.warehouse",
    "dslib": "pmo_lib.readers.dslib.reader",
    "jira_csv": "pmo_lib.readers.jira.csv_export",
    "stage_list": "pmo_lib.readers.lists.stages",
    "activity_list": "pmo_lib.readers.lists.activities",
    "finish_list": "pmo_lib.readers.lists.finished",
    "mpxj": "pmo_lib.readers.mpxj.reader",
}

__all__ = ["READERS", "read", "read_all", "read_many"]


def read(path: str | PathLike[str], *, project: str | None = None, as_of: datetime | None = None) -> Project:
    """The project of a file, or of a pulled folder; of several, the one that `project` names, else the largest, with a finding that names the others.

    `project` is a key, a name, a guid or the source's own id. `as_of` is the data date where the source states none; of a file that holds one project
    at several dates (a tracked project card) it chooses the latest state at or before, and without it the plan as it stood before any work is read.
    Raises `UnreadableFile` for what is no plan, `NotFound` where no project of the file is so named.
    """
    from pmo_lib.readers.choosing import chosen, dated

    return dated(chosen(read_all(path), project, as_of), as_of)


def read_all(path: str | PathLike[str]) -> list[Project]:
    """Every project of a file, in the file's order. Raises `UnreadableFile`."""
    from pmo_lib.readers import door

    return door.read_all(path)


def read_many(paths: Iterable[str | PathLike[str]]) -> Iterator[tuple[Path, list[Project] | UnreadableFile]]:
    """Each file with its projects, or with the reason why it was refused; one bad file does not stop the others."""
    from pmo_lib.readers import door

    return door.read_many(paths)
