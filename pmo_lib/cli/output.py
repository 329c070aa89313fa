"""What the commands print: JSON for scripts, tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

SCHEMA = 1
NO_PROJECT = "No project yet. Next: pmo import FILE"
WIDTH = 160  # [characters] where nobody looks: a file or a pipe
Progress = Callable[[int, int, str], None]


def emit(payload: dict[str, Any]) -> None:
    """Print a JSON document; instants are ISO 8601, the layout is numbered by `schema`."""
    sys.stdout.write(_laid_out({"schema": SCHEMA, **payload}) + "\n")


def _laid_out(value: Any, indent: str = "") -> str:
    """JSON with a line for each key, and one for each row of a table: laid out value by value, a forecast's tables take three times as long."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_key(key)}: {_laid_out(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        encode = _encoder().encode
        return "[\n" + ",\n".join(f"{inner}{encode(row)}" for row in value) + f"\n{indent}]"
    return _encoder().encode(value)


def _key(key: Any) -> str:
    said = _encoder().encode(key)
    return said if isinstance(key, str) else f'"{said}"'


@cache
def _encoder() -> json.JSONEncoder:
    return json.JSONEncoder(default=_plain, ensure_ascii=False, allow_nan=False)


def rows(frame: pl.DataFrame | None) -> list[dict[str, Any]]:
    """A frame as JSON rows; none for a frame that is not there."""
    return [] if frame is None else frame.to_dicts()


def console() -> Console:
    """Where people read; a sentence is not broken into lines where nobody looks."""
    from rich.console import Console

    looked_at = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not looked_at, width=None if looked_at else WIDTH)


def print_table(title: str, columns: Sequence[str], lines: Sequence[Sequence[str]], *, right: Sequence[int] = (), spare: Sequence[int] = ()) -> None:
    """A quiet table; `right` names the columns that hold numbers and dates, `spare` those that a narrow terminal does without, the first one first."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    cells = [[line[place] for line in lines] for place in range(len(columns))]
    least = [needed(column, cells[place], number=place in right, first=place == 0) for place, column in enumerate(columns)]
    whole = [max(map(len, [column, *cells[place]])) for place, column in enumerate(columns)]
    shown = fitting(least, out.width, spare)
    widths = shared([least[place] for place in shown], [whole[place] for place in shown], out.width)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, width in zip(shown, widths, strict=True):
        table.add_column(columns[place], justify="right" if place in right else "left", overflow="fold", width=width)
    for line in lines:
        table.add_row(*(Text(line[place]) for place in shown))
    out.print(table)
    if left := [columns[place] for place in range(len(columns)) if place not in shown]:
        out.print(f"Left out, since the terminal is narrow: {', '.join(left)}.", style="dim", markup=False)


def needed(header: str, cells: Sequence[str], *, number: bool, first: bool) -> int:
    """The characters that a column needs: for its longest word, and where it holds numbers, dates or short names for the longest of these."""
    whole = max(map(len, cells), default=0)
    word = max((len(part) for cell in cells for part in cell.split(" ")), default=0)
    own = whole if number or (first and whole <= LONGEST) else min(word, WORD)
    return max([own, *(len(part) for part in header.split(" "))])


def fitting(least: Sequence[int], width: int, spare: Sequence[int]) -> list[int]:
    """The columns that stand side by side in so many characters: all of them, or less of those to spare."""
    shown = list(range(len(least)))
    for place in [None, *spare]:
        shown = [one for one in shown if one != place]
        if sum(least[one] + GAP for one in shown) <= width:
            break
    return shown


def shared(least: Sequence[int], whole: Sequence[int], width: int) -> list[int]:
    """The width of each column: what it holds, or, where that is too much, what it needs and its part of what is over, by how much more it could use."""
    room = width - GAP * len(least) - sum(least)
    more = [max(one - need, 0) for need, one in zip(least, whole, strict=True)]
    part = min(1.0, max(room, 0) / (sum(more) or 1))
    return [need + int(part * one) for need, one in zip(least, more, strict=True)]


GAP, WORD, LONGEST = 3, 20, 32  # [characters] between columns; of a word that is not broken; of a name that is not broken into lines


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on stderr for long work; silent where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total, text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from pmo_lib.compiled import compiled_before

    counted = TextColumn("{task.fields[counted]}")
    bar = Progress(TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    with bar:
        if not compiled_before("risk"):
            bar.console.print("The engine is compiled for this machine: once, about half a minute.", style="dim")
        task = bar.add_task(what, total=None, counted="")

        def tell(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{what}: {text}" if text else what, counted=f"{done:,} of {total:,}")

        yield tell


def _plain(value: Any) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "item"):  # a NumPy scalar
        return value.item()
    raise TypeError(f"{type(value).__name__} has no JSON form")
