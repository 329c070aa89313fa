"""Checks as people read them: "6.4 %", "≤ 5 %", "38 of 590". `row` is one of `tables.schedule_results.Checks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pmo_lib.plots import words

SIGNS = {"at_most": "≤", "at_least": "≥"}
GROUPS = {"dcma": "DCMA’s 14 points", "structure": "Structure of the network", "progress": "Progress and baseline", "gao": "GAO’s ten best practices"}
COVERAGE = {"measured": "measured", "partly": "partly measured", "not_measurable": "not measurable"}
MOST_DIGITS = 4


def value(row: Mapping[str, Any]) -> str:
    """The measured value, with digits enough to show on which side of its threshold it lies."""
    if row["value"] is None:
        return words.NONE
    digits = _digits(row["value"], row["unit"])
    while digits < MOST_DIGITS and _seems_otherwise(row, digits):
        digits += 1
    return _written(row["value"], row["unit"], digits)


def threshold(row: Mapping[str, Any]) -> str:
    """What the value is held to, as in "≤ 5 %"; "0 %" where none may be, "100 %" where all must; empty for a value that is for information."""
    if row["threshold"] is None:
        return ""
    if not row["threshold"] and row["rule"] == "at_most":
        return _written(0, row["unit"], 0)
    if row["rule"] == "at_least" and row["unit"] == "share" and row["threshold"] >= 1:
        return _written(1, row["unit"], 0)
    digits = 2 if row["unit"] == "index" else 0 if float(row["threshold"] * 100).is_integer() else 1
    return f"{SIGNS[row['rule']]}{words.SPACE}{_written(row['threshold'], row['unit'], digits)}"


def counted(row: Mapping[str, Any]) -> str:
    """What the value is made of, as in "38 of 590"; empty where it is not a count."""
    if row["numerator"] is None:
        return ""
    parts = [words.number(part, 0 if float(part).is_integer() else 1) for part in (row["numerator"], row["denominator"]) if part is not None]
    return " of ".join(parts)


def result(row: Mapping[str, Any]) -> str:
    """passed, failed, for information or not available."""
    if row["passed"] is not None:
        return "passed" if row["passed"] else "failed"
    return "not available" if row["value"] is None else "for information"


def named(row: Mapping[str, Any], most: int) -> str:
    """The first offenders, and how many there are besides."""
    shown = ", ".join(row["offenders"][:most])
    return shown + (f" and {len(row['offenders']) - most:,} more" if len(row["offenders"]) > most else "")


def points(checks: pl.DataFrame) -> tuple[int, int]:
    """How many of the checks that make the score passed, of how many that could be measured: of a plan the DCMA's points, of a board all of them."""
    dcma = pl.col("group").cast(pl.String) == "dcma"
    scored = checks.filter(dcma) if checks.select(dcma.any()).item() else checks
    made = scored.drop_nulls("passed")
    return made.filter("passed").height, made.height


def _digits(value: float, unit: str) -> int:
    """Shares below a tenth have one more digit."""
    if unit == "share":
        return 1 if 0 < value < 0.1 else 0
    return 2 if unit == "index" else 0


def _seems_otherwise(row: Mapping[str, Any], digits: int) -> bool:
    """Whether the rounded value would read as if it had met, or missed, a threshold that it has not."""
    if row["passed"] is None:
        return row["value"] > 0 and float(round(row["value"], digits)) == 0
    places = digits + 2 if row["unit"] == "share" else digits
    shown = round(row["value"], places)
    met = shown <= row["threshold"] if row["rule"] == "at_most" else shown >= row["threshold"]
    return met is not row["passed"]


def _written(number: float, unit: str, digits: int) -> str:
    return f"{words.number(number * 100, digits)}{words.SPACE}%" if unit == "share" else words.number(number, digits)


def titles(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each check is called within a sentence, by its name: "missed tasks", "BEI of starts"."""
    return {row["check"]: row["title"] if row["title"][:3].isupper() else row["title"][:1].lower() + row["title"][1:] for row in rows}


def offenders(row: Mapping[str, Any], called: Mapping[str, str]) -> list[str]:
    """Who offends, as people read it: of a practice the checks that failed by what they are `called`, of a check the activities."""
    return [called.get(name, name) for name in row["offenders"]] if row["group"] == "gao" else row["offenders"]
