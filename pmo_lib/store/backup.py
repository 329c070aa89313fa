"""A workspace in one file, and back.

The catalogue travels as lines of JSON, written from one consistent view, so that the same backup restores to SQLite and to PostgreSQL.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from pmo_lib.durable import sync_folder, whole
from pmo_lib.errors import StoreError
from pmo_lib.store.database import reading
from pmo_lib.store.dump import dump_catalogue, load_catalogue
from pmo_lib.store.facts import Vault
from pmo_lib.store.folder import SETTINGS, catalogue_engine, lay_out, open_workspace, write_settings
from pmo_lib.store.references import fact_digests, source_digests
from pmo_lib.store.workspace import Workspace

DUMP = "catalogue.jsonl"
STANDARDS = "standards.toml"
KEPT = re.compile(r"(facts|sources)/[0-9a-f]{2}/([0-9a-f]{64})(\.parquet)?")


def backup(ws: Workspace, file: str | os.PathLike[str]) -> Path:
    """Writes the whole workspace into `file` (a tar) while others work on; gives its path.

    Raises `StoreError` where the file exists, facts are missing, or the user is no admin.
    """
    target = Path(file)
    if target.exists():
        raise StoreError(f"{target} exists; name a new file for the backup")
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole(target) as raw, tarfile.open(fileobj=raw, mode="w") as archive:
        _write(ws, archive)
    sync_folder(target.parent)
    return target


def restore(file: str | os.PathLike[str], folder: str | os.PathLike[str], *, url: str | None = None) -> Workspace:
    """Makes the workspace of a backup in an empty `folder`, its catalogue in pmo.db or in the empty database at `url`, and opens it.

    The catalogue is committed after the files, and pmo.toml is written last: no workspace opens before it is whole. An interrupted or refused restore
    leaves the folder empty, so that the same can be asked again.
    Raises `StoreError` for a target that holds something, a file that is no backup, one that is damaged, or one of a newer program.
    """
    root = Path(folder)
    try:
        with tarfile.open(file) as archive:
            names = {member.name: member for member in archive.getmembers() if member.isfile()}
            if DUMP not in names:
                raise StoreError(f"{file} is no backup of a workspace; give a file that pmo backup wrote")
            others = _other_settings(archive, names)
            lay_out(root)
            with _emptied_unless_done(root):
                catalogue = catalogue_engine(root, url)
                try:
                    _refuse_occupied(catalogue)
                    _restore_files(archive, names, root)
                    with archive.extractfile(names[DUMP]) or _absent() as raw:
                        load_catalogue(catalogue, TextIOWrapper(raw, encoding="utf-8"))
                finally:
                    catalogue.dispose()
                write_settings(root, url=url, others=others)
    except (tarfile.TarError, OSError) as error:
        raise StoreError(f"{file} cannot be restored: {error}; check that the file is whole and the target can be written") from error
    return open_workspace(root)


@contextmanager
def _emptied_unless_done(root: Path) -> Iterator[None]:
    """Takes away what was laid into the folder, which was empty, where anything goes wrong within."""
    try:
        yield
    except BaseException:
        for entry in root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise


def _write(ws: Workspace, archive: tarfile.TarFile) -> None:
    with reading(ws._engine) as connection, tempfile.TemporaryFile() as dump:
        ws._rights(connection).must_administer("back the workspace up")
        text = TextIOWrapper(dump, encoding="utf-8")
        dump_catalogue(connection, text)
        text.detach()  # flushes, and leaves the file open
        member = tarfile.TarInfo(DUMP)
        member.size = dump.tell()
        dump.seek(0)
        archive.addfile(member, dump)
        facts, sources = fact_digests(connection), source_digests(connection)
    for name in (SETTINGS, STANDARDS):
        if (ws.folder / name).is_file():
            archive.add(ws.folder / name, name)
    # after the catalogue: facts are only ever added, so all that it names is there
    for place, vault, digests in (("facts", ws._facts, facts), ("sources", ws._sources, sources)):
        for digest in sorted(digests):
            path = vault.path(digest)
            if not path.is_file():
                raise StoreError(f"{path.name} is missing from {place}/, so there is nothing whole to back up; pmo doctor names what is lost")
            archive.add(path, f"{place}/{digest[:2]}/{path.name}", recursive=False)


def _restore_files(archive: tarfile.TarFile, names: dict[str, tarfile.TarInfo], root: Path) -> None:
    vaults = {"facts": Vault(root / "facts", ".parquet"), "sources": Vault(root / "sources", "")}
    for place, vault in vaults.items():
        chosen = [(match[2], names[name]) for name in names if (match := KEPT.fullmatch(name)) and match[1] == place]
        kept = vault.put(_content(archive, member) for _, member in chosen)
        damaged = [digest for (digest, _), found in zip(chosen, kept, strict=True) if digest != found]
        if damaged:
            raise StoreError(f"the backup is damaged: {damaged[0]} in {place}/ and {len(damaged) - 1} more no longer have their hash; use another backup")
    if STANDARDS in names:
        (root / STANDARDS).write_bytes(_content(archive, names[STANDARDS]))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    with archive.extractfile(member) or _absent() as file:
        return file.read()


def _absent() -> IO[bytes]:
    raise StoreError("the backup holds a link where a file should be; give a file that pmo backup wrote")


def _other_settings(archive: tarfile.TarFile, names: dict[str, tarfile.TarInfo]) -> dict[str, Any]:
    """The backup's settings but for [store], which says where the old workspace lay."""
    if SETTINGS not in names:
        return {}
    values = tomllib.loads(_content(archive, names[SETTINGS]).decode())
    return {name: value for name, value in values.items() if name != "store"}


def _refuse_occupied(catalogue: sa.Engine) -> None:
    with reading(catalogue) as connection:
        tables = sa.inspect(connection).get_table_names()
    if tables:
        raise StoreError(f"the database at the target holds tables already ({', '.join(sorted(tables)[:3])}, …); name an empty one")
