"""MPXJ's custom fields, user-defined fields, outline and activity codes as rows. Runs beside the JVM."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pmo_lib.readers.mpxj.values import Units, instant, number, text

Row = dict[str, Any]
KINDS = {
    "STRING": "text",
    "NOTES": "text",
    "CURRENCY": "cost",
    "DATE": "date",
    "DURATION": "duration",
    "WORK": "duration",
    "DELAY": "duration",
    "BOOLEAN": "flag",
    "NUMERIC": "number",
    "INTEGER": "number",
    "SHORT": "number",
    "PERCENTAGE": "number",
    "UNITS": "number",
}
OWN = re.compile(r"(ENTERPRISE_)?(TEXT|NUMBER|COST|DATE|DURATION|FLAG|START|FINISH)[0-9]+$|ENTERPRISE_CUSTOM_FIELD[0-9]+$")
OUTLINE_CODE = re.compile(r"OUTLINE_CODE[0-9]+$")


def custom_field_rows(project: Any, tasks: list[Any], ids: dict[int, str], units: Units) -> list[Row]:
    """One row a thing and custom field which the file fills: MS Project's numbered and enterprise fields, P6's user-defined ones."""
    fields = _own_fields(project)
    resources = [resource for resource in project.getResources() if resource.getUniqueID() is not None]
    assignments = [assignment for assignment in project.getResourceAssignments() if assignment.getUniqueID() is not None]
    rows = []
    for task in tasks:
        rows += _values(task, "activity", ids[int(task.getUniqueID())], fields.get("TASK", []), units)
    for resource in resources:
        rows += _values(resource, "resource", str(resource.getUniqueID()), fields.get("RESOURCE", []), units)
    for assignment in assignments:
        rows += _values(assignment, "assignment", str(assignment.getUniqueID()), fields.get("ASSIGNMENT", []), units)
    return rows


def code_rows(project: Any, tasks: list[Any], ids: dict[int, str]) -> list[Row]:
    """One row an activity and code: P6's activity codes, MS Project's outline codes."""
    fields = sorted((str(field.name()), field) for field in _populated(project) if _class(field) == "TASK" and OUTLINE_CODE.match(str(field.name())))
    outline = [(field, _name(project, field), _descriptions(project, field)) for _, field in fields]
    rows = []
    for task in tasks:
        activity = ids[int(task.getUniqueID())]
        stated = sorted(task.getActivityCodeValues().entrySet(), key=lambda entry: str(entry.getKey().getName()))  # Java's order differs from run to run
        for entry in stated:
            value = entry.getValue()
            rows.append(
                {"activity": activity, "type": str(entry.getKey().getName()), "value": text(value.getName()) or "", "description": text(value.getDescription())}
            )
        for field, name, descriptions in outline:
            value = text(task.get(field))
            if value:
                rows.append({"activity": activity, "type": name, "value": value, "description": descriptions.get(value)})
    return rows


def _populated(project: Any) -> list[Any]:
    return list(project.getPopulatedFields())


def _class(field: Any) -> str:
    return str(field.getFieldTypeClass().name())


def _own_fields(project: Any) -> dict[str, list[tuple[Any, str, str]]]:
    """Filled custom fields by what carries them: the field, its alias or name, its kind."""
    found: dict[str, list[tuple[Any, str, str]]] = {}
    for field in _populated(project):
        if isinstance(field, _user_defined()) or OWN.match(str(field.name())):
            kind = field.getDataType()
            found.setdefault(_class(field), []).append((field, _name(project, field), KINDS.get(str(kind.name()) if kind is not None else "", "text")))
    return {carrier: sorted(fields, key=lambda field: field[1]) for carrier, fields in found.items()}


def _name(project: Any, field: Any) -> str:
    known = project.getCustomFields().get(field)
    alias = text(known.getAlias()) if known is not None else None
    return alias or text(field.getName()) or str(field.name())


def _descriptions(project: Any, field: Any) -> dict[str, str | None]:
    """Value → description of an outline code's lookup table."""
    known = project.getCustomFields().get(field)
    return {} if known is None else {str(item.getValue()): text(item.getDescription()) for item in known.getLookupTable()}


def _values(thing: Any, subject: str, key: str, fields: list[tuple[Any, str, str]], units: Units) -> list[Row]:
    rows = []
    for field, name, kind in fields:
        value = _as_text(thing.get(field), kind, units, f"{subject} {key}")
        if value is not None:
            rows.append({"subject": subject, "key": key, "field": name, "kind": kind, "value": value})
    return rows


def _as_text(value: Any, kind: str, units: Units, of: str) -> str | None:
    """The value as text; a flag that is not set says nothing, as in the file."""
    if value is None:
        return None
    if kind == "flag":
        return "1" if bool(value) else None
    if kind == "date":
        moment = instant(value) if hasattr(value, "toLocalDate") else None
        return moment.isoformat() if moment else text(value)
    if kind == "duration":
        minutes = units.minutes(value, "custom duration", of)
        return None if minutes is None else str(minutes)
    if kind in ("number", "cost"):
        exact = number(value)
        return None if exact is None else f"{exact:.15g}"
    return text(value) or None


@cache
def _user_defined() -> Any:
    import jpype  # only where a JVM runs

    return jpype.JClass("org.mpxj.UserDefinedField")
