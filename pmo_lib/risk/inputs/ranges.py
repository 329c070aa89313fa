"""Where each activity's range comes from: a table of estimates, else the plan's own file, else the first rule that meets it, else the standard's rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution, ranged
from pmo_lib.risk.distributions.shapes import Triangular
from pmo_lib.risk.inputs.estimates import estimated
from pmo_lib.risk.inputs.fields import from_fields
from pmo_lib.risk.inputs.rules import range_of, ruled, told
from pmo_lib.risk.inputs.waiting import Waiting
from pmo_lib.standards import RangeRule, standards

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.schedule.network import Network

SYSTEMIC = "systemic"  # name of the factor that all assumed ranges share
FieldUse = Literal["remaining", "whole", "off"]


@dataclass(frozen=True, slots=True)
class Ranges:
    """The uncertain activities of a network: `own[activity]` in working minutes of remaining work, before any shared factor."""

    own: Mapping[str, Distribution]
    assumed: frozenset[str]  # those whose range comes from the standard's rule, and which the systemic factor multiplies
    systemic: Distribution | None
    indicative: str | None  # what to print beside every figure; None: every range was estimated
    sources: pl.DataFrame  # tables.risk_results.RangeSources
    rest: Mapping[str, int] = field(default_factory=dict)  # rest between the parts of split tasks [working minutes]: certain, and added to what is drawn

    def longest(self) -> dict[str, int]:
        """The longest duration that a draw can give, by activity [working minutes]."""
        most = self.systemic.greatest if self.systemic else 1.0
        work = {activity: own.greatest * (most if activity in self.assumed else 1.0) for activity, own in self.own.items()}
        return {activity: int(minutes) + self.rest.get(activity, 0) + 1 for activity, minutes in work.items()}


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its ranges [working minutes] by open activity, how many it meets besides those that an earlier source decides, and a note."""

    source: str
    told: str
    ranges: Mapping[str, Distribution] = field(default_factory=dict)
    meets: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """The plan's open work: remaining working minutes without the rest of split tasks, and what a day means, by activity."""

    plan: Project
    minutes: Mapping[str, float]
    day: Mapping[str, float]


def ranges(
    plan: Project,
    net: Network,
    estimates: Any = None,
    rule: RangeRule | str | None = None,
    *,
    rules: Any = None,
    fields: FieldUse = "remaining",
    field_names: Sequence[str] | None = None,
) -> Ranges:
    """Each uncertain activity of the network with its range, by the first source that has one: `estimates`, the file's own, `rules`, the standard's `rule`.

    Only incomplete activities with work of their own are uncertain; estimates for others (finished since, say) are left aside, and told.
    Raises `InvalidInput` for an estimate of an activity that the plan lacks, one that breaks its shape's rule, or a filter that cannot be read.
    """
    if fields not in ("remaining", "whole", "off"):
        raise InvalidInput(f"fields is 'remaining', 'whole' or 'off', and is {fields!r}")
    name, applied = named_rule(rule)
    rows = zip(net.activities, net.uncertain, (net.duration - net.rest).tolist(), net.minutes_per_day.tolist(), strict=True)
    open_rows = [(activity, minutes, day) for activity, uncertain, minutes, day in rows if uncertain]
    work = Open(plan, {activity: minutes for activity, minutes, _ in open_rows}, {activity: day for activity, _, day in open_rows})
    sources = [*_given(work, estimates), *_of_file(work, fields, field_names), *_of_rules(work, rules), _standard(work, name, applied)]
    first = {activity: next(number for number, source in enumerate(sources) if activity in source.ranges) for activity in work.minutes}
    own = {activity: sources[number].ranges[activity] for activity, number in first.items()}
    assumed = frozenset(activity for activity, number in first.items() if sources[number].source == "standard")
    systemic = Triangular(applied.systemic_low, applied.systemic_likely, applied.systemic_high) if assumed else None
    return Ranges(own, assumed, systemic, sentence(name, applied, len(own), len(assumed)), _frame(sources, list(first.values())), resting(net))


def resting(net: Network) -> dict[str, int]:
    """The rest between the parts of the split tasks that are drawn [working minutes], by activity."""
    return {net.activities[i]: int(net.rest[i]) for i in np.flatnonzero(net.uncertain & (net.rest > 0))}


def _given(work: Open, estimates: Any) -> Iterator[Source]:
    if isinstance(estimates, Waiting):
        made = {activity: one.times(work.day[activity]) for activity, one in estimates.drawn.items() if activity in work.minutes}
        yield Source("given", "what activities wait for, as it was simulated", made, len(made))
        estimates = estimates.estimates
    if estimates is not None:
        found = estimated(work.plan, estimates)
        left = len(found) - sum(activity in work.minutes for activity in found)
        note = f"{left:,} of {len(found):,} estimates are of activities without open work" if left else None
        yield _in_days("given", "the estimates given", work, found, note)


def _of_file(work: Open, fields: FieldUse, names: Sequence[str] | None) -> Iterator[Source]:
    if (found := estimated(work.plan)) and fields != "off":
        yield _in_days("file", "three points that the file holds", work, found)
    if fields == "off":
        return
    read = from_fields(work.plan, work.day, names=names, whole=fields == "whole")
    note = None if not read.notes else read.notes[0] + (f" (and {len(read.notes) - 1:,} more such)" if len(read.notes) > 1 else "")
    if read.points or note:
        made = {activity: ranged("triangular", *points) for activity, points in read.points.items()}
        meaning = "of the whole duration, scaled to what is left" if fields == "whole" else "of what is left"
        yield Source("file", f"{', '.join(read.fields)}: triangular, {meaning}" if read.fields else "custom fields", made, len(made), note)


def _of_rules(work: Open, rules: Any) -> Iterator[Source]:
    if rules is None:
        return
    found = ruled(work.plan, work.minutes, rules)
    for number, row in enumerate(found.rules):
        mine = [activity for activity, decided in found.decided.items() if decided == number]
        made = {activity: range_of(row, work.minutes[activity], work.day[activity]) for activity in mine}
        yield Source("rule", told(row), made, found.met[number], found.notes[number])


def _standard(work: Open, name: str, rule: RangeRule) -> Source:
    made = {activity: ranged(rule.shape, rule.low * minutes, rule.likely * minutes, rule.high * minutes) for activity, minutes in work.minutes.items()}
    return Source("standard", f"rule '{name}' of the standards: {_own_range(rule)}", made, len(made))


def _in_days(source: str, told: str, work: Open, found: Mapping[str, Distribution], note: str | None = None) -> Source:
    made = {activity: one.times(work.day[activity]) for activity, one in found.items() if activity in work.minutes}
    return Source(source, told, made, len(made), note)


def _frame(sources: Sequence[Source], first: Sequence[int]) -> pl.DataFrame:
    """Sources that say something, with how many activities each meets and decides."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import RangeSources

    counts = {number: first.count(number) for number in set(first)}
    rows = [
        {"source": one.source, "told": one.told, "meets": one.meets, "decides": counts.get(number, 0), "note": one.note}
        for number, one in enumerate(sources)
        if one.source != "standard" or number in counts
    ]
    return framed(RangeSources, rows)


def named_rule(rule: RangeRule | str | None) -> tuple[str, RangeRule]:
    """The rule and its name; by default the standard's."""
    forecast = standards().forecast
    if isinstance(rule, RangeRule):
        return next((name for name, known in forecast.rules.items() if known == rule), "of the organisation"), rule
    name = rule or forecast.rule
    if name not in forecast.rules:
        raise InvalidInput(f"no range rule is called {name!r}; the standards have {', '.join(forecast.rules)}")
    return name, forecast.rules[name]


def sentence(name: str, rule: RangeRule, uncertain: int, assumed: int) -> str | None:
    """What stands beside every figure where ranges are assumed."""
    if not assumed:
        return None
    shared = f"{rule.systemic_low:.0%} to {rule.systemic_high:.0%} shared by all".replace("%", "\u00a0%")
    told = f"rule '{name}', {_own_range(rule)}, and {shared}"
    if assumed == uncertain:
        return f"Indicative: ranges assumed ({told}), nobody estimated them"
    return f"Indicative: {assumed:,} of {uncertain:,} ranges assumed ({told}), the others estimated"


def _own_range(rule: RangeRule) -> str:
    return f"{rule.shape}, {rule.low:.0%} to {rule.high:.0%} of the remaining duration".replace("%", "\u00a0%")
