"""Risks and choices lowered to what the compiled effects read, and the shortest and longest durations that they can bring about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution
from pmo_lib.risk.distributions.shapes import Uniform
from pmo_lib.risk.engine.effects import DAYS, NOT_KEPT, PARALLEL, PERCENT, SERIES, Effects
from pmo_lib.risk.engine.lost_days import none_lost
from pmo_lib.risk.inputs.branching import Choice
from pmo_lib.risk.inputs.ranges import Ranges
from pmo_lib.risk.inputs.register import Risk
from pmo_lib.risk.inputs.weather import Season, lost_days
from pmo_lib.risk.lowering import variables

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network

Touch = tuple[int, int, float, int, int]  # risk, how, scale, draw of the occurrence, draw of the impact
CHANCE = Uniform(0.0, 1.0)
NEVER = 2.0  # above every chance


@dataclass(slots=True)
class _Draws:
    """Draws by name, as they are collected."""

    names: dict[str, int] = field(default_factory=dict)
    made: list[Distribution] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)

    def number(self, name: str, distribution: Distribution, *, kept: bool) -> int:
        """The draw of that name; `kept` where more than one group needs it."""
        if name not in self.names:
            self.names[name] = len(self.made)
            self.made.append(distribution)
            self.kept.append(kept)
        return self.names[name]


def effects(
    net: Network, risks: Sequence[Risk], made: Sequence[Choice], drawn: Ranges, seed: int, replicates: int, *, latin: bool, weather: Sequence[Season] = ()
) -> Effects | None:
    """What the blocks apply; None where there is neither risk nor choice nor weather."""
    return lowered(net, risks, made, drawn, seed, replicates, latin=latin, weather=weather) if risks or made or weather else None


def lowered(
    net: Network, risks: Sequence[Risk], made: Sequence[Choice], drawn: Ranges, seed: int, replicates: int, *, latin: bool, weather: Sequence[Season] = ()
) -> Effects:
    """The arrays of these risks, choices and weather."""
    days = lost_days(net, weather, seed, replicates, latin=latin) if weather else none_lost()
    draws = _Draws()
    shared = [draws.number(_occurrence(risk), CHANCE, kept=True) if risk.shared else -1 for risk in risks]
    groups: dict[tuple[Touch, ...], list[int]] = {}
    for row, touches in _touches(net, risks, draws).items():
        groups.setdefault(tuple(touches), []).append(row)
    choice = [draws.number(one.variable, CHANCE, kept=True) if one.variable is not None else -1 for one in made]
    touches = [touch for group in groups for touch in group]
    rows = [row for group in groups.values() for row in group]
    kept = np.array(draws.kept, bool)
    changed = dict.fromkeys([*rows, *(i for one in made for branch in one.branches for i in branch.rows), *days.row.tolist()])
    still = np.array([i for i in changed if net.activities[i] not in drawn.own], np.int32)
    return Effects(
        draws=variables.of(list(draws.names), draws.made, seed, replicates, latin=latin),
        slot=np.where(kept, np.cumsum(kept) - 1, NOT_KEPT).astype(np.int32),
        on=np.ones(len(risks), np.uint8),
        chance=np.array([risk.probability for risk in risks], np.float64),
        shared=np.array(shared, np.int32),
        group_from=_from(groups.values()),
        row=np.array(rows, np.int32),
        rest=net.rest[np.array(rows, np.int32)],
        touch_from=_from(groups),
        risk=np.array([touch[0] for touch in touches], np.int32),
        how=np.array([touch[1] for touch in touches], np.int8),
        scale=np.array([touch[2] for touch in touches], np.float64),
        occurs=np.array([touch[3] for touch in touches], np.int32),
        impact=np.array([touch[4] for touch in touches], np.int32),
        still=still,
        planned=net.duration[still],
        choice=np.array(choice, np.int32),
        lost=days,
        **_of_choices(made),
    )


def _of_choices(made: Sequence[Choice]) -> dict[str, np.ndarray]:
    branches = [branch for one in made for branch in one.branches]
    tests = [branch.test for branch in branches]
    loose = {row: place for place, row in enumerate(dict.fromkeys(row for branch in branches for row in branch.rows))}
    # the last branch takes what rounding leaves of 1, unless it has no chance at all
    upto = [float(x) for one in made for x in _upto([branch.probability or 0.0 for branch in one.branches])]
    return {
        "choice_from": _from([one.branches for one in made]),
        "level": np.array([one.level for one in made], np.int32),
        "upto": np.array(upto, np.float64),
        "tested": np.array([-1 if test is None else test.row for test in tests], np.int32),
        "measure": np.array([0 if test is None else test.measure for test in tests], np.int8),
        "test": np.array([0 if test is None else test.comparison for test in tests], np.int8),
        "limit": np.array([0 if test is None else test.limit for test in tests], np.int32),
        "member_from": _from([branch.rows for branch in branches]),
        "member": np.array([loose[row] for branch in branches for row in branch.rows], np.int32),
        "loose": np.array(list(loose), np.int32),
    }


def _upto(probabilities: Sequence[float]) -> list[float]:
    """Below which number of 0..1 each branch is taken; the last that has a chance takes all that is left."""
    total = np.cumsum(probabilities)
    last = max((i for i, p in enumerate(probabilities) if p > 0), default=len(probabilities) - 1)
    return [NEVER if i >= last else float(total[i]) for i in range(len(probabilities))]


def _touches(net: Network, risks: Sequence[Risk], draws: _Draws) -> dict[int, list[Touch]]:
    """By row of the network what touches it, in the order of the risks."""
    found: dict[int, list[Touch]] = {}
    for number, risk in enumerate(risks):
        how = PERCENT if risk.unit == "percent" else DAYS if risk.unit == "days" else PARALLEL if risk.parallel else SERIES
        for row in risk.rows:
            activity = net.activities[row]
            occurs = draws.number(_occurrence(risk) if risk.shared else f"occurs\n{risk.risk}\n{activity}", CHANCE, kept=risk.shared)
            impact = draws.number(f"impact\n{risk.risk}" if risk.correlated else f"impact\n{risk.risk}\n{activity}", risk.impact, kept=risk.correlated)
            scale = float(net.minutes_per_day[row]) if how == DAYS else 0.01 if how == PERCENT else 1.0
            found.setdefault(row, []).append((number, how, scale, occurs, impact))
    return found


def _occurrence(risk: Risk) -> str:
    return f"coupled\n{risk.coupled}" if risk.coupled is not None else f"occurs\n{risk.risk}"


def _from(parts: object) -> np.ndarray:
    return np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)  # type: ignore[attr-defined]


def longest(net: Network, risks: Sequence[Risk], drawn: Ranges) -> Mapping[str, int]:
    """The longest duration that draws and risks can give, by activity [working minutes].

    Raises `InvalidInput` where risks could take more off an activity than it lasts.
    """
    found = dict(drawn.longest())
    of: dict[int, list[Risk]] = {}
    for risk in risks:
        for row in risk.rows:
            of.setdefault(row, []).append(risk)
    for row, touching in of.items():
        low, high = _changed(_span(net, drawn, row), touching, float(net.minutes_per_day[row]))
        if low < 0:
            _refuse(net, row, low, touching)
        found[net.activities[row]] = max(int(high) + int(net.rest[row]) + 2, found.get(net.activities[row], 0))
    return found


def _span(net: Network, drawn: Ranges, row: int) -> tuple[float, float]:
    """The shortest and longest work of a row before risks [working minutes]."""
    activity = net.activities[row]
    if activity not in drawn.own:
        return float(net.duration[row] - net.rest[row]), float(net.duration[row] - net.rest[row])
    own, systemic = drawn.own[activity], drawn.systemic if activity in drawn.assumed else None
    low, high = own.least, own.greatest
    return (low * systemic.least, high * systemic.greatest) if systemic else (low, high)


def _changed(span: tuple[float, float], touching: Sequence[Risk], day: float) -> tuple[float, float]:
    """The span with every risk at its least, and at its greatest."""
    spans = {unit: [risk.span for risk in touching if risk.unit == unit and not risk.parallel] for unit in ("factor", "percent", "days")}
    parallel = [risk.span for risk in touching if risk.unit == "factor" and risk.parallel]
    found = []
    for end, base in enumerate(span):
        factor = float(np.prod([one[end] for one in spans["factor"]])) * (max(one[end] for one in parallel) if parallel else 1.0)
        share = 1 + sum(one[end] for one in spans["percent"]) / 100
        found.append(base * factor * share + sum(one[end] for one in spans["days"]) * day)
        if share < 0:
            found[-1] = min(found[-1], -1.0)
    return found[0], found[1]


def _refuse(net: Network, row: int, low: float, touching: Sequence[Risk]) -> None:
    names = ", ".join(risk.risk for risk in touching if risk.unit != "factor" and risk.span[0] < 0)
    days = -low / float(net.minutes_per_day[row])
    raise InvalidInput(
        f"risk {names} could take {days:.1f} days more off {net.activities[row]} than it lasts at its shortest, and no duration is negative; "
        "raise low, or leave the activity out"
    )
