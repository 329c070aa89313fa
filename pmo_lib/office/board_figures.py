"""Where a board stands at one snapshot, in figures: what is left, how fast it goes, what is old, what came and what left. Kept with the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.office.board_weeks import Weeks, weeks
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.flow import FlowRules, History

EXPECTED = 0.85  # share of items that the service-level expectation is about
LATELY = 12  # whole weeks whose arrivals and departures are told, fewer on a younger board


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
    beyond: int | None  # items in progress that are older than that; None: there is no such expectation
    oldest: float | None  # [days] age of the oldest item in progress
    lately: int  # latest whole weeks that the next five are counted in
    asked: int | None  # items created: the scope grew by so many; None: the source does not tell of every item
    begun: int | None  # items begun: arrivals in progress; None: no start is told
    departed: int  # items finished: departures
    dropped: int  # items cancelled after their start
    declined: int  # items cancelled before a start

    @property
    def growth(self) -> int | None:
        """By how many items the scope changed in those weeks: what was asked for, less what was cancelled."""
        return None if self.asked is None else self.asked - self.dropped - self.declined


def figures(board: Project | History, rules: FlowRules | None = None, *, window: int | None = None) -> BoardFigures:
    """Where the board stands at its data date; `window` is the weeks to draw from. Raises `NotAvailable` for a board without items or transitions."""
    h = board if isinstance(board, flow.History) else flow.history(board, rules, at=board.info.data_date)
    cycles = flow.cycle_times(h).filter(~pl.col("cancelled"))
    open_ = cycles.filter(pl.col("finished").is_null())
    drawn, ages, flowed = told_of(weeks(h, window)), flow.ageing(h), _flowed(h)
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
        beyond=None if expected["days"] is None else ages.filter(pl.col("age") > expected["days"]).height,
        oldest=ages["age"].max(),  # type: ignore[arg-type]
        **flowed,
    )


def whole_weeks(h: History) -> pl.DataFrame:
    """`flow.arrivals` by week, without the last one where it is not over."""
    return flow.arrivals(h).filter(pl.col("period") + timedelta(days=6) < h.seen_on)


def told_of(past: Weeks) -> dict[str, Any] | None:
    """What a forecast says of the weeks that it draws from; None where nothing was finished in them."""
    try:
        return flow.when_done(past.drawn, 0, confidence=0.5).row(0, named=True)
    except NotAvailable:
        return None


def kept_figures(made: BoardFigures) -> dict[str, Any]:
    """For the store."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(made).items()}


def figures_from_kept(told: Mapping[str, Any] | None) -> BoardFigures | None:
    """The figures again."""
    if told is None:
        return None
    return BoardFigures(**{**told, **{name: date.fromisoformat(told[name]) if told[name] else None for name in ("window_from", "window_to")}})


def _flowed(h: History) -> dict[str, Any]:
    """What came and what left in the latest whole weeks."""
    lately = whole_weeks(h).tail(LATELY)
    names = {"asked": "created", "begun": "started", "departed": "finished", "dropped": "dropped", "declined": "declined"}
    sums = {name: None if lately[column].null_count() else int(lately[column].sum()) for name, column in names.items()}
    return {"lately": lately.height, **sums}
