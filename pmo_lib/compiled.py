"""Compiled functions, with a cache on disk that is never stale.

numba serves a stale result where a cached function calls one in another file that was edited since. So the cache's folder is named
by a hash of every source that holds kernels. Where no folder can be written (a read-only install without HOME), kernels
are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])
SETTING = "CACHE_DIR"
ALONE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
ROOMS = ("sampling", "schedule", "risk", "flow")  # that compile, folders or single modules; a room's kernels may call those of the rooms before it


def kernel(function: Function) -> Function:
    """`function` compiled without the interpreter's lock, exact (no fastmath), cached where that is possible."""
    folder = cache_folder(function.__module__.split(".")[1])
    if folder is None:
        return numba.njit(nogil=True)(function)  # type: ignore[return-value]
    before = getattr(config, SETTING)
    setattr(config, SETTING, str(folder))  # numba asks for the folder while it decorates, and only then
    try:
        return numba.njit(nogil=True, cache=True, no_cfunc_wrapper=True)(function)  # type: ignore[return-value]
    finally:
        setattr(config, SETTING, before)


def inner(function: Function) -> Function:
    """`function` compiled for other kernels alone. It has no way in from Python, which takes longer to compile than a small kernel itself."""
    return numba.njit(nogil=True, **ALONE)(function)  # type: ignore[return-value]


def lean(function: Function) -> Function:
    """As `inner`, for what neither makes nor returns an array: no references are counted, which costs an atomic step for every view of a row.

    What it is given lives as long as the call, since the caller holds it.
    """
    return numba.njit(nogil=True, _nrt=False, **ALONE)(function)  # type: ignore[return-value]


def inlined(function: Function) -> Function:
    """As `lean`, and compiled into each caller: an argument that is constant there, such as the length of its loops, is constant within."""
    return numba.njit(nogil=True, forceinline=True, _nrt=False, **ALONE)(function)  # type: ignore[return-value]


@cache
def cache_folder(room: str) -> Path | None:
    """Where a room's compiled kernels lie; None: nowhere can be written."""
    for base in _candidates():
        folder = base / "pmo-workbench" / "kernels" / sources_hash(room)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


def compiled_before(room: str) -> bool:
    """Whether an earlier process on this machine left compiled kernels of the room; a first simulation without them takes half a minute more."""
    folder = cache_folder(room)
    return folder is not None and any(folder.rglob("*.nbi"))


def _candidates() -> list[Path]:
    named = [os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")]
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    return [Path(folder) for folder in named if folder] + ([Path(home) / ".cache"] if home else [])


@cache
def sources_hash(room: str) -> str:
    """A hash of every source file that the room's compiled code may come from: its own kernels and those of the rooms before it."""
    here = Path(__file__).parent
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for each in ROOMS[: ROOMS.index(room) + 1]:
        for source in sorted([*here.glob(f"{each}.py"), *(here / each).rglob("*.py")]):
            text = source.read_bytes()
            if b"pmo_lib.compiled import" in text:
                digest.update(source.relative_to(here).as_posix().encode() + b"\0" + text)
    return digest.hexdigest()[:16]
