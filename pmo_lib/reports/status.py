"""The status report: where a project stands, what changed, when it will finish and what drives that, how good its plan is."""

from __future__ import annotations

from collections.abc import Callable

from pmo_lib.errors import NotAvailable
from pmo_lib.office import Assessment
from pmo_lib.reports import evidence, outlook, progress, quality
from pmo_lib.reports.document import Card, Document, Section
from pmo_lib.reports.head import head

# name: what it is called in the report, and who makes its cards
SECTIONS: dict[str, tuple[str, Callable[[Assessment], list[Card]]]] = {
    "standing": ("Where the project stands", outlook.standing),
    "changes": ("What changed", outlook.changes),
    "earned_value": ("Earned value", progress.earned_value),
    "schedule": ("The plan", progress.schedule),
    "quality": ("Schedule quality", quality.quality),
    "findings": ("Findings", evidence.findings),
    "provenance": ("Provenance", evidence.provenance),
}


def build(assessment: Assessment) -> Document:
    """The report of an assessment; it computes nothing. Raises `NotAvailable` for a board, whose own report is that of its flow."""
    if "items" in assessment.plan.tables:
        key = assessment.info.key
        raise NotAvailable(f"a status report is about a plan, and {key} is a board: its own is the flow report, pmo report {key} without --report")
    return Document(head(assessment), {name: Section(name, label, cards(assessment)) for name, (label, cards) in SECTIONS.items()})
