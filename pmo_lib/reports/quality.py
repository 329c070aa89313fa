"""Cards on schedule quality: the DCMA's points, how they moved, what else was looked at, GAO's practices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, measures, words
from pmo_lib.reports import evidence, figures, sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Figure, Table, Text
from pmo_lib.reports.figures.sheet import width_of

Row = Mapping[str, Any]
LINE = 24  # characters of offenders
RESULTS = {
    "passed": Cell("Passed", glyph="on_track"),
    "failed": Cell("Failed", strong=True, glyph="off_track"),
    "for information": Cell("For information", quiet=True),
    "not available": Cell("Not available", quiet=True),
}


def quality(assessment: Assessment) -> list[Card]:
    """What is sound in the plan and what is not; beside it how far its dates are the source's own."""
    certified = evidence.certified(assessment)
    checks = assessment.checks
    if checks is None or checks.is_empty():
        return [Card("The schedule could not be checked", [Text(sentences.refusal(assessment, "checks"))], None, 8), certified]
    rows = checks.with_columns(pl.col("group").cast(pl.String)).to_dicts()
    further = [row for row in rows if row["group"] in ("structure", "progress")]
    practices = [row for row in rows if row["group"] == "gao"]
    subtitle = "Schedule checks after DCMA's 14 points, thresholds from the organisation's standards"
    points = Card(headlines.checks(checks), [table_of_checks([row for row in rows if row["group"] == "dcma"])], subtitle, 8)
    return [points, certified, *_trend(assessment.checks_trend), *_further(further), *_practices(practices, measures.titles(rows))]


def table_of_checks(rows: Sequence[Row]) -> Table:
    columns = [
        Column("Check", share=2),
        Column("Result", share=1.35),
        Column("Measured", "right", 0.8),
        Column("Threshold", "right", 0.8),
        Column("First offenders", share=2.2),
    ]
    return Table(columns, [_checked(row) for row in rows])


def _checked(row: Row) -> list[Cell]:
    offenders = _offenders(row["offenders"]) if row["passed"] is False or row["threshold"] is None else ""
    said = offenders or row["reason"] or "–"
    return [
        Cell(row["title"]),
        RESULTS[measures.result(row)],
        Cell(measures.value(row)),
        Cell(measures.threshold(row) or "–", quiet=True),
        Cell(said, quiet=not offenders),
    ]


def _offenders(found: list[str]) -> str:
    """The first offenders that fit on a line, and how many there are besides."""
    shown = found[:1]
    while len(shown) < len(found) and len(", ".join(found[: len(shown) + 1])) <= LINE:
        shown = found[: len(shown) + 1]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _trend(trend: pl.DataFrame | None) -> list[Card]:
    """Each point at each status date, where there are two or more."""
    if trend is None or trend["snapshot"].n_unique() < 2:
        return []
    heading = headlines.checks_trend(trend)
    drawn = Figure(figures.quality_trend(trend, width=width_of(5) - 24), f"Schedule quality by status date: {heading}")
    return [Card(heading, [drawn], "By status date. Circle: passed; diamond: failed; ring: not available", 5)]


def _further(rows: Sequence[Row]) -> list[Card]:
    """What failed or informs is shown; the rest is named beneath."""
    if not rows:
        return []
    told: dict[str, list[Row]] = {name: [row for row in rows if measures.result(row) == name] for name in RESULTS}
    shown = [*told["failed"], *told["for information"]]
    blocks: list[Block] = [table_of_checks(shown)] if shown else []
    blocks += [Text(f"Passed: {_named(told['passed'])}.", note=True)] if told["passed"] else []
    blocks += [Text(f"Not available: {_named(told['not available'])}.", note=True)] if told["not available"] else []
    failed = len(told["failed"])
    title = f"{words.capitalised(words.spelled(failed))} of {words.count(len(rows), 'further check')} failed"
    return [Card(title, blocks, "Dangling logic, redundancy, calendars, progress and baseline", 7)]


def _named(rows: Sequence[Row]) -> str:
    return ", ".join(measures.titles(rows).values())


def _practices(rows: Sequence[Row], called: Mapping[str, str]) -> list[Card]:
    if not rows:
        return []
    columns = [Column("Practice", share=3), Column("Result", share=1), Column("How far a file tells", share=1.7), Column("Checks passed", "right", 0.8)]
    cells = [
        [
            Cell(f"{row['reference'].removeprefix('GAO ')}  {row['title']}"),
            RESULTS[measures.result(row)],
            Cell(words.capitalised(measures.COVERAGE[row["coverage"]]), quiet=row["coverage"] != "measured"),
            Cell(measures.counted(row) or "–"),
            Cell(row["reason"] or ", ".join(measures.offenders(row, called)) or "–", quiet=not row["offenders"]),
        ]
        for row in rows
    ]
    kept = sum(row["passed"] is True for row in rows)
    title = f"{words.capitalised(words.spelled(kept))} of GAO’s ten best practices are kept, as far as the file tells"
    return [Card(title, [Table([*columns, Column("Failed, or why not", share=3)], cells)], "GAO-16-89G; each rests on the checks above")]
