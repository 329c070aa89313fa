"""The organisation's standards: thresholds, status rules, scales and calendars, read from TOML and validated.

`standards()` gives the documented defaults; `standards(path)` what an organisation changed, laid over them.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pmo_lib.errors import InvalidInput

DEFAULTS = Path(__file__).with_name("standards.toml")


@dataclass(frozen=True, slots=True)
class StatusRules:
    on_track_chance: float
    at_risk_chance: float
    spi_on_track: float
    spi_at_risk: float
    cpi_on_track: float
    cpi_at_risk: float
    stale_after_days: int


@dataclass(frozen=True, slots=True)
class ScheduleThresholds:
    agreement: float
    logic: float
    leads: float
    lags: float
    relationship_types: float
    hard_constraints: float
    high_float: float
    high_float_days: float
    negative_float: float
    high_duration: float
    high_duration_days: float
    invalid_dates: float
    resources: float
    missed_tasks: float
    critical_path_test: float
    critical_path_test_days: float
    cpli: float
    bei: float
    exclude_milestones: bool
    baselined_only: bool
    bei_variant: str
    high_duration_of: str
    summary_logic: bool
    near_critical_days: float
    open_starts: float
    open_finishes: float
    redundant_relationships: float
    summary_relationships: float
    missing_calendars: float
    outside_wbs: float
    summary_dates: float
    out_of_sequence: float
    riding_data_date: float
    invalid_actuals: float
    retroactive_actuals: float
    without_baseline: float
    bei_start: float


@dataclass(frozen=True, slots=True)
class BoardThresholds:
    done_without_start: float
    skipped_columns: float
    backward_moves: float
    broken_history: float
    off_board: float
    stale_wip: float
    stale_wip_days: float
    zombies: float
    zombie_days: float
    stale_backlog: float
    stale_backlog_days: float
    overdue: float
    unassigned_wip: float
    beyond_limits: float
    bulk_closed: float
    bulk_items: int
    bulk_factor: float
    missing_moments: float
    impossible_times: float
    unresolved_done: float
    resolved_open: float
    mixed_levels: float


@dataclass(frozen=True, slots=True)
class RangeRule:
    """Ranges for activities that nobody estimated: factors of the remaining duration, and one systemic factor."""

    shape: str
    low: float
    likely: float
    high: float
    systemic_low: float
    systemic_likely: float
    systemic_high: float


@dataclass(frozen=True, slots=True)
class ForecastRules:
    iterations: int
    seed: int
    rule: str
    rules: dict[str, RangeRule]


@dataclass(frozen=True, slots=True)
class RiskScales:
    probability: list[float]
    impact: list[float]
    high: float
    moderate: float


@dataclass(frozen=True, slots=True)
class CalendarRule:
    week: list[str]
    shifts: list[str]
    holidays: list[str]


@dataclass(frozen=True, slots=True)
class Standards:
    status: StatusRules
    schedule: ScheduleThresholds
    board: BoardThresholds
    forecast: ForecastRules
    risk: RiskScales
    calendars: dict[str, CalendarRule]


def standards(path: str | Path | None = None) -> Standards:
    """The standards in force: the defaults, with `path`'s values laid over them.

    Raises `InvalidInput` naming the file, the key and the rule that it breaks.
    """
    if path is None:
        return _defaults()
    try:
        changes = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read as standards: {error}; compare with the shipped standards.toml") from error
    return checked(_built(Standards, _laid_over(_toml(), changes), str(path), ""), str(path))


@cache
def _defaults() -> Standards:
    return checked(_built(Standards, _toml(), DEFAULTS.name, ""), DEFAULTS.name)


def _toml() -> dict[str, Any]:
    return tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))


def _laid_over(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _laid_over(base[key], value) if both else value
    return merged


def _built(kind: Any, value: Any, file: str, at: str) -> Any:
    """`value` as `kind`: a dataclass, a dictionary of them, or a plain value of the right type."""
    if isinstance(kind, type) and is_dataclass(kind):
        if not isinstance(value, dict):
            raise InvalidInput(f"{file}: [{at}] must be a table")
        hints = get_type_hints(kind)
        names = [f.name for f in fields(kind)]
        for key in value:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                raise InvalidInput(f"{file}: unknown key {_join(at, key)}" + (f"; did you mean {near[0]}?" if near else f"; known are {', '.join(names)}"))
        for name in names:
            if name not in value:
                raise InvalidInput(f"{file}: {_join(at, name)} is missing")
        return kind(**{name: _built(hints[name], value[name], file, _join(at, name)) for name in names})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict:
        return {key: _built(arguments[1], item, file, _join(at, key)) for key, item in value.items()}
    if origin is list:
        if not isinstance(value, list):
            raise InvalidInput(f"{file}: {at} must be a list")
        return [_built(arguments[0], item, file, at) for item in value]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        raise InvalidInput(f"{file}: {at} must be {kind.__name__}, and is {value!r}")
    return value


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def checked(standard: Standards, file: str) -> Standards:
    """The standard, if its values can hold together. Raises `InvalidInput` naming the key and the rule that it breaks."""
    status, schedule, forecast = standard.status, standard.schedule, standard.forecast
    for high, low, name in [
        (status.on_track_chance, status.at_risk_chance, "status.on_track_chance"),
        (status.spi_on_track, status.spi_at_risk, "status.spi_on_track"),
        (status.cpi_on_track, status.cpi_at_risk, "status.cpi_on_track"),
        (standard.risk.high, standard.risk.moderate, "risk.high"),
    ]:
        if high < low:
            raise InvalidInput(f"{file}: {name} must not be below its lower neighbour ({high} < {low})")
    _check_schedule(schedule, file)
    _check_board(standard.board, file)
    if not 0 <= status.at_risk_chance <= status.on_track_chance <= 1:
        raise InvalidInput(f"{file}: the chances of [status] lie between 0 and 1")
    if forecast.rule not in forecast.rules:
        raise InvalidInput(f"{file}: forecast.rule is {forecast.rule!r}, and [forecast.rules] has {', '.join(forecast.rules)}")
    if forecast.iterations < 100:
        raise InvalidInput(f"{file}: forecast.iterations must be at least 100, and is {forecast.iterations}")
    for name, rule in forecast.rules.items():
        if not 0 < rule.low <= rule.likely <= rule.high or not 0 < rule.systemic_low <= rule.systemic_likely <= rule.systemic_high:
            raise InvalidInput(f"{file}: forecast.rules.{name} needs 0 < low <= likely <= high, for its own and its systemic range")
    return standard


INDICES = ("cpli", "bei", "bei_start")
CHOICES = {"bei_variant": ("pam_2012", "classic", "both"), "high_duration_of": ("baseline", "remaining")}


def _check_schedule(schedule: ScheduleThresholds, file: str) -> None:
    for name, value in ((one.name, getattr(schedule, one.name)) for one in fields(schedule)):
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise InvalidInput(f"{file}: schedule.{name} is one of {', '.join(CHOICES[name])}, and is {value!r}")
        elif name.endswith("_days"):
            if not (isfinite(value) and value >= 0):
                raise InvalidInput(f"{file}: schedule.{name} is a number of working days, zero or more, and is {value}")
        elif name in INDICES or isinstance(value, bool):
            continue
        elif not 0 <= value <= 1:
            raise InvalidInput(f"{file}: schedule.{name} is a share between 0 and 1, and is {value}")
    if not schedule.critical_path_test_days:
        raise InvalidInput(f"{file}: schedule.critical_path_test_days must be above zero, or nothing is tested")


def _check_board(board: BoardThresholds, file: str) -> None:
    for name, value in ((one.name, getattr(board, one.name)) for one in fields(board)):
        share = not name.endswith(("_days", "_items", "_factor"))
        if not (isfinite(value) and value >= 0 and (value <= 1 or not share)):
            told = "a share between 0 and 1" if share else "zero or more"
            raise InvalidInput(f"{file}: board.{name} is {told}, and is {value}")
