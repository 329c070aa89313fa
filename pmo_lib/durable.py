"""Files that are there whole or not at all: written under another name, forced to disk and renamed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

UNFINISHED = ".new-"  # how the name of a file begins that is still being written, or that an interrupted writer left


@contextmanager
def whole(path: Path, *, sync: bool = True, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to be written, which takes its name where nothing goes wrong within; with `sync` its content is on the disk itself by then.

    `mode` is its permissions, less the user's mask. The name itself is on the disk after `sync_folder`. After a fault, an `OSError` of the disk or any
    other, nothing is left of the file, and what had its name before stays.
    """
    temporary = path.with_name(f"{UNFINISHED}{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb", opener=partial(os.open, mode=mode)) as file:
            yield file
            file.flush()
            if sync:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Forces a folder's names to disk."""
    if os.name == "nt":  # Windows has no handle on a folder to force
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
