"""MSPDI resources, assignments, outline codes and custom fields."""

from __future__ import annotations

from typing import Any

from pmo_lib.readers.mspdi.plan import AMOUNTS
from pmo_lib.readers.mspdi.values import Item, minutes_of

Rows = list[dict[str, Any]]

KINDS = {"0": "material", "1": "labour", "2": "cost"}
FIELD_KINDS = {"Number": "number", "Cost": "cost", "Date": "date", "Start": "date", "Finish": "date", "Duration": "duration", "Flag": "flag"}


def resources(found: list[Item], calendars: set[str]) -> Rows:
    """Rows of resources, without the blank ones and without MS Project's nameless "unassigned" (UID 0)."""
    rows: Rows = []
    for item in found:
        uid = item.text("UID")
        item.place = f"resource {uid}"
        if item.flag("IsNull") or (uid in ("", "0") and not item.text("Name")):
            continue
        calendar = item.text("CalendarUID")
        rows.append(
            {
                "resource": uid,
                "code": item.text("Initials") or item.text("Code") or None,
                "name": item.text("Name") or f"Resource {uid}",
                "kind": "cost" if item.flag("IsCostResource") else KINDS.get(item.text("Type"), "labour"),
                "calendar": calendar if calendar in calendars else None,
                "max_units": item.number("MaxUnits"),
                "standard_rate": item.number("StandardRate"),
            }
        )
    return rows


def assignments(found: list[Item], tasks: set[str], kinds: dict[str, str]) -> Rows:
    """Rows of assignments; a material has a quantity, all else has work."""
    rows: Rows = []
    for item in found:
        task, resource = item.text("TaskUID"), item.text("ResourceUID")
        item.place = f"assignment {item.text('UID')}"
        if task not in tasks:
            item.notes.add(
                "error",
                "assignment-without-activity",
                item.place,
                "an assignment whose task is not in the plan was left out",
                "correct it in the source and import again",
            )
            continue
        material = kinds.get(resource) == "material"
        rows.append(
            {
                "activity": task,
                "resource": resource if resource in kinds else None,
                "uid": item.text("UID") or None,
                "units": item.number("Units"),
                **{f"{ours}_work": None if material else item.minutes(f"{theirs}Work") for ours, theirs in AMOUNTS.items()},
                "planned_quantity": _quantity(item) if material else None,
                **{f"{ours}_cost": item.money(f"{theirs}Cost") for ours, theirs in AMOUNTS.items()},
                "start": item.instant("Start"),
                "finish": item.instant("Finish"),
            }
        )
    return rows


def _quantity(item: Item) -> float | None:
    # MS Project writes a quantity of material as so many hours of work
    found = minutes_of(item.text("Work"))
    return None if found is None else found / 60


def custom_fields(definitions: list[Item], things: dict[str, list[Item]]) -> Rows:
    """Rows of custom fields, for the things of each subject."""
    fields = {item.text("FieldID"): (item.text("FieldName"), item.text("Alias")) for item in definitions}
    rows: Rows = []
    for subject, items in things.items():
        for item in items:
            for value in item.items("ExtendedAttribute"):
                name, alias = fields.get(value.text("FieldID"), ("", ""))
                text = value.text("Value")
                if text and item.text("UID"):
                    kind = FIELD_KINDS.get(name.rstrip("0123456789").removeprefix("Enterprise "), "text")
                    rows.append(
                        {
                            "subject": subject,
                            "key": item.text("UID"),
                            "field": alias or name or value.text("FieldID"),
                            "kind": kind,
                            "value": _plain(kind, text),
                        }
                    )
    return rows


def _plain(kind: str, text: str) -> str:
    if kind == "duration":
        found = minutes_of(text)
        return text if found is None else str(round(found))
    if kind == "cost":
        try:
            return str(float(text) / 100)  # in hundredths, as all amounts
        except ValueError:
            return text
    return text


def outline_codes(definitions: list[Item], things: dict[str, list[Item]]) -> tuple[Rows, Rows]:
    """Rows of codes for activities, and of custom fields for resources: the outline codes' dotted values."""
    names = {item.text("FieldID"): item.text("Alias") or item.text("FieldName") or item.text("FieldID") for item in definitions}
    values = {(item.text("FieldID"), value.text("ValueID")): value for item in definitions for value in item.items("Values/Value")}
    codes: Rows = []
    fields: Rows = []
    for subject, items in things.items():
        for item in items:
            for code in item.items("OutlineCode"):
                field = code.text("FieldID")
                path, description = _path(field, code.text("ValueID"), values)
                if not path:
                    continue
                kind = names.get(field, field)
                if subject == "activity":
                    codes.append({"activity": item.text("UID"), "type": kind, "value": path, "description": description})
                else:
                    fields.append({"subject": subject, "key": item.text("UID"), "field": kind, "kind": "text", "value": path})
    return codes, fields


def _path(field: str, value: str, values: dict[tuple[str, str], Item]) -> tuple[str, str | None]:
    """The value with those above it, dotted, and its description."""
    description, parts, seen = None, [], set()
    while (field, value) in values and value not in seen:
        seen.add(value)
        item = values[field, value]
        description = description or item.text("Description") or None
        parts.append(item.text("Value"))
        value = item.text("ParentValueID")
    return ".".join(reversed(parts)), description
