"""How a board is counted and forecast: a flag, then [flow] of the workspace's pmo.toml, then of the user's file, then a guess that is shown.

[flow]                       # every board
types = ["Story", "Bug"]
[flow.boards.WEB]            # this one; its keys come first
started = "In Progress"
done = "Released"
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pmo_lib.calendar import Calendar
from pmo_lib.errors import InvalidInput
from pmo_lib.flow import FlowRules
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.settings import sections
from pmo_lib.standards import Standards

TEXTS, LISTS = ("level", "started", "done", "zone", "days"), ("types", "cancelled", "waiting", "blocked")
FORECAST = ("window", "order", "split", "growth", "calendar")
KNOWN = (*TEXTS, *LISTS, *FORECAST)
BOARDS = "boards"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRules:
    """What is counted, and how its forecast is made."""

    rules: FlowRules = field(default_factory=FlowRules)
    window: int | None = None  # [weeks] that are drawn from; None: of 8, 12 and 26 the one whose forecasts lost least
    order: str = "shares"  # how a team spends its throughput on its epics
    split: float | tuple[float, float] = 0.0
    growth: float | tuple[float, float] = 0.0  # items added a week
    calendar: str | None = None  # whose holidays count: a calendar of the standards
    origins: Mapping[str, str] = field(default_factory=dict)  # where each that was told was told

    @property
    def fingerprint(self) -> str:
        """Equal as long as a board is counted, and its rest forecast, by the same rules."""
        return hashlib.sha256(repr((self.rules, self.window)).encode()).hexdigest()[:16]

    def holidays(self, standard: Standards) -> Calendar | None:
        """The calendar itself. Raises `InvalidInput` for a name that the standards lack."""
        if self.calendar is None:
            return None
        if self.calendar not in standard.calendars:
            raise InvalidInput(f"[flow] calendar is {self.calendar!r}, and the standards have {', '.join(standard.calendars)}; add it to standards.toml")
        return calendar_from_rule(self.calendar, standard.calendars[self.calendar])


def board_rules(key: str, folder: Path | None = None, flags: Mapping[str, Any] | None = None) -> BoardRules:
    """The rules of the board of that key. Flags that are None were not given.

    Raises `InvalidInput` naming the file, the key and the rule that it breaks.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for place, section in [*reversed(sections("flow", folder)), ("flag", {name: value for name, value in (flags or {}).items() if value is not None})]:
        own = section.get(BOARDS, {})
        if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
            raise InvalidInput(f"{place}: flow.boards holds a section a board, as in [flow.boards.{key}]")
        for at, found in [("flow", {name: value for name, value in section.items() if name != BOARDS}), (f"flow.boards.{key}", own.get(key, {}))]:
            for name, value in found.items():
                values[name] = _checked(f"{place}: {at}.{name}", name, value)
                origins[name] = place
    try:
        rules = FlowRules(**{name: values[name] for name in (one.name for one in fields(FlowRules)) if name in values})
    except InvalidInput as error:
        raise InvalidInput(f"[flow] of {key}: {error}") from None
    return BoardRules(rules=rules, origins=origins, **{name: values[name] for name in FORECAST if name in values})


def _checked(where: str, name: str, value: Any) -> Any:
    if name not in KNOWN:
        near = difflib.get_close_matches(name, KNOWN, 1)
        raise InvalidInput(f"{where}: there is no such rule; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(KNOWN)}"))
    if name in LISTS:
        if isinstance(value, str) or not all(isinstance(one, str) for one in value):
            raise InvalidInput(f'{where} is a list of names, as in ["Story", "Bug"], and is {value!r}')
        return tuple(value)
    if name in ("split", "growth"):
        return _range(where, value)
    if name == "window":
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise InvalidInput(f"{where} is a number of weeks, 1 or more, and is {value!r}")
        return value
    if not isinstance(value, str):
        raise InvalidInput(f"{where} is text in quotes, and is {value!r}")
    allowed = {"level": ("portfolio", "epic", "item", "subtask"), "order": ("priority", "shares"), "days": ("inclusive", "elapsed")}.get(name)
    if allowed and value not in allowed:
        raise InvalidInput(f"{where} is one of {', '.join(allowed)}, and is {value!r}")
    return value


def _range(where: str, value: Any) -> float | tuple[float, float]:
    ends = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in ends) or len(ends) not in (1, 2):
        raise InvalidInput(f"{where} is a number or [low, high], and is {value!r}")
    return float(ends[0]) if len(ends) == 1 else (float(ends[0]), float(ends[1]))
