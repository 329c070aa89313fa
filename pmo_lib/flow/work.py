"""What is left to do, with what is not known of it: how many items, how many of them split, how many are added on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.sampling import uniforms

Range = float | tuple[float, float]
ALL = "everything"  # the name of work that is not told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One body of work: an epic, a version, a backlog. A range (low, high) stands for any value between, with the same chance.

    Sources of the three doubts: Magennis, Forecasting and Simulating Software Development Projects (backlog range, split rate, growth).
    """

    name: str = ALL
    items: int | tuple[int, int]  # left now
    split: Range = 0.0  # share of them that turn out to be two
    growth: Range = 0.0  # items added in each period until it is done
    team: str | None = None  # whose throughput it takes; None: the only one's
    share: float | None = None  # weight among what its team works on at the same time; None: as many as it has items
    after: tuple[str, ...] = ()  # names of the work that must be done before it begins

    def __post_init__(self) -> None:
        for what, value, most in (("items", self.items, 1e6), ("split", self.split, 1.0), ("growth", self.growth, 1e6)):
            low, high = ends(value)
            if not 0 <= low <= high <= most:
                raise InvalidInput(f"{self.name}: {what} is a number or (low, high) with 0 <= low <= high <= {most:,.0f}, and is {value!r}")
        if any(int(end) != end for end in ends(self.items)):
            raise InvalidInput(f"{self.name}: items are whole numbers, and are {self.items!r}")
        if self.share is not None and not 0 < self.share < 1e9:
            raise InvalidInput(f"{self.name}: share is above 0, and is {self.share!r}")

    @property
    def certain(self) -> bool:
        """Whether nothing about its size is drawn."""
        return ends(self.items)[0] == ends(self.items)[1] and not any(end for value in (self.split, self.growth) for end in ends(value))

    def drawn(self, iterations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Items to do at the beginning, splits included, and items added a period: each [iterations]."""
        low, high = ends(self.items)
        items = np.full(iterations, float(low))
        if high > low:
            items = np.floor(low + self._uniforms("items", iterations, seed) * (high - low + 1))
        if any(ends(self.split)):
            items += binomial(self._uniforms("splits", iterations, seed), items, self._between("split", self.split, iterations, seed))
        return items, self._between("growth", self.growth, iterations, seed)

    def _between(self, what: str, value: Range, iterations: int, seed: int) -> np.ndarray:
        low, high = ends(value)
        return np.full(iterations, float(low)) if low == high else low + (high - low) * self._uniforms(what, iterations, seed)

    def _uniforms(self, what: str, iterations: int, seed: int) -> np.ndarray:
        return uniforms(f"flow:{what}:{self.name}", iterations, seed=seed, sampling="plain")


def ends(value: Range) -> tuple[float, float]:
    """Low and high of a range, or of a single value."""
    if isinstance(value, tuple):
        if len(value) != 2:
            raise InvalidInput(f"a range is (low, high), and is {value!r}")
        return value
    return value, value


def in_order(work: Sequence[Work]) -> None:
    """Raises `InvalidInput` where a name is used twice, where work waits for what is not listed, or where some waits for itself."""
    names = [one.name for one in work]
    if not names:
        raise InvalidInput("there is no work to forecast; give a number of items, or one Work or more")
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise InvalidInput(f"two bodies of work are called {twice!r}; give each its own name")
    before = {one.name: one.after for one in work}
    for one in work:
        for other in one.after:
            if other not in before:
                raise InvalidInput(f"{one.name} waits for {other!r}, which is not among the work: {', '.join(names)}")
    for name in names:
        loop = _loop(name, before)
        if loop:
            raise InvalidInput(f"work waits for itself: {' -> '.join(loop)}; take one of these out: {', '.join(f'{b} after {a}' for a, b in pairwise(loop))}")


def _loop(name: str, before: dict[str, tuple[str, ...]]) -> list[str]:
    """A way from `name` back to itself along what it waits for, in the order of the work; empty where there is none."""
    ways, seen = [[name]], set()
    while ways:
        way = ways.pop()
        for other in before[way[0]]:
            if other == name:
                return [other, *way]
            if other not in seen:
                seen.add(other)
                ways.append([other, *way])
    return []


def binomial(u: np.ndarray, count: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The binomial quantiles of `u`: how many of `count` are met, each with the chance `share`."""
    from scipy.special import bdtr, bdtrik

    inside = (share > 0) & (share < 1) & (count > 0)
    n, p = np.where(inside, count, 1.0), np.where(inside, share, 0.5)
    found = np.ceil(np.nan_to_num(bdtrik(u, n, p)))  # the inverse is real; the whole number may lie one lower
    below = np.maximum(found - 1, 0)
    found = np.clip(np.where(bdtr(below, n.astype(int), p) >= u, below, found), 0, n)
    return np.where(inside, found, np.where(share >= 1, count, 0.0))
