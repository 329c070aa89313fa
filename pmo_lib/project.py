"""The one noun: a project, as one source told it at one data date. It holds; verbs live with their disciplines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import polars as pl

from pmo_lib.errors import NotAvailable
from pmo_lib.tables import TABLES, findings_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingOptions:
    """What the source scheduled with. Defaults are P6's own; each reader sets what its file states."""

    out_of_sequence: Literal["retained_logic", "progress_override", "actual_dates"] = "retained_logic"
    lag_calendar: Literal["predecessor", "successor", "project", "24h"] = "predecessor"
    total_float: Literal["finish", "start", "smallest"] = "finish"
    critical: Literal["float", "longest_path"] = "float"
    critical_float: int = 0  # [working minutes] critical where total float is at most this
    open_ends_critical: bool = False  # P6 "make open-ended activities critical", MSP "multiple critical paths"
    schedule_from: Literal["start", "finish"] = "start"
    honour_constraints: bool = False  # MSP "tasks will always honor their constraint dates"
    lag_from: Literal["early_start", "actual_start"] = "early_start"  # P6: start-to-start lag of a started predecessor
    use_expected_finish: bool = False
    ignore_external: bool = False  # P6 "ignore relationships to and from other projects"
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInfo:
    """Who the project is and where it was read; `tables.ProjectRecord` gives each field's meaning."""

    key: str
    name: str
    source: str
    application: Literal["p6", "msp", "other"] = "other"
    file: str | None = None
    content_hash: str | None = None
    position: int = 0
    source_id: str | None = None
    guid: str | None = None
    reader: str = "by_hand/1"
    data_date: datetime | None = None
    planned_start: datetime | None = None
    must_finish: datetime | None = None
    stored_finish: datetime | None = None
    calendar: str | None = None
    currency: str | None = None
    manager: str | None = None
    baseline: str | None = None
    options: SchedulingOptions = field(default_factory=SchedulingOptions)

    def record(self) -> dict[str, object]:
        """The fields of `tables.ProjectRecord`, options left out."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "options"}


@dataclass(frozen=True, slots=True)
class Project:
    """`info`, the tables that the source has, and the findings: rows and values that were refused, repaired or odd."""

    info: ProjectInfo
    tables: Mapping[str, pl.DataFrame]
    findings: pl.DataFrame = field(default_factory=findings_frame)

    def __post_init__(self) -> None:
        for name, frame in self.tables.items():
            if name not in TABLES:
                raise KeyError(f"a Project has no table {name!r}; tables.TABLES lists them")
            TABLES[name].validate(frame)
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __repr__(self) -> str:
        found = counted("findings", self.findings.height)
        sizes = ", ".join(counted(name, frame.height) for name, frame in self.tables.items() if frame.height)
        dated = f", data date {self.info.data_date:%Y-%m-%d}" if self.info.data_date else ""
        return f"<Project {self.info.key}: {self.info.name!r} from {self.info.file or self.info.source}{dated}; {sizes}; {found}>"

    def __reduce__(self) -> tuple[object, ...]:
        return Project, (self.info, dict(self.tables), self.findings)


def counted(table: str, rows: int) -> str:
    """How many rows a table has, as in "1 calendar" or "1,749 item changes"."""
    many = table.replace("_", " ")
    one = {"activities": "activity", "statuses": "status", "wbs": "WBS element"}.get(table, many.removesuffix("s"))
    return f"{rows:,} {one if rows == 1 else 'WBS elements' if table == 'wbs' else many}"


def trusted(info: ProjectInfo, tables: Mapping[str, pl.DataFrame], findings: pl.DataFrame) -> Project:
    """A Project of tables that were validated before and have not changed since, as another Project's or our own facts whose hash still holds.

    Validation takes some 20 ms a plan, which is most of what opening a kept one costs. Whatever comes from outside goes through `Project`.
    """
    plan = object.__new__(Project)
    for name, value in (("info", info), ("tables", MappingProxyType(dict(tables))), ("findings", findings)):
        object.__setattr__(plan, name, value)
    return plan


def table(plan: Project, name: str, verb: str) -> pl.DataFrame:
    """The plan's table, or one sentence that says which verb misses what.

    Raises `NotAvailable` where the source has no such table.
    """
    if name not in plan.tables or plan.tables[name].is_empty():
        raise NotAvailable(f"{verb} needs {name.replace('_', ' ')}; {plan.info.file or plan.info.key} has none")
    return plan.tables[name]
