"""A pull: the raw answers of a REST API as a connector left them, in a folder or a ZIP archive of the same files, and how readers go through it.

`pull.json` says what was pulled and when. Every other file is `RESOURCE.json`, or `RESOURCE-0001.json`, `RESOURCE-0002.json`, … : an answer of the API, a bare
list of records, or one record; `.jsonl` holds a record a line. A record stands in it exactly as the API sent it. Which resources there are is told where they
are fetched (`pmo_lib.connectors`) and read (`readers.asana`, `readers.jira`).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from pmo_lib.errors import UnreadableFile

PULL = "pull.json"
SCHEMA = 1
HOLDERS = ("data", "values", "issues", "issueChangeLogs", "worklogs")  # where an answer holds its records
NAMED = re.compile(r"(?P<resource>.+?)(-\d+)?\.jsonl?$")
KINDS = (".json", ".jsonl", ".csv")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the least date that a ZIP entry can have: the archive's bytes depend on its content alone
LEVEL = 3  # of compression: of 10,000 issues it takes two fifths of the time of 6 and is a quarter larger
AGAIN = "pull the project again"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the API sent it, and where it stands."""

    data: dict[str, Any]
    place: str


class Payloads:
    """What was pulled. Made from a folder, a ZIP archive, or records by resource; of the last, `pull` is the manifest."""

    def __init__(self, source: Path | Mapping[str, Any], pull: Mapping[str, Any] | None = None) -> None:
        """Raises `UnreadableFile` for a layout that this version does not know."""
        self.file = source.name if isinstance(source, Path) else "payloads"
        self._given = None if isinstance(source, Path) else source
        self._entries = entries(source) if isinstance(source, Path) else {}
        self.pull: dict[str, Any] = dict(pull or {})
        if isinstance(source, Path) and PULL in self._entries:
            self.pull = _json(self.file, PULL, self._entries[PULL]())
            self._check()

    def _check(self) -> None:
        if self.pull.get("schema") != SCHEMA:
            known = f"it says layout {self.pull.get('schema')!r}, and this program knows {SCHEMA}"
            raise UnreadableFile(self.file, known, place=PULL, remedy="pull the project again, or update pmo-workbench")

    @property
    def at(self) -> datetime | None:
        """The moment before which everything was fetched, in UTC; None where nobody says. Raises `UnreadableFile`."""
        told = self.pull.get("pulled")
        if told is None:
            return None
        try:
            found = datetime.fromisoformat(str(told))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise UnreadableFile(self.file, f"its moment {told!r} is no instant with its zone", place=PULL, remedy=AGAIN)
        return found

    def local(self) -> datetime | None:
        """`at` on the clock of the board's zone (UTC where none is told), naive: the data date."""
        zone = self.pull.get("zone") or "UTC"
        try:
            return None if self.at is None else self.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        except (KeyError, ValueError, OSError):
            raise UnreadableFile(self.file, f"{zone!r} is no time zone", place=PULL, remedy="correct the zone in pmo.toml and pull again") from None

    def resources(self) -> list[str]:
        """Names of the resources that are there, sorted."""
        return sorted(self._given if self._given is not None else {_resource(name) for name in self._entries if name != PULL})

    def records(self, resource: str) -> Iterator[Record]:
        """Every record of a resource, in the order of its files. Raises `UnreadableFile` where one is no JSON object."""
        if self._given is not None:
            for number, each in enumerate(self._given.get(resource, ()), start=1):
                yield _record(self.file, each, f"{resource} {number}")
            return
        for name, read in self._entries.items():
            if _resource(name) == resource and name != PULL:
                yield from _records(self.file, name, read())

    def digest(self) -> str:
        """SHA-256 of the archive of this content (`packed`)."""
        return hashlib.sha256(_packed(self._entries)).hexdigest()


def unicode(head: bytes) -> bytes:
    """The first bytes of a text as UTF-8 without mark: a shell may have saved an answer as UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def of_file(path: Path) -> Iterator[Record]:
    """The records of one answer in a file. Raises `UnreadableFile`."""
    return _records(path.name, path.name if path.suffix in (".json", ".jsonl") else f"{path.name}.json", path.read_bytes())


def _records(file: str, name: str, content: bytes) -> Iterator[Record]:
    if name.endswith(".jsonl"):
        for number, line in enumerate(content.splitlines(), start=1):
            if line.strip():
                yield _record(file, _json(file, f"{name}, line {number}", line), f"{name}, line {number}")
        return
    for number, each in enumerate(_unwrapped(_json(file, name, content)), start=1):
        yield _record(file, each, f"{name}, record {number}")


def _json(file: str, place: str, content: bytes) -> Any:
    try:
        return json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        what = "breaks off or is no JSON" if isinstance(error, ValueError) else "is nested too deeply"
        raise UnreadableFile(file, f"it {what}", place=place, remedy=AGAIN) from None


def _record(file: str, data: Any, place: str) -> Record:
    if not isinstance(data, dict):
        raise UnreadableFile(file, "it is no record", place=place, remedy=AGAIN)
    return Record(data, place)


def _resource(name: str) -> str:
    found = NAMED.match(name)
    return found["resource"] if found else name


def _unwrapped(answer: Any) -> list[Any]:
    """The records of an answer: itself a list, a page that holds one, or one record."""
    if isinstance(answer, dict):
        if set(answer) <= {"data", "next_page"} and isinstance(answer.get("data"), dict):
            return [answer["data"]]
        answer = next((answer[holder] for holder in HOLDERS if isinstance(answer.get(holder), list)), answer)
    return answer if isinstance(answer, list) else [answer]


def entries(source: Path) -> dict[str, Callable[[], bytes]]:
    """Each JSON file of a folder or ZIP archive under its path in it, sorted by name; of an archive with one folder, that folder's."""
    if source.is_dir():
        files = {file.relative_to(source).as_posix(): file for file in source.rglob("*") if file.suffix in KINDS and file.is_file()}
        return {name: files[name].read_bytes for name in sorted(files, key=_numbered) if not name.startswith(".")}
    with zipfile.ZipFile(source) as archive:
        names = sorted((name for name in archive.namelist() if name.endswith(KINDS)), key=_numbered)
        held = {name: archive.read(name) for name in names}
    top = next((name.removesuffix(PULL) for name in held if PurePosixPath(name).name == PULL), "")
    return {name.removeprefix(top): (lambda content=content: content) for name, content in held.items()}


def _numbered(name: str) -> list[Any]:
    """Sorts page 2 before page 10."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", name)]


def packed(folder: Path) -> bytes:
    """The folder as a ZIP archive whose bytes depend on its content alone: what a workspace keeps as the snapshot's source."""
    return _packed(entries(folder))


def _packed(found: Mapping[str, Callable[[], bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, read in found.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), read(), zipfile.ZIP_DEFLATED, LEVEL)
    return buffer.getvalue()


def holds_pull(path: Path, *sources: str) -> bool:
    """Whether a folder or ZIP archive is a pull of one of those sources."""
    try:
        read = entries(path).get(PULL) if path.is_dir() else _pull_of_archive(path)
        found = json.loads(read()) if read else {}
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    return isinstance(found, dict) and found.get("source") in sources


def _pull_of_archive(path: Path) -> Callable[[], bytes] | None:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if PurePosixPath(name).name == PULL), None)
        content = archive.read(name) if name else None
    return None if content is None else lambda: content
