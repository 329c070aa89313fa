"""A card at one of its tracking periods: what had begun, what was left, what it had cost; and the card's own measures of it."""

from __future__ import annotations

from typing import Any

from pmo_lib.calendar import add
from pmo_lib.readers.dslib.card import Card, Period, number
from pmo_lib.readers.notes import Notes

MEASURES = {
    "Planned Value (PV)": "cost",
    "Earned Value (EV)": "cost",
    "Actual Cost (AC)": "cost",
    "Earned Schedule (ES)": "date",
    "Schedule Performance Index (SPI)": "number",
    "Cost Performance Index (CPI)": "number",
    "Schedule Performance Index (SPI(t))": "number",
}
PLANNED = ("stored_start", "stored_finish", "stored_early_start", "stored_early_finish")
Row = dict[str, Any]


def progressed(card: Card, planned: list[Row], period: Period, notes: Notes) -> list[Row]:
    """The activities as they stood at the period's status date."""
    return [_progressed(card, row, period, notes) for row in planned]


def told(key: str, period: Period) -> list[Row]:
    """What *Tracking Overview* says of the period, as custom fields of the project."""
    stated = [(field, kind, period.overview.get(field, "")) for field, kind in MEASURES.items()]
    return [{"subject": "project", "key": key, "field": field, "kind": kind, "value": value} for field, kind, value in stated if value]


def _progressed(card: Card, row: Row, period: Period, notes: Notes) -> Row:
    now = {**row, **dict.fromkeys(PLANNED)}
    line = period.rows.get(row["activity"])
    if line is None or row["kind"] == "summary":
        return now
    place = f"sheet {period.sheet}, row {line['_row']}"
    begun = notes.instant(line["Actual Start"], "an actual start", place)
    worked, left = card.minutes(line["Actual Duration"]), card.minutes(line["Remaining Duration"])
    if worked is None or left is None:
        notes.add("error", "duration-unreadable", place, "its actual or remaining duration cannot be read; it is taken as not begun", "correct it in the card")
        return now
    costs = {"actual_cost": number(line, "Actual Cost"), "remaining_cost": number(line, "Remaining Cost")}
    if begun is None:
        return {**now, **costs}
    finished = line["Tracking"] == "Finished"
    return {
        **now,
        **costs,
        "actual_start": begun,
        "actual_finish": add(card.calendar, begun, worked) if finished else None,
        "duration": worked + (0 if finished else left),
        "remaining_duration": 0 if finished else left,
        "percent_complete": 1.0 if finished else min(number(line, "Percentage Completed") or 0.0, 1.0),
        "constraint": None,
        "constraint_date": None,
    }
