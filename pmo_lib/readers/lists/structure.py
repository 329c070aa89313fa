"""What an activity list's rows make together: ids, work breakdown structure, relationships, people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pmo_lib.calendar import between
from pmo_lib.errors import InvalidInput
from pmo_lib.notation import lag_minutes, parse_predecessors
from pmo_lib.readers import cells
from pmo_lib.readers.lists.rows import REMEDY, ListRows, Row

UNITS_OF_RESOURCE = re.compile(r"(.+?)\s*\[\s*(\d+(?:[.,]\d+)?)\s*%?\s*\]$")
FOREIGN_TYPES = {"vorga": {"EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}, "prede": {"FD": "FS", "DD": "SS", "DF": "SF"}}


def structure(reading: ListRows, activities: list[Row]) -> list[Row]:
    """Rows of the work breakdown structure. Makes ids unique, and summary rows from outline numbers or levels, else groups from the WBS column."""
    seen: set[str] = set()
    for row in activities:
        if row["activity"] in seen:
            message = f"the id {row['activity']} came before; this row is shown with its row number"
            reading.notes.add("warning", "activity-id-twice", row["_place"], message, REMEDY)
            row["activity"] = f"{row['activity']}#{row['row']}"
        seen.add(row["activity"])
        row["uid"] = row["activity"]
        if row["_baseline"]:
            row["_baseline"] = _baseline(reading, row)
    levels = _levels(activities)
    return _outline(activities, levels) if levels else _groups(activities)


def _outline(activities: list[Row], levels: list[int]) -> list[Row]:
    elements: list[Row] = []
    stack: list[tuple[int, Row]] = []
    for at, (row, level) in enumerate(zip(activities, levels, strict=True)):
        while stack and stack[-1][0] >= level:
            stack.pop()
        row["wbs"] = stack[-1][1]["activity"] if stack else None
        if at + 1 < len(levels) and levels[at + 1] > level:
            row["kind"] = "summary"
            elements.append(
                {
                    "wbs": row["activity"],
                    "parent": row["wbs"],
                    "code": row["_wbs"] or row["_outline"],
                    "name": row["name"],
                    "level": len(stack),
                    "activity": row["activity"],
                }
            )
            stack.append((level, row))
    return elements


def _groups(activities: list[Row]) -> list[Row]:
    for row in activities:
        row["wbs"] = row["_wbs"] or None
    names = dict.fromkeys(row["_wbs"] for row in activities if row["_wbs"])
    return [{"wbs": name, "code": name, "name": name, "level": 0} for name in names]


def _baseline(reading: ListRows, row: Row) -> Row:
    start, finish = row["_baseline"]["baseline_start"], row["_baseline"]["baseline_finish"]
    length = between(reading.calendar, start, finish) if start and finish and start <= finish else None
    return {"baseline": 0, "activity": row["activity"], "start": start, "finish": finish, "duration": length, "cost": row["planned_cost"]}


def relationships(reading: ListRows, activities: list[Row]) -> list[Row]:
    """Rows of relationships; a predecessor that is not in the list becomes a finding."""
    known = {row["activity"]: row for row in activities}
    rows = []
    for row in activities:
        if not row["_predecessors"]:
            continue
        try:
            links = parse_predecessors(_in_english(reading, row["_predecessors"]), known)
        except InvalidInput as fault:
            reading.refuse(row["_place"], "predecessors-unreadable", str(fault))
            continue
        for link in links:
            before = known.get(link.ref) or _numbered(reading, link.ref, activities)
            if before is None or before is row:
                fault = "is no activity of the list" if before is None else "is the activity itself"
                reading.refuse(row["_place"], "predecessor-unknown", f"predecessor {link.ref[:40]!r} {fault}; the relationship was left out")
                continue
            lag = lag_minutes(link, before["duration"], reading.options.minutes_per_day, reading.options.minutes_per_week, reading.options.days_per_month)
            percent = link.amount if link.unit == "percent" else None
            rows.append(
                {
                    "predecessor": before["activity"],
                    "successor": row["activity"],
                    "type": link.type,
                    "lag": lag,
                    "lag_kind": link.lag_kind,
                    "lag_percent": percent,
                }
            )
    return rows


def _in_english(reading: ListRows, text: str) -> str:
    """MS Project's German and French names of the four types, and their letter for days, where the column's header is in that language."""
    words = FOREIGN_TYPES.get(cells.plain(reading.mapping.columns["predecessors"])[:5], {})
    for theirs, ours in words.items():
        text = re.sub(rf"(?<=\w){theirs}(?=\s*(?:[+\-;,]|$))", ours, text)
    return re.sub(r"(?<=\d)\s*(?:t|Tage?|j|jours?)\b", "d", text) if words else text


def _numbered(reading: ListRows, ref: str, activities: list[Row]) -> Row | None:
    """The activity of that position, where the list has no ids of its own."""
    return activities[int(ref) - 1] if "id" not in reading.at and ref.isdigit() and 0 < int(ref) <= len(activities) else None


def keep_dates(activities: list[Row], linked: set[str]) -> int:
    """Without predecessors nothing would hold an activity at its date, so its stated start is its earliest. Returns how many."""
    kept = 0
    for row in activities:
        if row["activity"] in linked or row["actual_start"] or row["kind"] == "summary":
            continue
        if row["stored_start"] or row["stored_finish"]:
            milestone = row["kind"] == "finish_milestone" and row["stored_finish"]
            row["constraint"] = "finish_on_or_after" if milestone else "start_on_or_after" if row["stored_start"] else "finish_on_or_after"
            row["constraint_date"] = row["stored_finish"] if row["constraint"] == "finish_on_or_after" else row["stored_start"]
            kept += 1
    return kept


def resources(activities: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of resources and of assignments, from the names in the resource column."""
    people: dict[str, Row] = {}
    bookings = []
    for row in activities:
        if row["kind"] == "summary":
            continue
        for name, units in _people(row["_resources"]):
            people.setdefault(name, {"resource": name, "name": name, "kind": "labour"})
            bookings.append({"activity": row["activity"], "resource": name, "units": units})
    return list(people.values()), bookings


def _levels(activities: list[Row]) -> list[int]:
    """Each row's depth, from outline levels, outline numbers or WBS codes that number the rows (1, 1.1, 1.2); empty where none says it for all."""
    stated = [row["_level"] for row in activities]
    if all(level.isdigit() for level in stated):
        return [int(level) for level in stated]
    for name in ("_outline", "_wbs"):
        codes = [row[name] for row in activities]
        numbering = all(re.fullmatch(r"\d+(\.\d+)*", code) for code in codes) and len(set(codes)) == len(codes)
        if numbering and any("." in code for code in codes):
            return [code.count(".") for code in codes]
    return []


def _people(text: str) -> Iterable[tuple[str, float]]:
    """Names and units, as in `Anna[50%]; Bob`."""
    for piece in re.split(r"[;,\n]", text):
        named = piece.strip()
        if found := UNITS_OF_RESOURCE.match(named):
            yield found[1].strip(), float(found[2].replace(",", ".")) / 100
        elif named:
            yield named, 1.0
