"""A process that imports until it is killed: says each snapshot's hash once the store has acknowledged it.

    python importer.py FOLDER FIRST LAST [POINT NUMBER]

With a point the process kills itself, as by `kill -9`, the NUMBER-th time that it comes to: `fsync`, `replace` (before or after it), `execute`, `commit`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from month import month
from sqlalchemy import event

from pmo_lib.store import Workspace, open_workspace


def main(folder: str, first: str, last: str, point: str = "", number: str = "0") -> None:
    ws = open_workspace(folder)
    if point:
        arm(ws, point, int(number))
    for day, digest in bring(ws, range(int(first), int(last))):
        print(day, digest, "kept", flush=True)


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


if __name__ == "__main__":
    main(*sys.argv[1:])
