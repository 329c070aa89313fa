"""Where a workspace lives: a folder with pmo.toml, its catalogue, its facts, the sources and the reports.

pmo.toml        settings, among them [store] url and facts where the catalogue is PostgreSQL
pmo.db          the catalogue (SQLite), where no other is named
facts/          what the sources tell, in Parquet
sources/        the sources' bytes
reports/        what was published
standards.toml  the organisation's standards, where they differ from the shipped ones
"""

from __future__ import annotations

import json
import os
import sqlite3
import string
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from pmo_lib.errors import InvalidInput, NotFound, StoreError
from pmo_lib.settings import Settings, settings
from pmo_lib.store.database import engine, reading, revision, sqlite_url, upgrade
from pmo_lib.store.dump import dump_catalogue
from pmo_lib.store.workspace import Workspace

SETTINGS = "pmo.toml"
CATALOGUE = "pmo.db"
BARE = frozenset(string.ascii_letters + string.digits + "_-")  # what a key of TOML may hold without quotes

_FIRST_SETTINGS = """\
# Settings of this workspace. A flag or a PMO_* environment variable comes before them; `pmo doctor` prints each value's origin.
{before}
[store]
# url = "postgresql+psycopg://user@host/pmo"   # the catalogue; without it, pmo.db here
# facts = "facts"                              # folder of the facts; sources/ lies beside it
{url}"""


def init_workspace(folder: str | os.PathLike[str], *, url: str | None = None) -> Workspace:
    """Makes an empty workspace in `folder` (with its catalogue at `url`, a PostgreSQL database) and opens it.

    Raises `StoreError` where the folder holds something already.
    """
    lay_out(Path(folder))
    write_settings(Path(folder), url=url)
    return _opened(Path(folder), settings(folder), None)


def lay_out(root: Path) -> None:
    """Makes an empty workspace's folders. Raises `StoreError` where something is there already."""
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise StoreError(f"{root} is not empty; name a new folder for the workspace")
    root.mkdir(parents=True, exist_ok=True)
    for name in ("facts", "sources", "reports"):
        (root / name).mkdir()


def write_settings(root: Path, *, url: str | None = None, others: Mapping[str, Any] | None = None) -> None:
    """Writes pmo.toml, which makes the folder a workspace, with the settings `others` in it."""
    values = dict(others or {})
    sections = {name: values.pop(name) for name in list(values) if isinstance(values[name], dict)}
    told = [_FIRST_SETTINGS.format(before=_toml(values), url=_toml({"url": url} if url else {}))]
    told += [f"\n[{name}]\n{_toml(section)}" for name, section in sections.items()]
    (root / SETTINGS).write_text("".join(told), encoding="utf-8")


def catalogue_engine(root: Path, url: str | None) -> sa.Engine:
    """The catalogue at `url`, or pmo.db in the folder, without a look at its schema."""
    try:
        return engine(url or sqlite_url(root / CATALOGUE))
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise InvalidInput(f"store.url is no database address: {error}; write it as postgresql+psycopg://user@host/name") from error


def open_workspace(folder: str | os.PathLike[str] | None = None, user: str | None = None) -> Workspace:
    """The workspace in `folder`, bound to `user` (None: the person at this machine, who is the admin).

    `folder` may be a catalogue's URL; store.facts must then say where the facts lie. Without it the setting `workspace` decides.
    Raises `NotFound` where there is no workspace, `StoreError` where it is newer than this program.
    """
    named = str(folder) if folder is not None else str(settings()["workspace"])
    if "://" in named:
        return _at_url(named, user)
    root = Path(named)
    if not (root / SETTINGS).is_file():
        raise NotFound(f"there is no workspace in {root}; make one with pmo init {root}")
    return _opened(root, settings(root), user)


def _at_url(url: str, user: str | None) -> Workspace:
    chosen = settings(flags={"store.url": url})
    if not chosen["store.facts"]:
        raise InvalidInput("a workspace at a URL needs the folder of its facts; set PMO_STORE_FACTS, or open the folder that holds its pmo.toml")
    return _opened(Path(str(chosen["store.facts"])).parent, chosen, user)


def _opened(root: Path, chosen: Settings, user: str | None) -> Workspace:
    catalogue = catalogue_engine(root, str(chosen["store.url"] or "") or None)
    try:
        upgrade(catalogue, str(root), lambda version: _back_up(root, catalogue, version))
    except StoreError:
        catalogue.dispose()
        raise
    return Workspace(catalogue, root, root / str(chosen["store.facts"] or "facts"), user)


def _back_up(root: Path, catalogue: sa.Engine, version: str) -> None:
    """A copy of the catalogue as it is, before a newer schema changes it."""
    if catalogue.dialect.name == "sqlite":
        with closing(sqlite3.connect(root / CATALOGUE)) as source, closing(sqlite3.connect(root / f"{CATALOGUE}.schema-{version}")) as copy:
            source.backup(copy)
        return
    with reading(catalogue) as connection, (root / f"catalogue.schema-{version}.jsonl").open("w", encoding="utf-8") as file:
        assert revision(connection) == version
        dump_catalogue(connection, file)


def _toml(values: Mapping[str, Any]) -> str:
    """Lines of TOML."""
    return "".join(f"{json.dumps(key) if set(key) - BARE else key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    """A value of TOML: its basic strings, numbers and truths are JSON's; a table stands on its line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
