"""The shape of a P6 XER file: tab-separated tables in one text file, %T a table, %F its fields, %R a row, %E the end."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers.alphabets import NAMES, alphabet
from pmo_lib.readers.notes import Notes

USED = {
    *("PROJECT", "SCHEDOPTIONS", "PROJWBS", "OBS", "CALENDAR", "TASK", "TASKPRED", "TASKRSRC", "PROJCOST", "RSRC", "RSRCRATE"),
    *("ACTVTYPE", "ACTVCODE", "TASKACTV", "UDFTYPE", "UDFVALUE", "CURRTYPE"),
}
LINE_END = re.compile(r"\r\n|\n|\r")


class Row:
    """One %R row: `row["task_id"]` is its text, "" where the row or the table has no such field."""

    __slots__ = ("_index", "_values", "line")

    def __init__(self, index: dict[str, int], values: list[str], line: int) -> None:
        self._index, self._values, self.line = index, values, line

    @property
    def width(self) -> int:
        """By how many cells it is wider than its table."""
        return len(self._values) - 1 - max(self._index.values(), default=-1)

    def without(self, names: frozenset[str]) -> Row:
        """The row as if it had none of these fields."""
        return Row({name: at for name, at in self._index.items() if name not in names}, self._values, self.line)

    def __getitem__(self, name: str) -> str:
        at = self._index.get(name)
        return self._values[at].strip() if at is not None and at < len(self._values) else ""


@dataclass
class XerFile:
    """The tables that we use, by name, and the header's fields."""

    header: list[str]
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables.get(table, [])


def load(data: bytes, name: str, notes: Notes) -> XerFile:
    """Read the file's tables.

    Raises `UnreadableFile` where the file has neither an XER header nor tables at its beginning, or breaks off within a row.
    """
    lines = LINE_END.split(decoded(data, notes))
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    first = lines[at]
    if first.startswith("%T\t"):
        message = "the file has no header (ERMHDR), which says the version of P6 and the currency; its tables were read"
        notes.add("warning", "header-missing", f"line {at + 1}", message, "export it again from P6")
        first, at = "ERMHDR", at - 1
    if not first.startswith("ERMHDR"):
        raise UnreadableFile(name, "it does not begin with ERMHDR, as an XER file does", place="line 1", remedy="export the project from P6 again as XER")
    file = XerFile(first.split("\t"))
    ended = _read_tables(lines, at + 1, file, notes)
    if not ended:
        _broken_off(lines, name, notes)
    return file


def decoded(data: bytes, notes: Notes) -> str:
    """The file's text, without NUL characters. XER declares no encoding: a byte order mark decides, else UTF-8 where it fits, else the words."""
    text = _text(data, notes)
    if "\x00" in text:
        notes.add("warning", "nul-removed", "file", "the text holds NUL characters, which no name can; they were left out", "copy or export it again")
    return text.replace("\x00", "")


def _text(data: bytes, notes: Notes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = alphabet(data)
        message = f"the text is not UTF-8 and was read as {NAMES[encoding]}; names in other alphabets may be garbled"
        notes.add("info", "encoding-assumed", "file", message, "export with UTF-8 if names look wrong")
        return data.decode(encoding, errors="replace")


def _read_tables(lines: list[str], start: int, file: XerFile, notes: Notes) -> bool:
    """Fill the tables from the lines behind the header; whether the end mark came."""
    table, ended = "", False
    index: dict[str, int] | None = None
    last: list[str] | None = None  # the cells of the row before
    for number, line in enumerate(lines[start:], start=start + 1):
        mark, _, rest = line.partition("\t")
        if mark == "%R":
            last = (rest.replace('""', '"') if '""' in rest else rest).split("\t")
            if index is None:
                message = f"table {table or '(none)'} has rows but no %F line; they were left out"
                notes.add("warning", "row-without-fields", f"line {number}", message, "export the file again")
            elif table in USED:
                file.tables[table].append(Row(index, last, number))
        elif mark == "%T":
            table, index, last, ended = rest.strip(), None, None, False
            file.tables.setdefault(table, [])
        elif mark == "%F":
            names = [cell.strip().lower() for cell in rest.split("\t")]
            index, last = {cell: at for at, cell in reversed(list(enumerate(names)))}, None
        elif mark.strip() in ("%E", "ERMTAIL"):
            ended, last = True, None
        elif last is not None and line and not line.startswith("%"):
            first, *others = line.split("\t")  # a text cell that holds a line end
            last[-1] += "\n" + first
            last += others
    _odd_widths(file, notes)
    return ended


def _odd_widths(file: XerFile, notes: Notes) -> None:
    """P6 itself leaves no cell out; other exporters drop the empty cells at the end of a row."""
    for table, rows in file.tables.items():
        for row in rows:
            if row.width != 0:
                much, severity = ("more", "warning") if row.width > 0 else ("fewer", "info")
                notes.add(severity, "row-width", f"{table}, line {row.line}", f"a row of {table} has {much} cells than the table has fields")


def _broken_off(lines: list[str], name: str, notes: Notes) -> None:
    if lines[-1].strip():
        raise UnreadableFile(name, "the file breaks off in the middle of a row", place=f"line {len(lines)}", remedy="copy or export it again")
    notes.add(
        "error", "no-end-mark", f"line {len(lines)}", "the file ends without %E, so tables at its end may be missing", "export it again from P6 and compare"
    )
