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


def print_table(title: str, columns: Sequence[str], lines: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A quiet table; `right` names the columns that hold numbers and dates."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in right else "left", no_wrap=position == 0, overflow="fold")
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    console().print(table)


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on stderr for long work; silent where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total, text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from pmo_lib.compiled import compiled_before

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    with bar:
        if not compiled_before("risk"):
            bar.console.print("The engine is compiled for this machine: once, about half a minute.", style="dim")
        task = bar.add_task(what, total=None)
        yield lambda done, total, text: bar.update(task, completed=done, total=total, description=f"{what}: {text}" if text else what)


def _plain(value: Any) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "item"):  # a NumPy scalar
        return value.item()
    raise TypeError(f"{type(value).__name__} has no JSON form")
