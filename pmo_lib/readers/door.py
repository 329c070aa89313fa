"""The guarded door: every file enters here, and leaves as projects or as one `UnreadableFile` in a sentence."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, cast

from pmo_lib.errors import PMOError, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import READERS, carrier, child

HEAD = 64 * 1024  # [bytes] what a reader sees of a file to know its own
LARGEST = 512 * 1024**2  # [bytes]
UNPACKED = 256 * 1024**2  # [bytes] what an archive may unpack to
RATIO = 200  # how much more an archive may unpack to than it holds; below 10 MB nobody cares
ENTRIES = 5_000
FILES = 100_000  # in a folder of payloads
TOGETHER = 4 * 1024**3  # [bytes] of all of them
KNOWN = (
    "P6 XER and PMXML, MS Project MPP, MPX and XML, Excel and CSV activity lists, DSLIB project cards; boards of Jira and Asana, pulled or exported; "
    "lists of finish dates, or of dates by stage"
)


class Reader(Protocol):
    """What each module in `READERS` offers."""

    NAME: str
    VERSION: str
    RUNS_IN: str

    def matches(self, head: bytes, path: Path) -> bool:
        """Whether the file is this reader's. A reader of folders is asked with no bytes (`READS_FOLDERS`)."""
        ...

    def parse(self, path: Path) -> list[Project]:
        """Every project of the file."""
        ...


def read_all(path: str | PathLike[str]) -> list[Project]:
    """Every project of the file. Raises `UnreadableFile`."""
    where = Path(path)
    module = admit(where)
    reader = cast(Reader, importlib.import_module(module))
    if reader.RUNS_IN == "jvm":
        return _guarded(where, lambda: reader.parse(where))
    return _guarded(where, lambda: carrier.unpack(child.read_shared(module, where)))


def read_many(paths: Iterable[str | PathLike[str]]) -> Iterator[tuple[Path, list[Project] | UnreadableFile]]:
    """Each file with its projects or its refusal, in one child of each kind for all of them."""
    with ExitStack() as running:
        jvms: dict[str, Any] = {}
        ours = running.enter_context(child.Child())
        for path in map(Path, paths):
            try:
                module = admit(path)
                reader = importlib.import_module(module)
                if reader.RUNS_IN == "jvm":
                    jvm = jvms[module] = jvms.get(module) or running.enter_context(reader.Child())
                    found = _guarded(path, partial(jvm.read, path))
                else:
                    found = _guarded(path, partial(_from_child, ours, module, path))
                yield path, found
            except UnreadableFile as refusal:
                yield path, refusal


def _from_child(process: child.Child, module: str, path: Path) -> list[Project]:
    return carrier.unpack(process.read(module, path))


def _guarded(path: Path, parse: Callable[[], list[Project]]) -> list[Project]:
    """The last guard: whatever else goes wrong with a file is its refusal, not a traceback."""
    try:
        found = parse()
    except UnreadableFile:
        raise
    except PMOError as fault:
        raise UnreadableFile(path.name, str(fault).removeprefix(f"{path.name}: ")) from fault
    except Exception as error:
        raise UnreadableFile(path.name, f"its content is not what its format says ({type(error).__name__})", remedy=child.REMEDY) from error
    if not found:
        raise UnreadableFile(path.name, "it holds no project", remedy="export it again with a project in it")
    return found


def spreadsheet(path: Path) -> None:
    """Lets an Excel workbook or a CSV in, whatever it is about. Raises `UnreadableFile`."""
    from pmo_lib.readers.sheets import is_spreadsheet, is_text

    head = _head(path)
    if not is_spreadsheet(head, path) and not is_text(head):
        raise UnreadableFile(path.name, f"it is no Excel workbook and no CSV ({_looks_like(head)})", remedy="save it as .xlsx or .csv")


def admit(path: Path) -> str:
    """The module that reads the file, once it is a file of a size and a kind that we take. Raises `UnreadableFile`."""
    if is_folder(path):
        return _of_folder(path)
    head = _head(path)
    for module in READERS.values():
        if cast(Reader, importlib.import_module(module)).matches(head, path):
            return module
    raise UnreadableFile(path.name, f"its content is of no format that is read here ({_looks_like(head)})", remedy=f"what is read: {KNOWN}")


def is_folder(path: Path) -> bool:
    """Whether the path is a folder that can be looked into."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def reads_as_one(folder: Path) -> bool:
    """Whether a folder is the payloads of one board (a pull, another tool's download), and not a heap of plans."""
    return any(getattr(module, "READS_FOLDERS", False) and module.matches(b"", folder) for module in map(importlib.import_module, READERS.values()))


def _of_folder(folder: Path) -> str:
    for module in READERS.values():
        reader = importlib.import_module(module)
        if getattr(reader, "READS_FOLDERS", False) and reader.matches(b"", folder):
            _of_a_size(folder)
            return module
    raise UnreadableFile(folder.name, "it is a folder, and no pull of a board", remedy="name a file in it; pmo import takes a folder of plans")


def _of_a_size(folder: Path) -> None:
    """Refuse a folder that is larger than a file may be, or leads out of itself."""
    size = 0
    for number, file in enumerate(folder.rglob("*")):
        if file.is_symlink():
            raise UnreadableFile(folder.name, f"{file.name} in it is a link to another place", remedy="copy the files themselves")
        size += file.stat().st_size if file.is_file() else 0
        if number > FILES or size > TOGETHER:
            raise UnreadableFile(folder.name, f"it holds more than {FILES:,} files or {TOGETHER // 1024**3} GB", remedy="pull the projects one by one")


def _head(path: Path) -> bytes:
    """The first bytes of a file of a size that we take."""
    _is_a_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise UnreadableFile(path.name, f"it cannot be opened: {error.strerror}", remedy="check its permissions") from None
    if not head.strip(b"\x00\r\n\t "):
        raise UnreadableFile(path.name, "it is empty", remedy="export it again")
    if head.startswith(b"PK\x03\x04"):
        _unpacks_within_budget(path)
    return head


def _is_a_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise UnreadableFile(path.name, "it is a folder", remedy="name a file in it")
        if not path.exists():
            raise UnreadableFile(path.name, "there is no such file", remedy="check the name")
        if not path.is_file():
            raise UnreadableFile(path.name, "it is not a regular file", remedy="copy its content to a file")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            path.name or str(path)[:80], f"it cannot be reached: {getattr(error, 'strerror', None) or 'its name is not one'}", remedy="check the name"
        ) from None
    if size > LARGEST:
        raise UnreadableFile(path.name, f"it is larger than {LARGEST // 1024**2} MB", remedy="export one project, without the history of work over time")


def _unpacks_within_budget(path: Path) -> None:
    """Refuse an archive that would unpack to far more than it is, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(
            path.name, "it begins as a ZIP archive but cannot be opened as one, so it is damaged or breaks off", remedy="copy or export it again"
        ) from None
    unpacked, packed = sum(entry.file_size for entry in entries), max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > ENTRIES or unpacked > UNPACKED or (unpacked > 10 * 1024**2 and unpacked / packed > RATIO):
        raise UnreadableFile(
            path.name,
            f"it would unpack to {unpacked / 1024**2:,.0f} MB in {len(entries):,} parts, more than a plan needs",
            remedy="save it again without what is not the plan",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(path.name, "it is protected by a password", remedy="save it without the password")


def _looks_like(head: bytes) -> str:
    signatures = {
        b"%PDF": "it looks like PDF",
        b"PK\x03\x04": "it looks like a ZIP archive, which is to be unpacked first",
        b"\x1f\x8b": "it looks like a compressed file, which is to be unpacked first",
        b"\xd0\xcf\x11\xe0": "it looks like an old Office file",
        b"\x89PNG": "it looks like a picture",
    }
    named = next((what for mark, what in signatures.items() if head.startswith(mark)), None)
    if named:
        return named
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return "it looks like XML or HTML"
    return "it looks like a binary file" if b"\x00" in head else "it looks like text"
