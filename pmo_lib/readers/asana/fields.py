"""Custom fields of Asana: their values, and which of them are columns of a board's items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_lib.readers.cells import plain

# a field of this name (plain) is that column, where pmo.toml names no other
KNOWN = {
    "points": ("story points", "story point", "points", "estimate points"),
    "priority": ("priority", "prioritat", "priorite", "prioridad"),
    "team": ("team",),
    "service": ("class of service", "service class"),
    "blocked": ("blocked", "is blocked", "flagged"),
    "estimated_time": ("estimated time",),
}
KINDS = {"number": "number", "date": "date"}
NO = ("", "no", "false", "none", "not blocked", "unblocked", "nein", "non")


def value(field: Mapping[str, Any]) -> str | float | None:
    """The value of a field on a task: a number where it is one, else the text that people see; None where it is not filled."""
    kind = field.get("resource_subtype") or field.get("type")
    if kind == "number" or (kind is None and field.get("number_value") is not None):
        return field.get("number_value")
    for name in ("enum_value", "custom_type_status_option"):
        if isinstance(field.get(name), dict):
            return field[name].get("name")
    several = field.get("multi_enum_values") or field.get("people_value")
    if several:
        return ", ".join(str(each.get("name") or each.get("gid")) for each in several)
    dated = field.get("date_value")
    if isinstance(dated, dict):
        return dated.get("date") or dated.get("date_time")
    return field.get("text_value") or field.get("display_value") or None


def kind(field: Mapping[str, Any]) -> str:
    """How `tables.CustomFields` calls it."""
    return KINDS.get(str(field.get("resource_subtype") or field.get("type")), "text")


def named(fields: list[dict[str, Any]], column: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The field that is that column: the one that the user asked for by name or gid, else one of the known names."""
    if (wanted := asked.get(column)) is not None:
        return next((field for field in fields if str(wanted) == str(field.get("gid")) or plain(str(wanted)) == plain(str(field.get("name", "")))), None)
    return next((field for field in fields if plain(str(field.get("name", ""))) in KNOWN.get(column, ())), None)


def says_yes(found: str | float | None) -> bool:
    """Whether a field that marks something is set."""
    return found is not None and found != 0 and plain(str(found)) not in NO
