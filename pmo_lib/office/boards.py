"""Boards in the office: where one stands and when what is left will be done. A board has no network, so it has no agreement and no checks; it has its flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.office.board_weeks import Weeks, weeks
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.flow import FlowRules
    from pmo_lib.store import Result

PERCENTILES = [p / 100 for p in range(1, 100)]
QUANTILES = (10, 25, 50, 75, 80, 90)  # of a portfolio's row
EDITION = 2  # of the forecast that is kept; raised when its method or what is kept of it changes: older ones are then made anew from their snapshots
NO_NETWORK = "a board has items that flow, and no network of activities: there are no dates of its own to reproduce and no schedule to check"


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

    def finish(self, p: int) -> datetime:
        """The instant by which all is done in `p` of 100 forecasts."""
        return self.percentiles.filter(pl.col("p") == p)["finish"][0]

    def told(self) -> str:
        """The window and what was counted, in a sentence."""
        from pmo_lib.plots import words

        span = f"{words.count(self.weeks, 'week')} ({words.day(self.window_from)} to {words.day(self.window_to)})"
        drawn = f"{words.count(self.items, 'item')} left, drawn from {span}"
        own = words.count(self.learnt, "past forecast") + " of its own" if self.learnt else "none of its own yet"
        counted = f"in which {words.count(self.counted, 'item was', 'items were')} finished"
        return f"{drawn} {counted}; chances are those that past forecasts bear out: those of other teams, and {own}"


def is_board(plan: Project) -> bool:
    """Whether it is items that flow, and not a plan."""
    return "items" in plan.tables


def board_forecast(
    board: Project,
    rules: FlowRules | None = None,
    *,
    target: tuple[str, datetime] | None = None,
    window: int | None = None,
    at: datetime | None = None,
) -> BoardForecast:
    """When all that is left at that moment (None: the data date) will be done. `target` is what it is held against: its kind and its instant; `window` the
    weeks to draw from.

    Raises `NotAvailable` where nothing is left, or nothing was finished in a whole week.
    """
    h = flow.history(board, rules, at=at or board.info.data_date)
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
        "edition": EDITION,
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


def _ends(found: pl.DataFrame) -> pl.Series:
    """The instants at which all is done: the ends of the days of `flow.when_done`."""
    return found["date"].cast(pl.Datetime("us")) + timedelta(hours=23, minutes=59)


def _chance(finish: pl.Series, target: datetime) -> float:
    """The chance of the target in whole per cent: the greatest percentile that is met by then."""
    return float((finish <= target).sum()) / 100
