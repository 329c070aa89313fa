"""Boards in the office: where one stands and when what is left will be done. A board has no network, so it has no agreement and no checks; it has its flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.flow import FlowRules
from pmo_lib.office.board_weeks import Weeks, weeks
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.store import Result

PERCENTILES = [p / 100 for p in range(1, 100)]
QUANTILES = (10, 25, 50, 75, 80, 90)  # of a portfolio's row
EXPECTED = 0.85  # share of items that the service-level expectation is about
NO_NETWORK = "a board has items that flow, and no network of activities: there are no dates of its own to reproduce and no schedule to check"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFigures:
    """Where a board stands: items of the level that is counted, cancelled ones left out."""

    level: str
    items: int
    left: int
    in_progress: int  # of those left
    finished: int
    weekly: float | None  # items finished a week, in the window that a forecast draws from; None: nothing was finished in a whole week
    weeks: int  # whole weeks of that window
    counted: int  # items finished in it
    window_from: date | None
    window_to: date | None
    within: float | None  # [days] within which that share of the finished items was done
    share: float  # that share
    measured: int  # items that it was measured on


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardForecast:
    """When what is left will be done, drawn from the board's own throughput and calibrated on its own past."""

    percentiles: pl.DataFrame  # p, finish [local instant], periods
    items: int  # that are left
    weeks: int  # whole weeks drawn from
    counted: int  # items finished in them
    window_from: date
    window_to: date
    learnt: int  # past forecasts of its own that calibrated it, beside those of other teams
    target: dict[str, Any] | None  # kind, date, chance
    indicative: str | None = None  # a board's forecast assumes no ranges

    def told(self) -> str:
        """The window and what was counted, in a sentence."""
        from pmo_lib.plots import words

        span = f"{words.count(self.weeks, 'week')} ({words.day(self.window_from)} to {words.day(self.window_to)})"
        drawn = f"{words.count(self.items, 'item')} left, drawn from {span}"
        own = words.count(self.learnt, "past forecast") + " of its own" if self.learnt else "none of its own yet"
        counted = f"in which {words.count(self.counted, 'item')} were finished"
        return f"{drawn} {counted}; chances are those that past forecasts bear out: those of other teams, and {own}"


def is_board(plan: Project) -> bool:
    """Whether it is items that flow, and not a plan."""
    return "items" in plan.tables


def figures(board: Project, rules: FlowRules | None = None, *, window: int | None = None) -> BoardFigures:
    """Where the board stands at its data date; `window` is the weeks to draw from. Raises `NotAvailable` for a board without items or transitions."""
    h = flow.history(board, rules, at=board.info.data_date)
    cycles = flow.cycle_times(h).filter(~pl.col("cancelled"))
    open_ = cycles.filter(pl.col("finished").is_null())
    drawn = _told(weeks(h, window))
    try:
        expected = flow.service_level(cycles, (EXPECTED,)).row(0, named=True)
    except NotAvailable:
        expected = {"days": None, "items": 0}
    return BoardFigures(
        level=str(h.rules.level),
        items=cycles.height,
        left=open_.height,
        in_progress=open_["started"].drop_nulls().len(),
        finished=cycles.height - open_.height,
        weekly=None if drawn is None else drawn["counted"] / drawn["sampled"],
        weeks=0 if drawn is None else drawn["sampled"],
        counted=0 if drawn is None else drawn["counted"],
        window_from=None if drawn is None else drawn["window_from"],
        window_to=None if drawn is None else drawn["window_to"],
        within=expected["days"],
        share=EXPECTED,
        measured=expected["items"],
    )


def board_forecast(board: Project, rules: FlowRules | None = None, *, target: tuple[str, datetime] | None = None, window: int | None = None) -> BoardForecast:
    """When all that is left at the data date will be done. `target` is what it is held against: its kind and its instant; `window` the weeks to draw from.

    Raises `NotAvailable` where nothing is left, or nothing was finished in a whole week.
    """
    h = flow.history(board, rules, at=board.info.data_date)
    cycles = flow.cycle_times(h).filter(~pl.col("cancelled"))
    left = cycles["finished"].null_count()
    if not left:
        raise NotAvailable("no item is left: there is nothing to forecast")
    past = weeks(h, window)
    found = past.when_done(left, PERCENTILES)
    first, finish = found.row(0, named=True), _ends(found)
    return BoardForecast(
        percentiles=found.select(p=(pl.col("confidence") * 100).round(), finish=finish, periods="periods"),
        items=left,
        weeks=first["sampled"],
        counted=first["counted"],
        window_from=first["window_from"],
        window_to=first["window_to"],
        learnt=past.calibration().own,
        target=None if target is None else {"kind": target[0], "date": target[1].isoformat(), "chance": _chance(finish, target[1])},
    )


def met(past: Weeks, left: int, target: datetime) -> float:
    """The chance that so many items are done by the target, as the forecast has it."""
    return _chance(_ends(past.when_done(left, PERCENTILES)), target)


def target_of(board: Project, listing: Mapping[str, Any] | None, given: datetime | None = None) -> tuple[str, datetime] | None:
    """What a forecast of the board is held against: what was given, else the approved finish, else the project's own due date."""
    if given is not None:
        return "given", given
    if listing and listing.get("approved_finish"):
        return "approved", datetime.combine(listing["approved_finish"], time(23, 59))
    return ("must_finish", board.info.must_finish) if board.info.must_finish else None


def kept_forecast(made: BoardForecast) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Payload and frames for the store, of one shape with a plan's where a portfolio reads it."""
    finish = dict(made.percentiles.select("p", "finish").iter_rows())
    payload = {name: value for name, value in asdict(made).items() if name not in ("percentiles", "target")}
    payload = {name: value.isoformat() if isinstance(value, date) else value for name, value in payload.items()}
    return {
        "board": payload,
        "indicative": False,
        "finish": {f"p{p}": finish[p].isoformat() for p in QUANTILES},
        "p80_low": None,
        "p80_high": None,
        "target": made.target,
    }, {"percentiles": made.percentiles}


def forecast_from_kept(result: Result | None) -> BoardForecast | None:
    """The forecast again, from the store; None where there is none of a board."""
    if result is None or "board" not in result.payload:
        return None
    days = {name: date.fromisoformat(result.payload["board"][name]) for name in ("window_from", "window_to")}
    return BoardForecast(**{**result.payload["board"], **days}, percentiles=result.frames["percentiles"], target=result.payload["target"])


def kept_figures(made: BoardFigures) -> dict[str, Any]:
    """For the store."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(made).items()}


def figures_from_kept(told: Mapping[str, Any] | None) -> BoardFigures | None:
    """The figures again."""
    if told is None:
        return None
    return BoardFigures(**{**told, **{name: date.fromisoformat(told[name]) if told[name] else None for name in ("window_from", "window_to")}})


def _told(past: Weeks) -> dict[str, Any] | None:
    """What a forecast says of the weeks that it draws from; None where nothing was finished in them."""
    try:
        return flow.when_done(past.drawn, 0, confidence=0.5).row(0, named=True)
    except NotAvailable:
        return None


def _ends(found: pl.DataFrame) -> pl.Series:
    """The instants at which all is done: the ends of the days of `flow.when_done`."""
    return found["date"].cast(pl.Datetime("us")) + timedelta(hours=23, minutes=59)


def _chance(finish: pl.Series, target: datetime) -> float:
    """The chance of the target in whole per cent: the greatest percentile that is met by then."""
    return float((finish <= target).sum()) / 100
