"""Which activities a planner means: `wbs = 1.2; code:Phase = Foundation; name ~ weld`. Used by rules, risks and whatever else names activities.

Conditions are separated by `;` and must all hold. `=` compares the whole text with `*` and `?` as wildcards, `~` looks for a part, `!=` and `!~` are
their opposites, `<`, `<=`, `>` and `>=` compare numbers (durations in working days); `|` separates alternatives, and double quotes keep a `;` or `|`
literal. Case does not count. An element of the work breakdown structure stands for everything below it, by its code or its name. An empty filter
means every activity.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.project import Project

FIELDS = ("activity", "name", "wbs", "calendar", "resource", "kind", "duration", "remaining")
SPELT = "write wbs, code:TYPE, field:NAME, " + ", ".join(name for name in FIELDS if name != "wbs")
CONDITION = re.compile(r'\s*(?P<field>[A-Za-z]+(?:\s*:\s*(?:"[^"]+"|[^=~<>!"]+?))?)\s*(?P<sign>!=|!~|<=|>=|=|~|<|>)\s*(?P<value>.*?)\s*$', re.DOTALL)
NUMERIC: Mapping[str, Callable[[float, float], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
Texts = dict[str, list[str]]  # by activity, case folded


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter: `kind` is one of FIELDS, or code or field with the `name` that it has in the plan."""

    kind: str
    name: str
    sign: str
    values: tuple[str, ...]


def parsed(where: str) -> list[Condition]:
    """The filter's conditions. Raises `InvalidInput` with the piece that cannot be read."""
    return [_condition(piece) for piece in _split(where, ";") if piece.strip()]


def selected(plan: Project, where: str, known: dict[str, Texts] | None = None) -> list[str]:
    """Ids of the plan's activities that meet the filter, in the plan's order; summaries are not among them.

    `known` keeps what was looked up, for the next filter on the same plan. Raises `InvalidInput` for a filter that cannot be read.
    """
    conditions, kept = parsed(where), {} if known is None else known
    rows = plan.tables["activities"].filter(pl.col("kind").cast(pl.String) != "summary")
    tests = [(_test(condition), _texts(plan, condition, kept)) for condition in conditions]
    return [activity for activity in rows["activity"] if all(test(texts.get(activity, [])) for test, texts in tests)]


def missing(plan: Project, where: str) -> str | None:
    """Why a filter can meet nothing in this plan: a code type or field that it lacks; None where that is not the reason."""
    for condition in parsed(where):
        if condition.kind in ("code", "field"):
            has = sorted(_names(plan, condition.kind))
            if condition.name.casefold() not in [name.casefold() for name in has]:
                what = "code of type" if condition.kind == "code" else "custom field"
                return f"the plan has no {what} {condition.name}; it has {', '.join(has) or 'none'}"
    return None


def _split(text: str, mark: str) -> list[str]:
    """The text cut at the mark, but for marks within double quotes."""
    return re.findall(rf'(?:[^{mark}"]|"[^"]*"|")+', text)


def _condition(piece: str) -> Condition:
    found = CONDITION.match(piece)
    if found is None:
        raise InvalidInput(f"{piece.strip()!r} is no condition; write a field, a sign and a value, as in wbs = 1.2 or name ~ weld")
    kind, _, name = (part.strip().strip('"') for part in found["field"].partition(":"))
    kind = kind.casefold()
    if not (kind in FIELDS and not name) and not (kind in ("code", "field") and name):
        raise InvalidInput(f"{found['field'].strip()!r} is no field to filter on; {SPELT}")
    values = tuple(value.strip().strip('"').casefold() for value in _split(found["value"], "|"))
    if not values or not all(values):
        raise InvalidInput(f"{piece.strip()!r} has nothing to compare with; write a value after {found['sign']}")
    if found["sign"] in NUMERIC:
        _numbers(piece, values)
    return Condition(kind, name, found["sign"], values)


def _numbers(piece: str, values: Iterable[str]) -> None:
    for value in values:
        if _number(value) is None:
            raise InvalidInput(f"{piece.strip()!r} compares with {value!r}, which is no number; {SPELT}")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _test(condition: Condition) -> Callable[[list[str]], bool]:
    if condition.sign in NUMERIC:
        return partial(_compares, NUMERIC[condition.sign], [float(value) for value in condition.values])
    matches = _contains if condition.sign.endswith("~") else _equals
    return partial(_is, matches, condition.values, not condition.sign.startswith("!"))


def _is(matches: Callable[[str, str], bool], values: tuple[str, ...], wanted: bool, texts: list[str]) -> bool:
    return any(matches(text, value) for text in texts for value in values) is wanted


def _equals(text: str, value: str) -> bool:
    return fnmatch.fnmatchcase(text, value.replace("[", "[[]"))


def _contains(text: str, value: str) -> bool:
    return value in text


def _compares(than: Callable[[float, float], bool], values: list[float], texts: list[str]) -> bool:
    return any((number := _number(text)) is not None and than(number, value) for text in texts for value in values)


def _texts(plan: Project, condition: Condition, known: dict[str, Texts]) -> Texts:
    """What each activity says in the condition's field."""
    key = f"{condition.kind}:{condition.name.casefold()}"
    if key not in known:
        pairs = LOOKED_UP[condition.kind](plan, condition.name)
        known[key] = {}
        for activity, text in pairs:
            if text is not None:
                known[key].setdefault(activity, []).append(text.casefold())
    return known[key]


Pairs = Iterable[tuple[str, str | None]]


def _own(column: str) -> Callable[[Project, str], Pairs]:
    return lambda plan, _: plan.tables["activities"].select("activity", text=pl.col(column).cast(pl.String)).iter_rows()


def _days(column: str) -> Callable[[Project, str], Pairs]:
    def pairs(plan: Project, _: str) -> Pairs:
        from pmo_lib.plan_calendars import calendars, project_calendar

        known = calendars(plan)
        own = project_calendar(plan, known)
        for activity, calendar, minutes in plan.tables["activities"].select("activity", "calendar", column).iter_rows():
            yield activity, str(minutes / known.get(calendar, own).minutes_per_day)

    return pairs


def _wbs(plan: Project, _: str) -> Pairs:
    """Codes and names of the element that the activity belongs to, and of all above it."""
    elements = {row["wbs"]: row for row in plan.tables["wbs"].iter_rows(named=True)} if "wbs" in plan.tables else {}
    for activity, key in plan.tables["activities"].select("activity", "wbs").iter_rows():
        seen: set[str] = set()
        while key in elements and key not in seen:
            seen.add(key)
            yield activity, elements[key]["code"]
            yield activity, elements[key]["name"]
            key = elements[key]["parent"]


def _calendar(plan: Project, _: str) -> Pairs:
    names = dict(plan.tables["calendars"].select("calendar", "name").iter_rows()) if "calendars" in plan.tables else {}
    for activity, key in plan.tables["activities"].select("activity", pl.col("calendar").fill_null(plan.info.calendar)).iter_rows():
        yield activity, key
        yield activity, names.get(key)


def _resource(plan: Project, _: str) -> Pairs:
    if "assignments" not in plan.tables or "resources" not in plan.tables:
        return
    joined = plan.tables["assignments"].join(plan.tables["resources"], on="resource", how="inner")
    for activity, name, code in joined.select("activity", "name", "code").iter_rows():
        yield activity, name
        yield activity, code


def _code(plan: Project, name: str) -> Pairs:
    if "codes" not in plan.tables:
        return
    rows = plan.tables["codes"].filter(pl.col("type").str.to_lowercase() == name.casefold())
    for activity, value, description in rows.select("activity", "value", "description").iter_rows():
        yield activity, value
        yield activity, description


def _field(plan: Project, name: str) -> Pairs:
    if "custom_fields" not in plan.tables:
        return
    own = (pl.col("subject").cast(pl.String) == "activity") & (pl.col("field").str.to_lowercase() == name.casefold())
    yield from plan.tables["custom_fields"].filter(own).select("key", "value").iter_rows()


def _names(plan: Project, kind: str) -> set[str]:
    table, column = ("codes", "type") if kind == "code" else ("custom_fields", "field")
    return set(plan.tables[table][column]) if table in plan.tables else set()


LOOKED_UP: Mapping[str, Callable[[Project, str], Pairs]] = {
    "activity": _own("activity"),
    "name": _own("name"),
    "kind": _own("kind"),
    "duration": _days("duration"),
    "remaining": _days("remaining_duration"),
    "wbs": _wbs,
    "calendar": _calendar,
    "resource": _resource,
    "code": _code,
    "field": _field,
}
