"""Estimates by rule: the first rule whose filter meets an activity gives its range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution, ranged
from pmo_lib.risk.distributions.listed import with_lists
from pmo_lib.risk.inputs.accepted import accepted
from pmo_lib.risk.inputs.filters import Texts, missing, selected

if TYPE_CHECKING:
    from pmo_lib.project import Project

DEFAULTS = {"where": pl.lit(None, pl.String), "likely": pl.lit(None, pl.Float64), "meaning": pl.lit("minmax"), "lam": pl.lit(None, pl.Float64)}
POINTS = ("low", "likely", "high")


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a table of rules gives: each activity's row of `rules`, and for each rule how many open activities it meets and a note where none."""

    rules: list[dict[str, Any]]
    decided: Mapping[str, int]  # activity → number of the rule
    met: list[int]
    notes: list[str | None]


def checked_rules(rules: Any) -> pl.DataFrame:
    """The rules as their table (`tables.rules.Rules`), from Polars or pandas; `meaning` is minmax where the column is missing.

    Raises `InvalidInput` naming the first row that breaks a rule.
    """
    from pmo_lib.tables.rules import Rules

    frame = rules if isinstance(rules, pl.DataFrame) else pl.from_pandas(rules)
    needed = [column for column in ("unit", "shape", *(() if "values" in frame.columns else ("low", "high"))) if column not in frame.columns]
    if needed:
        raise InvalidInput(f"rules need the column{'s' if len(needed) > 1 else ''} {', '.join(needed)}; they have {', '.join(frame.columns)}")
    place = pl.format("row {}", pl.int_range(1, pl.len() + 1))
    frame = frame.with_columns(**{name: value for name, value in {**DEFAULTS, "place": place}.items() if name not in frame.columns})
    frame = with_lists(frame)
    return accepted(Rules, frame, "rules")


def ruled(plan: Project, uncertain: Mapping[str, object], rules: Any) -> Ruled:
    """Which rule decides each activity of `uncertain` (those that carry open work). Raises `InvalidInput` for a filter that cannot be read."""
    rows = checked_rules(rules).to_dicts()
    known: dict[str, Texts] = {}
    decided: dict[str, int] = {}
    met, notes = [], []
    for number, row in enumerate(rows):
        try:
            found = selected(plan, row["where"] or "", known)
            mine = [activity for activity in found if activity in uncertain]
            notes.append(None if mine else _nothing(plan, row, bool(found)))
        except InvalidInput as error:
            raise InvalidInput(f"{row['place']}, column where: {error}") from error
        met.append(len(mine))
        for activity in mine:
            decided.setdefault(activity, number)
    return Ruled(rows, decided, met, notes)


def _nothing(plan: Project, row: Mapping[str, Any], closed: bool) -> str:
    if closed:
        return f"{row['place']} meets only activities without open work"
    return f"{row['place']} meets nothing: {missing(plan, row['where'] or '') or 'no activity is so'}; correct the filter"


def range_of(row: Mapping[str, Any], minutes: float, minutes_per_day: float) -> Distribution:
    """A rule's range for an activity with so many working minutes left. Raises `InvalidInput` naming the rule's place."""
    scale = {"factor": minutes, "percent": minutes / 100, "days": minutes_per_day}[row["unit"]]
    low, likely, high = (None if row[point] is None else row[point] * scale for point in POINTS)
    values = [None if value is None else value * scale for value in row.get("values") or []]
    try:
        return ranged(row["shape"], low, likely, high, row["meaning"], row["lam"], values, row.get("weights"))  # type: ignore[arg-type]
    except InvalidInput as error:
        raise InvalidInput(f"{row['place']}: {error}") from error


def told(row: Mapping[str, Any]) -> str:
    """A rule in words, as in `wbs = 1.2: triangular 80 / 100 / 130 %`."""
    unit = {"factor": " of what is left", "percent": "\u00a0%", "days": " days"}[row["unit"]]
    listed = [value for value in row.get("values") or [] if value is not None]
    points = " / ".join(f"{value:g}" for value in (listed or [row[point] for point in POINTS if row[point] is not None]))
    meaning = "" if row["meaning"] == "minmax" else f" ({row['meaning']})"
    return f"{row['where'] or 'every activity'}: {row['shape']} {points}{unit}{meaning}"
