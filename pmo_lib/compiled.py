"""Compiled functions, with a cache on disk that is never stale.

numba serves a stale result where a cached function calls one in another file that was edited since. So the cache's folder is named
by a hash of every source that holds kernels, and of numba's version. It is not named by where the package lies: another
environment of the same user, or an upgrade that leaves the kernels alone, compiles nothing. Where no folder can be written
(a read-only install without HOME), kernels are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config
from numba.core.caching import UserProvidedCacheLocator

Function = TypeVar("Function", bound=Callable[..., Any])
ALONE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
PACKAGE = Path(__file__).resolve().parent
ROOMS = ("sampling", "schedule", "risk", "flow")  # that compile, folders or single modules; a room's kernels may call those of the rooms before it


def kernel(function: Function) -> Function:
    """`function` compiled without the interpreter's lock, exact (no fastmath), cached where that is possible."""
    folder = cache_folder(function.__module__.split(".")[1])
    if folder is None:
        return numba.njit(nogil=True)(function)  # type: ignore[return-value]
    with _set(CACHE_DIR=str(folder), CACHE_LOCATOR_CLASSES=f"{__name__}.{Anywhere.__name__}"):
        return numba.njit(nogil=True, cache=True, no_cfunc_wrapper=True)(function)  # type: ignore[return-value]


class Anywhere(UserProvidedCacheLocator):
    """numba's own way to the cache, by the name of a kernel's module instead of the path that it was installed under."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        return ".".join(("pmo_lib", *Path(py_file).resolve().relative_to(PACKAGE).parent.parts))


@contextmanager
def _set(**settings: str) -> Iterator[None]:
    """numba's settings, changed for as long as it decorates: it asks for the cache's then, and only then."""
    before = {name: getattr(config, name) for name in settings}
    try:
        for name, value in settings.items():
            setattr(config, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(config, name, value)


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
    digest = hashlib.sha256(numba.__version__.encode() + Path(__file__).read_bytes())
    for each in ROOMS[: ROOMS.index(room) + 1]:
        for source in sorted([*PACKAGE.glob(f"{each}.py"), *(PACKAGE / each).rglob("*.py")]):
            text = source.read_bytes()
            if b"pmo_lib.compiled import" in text:
                digest.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0" + text)
    return digest.hexdigest()[:16]
