"""A finished pull: its folder is filled under a temporary name and renamed once, so that it is there whole or not at all. `pull.json` is written last.

Objects of earlier pulls that the service still lists, and did not send again, are carried over; each object stands once, as it was sent last.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pmo_lib.connectors.staging import write_whole
from pmo_lib.durable import sync_folder

MANIFEST = "pull.json"
PAGE = 500  # [objects] a file
PAGE_SIZE = 16 * 1024**2  # [bytes] after which a file ends
DATED = "*-20*Z*"  # names of finished pulls
OLD = 2  # finished pulls that are kept beside the newest


class Finished:
    """A finished pull, to be read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())

    def whole(self) -> bool:
        """Whether every file is as it was written."""
        try:
            told: dict[str, str] = self.manifest["files"]
            return all(hashlib.sha256((self.folder / name).read_bytes()).hexdigest() == digest for name, digest in told.items())
        except (OSError, KeyError, AttributeError):
            return False

    def one(self, name: str) -> Any:
        """What `name`.json says; None where there is none."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def objects(self, kind: str, under: str) -> Iterator[dict[str, Any]]:
        """Every object of the numbered pages of `kind`, which hold it under the key `under`."""
        for path in sorted(self.folder.glob(f"{kind}-[0-9][0-9][0-9][0-9]*.json")):
            yield from json.loads(path.read_bytes())[under]


class Filling:
    """A folder on its way to be a finished pull."""

    def __init__(self, folder: Path) -> None:
        self._target = folder
        self._folder = folder.with_name(f".filling-{folder.name}")
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, mode=0o700)
        self._digests: dict[str, str] = {}

    def one(self, name: str, said: Any) -> None:
        """Writes `name`.json."""
        self._put(f"{name}.json", encoded(said))

    def _put(self, name: str, content: bytes) -> None:
        write_whole(self._folder / name, content)
        self._digests[name] = hashlib.sha256(content).hexdigest()

    def pages(self, kind: str, under: str, objects: Iterable[dict[str, Any]], identity: Callable[[dict[str, Any]], str]) -> int:
        """Writes numbered pages of the objects, the first of each identity; gives how many there are. No page is written for none."""
        seen: set[str] = set()
        page: list[bytes] = []
        number, size = 1, 0
        for one in objects:
            if (name := identity(one)) in seen:
                continue
            seen.add(name)
            page.append(encoded(one))
            size += len(page[-1])
            if len(page) >= PAGE or size >= PAGE_SIZE:
                self._page(kind, number, under, page)
                number, size, page = number + 1, 0, []
        if page:
            self._page(kind, number, under, page)
        return len(seen)

    def _page(self, kind: str, number: int, under: str, page: list[bytes]) -> None:
        self._put(f"{kind}-{number:04d}.json", b'{"' + under.encode() + b'":[' + b",\n".join(page) + b"]}\n")

    def abandon(self) -> None:
        """Nothing of it remains."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def finish(self, manifest: dict[str, Any]) -> Finished:
        """The last file, and the folder under its own name."""
        self.one(MANIFEST.removesuffix(".json"), {**manifest, "files": self._digests})
        sync_folder(self._folder)
        self._folder.rename(self._target)
        sync_folder(self._target.parent)
        return Finished(self._target)


def encoded(said: Any) -> bytes:
    """As JSON, in the order in which it came."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def latest(folder: Path) -> Finished | None:
    """The newest finished pull of a project's folder; a damaged one counts as none."""
    for path in sorted(folder.glob(DATED), reverse=True):
        with suppress(OSError, ValueError):
            return Finished(path)
    return None


def clear(folder: Path) -> None:
    """Leaves the newest few pulls of a project's folder, and nothing that was left half done."""
    for path in [*folder.glob(".filling-*"), *sorted(folder.glob(DATED), reverse=True)[1 + OLD :]]:
        shutil.rmtree(path, ignore_errors=True)
