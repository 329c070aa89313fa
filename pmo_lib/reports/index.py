"""The reports there are: each a module with `build` of what the office knows, and a notebook of the same name under `notebooks/reports`."""

from __future__ import annotations

from importlib import import_module

from pmo_lib.errors import InvalidInput
from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.reports.document import Document

REPORTS = {"status": "pmo_lib.reports.status", "flow": "pmo_lib.reports.flow"}  # modules are imported where a report is built: in its notebook


def build(assessment: Assessment | BoardFlow, report: str = "status") -> Document:
    """The document of a report; that of flow takes what `office.board_flow` gives. Raises `InvalidInput` for a report that there is not."""
    return import_module(REPORTS[known(report)]).build(assessment)


def known(report: str) -> str:
    """The report's name. Raises `InvalidInput` for a report that there is not."""
    if report not in REPORTS:
        raise InvalidInput(f"there is no report {report!r}; there are {', '.join(REPORTS)}")
    return report
