"""Writers: a `Project` in another tool's format. A file or package a format; `WRITERS` is the index."""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from pmo_lib.project import Project

WRITERS = {"mspdi": ("Microsoft Project XML", "pmo_lib.writers.mspdi.writer", "write_mspdi")}

__all__ = ["WRITERS", "write", "writer"]


def write(plan: Project, path: str | PathLike[str], *, kind: str = "mspdi") -> pl.DataFrame:
    """Write the plan as a file of another tool (mspdi: Microsoft Project XML); returns findings: what that tool has no place for.

    The file appears whole or not at all; one that is there is written over. Raises `InvalidInput` for an unknown kind or a folder that is not there,
    `NotAvailable` where the plan has no activities.
    """
    from pmo_lib.errors import InvalidInput

    made, out = writer(kind), Path(path)
    if not out.parent.is_dir():
        raise InvalidInput(f"there is no folder {out.parent}; make it first, or name another")
    return made(plan, out)


def writer(kind: str) -> Callable[[Project, Path], pl.DataFrame]:
    """What writes a format. Raises `InvalidInput` for one that there is not."""
    from pmo_lib.errors import InvalidInput

    if kind not in WRITERS:
        raise InvalidInput(f"no format {kind!r} to export to; there is {', '.join(f'{name} ({called})' for name, (called, _, _) in WRITERS.items())}")
    _, module, name = WRITERS[kind]
    return getattr(import_module(module), name)
