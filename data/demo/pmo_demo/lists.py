"""Spreadsheets of the demo: activity lists in Excel and CSV, the project list, estimates.

Excel files carry a fixed date, so that they come out alike each time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pmo_lib.project import Project

STATUS_WORDS = {"on_track": "On track", "at_risk": "At risk", "off_track": "Off track"}


def write_excel_list(plan: Project, path: Path, owner: str) -> None:
    """Names, dates and per cent complete: what a roll-out manager keeps."""
    header = ["ID", "Activity", "Start", "Finish", "% complete", "Owner"]
    rows = [[row["activity"], row["name"], _day(row["stored_start"]), _day(row["stored_finish"]), row["percent_complete"], owner] for row in _activities(plan)]
    write_sheet(path, "Plan", header, rows, {"% complete": "0%"})


def write_csv_list(plan: Project, path: Path) -> None:
    """The same with durations, predecessors and actual dates, as CSV."""
    links: dict[str, list[str]] = {}
    for row in plan.tables["relationships"].iter_rows(named=True):
        links.setdefault(row["successor"], []).append(row["predecessor"] + ("" if row["type"] == "FS" else row["type"]))
    header = [
        "Activity ID",
        "Activity name",
        "Duration (days)",
        "Remaining (days)",
        "Start",
        "Finish",
        "Actual start",
        "Actual finish",
        "% complete",
        "Predecessors",
    ]
    rows = [
        [
            *(row["activity"], row["name"], _days(row["duration"]), _days(row["remaining_duration"])),
            *(_iso(row[column]) for column in ("stored_start", "stored_finish", "actual_start", "actual_finish")),
            f"{row['percent_complete']:.0%}",
            "; ".join(links.get(row["activity"], [])),
        ]
        for row in _activities(plan)
    ]
    write_rows(path, header, rows)


def write_estimates(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Three-point estimates of remaining durations, with the columns of `tables.Estimates`."""
    header = ["activity", "shape", "low", "likely", "high", "meaning"]
    write_rows(path, header, [[row[name] for name in header] for row in rows])


def write_project_list(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """The PMO's project list, one row a project."""
    header = [
        "Key",
        "Name",
        "Programme",
        "Portfolio",
        "Manager",
        "Sponsor",
        "Phase",
        "Approved budget",
        "Approved finish",
        "Key milestones",
        "File pattern",
        "Declared status",
    ]
    fields = ["key", "name", "programme", "portfolio", "manager", "sponsor", "phase", "approved_budget", "approved_finish", "milestones", "file_pattern"]
    values = [[*(row[name] for name in fields), STATUS_WORDS[row["declared"]]] for row in rows]
    write_sheet(path, "Projects", header, values, {"Approved budget": "#,##0"})


def write_rows(path: Path, header: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_sheet(path: Path, sheet: str, header: list[str], rows: Iterable[list[Any]], formats: Mapping[str, str]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": sheet, "author": "Aldermoor Water", "created": datetime(2026, 6, 1)})
        page = book.add_worksheet(sheet)
        bold, dated = book.add_format({"bold": True}), book.add_format({"num_format": "dd mmm yyyy"})
        special = {header.index(name): book.add_format({"num_format": text}) for name, text in formats.items()}
        page.write_row(0, 0, header, bold)
        page.freeze_panes(1, 0)
        page.set_column(0, len(header) - 1, 18)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, datetime(value.year, value.month, value.day), dated)
                else:
                    page.write(number, column, value, special.get(column))


def _activities(plan: Project) -> Iterable[dict[str, Any]]:
    return plan.tables["activities"].iter_rows(named=True)


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None


def _iso(instant: datetime | None) -> str:
    return f"{instant:%d-%b-%Y}" if instant else ""


def _days(minutes: int) -> str:
    return f"{minutes / 480:g}"
