"""Where answers lie until a pull is complete: each is written before the next is asked for, so that a pull that was cut off goes on where it stopped.

A pull asks the same questions in the same order; those that were answered before are answered from here. A line of `journal.jsonl` is the only sign that an
answer is whole; it holds the answer's hash, so that one which a failing machine never wrote out is asked for again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pmo_lib.connectors.answers import Answer
from pmo_lib.connectors.polite import Params, Service
from pmo_lib.durable import whole
from pmo_lib.errors import ServiceFault

JOURNAL = "journal.jsonl"
KEPT = timedelta(hours=12)  # a pull that was cut off longer ago begins anew: page tokens and the board itself have moved on
MOST = 8 * 1024**3  # [bytes] of answers in one pull


class Staging:
    """A service with a memory: every answer is kept, and a question that was answered already is not asked again."""

    def __init__(self, folder: Path, service: Service, head: Mapping[str, Any], told: Callable[[int], None] = lambda count: None) -> None:
        """`head` says what is pulled; answers to another head, or too old ones, are thrown away. `told` hears how many answers there are."""
        self.folder, self.service = folder, service
        self._head, self._told = dict(head), told
        self._answers: dict[str, dict[str, Any]] = {}
        self._size = 0
        self._open()
        self.resumed = len(self._answers)

    def get(self, path: str, params: Params | None = None) -> Answer:
        """As `Service.get`."""
        return self._remembered(["GET", path, dict(params or {})], lambda: self.service.get(path, params))

    def post(self, path: str, content: Mapping[str, Any]) -> Answer:
        """As `Service.post`."""
        return self._remembered(["POST", path, dict(content)], lambda: self.service.post(path, content))

    @property
    def address(self) -> str:
        """The service's address."""
        return self.service.address

    def same_origin(self, link: str | None) -> None:
        """As `Service.same_origin`."""
        self.service.same_origin(link)

    def discard(self) -> None:
        """Throws every answer away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _remembered(self, question: list[Any], ask: Callable[[], Answer]) -> Answer:
        name = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
        if name in self._answers:
            return self._recalled(name)
        answer = ask()
        self._size += len(answer.body)
        if self._size > MOST:
            raise ServiceFault(f"{self.service.address} sent more than {MOST // 1024**3} GiB for one project; narrow it with jql in pmo.toml")
        write_whole(self.folder / f"{name}.json", answer.body, sync=False)
        self._note({"name": name, "sha256": hashlib.sha256(answer.body).hexdigest(), "at": answer.at.isoformat() if answer.at else None})
        return answer

    def _recalled(self, name: str) -> Answer:
        body = (self.folder / f"{name}.json").read_bytes()
        at = self._answers[name]["at"]
        self._told(len(self._answers))
        return Answer(body, json.loads(body), datetime.fromisoformat(at) if at else None)

    def _note(self, line: dict[str, Any]) -> None:
        with (self.folder / JOURNAL).open("ab") as journal:
            journal.write(json.dumps(line).encode() + b"\n")
        if "name" in line:
            self._answers[line["name"]] = line
            self._told(len(self._answers))

    def _open(self) -> None:
        head, lines = self._found()
        fresh = head is not None and head.pop("begun", "") > (datetime.now(UTC) - KEPT).isoformat() and head == self._head
        if fresh:
            self._answers = {line["name"]: line for line in lines if self._whole(line)}
            self._size = sum((self.folder / f"{name}.json").stat().st_size for name in self._answers)
            self._rewrite()
            return
        self.discard()
        self.folder.mkdir(parents=True, mode=0o700)
        self._rewrite()

    def _rewrite(self) -> None:
        """The journal of what is whole: a line that was cut off must not join the next one."""
        head = {**self._head, "begun": datetime.now(UTC).isoformat()} if not self._answers else {**self._head, "begun": self._begun}
        write_whole(self.folder / JOURNAL, b"".join(json.dumps(line).encode() + b"\n" for line in (head, *self._answers.values())))

    def _found(self) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        lines = []
        with suppress(OSError):
            for raw in (self.folder / JOURNAL).read_bytes().split(b"\n"):
                with suppress(ValueError):
                    lines.append(json.loads(raw))
        whole = [line for line in lines if isinstance(line, dict)]
        self._begun = str(whole[0].get("begun", "")) if whole else ""
        return (dict(whole[0]), [line for line in whole[1:] if {"name", "sha256", "at"} <= line.keys()]) if whole else (None, [])

    def _whole(self, line: Mapping[str, Any]) -> bool:
        try:
            return hashlib.sha256((self.folder / f"{line['name']}.json").read_bytes()).hexdigest() == line["sha256"]
        except OSError:
            return False


class Live:
    """A service asked anew, whatever is staged: what is there now was not known before."""

    def __init__(self, staging: Staging) -> None:
        self._service = staging.service
        self.address = staging.address
        self.same_origin = staging.same_origin
        self.at: datetime | None = None

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The answer, and its time."""
        answer = self._service.get(path, params)
        self.at = answer.at
        return answer


def write_whole(path: Path, content: bytes, *, sync: bool = True) -> None:
    """The file, whole under its name or not there, with `sync` on the disk itself; for the owner's eyes only. Raises `ServiceFault` where the disk refuses."""
    try:
        with whole(path, sync=sync, mode=0o600) as file:
            file.write(content)
    except OSError as error:
        raise ServiceFault(f"{path.parent} cannot be written: {error.strerror}; check space and permissions and run the same command again") from None
