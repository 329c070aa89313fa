"""Asana's answers as boards: a pull by `pmo pull asana`, Asana's own JSON export of a project, or records handed over by hand.

Resources of a pull (each record as the API sent it): `project` (or `projects`), `sections`, `tasks` (with memberships, custom_fields, dependencies, parent; an
export's nested `subtasks` too), `subtasks`, `dependencies` ({"gid", "dependencies"}, in place of a task's own list), `stories` (each with its `target`),
`time-tracking` (entries with their `task`), `portfolios` (those that hold the project). `tasks` alone will do: what is missing is told.

`pull.json` may name, under "fields", the custom field that is a column: points, status, team, service, blocked, priority, type, estimated_time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.asana.board import project_of
from pmo_lib.readers.asana.records import Source
from pmo_lib.readers.payloads import Payloads, holds_pull, of_file, unicode
from pmo_lib.tables import finding, findings_frame

NAME = "asana"
VERSION = "asana/1"
RUNS_IN = "child"
READS_FOLDERS = True
ZIP = b"PK\x03\x04"
ASKED_FOR = "ask for opt_fields=name,created_at,completed_at,modified_at,memberships.section.name,memberships.project.name, or use pmo pull asana"


def matches(head: bytes, path: Path) -> bool:
    """Whether it is a pull of Asana's, or Asana's JSON export."""
    if not head or head.startswith(ZIP):
        return holds_pull(path, NAME)
    start = re.sub(rb"\s+", b"", unicode(head))
    return re.match(rb"[{[]", start) is not None and b'"gid":' in start and b'"resource_type":"task"' in start


def parse(path: Path) -> list[Project]:
    """Every project of the pull or export. Raises `UnreadableFile`."""
    payloads = Payloads(path) if holds(path) else _export(path)
    digest = payloads.digest() if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
    found = boards(payloads, file=path.name, content_hash=digest)
    return found if holds(path) else _of_answer(path, found)


def _of_answer(path: Path, found: list[Project]) -> list[Project]:
    """The boards of one answer of the API, with a finding where more pages follow. Raises `UnreadableFile` where none of its tasks can be read."""
    if all(plan.tables["items"].is_empty() for plan in found):
        raise UnreadableFile(path.name, "none of its tasks says when it was created", remedy=ASKED_FOR)
    if not _more_follow(path):
        return found
    message = "the answer says that more tasks follow on another page, so every figure is of a part"
    more = findings_frame([finding("error", "pages-missing", path.name, message, "save the other pages beside it in one folder, or use pmo pull asana")])
    return [replace(plan, findings=pl.concat([plan.findings, more])) for plan in found]


def _more_follow(path: Path) -> bool:
    try:
        answer = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False  # lines of JSON
    return isinstance(answer, dict) and bool(answer.get("next_page"))


def holds(path: Path) -> bool:
    """Whether the path is a folder or archive of several answers, and not one answer."""
    if path.is_dir():
        return True
    with path.open("rb") as file:
        return file.read(4) == ZIP


def board(payloads: Payloads | Mapping[str, Any], pull: Mapping[str, Any] | None = None) -> Project:
    """The one project of payloads, or of records by resource with what `pull.json` would say. Raises `UnreadableFile` where there are several or none."""
    found = boards(payloads if isinstance(payloads, Payloads) else Payloads(payloads, pull))
    if len(found) != 1:
        raise UnreadableFile("payloads", f"they hold {len(found)} projects", remedy="hand over one project's, or take asana.reader.boards")
    return found[0]


def boards(payloads: Payloads, *, file: str | None = None, content_hash: str | None = None, reader: str = VERSION) -> list[Project]:
    """Every project that a record names, or that tasks say they belong to, in that order; last, of several, the tasks that are in none."""
    source = gathered(payloads)
    return [
        project_of(source, gid, position=number, file=file, content_hash=content_hash, data_date=payloads.local(), reader=reader)
        for number, gid in enumerate(_projects(source, payloads))
    ]


def gathered(payloads: Payloads) -> Source:
    """The records by what they are about."""
    tasks: dict[str, dict[str, Any]] = {}
    for resource in ("tasks", "subtasks"):
        for record in payloads.records(resource):
            _take(tasks, record.data, record.place, None)
    for record in payloads.records("dependencies"):
        if (gid := str(record.data.get("gid"))) in tasks:
            tasks[gid] = {**tasks[gid], "dependencies": record.data.get("dependencies") or []}
    stories: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for record in payloads.records("stories"):
        target = (record.data.get("target") or {}).get("gid")
        if target is not None and record.data.get("created_at"):
            stories[str(target)][str(record.data.get("gid") or record.place)] = record.data
    return Source(
        projects={str(record.data.get("gid")): record.data for name in ("project", "projects") for record in payloads.records(name)},
        sections=[record.data for record in payloads.records("sections")],
        tasks=tasks,
        stories={task: list(told.values()) for task, told in stories.items()},
        has_stories="stories" in payloads.resources(),
        time=[record.data for record in payloads.records("time-tracking")],
        portfolios=[str(record.data.get("name") or record.data.get("gid")) for record in payloads.records("portfolios")],
        fields=dict(payloads.pull.get("fields") or {}),
        site=payloads.pull.get("site"),
    )


def _take(tasks: dict[str, dict[str, Any]], task: dict[str, Any], place: str, parent: str | None) -> None:
    """A task and those nested in it, as an export writes them."""
    gid = task.get("gid")
    nested = [each for each in task.get("subtasks") or [] if isinstance(each, dict) and len(each) > 3]
    if parent is not None and not task.get("parent"):
        task = {**task, "parent": {"gid": parent}}
    key = str(gid) if gid else place  # without gid it is refused as a row, with its place
    if gid is None or key not in tasks or len(task) > len(tasks[key]):
        tasks[key] = {**{name: value for name, value in task.items() if name != "subtasks"}, "_place": place}
    for each in nested:
        _take(tasks, each, f"{place}, subtask {each.get('gid')}", str(gid))


def _projects(source: Source, payloads: Payloads) -> list[str]:
    """gids of the projects: those that have a record; where none has, what was asked for or what the tasks say."""
    asked = payloads.pull.get("project")
    found = list(source.projects) or ([str(asked)] if asked else [])
    for task in source.tasks.values():
        named = source.named(task)
        if named and not any(gid in found for gid in named):  # no project that has a record: one that only its tasks tell of
            found.append(named[0])
    loose = any(not source.named(task) for task in source.tasks.values())
    return [*found, ""] if loose and len(found) != 1 else found


def _export(path: Path) -> Payloads:
    return Payloads({"tasks": [record.data for record in of_file(path)]})
