"""Projects as bytes between processes: JSON for what is said of them, Arrow for their tables.

Never pickle: the bytes come from where hostile files are read.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.tables import TABLES, Findings

DATES = ("data_date", "planned_start", "must_finish", "stored_finish")
COUNT = 8  # [bytes] of the length before each part


def pack(projects: list[Project]) -> bytes:
    """The projects as one block of bytes."""
    parts: list[bytes] = []
    told: list[dict[str, Any]] = []
    for plan in projects:
        tables = {**plan.tables, "findings": plan.findings}
        told.append({"info": asdict(plan.info), "tables": list(tables)})
        parts += [_arrow(frame) for frame in tables.values()]
    head = json.dumps(told, default=datetime.isoformat).encode()
    return b"".join(len(part).to_bytes(COUNT, "little") + part for part in (head, *parts))


def unpack(block: bytes) -> list[Project]:
    """The projects from `pack`, every table validated anew."""
    parts = _parts(block)
    told, frames = json.loads(parts[0]), iter(parts[1:])
    projects = []
    for each in told:
        tables = {name: pl.read_ipc(io.BytesIO(next(frames))) for name in each["tables"]}
        findings = Findings.validate(tables.pop("findings"), cast=True)
        projects.append(Project(_info(each["info"]), {name: TABLES[name].cast(frame) for name, frame in tables.items()}, findings))
    return projects


def _arrow(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    return buffer.getvalue()


def _parts(block: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(block):
        size = int.from_bytes(block[at : at + COUNT], "little")
        parts.append(block[at + COUNT : at + COUNT + size])
        at += COUNT + size
    return parts


def _info(told: dict[str, Any]) -> ProjectInfo:
    dates = {name: datetime.fromisoformat(told[name]) if told[name] else None for name in DATES}
    return ProjectInfo(**{**told, **dates, "options": SchedulingOptions(**told["options"])})
