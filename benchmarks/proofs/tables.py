"""Markdown tables and the folder of real files, which every proof needs."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

REAL_DATA = Path(os.environ.get("PMO_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


def table(header: Sequence[str], rows: Iterable[Sequence[object]], text: Sequence[str]) -> str:
    """A Markdown table; the columns named in `text` stand at the left, figures at the right."""
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join('---' if name in text else '---:' for name in header)}|"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def recorded() -> list[dict[str, str]]:
    """The rows of the table of counts: one a project of a file, as MPXJ counts it."""
    with (REAL_DATA / "schedule-counts.csv").open(encoding="utf-8") as file:
        return [{**row, "file": row["file"].removeprefix("dev/")} for row in csv.DictReader(file)]
