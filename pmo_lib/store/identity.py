"""What a snapshot is known by: its project's key, its source's bytes and their hash."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pmo_lib.errors import InvalidInput, StoreError, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.store import plans


def checked_key(key: str) -> str:
    """The key. Raises `InvalidInput` for text that no project can be called by."""
    if not key.strip() or key != key.strip() or len(key) > 200 or not key.isprintable():
        raise InvalidInput(f"{key!r} cannot be a project's key: it needs 1 to 200 printable characters, without spaces at its ends; name one with --project")
    return key


def bytes_of(source: bytes | str | os.PathLike[str] | None) -> bytes | None:
    """The source's bytes, given as they are or by their path. Raises `UnreadableFile`."""
    if source is None or isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UnreadableFile(
            Path(source).name, f"its bytes cannot be kept ({error.strerror})", remedy="check that it is still there and import it again"
        ) from error


def content_hash(plan: Project, source: bytes | None) -> str:
    """The hash of the source's bytes, else of the plan itself. Raises `StoreError` where the bytes are not those that were read."""
    if source is None:
        return plan.info.content_hash or plans.own_hash(plan)
    found = hashlib.sha256(source).hexdigest()
    if plan.info.content_hash not in (None, found):
        raise StoreError(f"{plan.info.file or plan.info.key} changed while it was imported: its bytes are not those that were read; import it again")
    return found


def snapshot_hash(key: str, identity: Mapping[str, Any]) -> str:
    """The name of a snapshot: 16 hexadecimal digits."""
    return hash_of({"key": key, **identity})[:16]


def hash_of(values: Mapping[str, Any]) -> str:
    """The hash of JSON values, whatever their order."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
