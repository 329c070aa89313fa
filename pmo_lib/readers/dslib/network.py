"""A card as planned: activities, relationships, resources, baseline and three-point estimates."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pmo_lib.calendar import add, between, next_working, subtract
from pmo_lib.errors import InvalidInput
from pmo_lib.notation import Predecessor, lag_minutes, parse_predecessors
from pmo_lib.readers.dslib.card import Card, Line, number
from pmo_lib.readers.notes import Notes

DEMAND = re.compile(r"(?P<name>[^\[]+?)\s*(?:\[\s*(?P<units>\d+(?:\.\d+)?)[^\]]*\])?$")
KINDS = {"Renewable": "labour", "Consumable": "material"}
REMEDY = "correct the cell in the card and import again"
Row = dict[str, Any]


def activities(card: Card, notes: Notes) -> list[Row]:
    """The activities as planned: nothing has begun. A row without dates or duration is left out with a finding."""
    codes = [line["WBS"] for line in card.baseline.values()]
    parents = {code.rpartition(".")[0] for code in codes}
    ends = {activity: _dates(line, notes) for activity, line in card.baseline.items()}
    rows = []
    for activity, line in card.baseline.items():
        start, finish = ends[activity]
        duration = card.minutes(line["Duration"])
        if start is None or finish is None or duration is None:
            notes.add("error", "activity-unreadable", f"activity {activity}", "without readable dates and duration it was left out", REMEDY)
            continue
        summary = line["WBS"] in parents
        rows.append(
            {
                "activity": activity,
                "uid": activity,
                "row": len(rows) + 1,
                "name": line["Name"] or activity,
                "wbs": line["WBS"].rpartition(".")[0] or None,
                "kind": "summary" if summary else "task" if duration else _milestone(card, start),
                "duration": duration,
                "remaining_duration": duration,
                **({} if summary else _held(card, line, start, ends)),
                "stored_start": start,
                "stored_finish": max(start, finish),
                "stored_early_start": start,
                "stored_early_finish": max(start, finish),
                "planned_cost": None if summary else number(line, "Total Cost"),
            }
        )
    if held := [row["activity"] for row in rows if row.get("constraint")]:
        message = "the card starts them later than their predecessors ask for and does not say why; a start-no-earlier constraint holds them"
        notes.add("info", "dates-kept", f"{len(held)} activities: {', '.join(held)}", message)
    return rows


def rows(card: Card, planned: list[Row], notes: Notes) -> dict[str, list[Row]]:
    """What hangs on the activities, by table."""
    known = {row["activity"]: row for row in planned}
    people = [
        {"resource": line["ID"], "name": line["Name"], "kind": KINDS.get(line["Type"], "labour"), "max_units": _units(line), "standard_rate": _rate(line)}
        for line in card.resources
    ]
    return {
        "wbs": _wbs(card, known),
        "relationships": [row for activity in known for row in _relationships(card, activity, known, notes)],
        "resources": people,
        "assignments": [row for activity in known for row in _assignments(card, known[activity], people, notes)],
        "baselines": [_baseline(card.baseline[activity], row) for activity, row in known.items() if row["kind"] != "summary"],
    }


def estimates(card: Card, now: list[Row], notes: Notes) -> list[Row]:
    """The three-point profile of each open activity, in working days of what is left: the card gives per cent of the duration."""
    found = []
    for row in now:
        line = card.risks.get(row["activity"])
        if line is None or row["kind"] not in ("task", "resource_dependent") or row.get("actual_finish") or not row["remaining_duration"]:
            continue
        days = row["remaining_duration"] / card.options.minutes_per_day
        low, likely, high = _percent(line, "Optimistic"), _percent(line, "Most Probable"), _percent(line, "Pessimistic")
        if low is None or likely is None or high is None or not low <= likely <= high:
            place = f"sheet Risk Analysis, row {line['_row']}"
            notes.add("error", "estimate-refused", place, f"the three points of activity {row['activity']} are not in order; they were left out", REMEDY)
            continue
        points = {name: round(share * days, 9) for name, share in (("low", low), ("likely", likely), ("high", high))}
        found.append({"activity": row["activity"], "shape": "triangular", **points, "meaning": "minmax"})
    return found


def _percent(line: Line, point: str) -> float | None:
    """A point as a share of the duration: the column in per cent, where the card has one."""
    stated = next((number(line, header) for header in (f"{point} (%)", f"{point.capitalize()} (%)") if header in line), number(line, point))
    return None if stated is None else stated / 100


def _dates(line: Line, notes: Notes) -> tuple[datetime | None, datetime | None]:
    place = f"sheet Baseline Schedule, row {line['_row']}"
    return notes.instant(line["Baseline Start"], "a baseline start", place), notes.instant(line["Baseline End"], "a baseline end", place)


def _milestone(card: Card, at: datetime) -> str:
    """What begins with a working moment is a start milestone; what stands at the end of one a finish milestone."""
    return "start_milestone" if next_working(card.calendar, at) == at else "finish_milestone"


def _held(card: Card, line: Line, start: datetime, ends: dict[str, tuple[datetime | None, datetime | None]]) -> Row:
    """The constraint of an activity that the card starts later than its predecessors ask for; the card itself has no column for it."""
    begins = min(at for at, _ in ends.values() if at is not None)
    earliest = max((at for link in _links(line, ends) if (at := _asked(card, link, line, ends)) is not None), default=begins)
    if between(card.calendar, earliest, start) > 0:
        return {"constraint": "start_on_or_after", "constraint_date": start}
    return {}


def _asked(card: Card, link: Predecessor, line: Line, ends: dict[str, tuple[datetime | None, datetime | None]]) -> datetime | None:
    """The start that one relationship asks for, from the predecessor's own dates on the card."""
    before = ends.get(link.ref, (None, None))[0 if link.type in ("SS", "SF") else 1]
    if before is None:
        return None
    bound = add(card.calendar, before, lag_minutes(link, 0, card.options.minutes_per_day, card.options.minutes_per_week))
    return subtract(card.calendar, bound, card.minutes(line["Duration"]) or 0) if link.type in ("FF", "SF") else bound


def _links(line: Line, known: Any) -> list[Predecessor]:
    return parse_predecessors(line["Predecessors"], {*known}) if line["Predecessors"] else []


def _relationships(card: Card, activity: str, known: dict[str, Row], notes: Notes) -> list[Row]:
    line, found = card.baseline[activity], []
    try:
        links = _links(line, card.baseline)
    except InvalidInput as fault:
        notes.add("error", "predecessors-unreadable", f"sheet Baseline Schedule, row {line['_row']}", str(fault), REMEDY)
        return []
    for link in links:
        if link.ref not in known or link.ref == activity:
            message = f"predecessor {link.ref[:40]!r} is no activity of the card; the relationship was left out"
            notes.add("error", "predecessor-unknown", f"sheet Baseline Schedule, row {line['_row']}", message, REMEDY)
            continue
        lag = lag_minutes(link, known[link.ref]["duration"], card.options.minutes_per_day, card.options.minutes_per_week)
        found.append({"predecessor": link.ref, "successor": activity, "type": link.type, "lag": lag, "lag_kind": link.lag_kind})
    return found


def _wbs(card: Card, known: dict[str, Row]) -> list[Row]:
    """The project, and each row that others lie below."""
    summaries = {card.baseline[activity]["WBS"]: activity for activity, row in known.items() if row["kind"] == "summary"}
    top = {row["wbs"] for row in known.values()} - set(summaries) - {None}
    elements = [{"wbs": code, "parent": None, "code": code, "name": card.name, "level": 0} for code in sorted(top)]
    for code, activity in summaries.items():
        level = code.count(".")
        elements.append(
            {"wbs": code, "parent": code.rpartition(".")[0] or None, "code": code, "name": known[activity]["name"], "level": level, "activity": activity}
        )
    return elements


def _assignments(card: Card, row: Row, people: list[Row], notes: Notes) -> list[Row]:
    """Who is on an activity: `technician[3.00 #3]; steeplejack`."""
    line, found = card.baseline[row["activity"]], []
    named = {person["name"]: (person, resource) for person, resource in zip(people, card.resources, strict=True)}
    for piece in filter(None, (text.strip() for text in line["Resource Demand"].split(";"))):
        matched = DEMAND.match(piece)
        if matched is None or matched["name"] not in named:
            message = f"resource {piece[:40]!r} is none of the card's; the assignment was left out"
            notes.add("error", "resource-unknown", f"sheet Baseline Schedule, row {line['_row']}", message, REMEDY)
            continue
        person, resource = named[matched["name"]]
        units = float(matched["units"] or 1)
        work = round(units * row["duration"])
        cost = (number(resource, "Cost/Use") or 0.0) + (person["standard_rate"] or 0.0) * work / 60
        found.append({"activity": row["activity"], "resource": person["resource"], "units": units, "planned_work": work, "planned_cost": round(cost, 6)})
    return found


def _baseline(line: Line, row: Row) -> Row:
    return {
        "baseline": 0,
        "activity": row["activity"],
        "start": row["stored_start"],
        "finish": row["stored_finish"],
        "duration": row["duration"],
        "cost": number(line, "Total Cost"),
        "cost_at_start": number(line, "Fixed Cost"),
    }


def _units(line: Line) -> float | None:
    stated = line["Availability"].split(" ")[0]
    try:
        return float(stated)
    except ValueError:
        return None


def _rate(line: Line) -> float | None:
    return number(line, "Cost/Unit")
