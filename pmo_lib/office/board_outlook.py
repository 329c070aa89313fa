"""A board's outlook: what is left, when it will be done, and how sure forecasts like this one have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.office.attempts import Attempts
from pmo_lib.office.board_rules import BoardRules
from pmo_lib.office.board_weeks import weeks
from pmo_lib.project import Project
from pmo_lib.standards import Standards, standards

if TYPE_CHECKING:
    from pmo_lib.flow.work import Work

CONFIDENCE = (0.5, 0.85, 0.95)
HORIZON = 4  # weeks ahead of which the back-test is told; `flow.calibration` chooses the window by as many
GIVEN = "given items"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardOutlook:
    """What surfaces show of a board. A part that could not be made is None, and `refusals` says why."""

    rules: pl.DataFrame  # tables.flow_results.RulesInForce
    at: datetime  # naive UTC: when the board was looked at
    items: int  # to do: the board's open items, or as many as were given
    remaining: pl.DataFrame  # tables.flow_forecasts.Remaining
    throughput: pl.DataFrame | None  # of the window
    service_level: pl.DataFrame | None
    ageing: pl.DataFrame | None
    balance: flow.Balance | None  # Little's law over the weeks of the window
    finishes: pl.DataFrame | None  # tables.flow_forecasts.Finishes, calibrated
    drawn: pl.DataFrame | None  # the same, as drawn
    how_many: pl.DataFrame | None  # tables.flow_forecasts.HowMany by the date that was asked for
    by: date | None
    chance_by: float | None  # that all of it is done by then
    rates: pl.DataFrame | None  # tables.flow_forecasts.HitRates of this board's own past
    grouped: str | None  # by what `groups` are grouped
    groups: pl.DataFrame | None  # tables.flow_results.GroupFigures; None: nobody asked
    scopes: pl.DataFrame | None  # tables.flow_scope.ScopeChange of the same groups
    assumptions: tuple[str, ...]
    iterations: int
    seed: int
    refusals: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulation of a board, as drawn and as past forecasts bear it out, with the weeks that it was drawn from."""

    drawn: flow.FlowSimulation
    calibrated: flow.FlowSimulation
    known: flow.Calibration
    window: pl.DataFrame


def outlook(
    board: Project,
    rules: BoardRules | None = None,
    *,
    items: int | tuple[int, int] | None = None,
    by: date | None = None,
    first: Sequence[str] = (),
    group: str | None = None,
    at: datetime | None = None,
    iterations: int | None = None,
    seed: int | None = None,
    standard: Standards | None = None,
) -> BoardOutlook:
    """Measures and forecast of a board. `items` takes the place of what the board has left; `first` names epics that are done before the others; `group` is a
    column of the items by which its figures are told besides, as in "team"; `at` is when the board is looked at (None: its data date).

    Raises `NotAvailable` for a project without items or transitions, `NotFound` for an epic that the board lacks.
    """
    chosen, standard = rules or BoardRules(), standard or standards()
    draws, seed = iterations or standard.forecast.iterations, standard.forecast.seed if seed is None else seed
    h = flow.history(board, chosen.rules, at=at or board.info.data_date)
    left, cycles = flow.remaining(h), flow.cycle_times(h)
    attempt = Attempts(NotAvailable)  # a question that breaks a rule is refused as a whole
    simulated = attempt("forecast", lambda: simulate_board(h, chosen, _work(chosen, left, items, first), bool(first), draws, seed, standard))
    dated = None if by is None or simulated is None else attempt("by", lambda: _by(simulated, by))
    return BoardOutlook(
        rules=flow.rules_in_force(h, chosen.rules),
        at=h.at,
        items=_count(items, left),
        remaining=left,
        throughput=simulated and simulated.window,
        service_level=attempt("service level", lambda: flow.service_level(cycles)),
        ageing=attempt("ageing", lambda: flow.ageing(h)),
        balance=attempt("balance", lambda: weeks(h, chosen.window).balance(cycles)),
        finishes=simulated and flow.finishes(simulated.calibrated, CONFIDENCE),
        drawn=simulated and flow.finishes(simulated.drawn, CONFIDENCE),
        how_many=dated and dated[0],
        by=by,
        chance_by=dated and dated[1],
        rates=attempt("back-test", lambda: flow.hit_rates(flow.backtest(flow.throughput(h), horizon=HORIZON))),
        grouped=group,
        groups=None if group is None else flow.group_figures(h, by=group, cycles=cycles),
        scopes=None if group is None else flow.scope_change(h, by=group),
        assumptions=simulated.calibrated.assumptions if simulated else (),
        iterations=draws,
        seed=seed,
        refusals=attempt.refusals,
    )


def simulate_board(h: flow.History, chosen: BoardRules, work: Sequence[Work], listed: bool, iterations: int, seed: int, standard: Standards) -> Simulated:
    """The simulation of that work on the board's latest weeks; `listed`: it stands in the order in which it is done."""
    past = weeks(h, chosen.window)
    known = past.calibration()
    order = "priority" if listed or chosen.order == "priority" else "shares"
    sim = flow.simulate(past.drawn, work, order=order, start=past.begin, calendar=chosen.holidays(standard), iterations=iterations, seed=seed)
    return Simulated(drawn=sim, calibrated=sim.calibrated(known), known=known, window=past.drawn)


def _by(simulated: Simulated, by: date) -> tuple[pl.DataFrame, float]:
    """How many items by that date, and the chance that all is done by then."""
    many = flow.how_many(simulated.window, by=by, confidence=CONFIDENCE, start=simulated.drawn.window.start, calibration=simulated.known)
    return many, flow.chance_by(simulated.calibrated, by)


def _work(chosen: BoardRules, left: pl.DataFrame, items: int | tuple[int, int] | None, first: Sequence[str]) -> list[Work]:
    if items is not None:
        return [flow.Work(name=GIVEN, items=items, split=chosen.split, growth=chosen.growth)]
    work = flow.work_left(left, first=first, split=chosen.split, growth=chosen.growth)
    if not work:
        raise NotAvailable("nothing that is counted is open; give a number with --items")
    return work


def _count(items: int | tuple[int, int] | None, left: pl.DataFrame) -> int:
    if items is None:
        return int(left["open"].sum())
    return items if isinstance(items, int) else round(sum(items) / 2)
