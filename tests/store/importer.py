"""A process that imports until it is killed: says each snapshot's hash once the store has acknowledged it.

With a point the process kills itself, as by `kill -9`, the NUMBER-th time that it comes to: `fsync`, `replace` (before or after it), `execute`, `commit`.
Each is forked from one server that has everything loaded and nothing begun: a fresh interpreter takes a second to get so far.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from month import month
from sqlalchemy import event

from pmo_lib.store import Workspace, open_workspace

SERVER = multiprocessing.get_context("forkserver")


def start(ws: Workspace, first: int, last: int, point: str = "", number: int = 0) -> tuple[BaseProcess, Connection]:
    """The process, and where it says what was kept."""
    SERVER.set_forkserver_preload(["pmo_lib.store.workspace", "pmo_lib.by_hand"])
    ours, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=main, args=(str(ws.folder), first, last, point, number, theirs))
    child.start()
    theirs.close()
    return child, ours


def acknowledged(said: Connection) -> dict[int, str]:
    """Snapshot hash by day, of all that was said whole before the process ended."""
    kept: dict[int, str] = {}
    with suppress(EOFError, OSError):
        while True:
            day, digest = said.recv()
            kept[day] = digest
    return kept


def main(folder: str, first: int, last: int, point: str, number: int, said: Connection) -> None:
    ws = open_workspace(folder)
    if point:
        arm(ws, point, number)
    for kept in bring(ws, range(first, last)):
        said.send(kept)


def bring(ws: Workspace, days: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Imports a plan a day, with a result; gives the snapshot's hash once both are committed."""
    for day in days:
        plan = month(1, days=day)
        snapshot = ws.add(plan, source_bytes=f"source of {day}".encode())
        ws.keep(snapshot, "forecast", {"day": day}, {"activities": plan.tables["activities"]}, version="1")
        yield day, snapshot.hash


def arm(ws: Workspace, point: str, number: int) -> None:
    left = [number]

    def strike() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if point in ("execute", "commit"):
        event.listen(ws._engine, {"execute": "before_cursor_execute", "commit": "commit"}[point], lambda *_: strike())
    elif point == "fsync":
        os.fsync = before(strike, os.fsync)
    else:
        Path.replace = after(strike, Path.replace) if point == "replaced" else before(strike, Path.replace)  # type: ignore[method-assign]


def before(strike: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    def both(*given: Any) -> Any:
        strike()
        return act(*given)

    return both


def after(strike: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    def both(*given: Any) -> Any:
        done = act(*given)
        strike()
        return done

    return both
