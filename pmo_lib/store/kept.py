"""What the store hands out: a snapshot, a result, a project's two latest results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import polars as pl

from pmo_lib.store.facts import Vault, decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One import of one project. `hash` names it for ever."""

    hash: str  # of project, content, position in the file, reader version and purpose; 16 hexadecimal digits
    key: str
    name: str
    data_date: datetime  # [local instant] the status date
    dated_by: Literal["file", "given", "import"]  # the file's own data date, the importer's word, or the moment of import
    purpose: Literal["status", "baseline"]  # baseline: kept to measure against, no part of the history
    content_hash: str  # SHA-256 of the source's bytes, or of the tables where a plan has no source
    position: int
    reader: str
    source: str
    file: str | None
    imported_at: datetime  # [UTC]
    imported_by: str
    counts: dict[str, int] = field(hash=False)  # rows a table, and findings_error, findings_warning, findings_info
    new: bool = field(default=False, compare=False)  # true: this very import made it


class Frames(Mapping[str, pl.DataFrame]):
    """A result's frames, each read from disk when asked for."""

    def __init__(self, vault: Vault, digests: Mapping[str, str]) -> None:
        self._vault, self._digests = vault, dict(digests)

    def __getitem__(self, name: str) -> pl.DataFrame:
        return decoded(self._vault.get(self._digests[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def __repr__(self) -> str:
        return f"<frames: {', '.join(self._digests)}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a verb gave for a snapshot, with all that is needed to give it again."""

    kind: str
    payload: dict[str, Any]
    frames: Mapping[str, pl.DataFrame]  # loaded when asked for
    parameters: dict[str, Any]
    version: str  # of the code that made it
    created_at: datetime  # [UTC]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """A project's latest snapshot and the one before, each with its latest result of a kind."""

    key: str
    snapshot: Snapshot
    result: Result | None
    previous: Snapshot | None
    previous_result: Result | None
