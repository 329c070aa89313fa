"""Schedule quality in the terminal: the 14 points first, then what else was looked at, then the best practices."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from pmo_lib.cli.output import console, print_table

if TYPE_CHECKING:
    import polars as pl

NAMED = 4  # offenders of a check
MARKS = {"passed": "passed", "failed": "FAILED", "for information": "info", "not available": "n/a"}


def print_checks(checks: pl.DataFrame, what: str) -> None:
    """Every check of a plan or of a board, then what to do about those that failed; `what` is how the plan was named."""
    from pmo_lib.plots import measures

    passed, made = measures.points(checks)
    if not _of(checks, "dcma"):
        columns = ["", "check", "value", "threshold", "count", "items, or why not"]
        print_table(f"Board quality: {passed} of {made} checks passed", columns, [_line(row) for row in checks.iter_rows(named=True)], right=(2, 3, 4))
        return
    print_table(
        f"Schedule quality: {passed} of {made} DCMA points passed",
        ["", "DCMA", "point", "value", "threshold", "count", "offenders, or why not"],
        [_line(row, row["reference"].removeprefix("DCMA ")) for row in _of(checks, "dcma")],
        right=(1, 3, 4, 5),
    )
    further = [*_of(checks, "structure"), *_of(checks, "progress")]
    print_table("Further checks", ["", "check", "value", "threshold", "count", "offenders, or why not"], [_line(row) for row in further], right=(2, 3, 4))
    called = measures.titles(checks.iter_rows(named=True))
    print_table(
        "GAO’s best practices, as far as the file tells",
        ["", "GAO", "practice", "told", "checks passed", "failed, or why not"],
        [_practice(row, called) for row in _of(checks, "gao")],
        right=(1, 4),
    )

    _print_remedies(checks, what)


def _print_remedies(checks: pl.DataFrame, what: str) -> None:
    failed = [row for row in checks.iter_rows(named=True) if row["passed"] is False and row["remedy"]]
    if failed:
        print_table("What to do about what failed", ["check", "what to do"], [(row["title"], row["remedy"]) for row in failed])
        console().print(f"Every offender of one: pmo check {shlex.quote(what)} --explain {failed[0]['check']}\n", markup=False)


def _of(checks: pl.DataFrame, group: str) -> list[dict[str, Any]]:
    return [row for row in checks.iter_rows(named=True) if row["group"] == group]


def _line(row: dict[str, Any], *number: str) -> tuple[str, ...]:
    from pmo_lib.plots import measures

    said = row["reason"] or measures.named(row, NAMED)
    missing = row["value"] is None
    return (MARKS[measures.result(row)], *number, row["title"], "" if missing else measures.value(row), measures.threshold(row), measures.counted(row), said)


def _practice(row: dict[str, Any], called: dict[str, str]) -> tuple[str, ...]:
    from pmo_lib.plots import measures

    failed = ", ".join(measures.offenders(row, called))
    told = measures.COVERAGE[row["coverage"]]
    return MARKS[measures.result(row)], row["reference"].removeprefix("GAO "), row["title"], told, measures.counted(row), row["reason"] or failed
