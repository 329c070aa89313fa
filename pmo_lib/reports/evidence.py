"""Cards that say how far the figures can be trusted: schedule checks, certificate, findings, provenance."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, measures, words
from pmo_lib.reports import sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Facts, Table, Text
from pmo_lib.reports.pieces import MOST, left_out


def quality(assessment: Assessment) -> list[Card]:
    certified = _certified(assessment)
    checks = assessment.checks
    if checks is None or checks.is_empty():
        return [Card("The schedule could not be checked", [Text(sentences.refusal(assessment, "checks"))], None, 8), certified]
    rows = [_checked(row) for row in checks.iter_rows(named=True) if row["group"] == "dcma"]
    columns = [
        Column("Check", share=2),
        Column("Result", share=1.1),
        Column("Measured", "right", 0.9),
        Column("Threshold", "right", 0.9),
        Column("First offenders", share=2.2),
    ]
    return [
        Card(headlines.checks(checks), [Table(columns, rows)], "Schedule checks after DCMA's 14 points, thresholds from the organisation's standards", 8),
        certified,
    ]


def _checked(row: dict[str, Any]) -> list[Cell]:
    if row["passed"] is None:
        result = Cell("Not available", quiet=True)
    else:
        result = Cell("Passed" if row["passed"] else "Failed", strong=not row["passed"], glyph="on_track" if row["passed"] else "off_track")
    offenders = _offenders(row["offenders"]) if row["passed"] is False else ""
    said = offenders or row["reason"] or "–"
    return [
        Cell(row["title"]),
        result,
        Cell(measures.value(row)),
        Cell(measures.threshold(row), quiet=True),
        Cell(said, quiet=not offenders),
    ]


def _offenders(found: list[str]) -> str:
    """The first offenders that fit on a line, and how many there are besides."""
    shown = found[:1]
    while len(shown) < len(found) and len(", ".join(found[: len(shown) + 1])) <= LINE:
        shown = found[: len(shown) + 1]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


LINE = 24  # characters


def _certified(assessment: Assessment) -> Card:
    certificate = assessment.certificate
    if certificate is None or certificate.rate is None:
        reason = sentences.sentence(certificate.note) if certificate and certificate.note else sentences.refusal(assessment, "certificate")
        return Card("There is no agreement to certify", [Text(reason)], None, 4)
    title = f"Our engine reproduces {words.share(certificate.rate)} of the source's dates"
    met = "meets" if certificate.met else "does not meet"
    blocks: list[Block] = [
        Text(f"{certificate.agreeing:,} of {certificate.compared:,} activities agree in every stored date."),
        Text(f"That {met} the standard of {words.share(certificate.threshold)}."),
    ]
    blocks += [Text(sentences.sentence(difference), note=True) for difference in certificate.top]
    blocks += [Text(sentences.sentence(certificate.note), note=True)] if certificate.note else []
    return Card(title, blocks, "Agreement certificate", 4)


def findings(assessment: Assessment) -> list[Card]:
    worst_first = pl.col("severity").cast(pl.String).replace_strict({"error": 0, "warning": 1, "info": 2})
    found = assessment.findings.sort(worst_first, maintain_order=True)
    title = sentences.findings_title(found)
    if found.is_empty():
        return [Card(title, [Text("No row was refused and no value repaired.")])]
    rows = [
        [
            Cell(SEVERITY[row["severity"]], strong=row["severity"] == "error"),
            Cell(row["place"]),
            Cell(row["message"]),
            Cell(row["remedy"] or "–", quiet=not row["remedy"]),
        ]
        for row in found.head(MOST).iter_rows(named=True)
    ]
    columns = [Column("Weight", share=0.8), Column("Where", share=1.6), Column("What was found", share=4), Column("What to do", share=2.4)]
    subtitle = "Rows and values that were refused, repaired or found odd when the source was read"
    return [Card(title, [Table(columns, rows), *left_out(found.height, "finding")], subtitle)]


SEVERITY = {"error": "Refused", "warning": "Doubtful", "info": "Note"}


def provenance(assessment: Assessment) -> list[Card]:
    data_date = words.day(assessment.info.data_date)
    pairs = [(words.capitalised(name), data_date if name == "data date" else value) for name, value in assessment.provenance.items()]
    if assessment.previous:
        pairs.append(("Compared with", f"snapshot {assessment.previous[:12]} of {words.day(assessment.previous_date)}"))
    if assessment.forecast is not None:
        pairs.append(("Sampling", assessment.forecast.sampling))
    return [Card("Every figure can be traced", [Facts(pairs)], "The same snapshot, parameters, seed and version give the same figures")]
