"""A Project as the store keeps it, and back: info as JSON, tables as facts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.errors import StoreError
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions, trusted
from pmo_lib.store.facts import Vault, decoded, encoded
from pmo_lib.tables import TABLES, findings_frame

INSTANTS = ("data_date", "planned_start", "must_finish", "stored_finish")


def info_record(info: ProjectInfo) -> dict[str, Any]:
    """The info as plain JSON values; instants in ISO 8601."""
    record = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in info.record().items()}
    return {**record, "options": dataclasses.asdict(info.options)}


def info_of(record: Mapping[str, Any]) -> ProjectInfo:
    """The info again. Raises `StoreError` for a field that this program does not know."""
    values = dict(record)
    instants = {name: datetime.fromisoformat(values[name]) for name in INSTANTS if values.get(name)}
    try:
        return ProjectInfo(**{**values, **instants, "options": SchedulingOptions(**values["options"])})
    except TypeError as error:
        raise StoreError(f"a snapshot's info does not fit this program ({error}); update pmo-workbench") from error


def frames_of(plan: Project) -> dict[str, pl.DataFrame]:
    """The tables worth a file: those with rows, and the findings."""
    frames = {name: plan.tables[name] for name in TABLES if name in plan.tables}
    return {name: frame for name, frame in {**frames, "findings": plan.findings}.items() if frame.height}


def empty_tables(plan: Project) -> list[str]:
    """Names of the tables that the source has, without rows."""
    return [name for name, frame in plan.tables.items() if not frame.height]


def project_of(vault: Vault, info: ProjectInfo, facts: Mapping[str, str | None]) -> Project:
    """The Project from its info and its facts' hashes (None: a table without rows). Facts were validated before they were kept, and `get` checks their hash."""
    tables = {name: decoded(vault.get(digest)) if digest else TABLES[name].create_empty() for name, digest in facts.items() if name != "findings"}
    digest = facts.get("findings")
    return trusted(info, tables, decoded(vault.get(digest)) if digest else findings_frame())


def counts_of(plan: Project) -> dict[str, int]:
    """Rows a table, and findings by severity."""
    severities = dict(plan.findings["severity"].cast(pl.String).value_counts().iter_rows())
    return {
        **{name: frame.height for name, frame in plan.tables.items()},
        "findings": plan.findings.height,
        **{f"findings_{severity}": severities.get(severity, 0) for severity in ("error", "warning", "info")},
    }


def own_hash(plan: Project) -> str:
    """SHA-256 of a plan that has no source bytes: of its info and its tables."""
    told = hashlib.sha256(json.dumps(info_record(plan.info), sort_keys=True).encode())
    for name, frame in frames_of(plan).items():
        told.update(encoded(name, frame))
    return told.hexdigest()
