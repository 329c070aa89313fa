"""What a forecast takes besides the plan: files and frames become the arguments of `risk.simulate`, and filters the activities that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project
from pmo_lib.readers.lists.risks import read_risk_tables

if TYPE_CHECKING:
    from pmo_lib.risk.distributions.sampled import Sampled
    from pmo_lib.risk.inputs.ranges import FieldUse
    from pmo_lib.risk.simulation import Criticality, Sampling

ARGUMENTS = ("estimates", "rules", "risks", "correlation", "branches", "existence", "weather")
OF_ACTIVITIES = ("risks", "branches", "weather", "existence", "estimates", "correlation")  # tables in which a filter may stand for ids
ONE_EACH = ("existence", "estimates", "correlation")  # tables with a row an activity


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskInputs:
    """What a forecast takes besides the plan. Each table is a file, a frame, or None; a workbook brings every table that it has, whoever names it."""

    estimates: Path | pl.DataFrame | None = None
    rules: Path | pl.DataFrame | None = None
    risks: Path | pl.DataFrame | None = None
    correlation: Path | pl.DataFrame | None = None
    branches: Path | pl.DataFrame | None = None
    existence: Path | pl.DataFrame | None = None
    weather: Path | pl.DataFrame | None = None
    fields: FieldUse = "remaining"  # what the file's own three points mean; off: they are not read
    field_names: tuple[str, ...] | None = None  # of low, likely and high; None: known by their titles
    carry: bool = True  # whether tables kept with the project hold where none is given
    constraints: Literal["soften", "keep"] = "soften"
    criticality: Criticality = "longest_path"
    sampling: Sampling = "latin_hypercube"
    waited: Mapping[str, Sampled] = field(default_factory=dict)  # what the plan waits for, as `risk.waiting` drew it
    waits: tuple[str, ...] = ()  # and a sentence about each

    def tables(self, plan: Project) -> dict[str, Any]:
        """The tables by the argument of `risk.simulate`, filters resolved."""
        from pmo_lib.risk.inputs.waiting import Waiting

        read = self.read()
        tables: dict[str, Any] = {
            name: resolved(plan, name, frame).drop("place" if name == "correlation" else [], strict=False) for name, frame in read.items()
        }
        return {**tables, "estimates": Waiting(tables.get("estimates"), self.waited)} if self.waited else tables

    def read(self) -> dict[str, pl.DataFrame]:
        """The tables as they are given, filters and all. Raises `InvalidInput` where two bring the same table, naming it."""
        found: dict[str, pl.DataFrame] = {}
        read: set[Path] = set()
        for name in ARGUMENTS:
            value = getattr(self, name)
            if isinstance(value, pl.DataFrame):
                _add(found, name, value)
            elif isinstance(value, Path) and value.resolve() not in read:
                read.add(value.resolve())
                for table, frame in read_risk_tables(value, name).items():
                    _add(found, table, frame)
        return found

    def choices(self) -> dict[str, Any]:
        """The other arguments of `risk.simulate`."""
        return {name: getattr(self, name) for name in ("fields", "field_names", "constraints", "criticality", "sampling")}


def _add(tables: dict[str, pl.DataFrame], name: str, frame: pl.DataFrame) -> None:
    if name in tables:
        raise InvalidInput(f"{name} are given twice; give one file with them")
    tables[name] = frame


def resolved(plan: Project, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table with the activities in place of each filter. Raises `InvalidInput` for a filter that meets nothing, naming its row."""
    if "where" not in frame.columns or table not in OF_ACTIVITIES:
        return frame
    known: dict[str, Any] = {}
    rows = [row for each in frame.iter_rows(named=True) for row in _meant(plan, table, each, known)]
    columns = {name: kind for name, kind in frame.schema.items() if name != "where"}
    columns |= {"activity" if table in ONE_EACH else "activities": pl.String}
    return pl.DataFrame(rows, schema=columns)


def _meant(plan: Project, table: str, row: Mapping[str, Any], known: dict[str, Any]) -> list[dict[str, Any]]:
    from pmo_lib.risk.inputs.filters import missing, selected

    column = "activity" if table in ONE_EACH else "activities"
    where, stated = row["where"], row.get(column)
    rest = {name: value for name, value in row.items() if name not in ("where", column)}
    if where is None:
        return [{**rest, column: stated}]
    if stated:
        raise InvalidInput(f"{row['place']}: it has both {column} and where; keep one of them")
    try:
        found = selected(plan, where, known)
    except InvalidInput as error:
        raise InvalidInput(f"{row['place']}, column where: {error}") from error
    if not found:
        raise InvalidInput(f"{row['place']}, column where: {where!r} meets no activity ({missing(plan, where) or 'none is so'}); correct the filter")
    return [{**rest, column: one} for one in found] if table in ONE_EACH else [{**rest, column: ";".join(found)}]
