"""P6 calendars: the nested text of clndr_data, as in (0||CalendarData()((0||DaysOfWeek()((0||2()((0||0(s|08:00|f|12:00)()))))))."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pmo_lib.readers.building import usual_week
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.xer.file import Row

OPENING_OR_CLOSE = re.compile(r"\(\d+\|\|([^()]*)\(([^()]*)\)\s*[\x7f\s]*\(|\)")
DAY_ZERO = date(1899, 12, 30)  # P6 counts days as spreadsheets do
KINDS = {"CA_Base": "global", "CA_Project": "project", "CA_Rsrc": "resource"}
REMEDY = "correct the calendar in P6 and export again"


@dataclass
class Node:
    """One bracket of clndr_data: its name, its attributes as in {s: 08:00, f: 12:00}, what it contains."""

    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def child(self, name: str) -> Node | None:
        return next((node for node in self.children if node.name == name), None)


def tree(text: str) -> Node:
    """The brackets as a tree; what does not fit the grammar is passed over."""
    root = Node()
    open_nodes = [(root, [0])]  # each with how many of its two closing brackets came
    for match in OPENING_OR_CLOSE.finditer(text):
        node, closed = open_nodes[-1]
        if match.group(1) is None:
            closed[0] += 1
            if closed[0] == 2 and node is not root:  # one bracket closes the children, one the node
                open_nodes.pop()
            continue
        parts = match.group(2).split("|")
        child = Node(match.group(1).strip(), dict(zip(parts[::2], parts[1::2], strict=False)))
        node.children.append(child)
        open_nodes.append((child, [0]))
    return root


def calendar_rows(rows: list[Row], project: str, notes: Notes) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows for calendars, shifts and exceptions: those that are global, of resources, or of this project."""
    table: list[dict[str, Any]] = []
    shifts: list[dict[str, Any]] = []
    exceptions: list[dict[str, Any]] = []
    if not rows:
        message = "the file has no calendar; Monday to Friday, 08:00 to 17:00, is assumed"
        notes.add("warning", "no-calendar", "CALENDAR", message, "export it again from P6 with its calendars")
    for row in rows:
        if row["proj_id"] not in ("", project):
            continue
        key, place = row["clndr_id"], f"CALENDAR, line {row.line}"
        table.append(
            {
                "calendar": key,
                "name": row["clndr_name"] or key,
                "base": row["base_clndr_id"] or None,
                "kind": KINDS.get(row["clndr_type"], "global"),
                "minutes_per_day": _minutes_per_day(row["day_hr_cnt"], row["clndr_name"], place, notes),
            }
        )
        root = tree(row["clndr_data"]).child("CalendarData") or Node()
        week = root.child("DaysOfWeek")
        if week is None and not row["base_clndr_id"]:
            notes.add(
                "warning",
                "calendar-without-week",
                place,
                f"calendar {row['clndr_name']!r} states no working week; Monday to Friday, 08:00 to 17:00, is assumed",
                REMEDY,
            )
        worked = _week(key, week, place, notes) if week else ([] if row["base_clndr_id"] else usual_week(key))
        if not row["base_clndr_id"] and all(shift.get("start") is None for shift in worked):
            message = f"calendar {row['clndr_name']!r} has no working time in its week, so nothing can be scheduled on it"
            notes.add("error", "calendar-without-work", place, message, "give it a working day in P6 and export again")
        shifts += worked
        exceptions += _exceptions(key, root.child("Exceptions"), place, notes)
    return table, shifts, exceptions


def _minutes_per_day(hours: str, name: str, place: str, notes: Notes) -> int:
    try:
        minutes = round(float(hours) * 60)
    except (ValueError, OverflowError):
        minutes = 0
    if 1 <= minutes <= 1440:
        return minutes
    notes.add("warning", "calendar-hours", place, f"calendar {name!r} states no hours per day between 0 and 24; 8 are assumed", REMEDY)
    return 480


def _week(key: str, week: Node, place: str, notes: Notes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for day in week.children:
        if day.name not in "1234567" or len(day.name) != 1:
            continue
        weekday = (int(day.name) - 2) % 7 + 1  # P6 counts from Sunday
        rows += [{"calendar": key, "weekday": weekday, **shift} for shift in _shifts(day, place, notes)]
    return rows


def _exceptions(key: str, node: Node | None, place: str, notes: Notes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for exception in node.children if node else []:
        serial = exception.attributes.get("d", "")
        if not serial.isdigit() or not 1 <= int(serial) <= 109_000:
            notes.add("error", "exception-unreadable", place, "a calendar exception without a readable day was left out", REMEDY)
            continue
        day = DAY_ZERO + timedelta(days=int(serial))
        rows += [{"calendar": key, "first": day, "last": day, **shift} for shift in _shifts(exception, place, notes)]
    return rows


def _shifts(day: Node, place: str, notes: Notes) -> list[dict[str, int | None]]:
    shifts = []
    for node in day.children:
        start, finish = _minute(node.attributes.get("s", "")), _minute(node.attributes.get("f", ""))
        finish = finish or (None if finish is None else 1440)  # midnight ends the day
        if start is None or finish is None or start >= finish:
            notes.add("error", "shift-unreadable", place, "a shift without a start before its finish was left out", REMEDY)
        else:
            shifts.append({"start": start, "finish": finish})
    return sorted(shifts, key=lambda shift: shift["start"]) or [{"start": None, "finish": None}]


def _minute(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp])?[Mm]?", text.strip())
    if not match:
        return None
    hour, minute = int(match.group(1)), int(match.group(2))
    if match.group(3):
        hour = hour % 12 + (12 if match.group(3) in "Pp" else 0)
    return hour * 60 + minute if hour * 60 + minute <= 1440 and minute < 60 else None
