"""Cards that say how far the figures can be trusted: certificate, findings, provenance."""

from __future__ import annotations

import polars as pl

from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.plots import agreed, words
from pmo_lib.reports import sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Facts, Table, Text
from pmo_lib.reports.pieces import MOST, left_out


def certified(assessment: Assessment) -> Card:
    """How far our engine reproduces the source's own dates."""
    certificate = assessment.certificate
    if certificate is None or certificate.rate is None:
        reason = sentences.sentence(certificate.note) if certificate and certificate.note else sentences.refusal(assessment, "certificate")
        return Card("There is no agreement to certify", [Text(reason)], None, 4)
    found, met = assessment.agreement, "meets" if certificate.met else "does not meet"
    title = f"Our engine reproduces {words.share(certificate.rate)} of the source's dates"
    blocks: list[Block] = [
        Text(f"{certificate.agreeing:,} of {certificate.compared:,} activities agree in every stored date."),
        Text(f"That {met} the standard of {words.share(certificate.threshold)}."),
    ]
    if found is not None and certificate.agreeing < certificate.compared:
        blocks.append(Facts([(words.capitalised(cause), f"{count:,}") for cause, count in agreed.causes(found)]))
    blocks += [Text(sentences.sentence(difference), note=True) for difference in certificate.top]
    blocks += [Text(sentences.sentence(certificate.note), note=True)] if certificate.note else []
    return Card(title, blocks, "Agreement certificate", 4)


def findings(assessment: Assessment | BoardFlow) -> list[Card]:
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
