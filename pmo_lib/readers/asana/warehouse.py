"""Asana as warehouses keep it: the folder of raw tables of Apache DevLake, and the folder of Fivetran's tables. Both become the API's records and then a board.

DevLake keeps each answer whole (`_raw_asana_tasks.csv`, column data). Fivetran keeps a table a thing (`task_data.csv` beside `project_data.csv`), and only the
text of stories, which Asana changes with the reader's language: so there is no history in it, and a finding says so.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.asana.reader import boards
from pmo_lib.readers.payloads import Payloads

NAME = "asana_warehouse"
VERSION = "asana_warehouse/1"
RUNS_IN = "child"
READS_FOLDERS = True
DEVLAKE = "_raw_asana_tasks.csv"
FIVETRAN = ("task_data.csv", "project_data.csv")
Rows = list[dict[str, str]]


def matches(head: bytes, path: Path) -> bool:
    """Whether a folder holds the tables of either."""
    return not head and path.is_dir() and ((path / DEVLAKE).is_file() or all((path / name).is_file() for name in FIVETRAN))


def parse(path: Path) -> list[Project]:
    """Every project of the tables. Raises `UnreadableFile`."""
    payloads = Payloads(_devlake(path) if (path / DEVLAKE).is_file() else _fivetran(path))
    return boards(payloads, file=path.name, content_hash=_digest(path), reader=VERSION)


def _digest(folder: Path) -> str:
    told = hashlib.sha256()
    for file in sorted(folder.glob("*.csv")):
        told.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()


def _table(folder: Path, name: str) -> Rows:
    file = folder / name
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        try:
            return list(csv.DictReader(lines))
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableFile(folder.name, f"it is no readable CSV ({error})", place=name, remedy="export the tables again") from None


def _devlake(folder: Path) -> dict[str, Any]:
    return {name: _answers(folder, f"_raw_asana_{name}.csv") for name in ("projects", "sections", "tasks", "subtasks", "stories") if _there(folder, name)}


def _there(folder: Path, name: str) -> bool:
    return (folder / f"_raw_asana_{name}.csv").is_file()


def _answers(folder: Path, name: str) -> list[Any]:
    """The answer of each row; of a thing that was fetched twice the last."""
    found: dict[str, Any] = {}
    for number, row in enumerate(_table(folder, name), start=2):
        try:
            record = json.loads(row["data"])
            found[str(record["gid"])] = record
        except (KeyError, TypeError, ValueError):
            raise UnreadableFile(
                folder.name, "its column data holds no answer of Asana's", place=f"{name}, row {number}", remedy="export the table again"
            ) from None
    return list(found.values())


def _fivetran(folder: Path) -> dict[str, Any]:
    people, teams, tags = (_named(_table(folder, f"{name}_data.csv")) for name in ("user", "team", "tag"))
    sections = _table(folder, "section_data.csv")
    owner = {row["id"]: row for row in sections}
    member: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in _table(folder, "project_task_data.csv"):
        member[row["task_id"]][row["project_id"]] = {"project": {"gid": row["project_id"]}}
    for row in _table(folder, "task_section_data.csv"):
        section = owner.get(row["section_id"])
        if section is not None:
            member[row["task_id"]][section["project_id"]] = {
                "project": {"gid": section["project_id"]},
                "section": {"gid": section["id"], "name": section["name"]},
            }
    labels: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _table(folder, "task_tag_data.csv"):
        labels[row["task_id"]].append(_of(row["tag_id"], tags))
    return {
        "projects": [_project(row, people, teams) for row in _table(folder, "project_data.csv") if row.get("_fivetran_deleted", "").upper() != "TRUE"],
        "sections": [{"gid": row["id"], "name": row["name"], "project": {"gid": row["project_id"]}} for row in sections],
        "tasks": [_task(row, people, list(member[row["id"]].values()), labels[row["id"]]) for row in _table(folder, "task_data.csv")],
    }


def _named(rows: Rows) -> dict[str, str]:
    return {row["id"]: row["name"] for row in rows}


def _of(gid: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"gid": gid, "name": names.get(gid, gid)}


def _project(row: dict[str, str], people: Mapping[str, str], teams: Mapping[str, str]) -> dict[str, Any]:
    return {
        "gid": row["id"],
        "name": row["name"],
        "archived": row["archived"].upper() == "TRUE",
        "due_on": _day(row["due_date"]),
        "owner": _of(row["owner_id"], people) if row["owner_id"] else None,
        "team": _of(row["team_id"], teams) if row["team_id"] else None,
    }


def _task(row: dict[str, str], people: Mapping[str, str], memberships: list[dict[str, Any]], tags: list[dict[str, str]]) -> dict[str, Any]:
    same = {name: row[name] or None for name in ("name", "completed_at", "created_at", "modified_at", "due_at")}
    return {
        **same,
        "gid": row["id"],
        "completed": row["completed"].upper() == "TRUE",
        "due_on": _day(row["due_on"]),
        "start_on": _day(row["start_on"]),
        "assignee": _of(row["assignee_id"], people) if row["assignee_id"] else None,
        "parent": {"gid": row["parent_id"]} if row["parent_id"] else None,
        "memberships": memberships,
        "tags": tags,
    }


def _day(text: str) -> str | None:
    return text[:10] if text else None
