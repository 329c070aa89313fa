"""Jira's answers as they lie on disk: in a folder, an archive or a file, as JSON, one document a line or several in one, or as DevLake's raw layer."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers.jira import raw_layer
from pmo_lib.readers.jira.sorting import FIRST
from pmo_lib.readers.payloads import AGAIN, Payloads, entries

Answer = tuple[str, Any, Any]  # place, content, what was asked
T = TypeVar("T")


def answers(path: Path) -> Iterator[Answer]:
    """Each answer in a folder, an archive or a file, one at a time, with its place."""
    for name, read in in_order(_entries(path)):
        if name.endswith(".csv"):
            content = read()
            yield from raw_layer.answers(content, name) if raw_layer.is_raw_layer(content) else ()
        elif name.endswith(".jsonl"):
            yield from (
                (f"{name}, line {number}", loaded(line, name, number), None) for number, line in enumerate(read().splitlines(), start=1) if line.strip()
            )
        else:
            yield from ((name, content, None) for content in documents(read(), name))


def _entries(path: Path) -> Mapping[str, Callable[[], bytes]]:
    return entries(path) if path.is_dir() or zipfile.is_zipfile(path) else {path.name: path.read_bytes}


def digest(path: Path) -> str:
    """SHA-256 of what a folder or a file holds."""
    return Payloads(path).digest() if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()


def in_order(named: Mapping[str, T]) -> list[tuple[str, T]]:
    """What describes a site before its issues, as their names tell."""
    return sorted(named.items(), key=lambda pair: not any(word in pair[0].lower() for word in FIRST))


def loaded(content: bytes, name: str, line: int = 1) -> Any:
    """What the JSON says. Raises `UnreadableFile` naming the place where it is none."""
    try:
        return json.loads(content)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno + line - 1}, column {fault.colno}"
        raise UnreadableFile(name, f"it breaks off or is no JSON ({fault.msg})", place=where, remedy=AGAIN) from None
    except (UnicodeDecodeError, RecursionError):
        raise UnreadableFile(name, "it is no JSON in UTF-8, or nested too deeply", remedy=AGAIN) from None


def documents(content: bytes, name: str) -> Iterator[Any]:
    """What a file of JSON says; of several documents one after another, as a tool that fetches pages leaves them, each. Raises `UnreadableFile`."""
    try:
        yield loaded(content, name)
    except UnreadableFile:
        text, begin, found = content.decode(json.detect_encoding(content), "replace").removeprefix("\ufeff").strip(), 0, []
        try:
            while begin < len(text):
                one, end = json.JSONDecoder().raw_decode(text, begin)
                found.append(one)
                begin = end + len(text[end:]) - len(text[end:].lstrip())
        except (ValueError, RecursionError):
            found = []
        if not found:
            raise
        yield from found
