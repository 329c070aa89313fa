"""A workbook in which a planner writes ranges and risks: the plan's open work with its remaining durations, and an empty sheet for each further table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project
from pmo_lib.tables.records import MEANINGS, SHAPES
from pmo_lib.tables.risks import IMPACT_UNITS, RISK_KINDS
from pmo_lib.tables.rules import RULE_UNITS

ESTIMATES = ("activity", "name", "remaining", "shape", "low", "likely", "high", "meaning")
SHEETS: dict[str, tuple[str, ...]] = {
    "rules": ("where", "unit", "shape", "low", "likely", "high", "meaning"),
    "risks": ("risk", "name", "kind", "probability", "unit", "shape", "low", "likely", "high", "combine", "activities", "where"),
    "correlation": ("group", "activity", "rho"),
    "branches": ("node", "branch", "activities", "probability"),
}
CHOICES = {"shape": SHAPES, "meaning": MEANINGS, "kind": RISK_KINDS}
UNITS = {"rules": RULE_UNITS, "risks": IMPACT_UNITS}
NOTES = (
    ("estimates", "Remaining working days; fill in low, likely and high. A row left empty takes the file's own fields, the rules, the standard."),
    ("meaning", "minmax: absolute ends. p10_p90 or p5_p95: percentiles. mean_sd: low is the mean, high the standard deviation."),
    ("rules", "The first rule that meets an activity gives its range: where, as in  wbs = 1.2; code:Phase = Foundation; name ~ weld ; empty: every activity."),
    ("risks", "driver: a factor on durations (unit factor). event: adds days or percent."),
    ("activities", "Ids separated by ; or * for every open one, or a filter in where."),
    ("correlation", "Groups as here, or pairs (a, b, rho), or a matrix (activity and one column for each)."),
)


def write_risk_template(plan: Project, out: str | Path) -> int:
    """Writes the workbook; returns how many open activities it lists.

    Raises `NotAvailable` where nothing is left to do, `InvalidInput` where the file is there already or cannot be written.
    """
    import xlsxwriter

    path, rows = Path(out), _open_work(plan)
    if not rows:
        raise NotAvailable(f"every activity of {plan.info.file or plan.info.key} is finished; there is nothing left to estimate")
    if path.exists():
        raise InvalidInput(f"{path} is there already and may hold what somebody wrote; name another file")
    if path.suffix.lower() != ".xlsx" or not path.parent.is_dir():
        raise InvalidInput(f"{path}: the template is an Excel workbook in a folder that exists; name it as in ranges.xlsx")
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        _sheet(book, "estimates", ESTIMATES, bold, rows)
        for name, columns in SHEETS.items():
            _sheet(book, name, columns, bold, [])
        notes = book.add_worksheet("notes")
        notes.set_column(0, 1, 24)
        for at, line in enumerate(NOTES):
            notes.write_row(at, 0, line)
    return len(rows)


def _open_work(plan: Project) -> list[tuple[Any, ...]]:
    known = calendars(plan)
    own = project_calendar(plan, known)
    left = plan.tables["activities"].filter(
        pl.col("kind").cast(pl.String).is_in(["task", "resource_dependent"])
        & pl.col("active")
        & pl.col("actual_finish").is_null()
        & (pl.col("remaining_duration") > 0)
    )
    rows = left.select("activity", "name", "remaining_duration", "calendar").iter_rows()
    days = [(activity, name, round(minutes / known.get(key, own).minutes_per_day, 4)) for activity, name, minutes, key in rows]
    return [(*row, "triangular", None, None, None, "minmax") for row in days]


def _sheet(book: Any, name: str, columns: tuple[str, ...], bold: Any, rows: list[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 40 if column in ("name", "where", "activities") else 13)
        sheet.write_string(0, at, column, bold)
        choices = UNITS.get(name) if column == "unit" else CHOICES.get(column)
        if choices:
            sheet.data_validation(1, at, max(len(rows), 500), at, {"validate": "list", "source": choices})
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, at, value)
            elif value is not None:
                sheet.write_number(number, at, value)
