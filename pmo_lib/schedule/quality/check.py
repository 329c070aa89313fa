"""The shape of a check, of a schedule or of a board, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

Group = Literal["dcma", "structure", "progress", "gao", "moves", "ageing", "records"]
Rule = Literal["at_most", "at_least"]
Row = dict[str, Any]


class Limited(Protocol):
    """What checks look at: whatever it holds, and the standard's thresholds."""

    @property
    def limits(self) -> Any:
        """A dataclass, as in `standards`."""
        ...


Facts = TypeVar("Facts", bound=Limited)


@dataclass(frozen=True, slots=True)
class Measured:
    """A value, of how many, and who offends."""

    value: float
    numerator: float | None = None
    denominator: float | None = None
    offenders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no value."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[Facts]):
    """One measure of quality. The standard's key of the same name is its threshold; without one the value is for information."""

    name: str
    title: str
    group: Group
    reference: str | None = None  # as in "DCMA 1"
    rule: Rule = "at_most"
    unit: Literal["share", "count", "index"] = "share"
    definition: str  # what is counted, of what; the standard's keys in braces
    options: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)  # the standard's options in braces, and what each choice is in words
    remedy: str | None = None  # what to do where it fails
    measure: Callable[[Facts], Measured | Missing]

    def row(self, facts: Facts) -> Row:
        """The check's row of `tables.schedule_results.Checks`. The value is compared before it is rounded."""
        found = self.measure(facts)
        threshold = threshold_of(self.name, facts.limits)
        said: Row = {"check": self.name, "title": self.title, "group": self.group, "reference": self.reference, "unit": self.unit}
        said |= {"threshold": threshold, "rule": None if threshold is None else self.rule, "definition": self.defined(facts.limits)}
        said["remedy"] = self.remedy
        if isinstance(found, Missing):
            return said | {"passed": None, "reason": found.reason, "offenders": []}
        met = None if threshold is None else found.value <= threshold if self.rule == "at_most" else found.value >= threshold
        return said | {
            "value": float(found.value),
            "passed": met,
            "numerator": found.numerator,
            "denominator": found.denominator,
            "offenders": found.offenders,
            "reason": None,
        }

    def defined(self, limits: Any) -> str:
        """What the check counts under these options."""
        known = asdict(limits)
        return self.definition.format_map(known | {name: said[known[name]] for name, said in self.options.items()})


def threshold_of(name: str, limits: object) -> float | None:
    """The standard's threshold of a check; None where it has none."""
    return getattr(limits, name, None)


def share(offenders: Iterable[str], of: int, nothing: str) -> Measured | Missing:
    """The share of offenders; `nothing` says why there is none where there is nothing to count."""
    found = list(offenders)
    return Measured(len(found) / of, len(found), of, found) if of else Missing(nothing)
