"""Files under the hash of their content: Parquet facts and source bytes. Written once, never changed.

A file is written under a temporary name, forced to disk and renamed, so that a name always stands for whole content.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from pmo_lib.durable import UNFINISHED, sync_folder, whole
from pmo_lib.errors import StoreError

# the released version of each table's columns; 1 where none is named. A change of columns after a release raises it
VERSIONS: dict[str, int] = {"baselines": 2, "external_relationships": 2}
# rows from which on it matters what a column without any value takes in memory
LONG = 100_000
# what makes a frame of version n one of version n + 1, under (table, n)
UPGRADES: dict[tuple[str, int], Callable[[pl.DataFrame], pl.DataFrame]] = {
    ("baselines", 1): lambda frame: frame.with_columns(cost_at_start=pl.lit(None, pl.Float64)),
    ("external_relationships", 1): lambda frame: frame.with_columns(pl.lit(None, pl.Datetime("us")).alias(name) for name in ("early_start", "early_finish")),
}


class Vault:
    """A folder of files, each named by the SHA-256 of its bytes."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder, self.suffix = folder, suffix

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}{self.suffix}"

    def put(self, contents: Iterable[bytes]) -> list[str]:
        """Keeps each content; gives their hashes. On return all is on disk."""
        digests, folders = [], set()
        for content in contents:
            digest = hashlib.sha256(content).hexdigest()
            digests.append(digest)
            target = self.path(digest)
            if not target.exists():
                folders |= _publish(content, target)
        for folder in folders:
            sync_folder(folder)
        return digests

    def get(self, digest: str) -> bytes:
        """The content, checked against its name. Raises `StoreError` where it is missing or damaged."""
        path = self.path(digest)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path.name} is missing from {self.folder.name}/; restore it from a backup (pmo doctor names all)") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreError(f"{path.name} in {self.folder.name}/ is damaged: its content no longer has its hash; restore it from a backup")
        return content

    def digests(self) -> Iterator[str]:
        """Every hash that has a file, sorted."""
        return iter(sorted(path.name.removesuffix(self.suffix) for path in self.folder.glob(f"??/*{self.suffix}") if not path.name.startswith(".")))

    def unfinished(self) -> list[Path]:
        """Temporary files that an interrupted writer left."""
        return sorted(self.folder.glob(f"??/{UNFINISHED}*"))


def _publish(content: bytes, target: Path) -> set[Path]:
    """Writes the file; gives the folders that must yet be forced to disk."""
    changed = {target.parent}
    try:
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            changed.add(target.parent.parent)
        with whole(target) as file:
            file.write(content)
    except OSError as error:
        raise StoreError(f"{target.parent.parent} cannot be written: {error.strerror}; {_room(target.parent.parent)}") from error
    return changed


def _room(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free // 2**20:,} MiB are free there; check space and permissions"
    except OSError:
        return "check that the folder exists and can be written"


def encoded(table: str, frame: pl.DataFrame) -> bytes:
    """The frame as Parquet, with its table's name and version in the file, and of a long one the columns that hold nothing."""
    told = {"pmo.table": table, "pmo.version": str(VERSIONS.get(table, 1))}
    if frame.height >= LONG:
        told["pmo.blank"] = json.dumps([name for name in frame.columns if _blank(frame[name])])
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", metadata=told)
    return buffer.getvalue()


def decoded(content: bytes) -> pl.DataFrame:
    """The frame, brought to this program's version of its table. Columns that hold nothing are not read: they take no memory until somebody fills them."""
    metadata = pl.read_parquet_metadata(io.BytesIO(content))
    table, version = metadata["pmo.table"], int(metadata["pmo.version"])
    current = VERSIONS.get(table, 1)
    if version > current:
        raise StoreError(f"facts of {table} have version {version}, and this program knows {current}; update pmo-workbench")
    frame = _read(content, set(json.loads(metadata.get("pmo.blank", "[]"))))
    for step in range(version, current):
        frame = UPGRADES[table, step](frame)
    return frame


def _blank(column: pl.Series) -> bool:
    """Whether it holds nothing in any row: nulls, or empty lists."""
    if isinstance(column.dtype, pl.List):
        return column.null_count() == 0 and column.list.len().max() == 0
    return column.null_count() == len(column)


def _read(content: bytes, blank: set[str]) -> pl.DataFrame:
    kinds = pl.read_parquet_schema(io.BytesIO(content))
    held = [name for name in kinds if name not in blank]
    if not blank or not held:  # without any column nobody would know how many rows there are
        return pl.read_parquet(io.BytesIO(content))
    nothing = {name: pl.lit([] if isinstance(kinds[name], pl.List) else None, kinds[name]).alias(name) for name in blank}
    return pl.read_parquet(io.BytesIO(content), columns=held).with_columns(**nothing).select(list(kinds))


def rows_in(content: bytes) -> int:
    """Rows of a Parquet file, from its foot."""
    return pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()


def put_frames(vault: Vault, frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Keeps each frame under its table's name; gives their hashes."""
    return dict(zip(frames, vault.put(encoded(table, frame) for table, frame in frames.items()), strict=True))
