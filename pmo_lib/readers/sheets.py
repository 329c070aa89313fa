"""Spreadsheets and CSV as rows of text, with the number that each row has in its file. What a cell means is for `cells`."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers.alphabets import NAMES, alphabet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
WORKBOOK = "Workbook".encode("utf-16-le")  # the stream that makes an old Office file an Excel one
SEPARATORS = ",;\t|"
HEADERS_WITHIN = 25  # [rows] titles and notes above the headers may take this many
MOST_ROWS = 200_000
Grid = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet from its header row on. `rows`: number in the file, from 1, and the cells as text; "" for an empty one."""

    name: str
    headers: list[str]
    rows: Grid
    encoding: str | None = None  # of a CSV that is not UTF-8

    def place(self, row: int) -> str:
        """Where a row is, for findings."""
        return f"sheet {self.name}, row {row}" if self.name else f"row {row}"


def is_spreadsheet(head: bytes, path: Path) -> bool:
    """Whether it is an Excel file, of either age."""
    if head.startswith(OLE):
        return WORKBOOK in path.read_bytes()
    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/workbook") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def is_text(head: bytes) -> bool:
    """Whether it may be a CSV: text with a separator in its first lines, no markup and no MPX, which is a CSV of its own."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        bool(start)
        and b"\x00" not in head
        and not start.startswith((b"<", b"{", b"[", b"%PDF", b"MPX"))
        and any(mark.encode() in head[:4096] for mark in SEPARATORS)
    )


def read_sheet(path: Path, fit: Callable[[list[str]], int]) -> Sheet:
    """The sheet and header row on which `fit` counts the most known headers (none: 0).

    Raises `UnreadableFile` where no row has any, or the file cannot be opened.
    """
    found = _header(grids(path), fit) or _header(_cut_otherwise(path), fit)
    if found is None:
        raise UnreadableFile(
            path.name, "no row of it has headers that are known", remedy="name the columns as in: ID, Name, Duration, Start, Finish, Predecessors, % Complete"
        )
    name, at, rows, encoding = found
    headers = [cell.strip() for cell in rows[at][1]]
    body = [(number, [*cells, *[""] * (len(headers) - len(cells))]) for number, cells in rows[at + 1 :] if any(cells)]
    return Sheet(name, headers, body, encoding)


def _header(sheets: Iterable[tuple[str, Grid, str | None]], fit: Callable[[list[str]], int]) -> tuple[str, int, Grid, str | None] | None:
    """The sheet, the header's place in its rows, the rows and the encoding; None where no row has any known header."""
    best: tuple[int, tuple[str, int, Grid, str | None] | None] = (0, None)
    for name, rows, encoding in sheets:
        for at, (_, cells) in enumerate(rows[:HEADERS_WITHIN]):
            count = fit(cells)
            # of two rows that fit equally, the lower has the captions: P6 writes its column codes above them
            if count > best[0] or (count == best[0] and best[1] is not None and name == best[1][0]):
                best = count, (name, at, rows, encoding)
    return best[1]


def grids(path: Path) -> Iterator[tuple[str, Grid, str | None]]:
    """Each sheet's name, its rows with their numbers in the file from 1, and the encoding of a CSV (one sheet without name) that is not Unicode.

    Raises `UnreadableFile`.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((OLE, ZIP)):
        yield from ((name, rows, None) for name, rows in _excel(path))
    else:
        yield _csv(path)


def _excel(path: Path) -> Iterator[tuple[str, Grid]]:
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
            frame = sheet.to_polars()
            if frame.height > MOST_ROWS:
                raise UnreadableFile(path.name, f"sheet {name} has more than {MOST_ROWS:,} rows", remedy="keep only the rows of the list")
            yield name, [(number, [(cell or "").strip() for cell in row]) for number, row in enumerate(frame.iter_rows(), start=1)]
    except fastexcel.FastExcelError as error:
        protected = "password" in str(error).lower() or "encrypt" in str(error).lower()
        reason = "it is password-protected" if protected else "it cannot be opened as an Excel file, so it is damaged or breaks off"
        raise UnreadableFile(path.name, reason, remedy="save it again without password" if protected else "save it again in Excel") from None


def _cut_otherwise(path: Path) -> Iterator[tuple[str, Grid, str | None]]:
    """A CSV cut by each of the separators that cut its records less evenly."""
    with path.open("rb") as file:
        if file.read(8).startswith((OLE, ZIP)):
            return
    for separator in _separators(_decoded(path.read_bytes())[0])[1:]:
        yield _csv(path, separator)


def _csv(path: Path, separator: str | None = None) -> tuple[str, Grid, str | None]:
    text, encoding = _decoded(path.read_bytes())
    separator = separator or _separators(text)[0]
    rows: Grid = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        first = 1
        for cells in reader:
            rows.append((first, [cell.strip() for cell in cells]))
            first = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise UnreadableFile(path.name, f"it has more than {MOST_ROWS:,} rows", remedy="keep only the rows of the list")
    except csv.Error as error:
        raise UnreadableFile(path.name, f"it is no readable CSV ({error})", place=f"line {reader.line_num}", remedy="export it again") from None
    return "", rows, encoding


def _decoded(data: bytes) -> tuple[str, str | None]:
    """The text, and the encoding where it is not Unicode."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), None
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        encoding = alphabet(data)
        return data.decode(encoding, errors="replace"), NAMES[encoding]


def _separators(text: str) -> list[str]:
    """The separators, first the one that cuts the first records into the most columns, the same number in each. A quoted cell may hold separators and lines."""

    def score(mark: str) -> int:
        widths = _widths(text, mark)
        most = max(widths, default=0)
        return most * (1 + widths.count(most)) if most > 1 else 0

    return [mark for mark in sorted(SEPARATORS, key=score, reverse=True) if score(mark)] or [SEPARATORS[0]]


def _widths(text: str, mark: str) -> list[int]:
    """How many cells each of the first records has."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=False)
    try:
        return [len(cells) for _, cells in zip(range(HEADERS_WITHIN), filter(None, records), strict=False)]
    except csv.Error:
        return []
