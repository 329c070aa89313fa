"""What planners keep in Excel or CSV for a forecast: estimates, rules, risks, correlation, branches, existence, weather.

A workbook has one sheet for each, so named; a CSV is one of them, told by its headers. Ids of several activities are separated by `;`, or a column
`where` holds a filter. Every number, name of a kind and order of points is checked here, where the row and column are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.readers import cells, door
from pmo_lib.readers.sheets import Grid, grids

# table -> the columns that tell it; in the order in which a CSV is tried
TABLES: Mapping[str, frozenset[str]] = {
    "risks": frozenset({"risk", "probability"}),
    "branches": frozenset({"node", "branch"}),
    "weather": frozenset({"weather", "months"}),
    "existence": frozenset({"activity", "probability"}),
    "rules": frozenset({"where", "low", "high"}),
    "estimates": frozenset({"activity", "shape"}),
    "correlation": frozenset(),
}
NUMBERS = ("probability", "low", "likely", "high", "lam", "days", "persistence", "rho", "loading")
WORDS = ("kind", "unit", "shape", "meaning", "combine", "occurrence", "impact", "measure")  # written in any case
SYNONYMS = {
    "activity id": "activity", "id": "activity", "task id": "activity", "unique id": "activity", "distribution": "shape",
    "optimistic": "low", "minimum": "low", "min": "low", "most likely": "likely", "ml": "likely", "pessimistic": "high", "maximum": "high", "max": "high",
    "lambda": "lam", "filter": "where", "risk id": "risk", "description": "name", "prob": "probability", "tasks": "activities",
    "impacted activities": "activities", "correlation": "rho", "coefficient": "rho",
}  # fmt: skip
SPARE = {"likelihood": "probability", "chance": "probability", "risk title": "name", "title": "name", "type": "kind"}  # where no other column is so called
SHEETS = {"risk register": "risks", "register": "risks"}
MEANT = {"threat": "event", "triangle": "triangular", "betapert": "pert", "beta pert": "pert", "beta-pert": "pert"}  # other tools' words
IN_PERCENT = ("probability", "persistence")
POINTS = ("low", "likely", "high", "values")
HEADERS_WITHIN = 10  # [rows] titles and notes above the headers
SHAPES_BY_LIST = ("discrete", "cumulative", "histogram", "empirical")


def read_risk_tables(path: str | Path, wanted: str | None = None) -> dict[str, pl.DataFrame]:
    """The tables of a file by name; each row has its `place`. `wanted` names the table that a CSV holds, where its headers may not tell.

    Raises `UnreadableFile` for what is no Excel or CSV file, `InvalidInput` naming file, row and column of a cell that cannot be read.
    """
    path = Path(path)
    door.spreadsheet(path)
    found: dict[str, pl.DataFrame] = {}
    seen = []
    for sheet, grid, _ in grids(path):
        name = cells.plain(sheet) if sheet else None
        name = SHEETS.get(name, name) if name else None
        if name is not None and name not in TABLES:
            seen.append(sheet)
            continue
        titles, body = _headed(grid, name)
        headers = _columns(titles)
        name = name or _told(headers, wanted)
        if name is None:
            raise InvalidInput(f"{path.name}: its columns {', '.join(filter(None, headers))} are of no table that a forecast takes; {_known()}")
        headers = _of_matrix(titles, headers) if name == "correlation" else headers
        percent = {at for at, title in enumerate(titles) if "%" in title and headers[at] in IN_PERCENT}
        frame = _frame(f"{path.name}, sheet {sheet}" if sheet else path.name, name, headers, body, percent) if body else None
        if frame is not None and frame.height:
            found[name] = frame
        else:
            seen.append(sheet)
    if not found:
        raise InvalidInput(f"{path.name}: no sheet of it holds a row for a forecast (it has {', '.join(filter(None, seen)) or 'headers alone'}); {_known()}")
    return found


def _known() -> str:
    return f"name sheets {', '.join(TABLES)}; pmo forecast --template writes a workbook with all of them"


def _headed(grid: Grid, name: str | None) -> tuple[list[str], Grid]:
    """The headers, and the rows below; the header row is the first with the table's own columns, else the first with any text."""
    filled = [(number, row) for number, row in grid if any(row)]
    wanted = TABLES.get(name or "", frozenset())
    for at, (_, row) in enumerate(filled[:HEADERS_WITHIN]):
        headers = set(_columns(row))
        if (wanted and wanted <= headers) or (not wanted and name is None and any(own and own <= headers for own in TABLES.values())):
            return list(row), filled[at + 1 :]
    return (list(filled[0][1]), filled[1:]) if filled else ([], [])


def _columns(titles: Sequence[str]) -> list[str]:
    """The headers as our names for them."""
    found = [_column(title) for title in titles]
    for i, title in enumerate(titles):
        own = SPARE.get(_bare(title))
        if own and own not in found:
            found[i] = own
    return found


def _column(header: str) -> str:
    plain = _bare(header)
    return SYNONYMS.get(plain, plain) if plain in SYNONYMS or plain in COLUMNS else header.strip()


def _bare(header: str) -> str:
    """A header in lower case, without what is in brackets and a per cent sign."""
    return re.sub(r"\s*[(\[].*?[)\]]", "", cells.plain(header.replace("_", " "))).removesuffix("%").strip()


def _is_matrix(headers: Sequence[str]) -> bool:
    return "activity" in headers and not {"group", "rho", "loading"} & set(headers)


def _of_matrix(titles: Sequence[str], headers: Sequence[str]) -> list[str]:
    """The headers of correlations; those of a matrix are ids of activities, which stay as they are: one may be A, or Low."""
    if not _is_matrix(headers):
        return list(headers)
    at = headers.index("activity")
    return ["activity" if i == at else title.strip() for i, title in enumerate(titles)]


COLUMNS = {
    *NUMBERS, *WORDS, "activity", "name", "where", "values", "weights", "risk", "coupled", "activities", "node", "branch", "tested", "comparison", "date",
    "weather", "months", "calendars", "group", "a", "b",
}  # fmt: skip


def _told(headers: Sequence[str], wanted: str | None) -> str | None:
    """Which table a CSV is: by its headers, else the one asked for."""
    has = set(headers)
    return next((name for name, own in TABLES.items() if own and own <= has), wanted or ("correlation" if "activity" in has or {"a", "b"} <= has else None))


def _frame(file: str, table: str, headers: list[str], body: Grid, percent: set[int]) -> pl.DataFrame:
    lacking = sorted(TABLES[table] - set(headers))
    if lacking:
        plural = "s" if len(lacking) > 1 else ""
        raise InvalidInput(f"{file}: {table} need the column{plural} {', '.join(lacking)}; they have {', '.join(filter(None, headers))}")
    twice = next((header for header in headers if header and headers.count(header) > 1), None)
    if twice:
        raise InvalidInput(f"{file}: the column {twice} is there twice; remove one")
    matrix = table == "correlation" and _is_matrix(headers)
    numeric = {at for at, header in enumerate(headers) if (header not in ("activity", "") if matrix else header in NUMBERS)}
    comma = cells.decimal_comma(row[at] for _, row in body for at in numeric if at < len(row) and row[at])
    rows = [_row(f"{file}, row {number}", table, headers, [*row, *[""] * (len(headers) - len(row))], numeric, comma, percent) for number, row in body]
    if table == "estimates":  # a row that nobody filled in is no estimate
        rows = [row for row in rows if any(row.get(point) is not None for point in POINTS)]
    types = {header: pl.Float64 if at in numeric else pl.List(pl.Int64) if header == "months" else pl.String for at, header in enumerate(headers) if header}
    return pl.DataFrame(rows, schema={**types, "place": pl.String}, orient="row")


def _row(place: str, table: str, headers: list[str], row: list[str], numeric: set[int], comma: bool, percent: set[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"place": place}
    for at, header in enumerate(headers):
        text = row[at].strip()
        if not header:
            continue
        if at in numeric:
            found[header] = _number(f"{text}%" if at in percent and text and not text.endswith("%") else text, comma, place, header)
        elif header == "months":
            found[header] = _months(text, place)
        else:
            found[header] = (MEANT.get(text.casefold(), text.casefold()) if header in WORDS else text) or None
    _in_order(table, found)
    return found


def _number(text: str, comma: bool, place: str, column: str) -> float | None:
    if not text:
        return None
    percent = text.endswith("%")
    value = cells.number(text.removesuffix("%"), comma)
    if value is None or not re.fullmatch(r"[+\-−]?[\d.,\s]+(?:[eE][+-]?\d+)?\s*%?", text):
        raise InvalidInput(f"{place}, column {column}: {text[:40]!r} is no number; correct the cell")
    if percent and column not in IN_PERCENT:
        raise InvalidInput(f"{place}, column {column}: {text[:40]!r} is a per cent; write the number alone, and say percent in the column unit")
    return value / 100 if percent else value


def _months(text: str, place: str) -> list[int]:
    """`11-2` or `6; 7; 8`."""
    found: list[int] = []
    for piece in filter(None, (part.strip() for part in re.split(r"[;,]", text))):
        ends = piece.split("-")
        if not all(end.strip().isdigit() and 1 <= int(end) <= 12 for end in ends) or len(ends) > 2:
            raise InvalidInput(f"{place}, column months: {piece[:40]!r} is no month; write numbers from 1 to 12, as in 11-2 or 6; 7; 8")
        first, last = int(ends[0]), int(ends[-1])
        found += [(month - 1) % 12 + 1 for month in range(first, (last if last >= first else last + 12) + 1)]
    return found


def _in_order(table: str, row: Mapping[str, Any]) -> None:
    """Refuses points out of order, and a probability that is none; nothing is swapped or clipped."""
    for column in ("probability", "persistence"):
        value = row.get(column)
        if value is not None and not 0 <= value <= 1:
            raise InvalidInput(f"{row['place']}, column {column}: a probability lies between 0 and 1, and is {value:g}; correct the cell")
    if table not in ("estimates", "rules", "risks") or row.get("meaning") == "mean_sd" or row.get("shape") in SHAPES_BY_LIST:
        return
    points = [(name, row[name]) for name in ("low", "likely", "high") if row.get(name) is not None]
    for (before, smaller), (after, greater) in pairwise(points):
        if smaller > greater:
            told = f"{before} must not exceed {after}, and {smaller:g} > {greater:g}"
            raise InvalidInput(f"{row['place']}, columns {before} and {after}: {told}; correct the points (they are never swapped)")
