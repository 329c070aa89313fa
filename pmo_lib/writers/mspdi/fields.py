"""Custom fields of tasks: MS Project has thirty texts, twenty numbers and flags, and ten of each other kind."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from pmo_lib.project import Project
from pmo_lib.writers.mspdi.begun import ORIGINAL
from pmo_lib.writers.mspdi.elements import Row, money, period, put, rows

ACTIVITY_ID = "Activity ID"
# The first ids of each kind in MS Project's enumeration of fields (PjField); they come in runs
FIELDS: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "text": ("Text", (188743731, *range(188743734, 188743744, 3), *range(188743746, 188743751), *range(188743997, 188744017))),
    "number": ("Number", (*range(188743767, 188743772), *range(188743982, 188743997))),
    "duration": ("Duration", (*range(188743783, 188743786), *range(188743955, 188743962))),
    "cost": ("Cost", (*range(188743786, 188743789), *range(188743938, 188743945))),
    "date": ("Date", tuple(range(188743945, 188743955))),
    "flag": ("Flag", (*range(188743752, 188743762), *range(188743972, 188743982))),
}


class Fields:
    """Which custom field of MS Project each field and code of the plan's activities takes; `left_out` are those beyond its number of a kind."""

    def __init__(self, plan: Project, named: bool, begun: Mapping[str, Row]) -> None:
        kinds: dict[str, str] = {} if named else {ACTIVITY_ID: "text"}
        for row in rows(plan, "custom_fields"):
            if row["subject"] == "activity":
                kinds.setdefault(row["field"], row["kind"])
        self.codes = list(dict.fromkeys(row["type"] for row in rows(plan, "codes")))
        for name in self.codes:
            kinds.setdefault(name, "text")
        original = {row["activity"]: row["duration"] for row in rows(plan, "activities") if begun.get(row["activity"], row)["duration"] != row["duration"]}
        if original:
            kinds.setdefault(ORIGINAL, "duration")
        self.places: dict[str, tuple[int, str, str]] = {}  # name: field id, kind, MS Project's own name
        self.left_out: list[tuple[str, str]] = []
        used: dict[str, int] = {}
        for name, kind in kinds.items():
            label, ids = FIELDS[kind]
            index = used.get(kind, 0)
            if index == len(ids):
                self.left_out.append((name, kind))
                continue
            used[kind], self.places[name] = index + 1, (ids[index], kind, f"{label}{index + 1}")
        self.values = self._values(plan, named)
        for activity, duration in original.items():
            self.values.setdefault(activity, {}).setdefault(ORIGINAL, str(duration))

    def _values(self, plan: Project, named: bool) -> dict[str, dict[str, str]]:
        values: dict[str, dict[str, str]] = {}
        if not named:
            values = {row["activity"]: {ACTIVITY_ID: row["activity"]} for row in rows(plan, "activities")}
        for row in rows(plan, "custom_fields"):
            if row["subject"] == "activity":
                values.setdefault(row["key"], {})[row["field"]] = row["value"]
        for row in rows(plan, "codes"):
            values.setdefault(row["activity"], {})[row["type"]] = row["value"]
        return values

    def define(self, parent: Element) -> None:
        """The definitions, with the plan's names as aliases."""
        for name, (number, _, own) in self.places.items():
            item = SubElement(parent, "ExtendedAttribute")
            put(item, "FieldID", number)
            put(item, "FieldName", own)
            put(item, "Alias", name if name != own else None)

    def write(self, task: Element, activity: str) -> None:
        """The values of one activity."""
        for name, value in self.values.get(activity, {}).items():
            if name in self.places:
                number, kind, _ = self.places[name]
                item = SubElement(task, "ExtendedAttribute")
                put(item, "FieldID", number)
                put(item, "Value", period(float(value)) if kind == "duration" else money(float(value)) if kind == "cost" else value)
                put(item, "DurationFormat", 7 if kind == "duration" else None)
