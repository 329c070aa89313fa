"""When work will be done where no closed form holds: a backlog that is a range, splits, growth, several epics of one team, holidays, waiting.

Each period ahead is like one of the past, any with the same chance: the same one for every team, so that what they had in common stays in common.
Without any of the doubts the exact law of `when_done` is its limit. Numbers are addressed: the draws of one work do not depend on what else is listed.

Sources: the Monte Carlo forecast on throughput (Vacanti; Magennis); ranks for the interval of a percentile, Hahn and Meeker, Statistical Intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import Calendar
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.calibration import Calibration, told
from pmo_lib.flow.capacity import Order, spent
from pmo_lib.flow.days_off import usual, working_share
from pmo_lib.flow.law import EXACT, Past
from pmo_lib.flow.tail import drawn_out
from pmo_lib.flow.window import Window, confidences
from pmo_lib.flow.work import Work, in_order
from pmo_lib.sampling import uniforms

LONGEST = 520  # periods that a simulation reaches: ten years of weeks
NORMAL_95 = 1.959964  # half a 95 % interval in standard errors


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSimulation:
    """A finished simulation of throughput."""

    work: tuple[Work, ...]
    periods: np.ndarray  # [work, iterations] int32: the period in which it is done; 0: nothing was to do; longest + 1: not within `longest`
    items: np.ndarray  # [work] float: items to do at the beginning, splits included, on average
    window: Window  # the past periods that were drawn from
    order: Order
    longest: int
    iterations: int
    seed: int
    assumptions: tuple[str, ...]  # in words, to print beside the figures

    def row(self, name: str | None) -> np.ndarray:
        """The periods [iterations] of the work of that name; None: of the last of all."""
        if name is None:
            return self.periods.max(axis=0)
        for row, one in enumerate(self.work):
            if one.name == name:
                return self.periods[row]
        raise InvalidInput(f"nothing of the work is called {name!r}; there are {', '.join(one.name for one in self.work)}")

    def calibrated(self, calibration: Calibration) -> FlowSimulation:
        """The same futures, spread as past forecasts bear out: each keeps its place in the order from the earliest to the latest."""
        ties = uniforms("flow:ties", self.iterations, seed=self.seed, sampling="plain")
        place = (np.arange(self.iterations) + 0.5) / self.iterations
        periods = np.empty_like(self.periods)
        for row, own in enumerate(self.periods):
            drawn = drawn_out(np.cumsum(np.bincount(own, minlength=self.longest + 2)[: self.longest + 1]) / self.iterations, self.iterations)
            law = np.maximum.accumulate([calibration.chance(k, float(chance)) for k, chance in enumerate(drawn)])
            periods[row, np.lexsort((ties, own))] = np.searchsorted(law, place)
        return replace(self, periods=periods, assumptions=(*self.assumptions, told(calibration)))

    def finish(self, name: str | None = None) -> np.ndarray:
        """When it is done [iterations] datetime64[us]: the end of the last day of that period. Where nothing was to do, when the forecast begins.

        Raises `NotAvailable` where the past has no dates, or where it is not done in some iterations.
        """
        periods, window = self.row(name), self.window
        if window.start is None or window.length is None:
            raise NotAvailable("dates need a past with dates: give throughput of a board, or start and length with the numbers")
        if (periods > self.longest).any():
            share = float((periods > self.longest).mean())
            raise NotAvailable(
                f"{name or 'the work'} is not done within {self.longest} periods in {share:.0%} of the iterations; more is added than is finished"
            )
        return np.datetime64(window.start, "us") + periods.astype(np.int64) * np.timedelta64(window.length, "D").astype("timedelta64[us]")


def simulate(
    past: Past | Mapping[str | None, Past],
    work: int | Work | Sequence[Work],
    *,
    order: Order = "priority",
    calendar: Calendar | None = None,
    start: date | None = None,
    iterations: int = 10_000,
    seed: int = 2026,
    longest: int = LONGEST,
) -> FlowSimulation:
    """When each work is done, over `iterations` futures drawn from past periods.

    `past` is `throughput(...)`, of several groups where `Work.team` names them, or the finished items of past periods. `order` says how a team spends its
    throughput: on what is listed first, or on all by their `share`. `calendar` takes holidays out of the past and of what is ahead; it needs dates.
    Raises `NotAvailable` where nothing was finished in the past, `InvalidInput` for work that names no team of the past, or waits for itself.
    """
    listed = _listed(work)
    if iterations < 100 or longest < 1:
        raise InvalidInput(f"iterations is 100 or more and longest 1 or more, and they are {iterations} and {longest}")
    if order not in ("priority", "shares"):
        raise InvalidInput(f"order is 'priority' or 'shares', and is {order!r}")
    windows = _windows(past, listed, start)
    window = next(iter(windows.values()))
    shares = _shares(window, calendar, longest)
    counts, kept = usual(np.array([one.counts for one in windows.values()], float), shares[0])
    drawn = [one.drawn(iterations, seed) for one in listed]
    left, growth = np.array([items for items, _ in drawn]), np.array([added for _, added in drawn])

    def finished(period: int) -> dict[str | None, np.ndarray]:
        which = (uniforms(f"flow:period:{period}", iterations, seed=seed, sampling="plain") * counts.shape[1]).astype(np.int64)
        return {team: counts[row][which] * shares[1][period - 1] for row, team in enumerate(windows)}

    periods = spent(listed, left, growth, finished, order=order, longest=longest)
    return FlowSimulation(
        work=tuple(listed),
        periods=periods,
        items=left.mean(axis=1),
        window=window.only(kept) if len(windows) == 1 else _together(windows, kept),
        order=order,
        longest=longest,
        iterations=iterations,
        seed=seed,
        assumptions=tuple(_assumed(listed, order, shares, kept)),
    )


def finishes(sim: FlowSimulation, confidence: float | Sequence[float] = (0.5, 0.85, 0.95), *, every: bool = True) -> pl.DataFrame:
    """When each work is done with each confidence, and all of it (`tables.flow_forecasts.Finishes`), with the window that was drawn from.

    Without `every` the last of all is left out. Where the confidence is not reached within the simulation's reach, periods are null and `reason` says so.
    """
    from pmo_lib.tables.flow_forecasts import Finishes

    names: list[str | None] = [one.name for one in sim.work]
    rows = []
    for name in [*names, None] if every and len(names) > 1 else names:
        law = np.cumsum(np.bincount(sim.row(name), minlength=sim.longest + 2)) / sim.iterations
        items = float(sim.items.sum() if name is None else sim.items[names.index(name)])
        for given, share in confidences(confidence):
            spread = NORMAL_95 * np.sqrt(share * (1 - share) / sim.iterations)
            found, low, high = (_reached(law, one, sim.longest) for one in (share, share - spread, share + spread))
            reason = None if found is not None else f"reached in {law[sim.longest]:.0%} of the iterations within {sim.longest} periods"
            rows.append({"work": name, "confidence": given, "periods": found, "periods_low": low, "periods_high": high, "items": items, "reason": reason})
            rows[-1]["chance"] = float(law[found if found is not None else sim.longest])
    return Finishes.validate(sim.window.told(rows, Finishes))


def chance_by(sim: FlowSimulation, by: date, name: str | None = None) -> float:
    """The chance that the work is done on that day or before (0..1)."""
    return float((sim.row(name) <= sim.window.until(by)).mean())


def _reached(law: np.ndarray, share: float, longest: int) -> int | None:
    found = int(np.searchsorted(law, min(share, 1.0) - EXACT))
    return found if found <= longest else None


def _listed(work: int | Work | Sequence[Work]) -> list[Work]:
    listed = [Work(items=work)] if isinstance(work, int) else [work] if isinstance(work, Work) else list(work)
    in_order(listed)
    return listed


def _windows(past: Past | Mapping[str | None, Past], work: Sequence[Work], start: date | None) -> dict[str | None, Window]:
    """The window of each team that has work; all of them cover the same periods."""
    by_team = _by_team(past, work)
    teams = dict.fromkeys(one.team for one in work)
    for team in teams:
        if team not in by_team:
            names = ", ".join(str(one) for one in by_team)
            raise InvalidInput(f"no throughput is given for {'work without a team' if team is None else f'team {team!r}'}; there is {names}")
    windows = {team: Window(by_team[team], start) for team in teams}
    if len({(one.counts.size, one.first) for one in windows.values()}) > 1:
        raise InvalidInput("the teams' past periods are not the same ones; take their throughput from one board, or over the same dates")
    return windows


def _by_team(past: Past | Mapping[str | None, Past], work: Sequence[Work]) -> Mapping[str | None, Past]:
    """The past of each team; what is told of one alone is that of whichever team has work."""
    if isinstance(past, Mapping):
        return past
    if isinstance(past, pl.DataFrame) and past["group"].n_unique() > 1:
        return {group: past.filter(pl.col("group").eq_missing(pl.lit(group))) for group in past["group"].unique(maintain_order=True)}
    named = {one.team for one in work}
    if len(named) > 1:
        raise InvalidInput("work of several teams needs the throughput of each: throughput(board, by='team'), or a past by team")
    return dict.fromkeys(named, past)


def _shares(window: Window, calendar: Calendar | None, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Working time of each past period and of each ahead, as a share of the usual."""
    if calendar is None:
        return np.ones(window.counts.size), np.ones(longest)
    if window.start is None or window.length is None or window.first is None:
        raise InvalidInput("a calendar needs throughput with dates; give that of a board")
    return (
        working_share(calendar, window.first, window.length, window.counts.size),
        working_share(calendar, window.start, window.length, longest),
    )


def _together(windows: Mapping[Any, Window], kept: np.ndarray) -> Window:
    """One window that tells of all teams."""
    first = next(iter(windows.values()))
    return first.only(kept, np.sum([one.counts for one in windows.values()], axis=0))


def _assumed(work: Sequence[Work], order: Order, shares: tuple[np.ndarray, np.ndarray], kept: np.ndarray) -> list[str]:
    said = []
    if len(work) > 1:
        how = "goes to what is listed first, and on to the next" if order == "priority" else "is shared in proportion" + _by_what(work)
        said.append(f"throughput {how}")
    if any(one.split for one in work):
        said.append("some items turn out to be two")
    if any(one.growth for one in work):
        said.append("items are added until the work is done")
    if not kept.all():
        said.append(f"{np.count_nonzero(~kept)} past periods with less than half of their working time are left out")
    if (shares[1] < 1).any():
        said.append("holidays ahead take their part of the throughput")
    return said


def _by_what(work: Sequence[Work]) -> str:
    return " to what each has left at the beginning" if all(one.share is None for one in work) else " to the given shares"
