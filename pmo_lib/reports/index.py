"""The reports there are: each a module with `build(assessment)`, and a notebook of the same name under `notebooks/reports`."""

from __future__ import annotations

from collections.abc import Callable

from pmo_lib.errors import InvalidInput
from pmo_lib.office import Assessment
from pmo_lib.reports import status
from pmo_lib.reports.document import Document

REPORTS: dict[str, Callable[[Assessment], Document]] = {"status": status.build}


def build(assessment: Assessment, report: str = "status") -> Document:
    """The document of a report. Raises `InvalidInput` for a report that there is not."""
    if report not in REPORTS:
        raise InvalidInput(f"there is no report {report!r}; there are {', '.join(REPORTS)}")
    return REPORTS[report](assessment)
