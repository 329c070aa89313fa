"""`pmo check KEY --explain CHECK`: one check, what it counts, what to do, and everything that offends."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pmo_lib.cli.output import console, print_table
from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    import polars as pl

    from pmo_lib.office import Assessment

Row = Mapping[str, Any]


def chosen(checks: pl.DataFrame, asked: str) -> dict[str, Any]:
    """The check that is meant: its name, its title, or its number, as in "lags", "missing logic", "dcma 3" or "3".

    Raises `InvalidInput` that names the nearest.
    """
    known: dict[str, dict[str, Any]] = {}
    for row in checks.iter_rows(named=True):
        number = (row["reference"] or "").removeprefix("DCMA ")
        for name in (row["check"], row["title"], row["reference"] or "", number):
            known.setdefault(_plain(name), row)
    found = known.get(_plain(asked))
    if found is None:
        near = difflib.get_close_matches(_plain(asked), known, n=1, cutoff=0.5)
        names = ", ".join(checks["check"])
        raise InvalidInput(f"there is no check {asked!r}; " + (f"is {known[near[0]]['check']} meant? " if near else "") + f"There are {names}")
    return found


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").replace("-", " ").strip()


def print_explained(assessment: Assessment, row: Row) -> None:
    """The check in sentences, then its offenders, each of them."""
    from pmo_lib.office.offenders import offenders
    from pmo_lib.plots import measures, words

    out = console()
    number = f" ({row['reference']})" if row["reference"] else ""
    out.print(f"{row['title']}{number}: {measures.result(row)}", style="bold", markup=False)
    if row["value"] is None:
        out.print(f"Not available: {words.reason(row['reason'])}.", markup=False)
    else:
        held = measures.threshold(row)
        out.print(f"Measured {measures.value(row)} ({measures.counted(row)})" + (f"; the standard: {held}." if held else "; for information."), markup=False)
    out.print(f"Counted: {row['definition']}.", markup=False)
    if row["remedy"] and row["value"] is not None:
        out.print(f"What to do: {row['remedy']}.", markup=False)
    found = offenders(assessment, row)
    if found:
        out.print()
        columns, lines, right = _listed(found)
        print_table(f"{words.count(len(found), 'offender')}", columns, lines, right=right)


def _listed(found: Sequence[Row]) -> tuple[list[str], list[tuple[str, ...]], tuple[int, ...]]:
    from pmo_lib.plots import words

    if "predecessor" in found[0]:
        columns = ["predecessor", "name", "logic", "successor", "name"]
        return columns, [tuple(str(one[key] or "") for key in one) for one in found], ()
    if "check" in found[0]:
        return ["failed", "what to do"], [(one["title"], one["remedy"] or "") for one in found], ()

    def days(value: float | None) -> str:
        return "" if value is None else words.days(value)

    def day(when: Any) -> str:
        return "" if when is None else words.day(when)

    lines = [
        (
            one["activity"], one.get("name") or "", day(one.get("start")), day(one.get("finish")), days(one.get("duration_days")),
            days(one.get("total_float_days")),
        )
        for one in found
    ]  # fmt: skip
    return ["", "name", "start", "finish", "days", "total float"], lines, (2, 3, 4, 5)
