"""Where a plan stands without simulating it: dates, certificate, checks, earned value, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import evm, flow, schedule
from pmo_lib.office import board_figures, boards
from pmo_lib.office.assessment import Certificate
from pmo_lib.office.attempts import Attempts
from pmo_lib.office.board_changes import BoardChanges, board_changes, changes_from_kept, kept_changes
from pmo_lib.office.board_figures import BoardFigures
from pmo_lib.office.board_rules import BoardRules
from pmo_lib.office.certificates import certificate
from pmo_lib.plots import measures
from pmo_lib.project import Project
from pmo_lib.schedule import Comparison
from pmo_lib.standards import Standards

if TYPE_CHECKING:
    from pmo_lib.store import Result

KIND = "standing"  # the name under which the store keeps it
EDITION = 10  # of what is kept; raised when a frame's columns change, or how a figure is computed
FRAMES = ("dates", "agreement", "checks", "earned_value_series")
COMPARED = ("matching", "changes", "attribution", "path", "floats")  # frames of the comparison
FIGURES = ("pv", "ev", "ac", "bac", "cv", "sv", "cpi", "spi", "eac", "etc", "vac", "tcpi")
FIRST = "this is the first snapshot, so there is nothing to compare with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Each part that could not be made is None, and `refusals` says why under the part's name."""

    dates: pl.DataFrame | None = None
    agreement: pl.DataFrame | None = None
    certificate: Certificate | None = None
    checks: pl.DataFrame | None = None
    comparison: Comparison | None = None
    earned_value: dict[str, float | None] | None = None
    earned_value_series: pl.DataFrame | None = None
    finish: datetime | None = None  # the deterministic finish
    board: BoardFigures | None = None  # of a board; a plan has none
    board_changes: BoardChanges | None = None  # since the snapshot before
    refusals: dict[str, str] = field(default_factory=dict)


def standing(plan: Project, standard: Standards, *, earlier: Sequence[Project] = (), at: datetime | None = None, rules: BoardRules | None = None) -> Standing:
    """All that can be said of `plan`; `earlier` are its snapshots before, oldest first, and `at` the status date where the plan has none.

    `rules` are those by which a board is counted.
    """
    if boards.is_board(plan):
        return _of_board(plan, rules or BoardRules(), standard, at, earlier)
    attempt = Attempts()
    run = attempt("dates", lambda: schedule.schedule_once(plan))  # where it fails, each part says so for itself
    dates = None if run is None else schedule.dates(plan, run=run)
    agreement = attempt("agreement", lambda: schedule.agreement(plan, run=run))
    metrics = attempt("earned_value", lambda: evm.metrics(plan, at))
    comparison = attempt("comparison", lambda: schedule.compare(earlier[-1], plan, run=run)) if earlier else None
    if not earlier:
        attempt.refusals["comparison"] = FIRST
    return Standing(
        dates=dates,
        agreement=agreement,
        certificate=None if agreement is None else certificate(agreement, standard.schedule.agreement, plan.info.application),
        checks=attempt("checks", lambda: schedule.checks(plan, previous=earlier[-1] if earlier else None, standard=standard, run=run)),
        comparison=comparison,
        earned_value=None if metrics is None else {name: metrics[name][0] for name in FIGURES},
        earned_value_series=None if metrics is None else attempt("earned_value_series", lambda: evm.series(plan, earlier=earlier)),
        finish=None if dates is None else deterministic_finish(plan, dates),
        refusals=attempt.refusals,
    )


def _of_board(board: Project, chosen: BoardRules, standard: Standards, at: datetime | None, earlier: Sequence[Project]) -> Standing:
    attempt = Attempts()
    attempt.refusals |= dict.fromkeys(("dates", "agreement"), boards.NO_NETWORK) | {"earned_value": "a board has no budget over time"}
    h = attempt("board", lambda: flow.history(board, chosen.rules, at=at or board.info.data_date))
    made = None if h is None else attempt("board", lambda: board_figures.figures(h, window=chosen.window))
    if h is None or made is None:
        attempt.refusals["checks"] = attempt.refusals["comparison"] = attempt.refusals["board"]
        return Standing(refusals=attempt.refusals)
    changes = None
    if not earlier:
        attempt.refusals["comparison"] = FIRST
    elif not boards.is_board(earlier[-1]):
        attempt.refusals["comparison"] = "the snapshot before is a plan, and a board is compared with a board"
    else:
        changes = attempt("comparison", lambda: board_changes(earlier[-1], h, chosen.rules, left=made.left))
    return Standing(board=made, board_changes=changes, checks=flow.checks(h, standard=standard), refusals=attempt.refusals)


def deterministic_finish(plan: Project, dates: pl.DataFrame) -> datetime | None:
    """The latest early finish that is not level of effort."""
    kinds = plan.tables["activities"].select("activity", "kind")
    driving = dates.join(kinds, on="activity").filter(pl.col("kind").cast(pl.String) != "level_of_effort")
    latest = driving["early_finish"].max()
    return latest if isinstance(latest, datetime) else None


def kept(made: Standing) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Payload and frames for the store. The payload alone is enough for a row of the portfolio."""
    checks = made.checks
    changes, items = kept_changes(made.board_changes)
    payload = {
        "edition": EDITION,
        "certificate": None if made.certificate is None else asdict(made.certificate),
        "earned_value": made.earned_value,
        "finish": None if made.finish is None else made.finish.isoformat(),
        "checks_passed": None if checks is None else measures.points(checks)[0],
        "checks_made": None if checks is None else measures.points(checks)[1],
        "comparison": None if made.comparison is None else _verdict(made.comparison),
        "board": None if made.board is None else board_figures.kept_figures(made.board),
        "board_changes": changes,
        "refusals": made.refusals,
    }
    frames = {name: getattr(made, name) for name in FRAMES} | {name: getattr(made.comparison, name, None) for name in COMPARED}
    return payload, {name: frame for name, frame in frames.items() if frame is not None} | items


def current(result: Result | None) -> bool:
    """Whether a kept standing is there and holds what this version shows; an older one is made anew from its snapshot."""
    return result is not None and result.payload.get("edition") == EDITION


def from_kept(result: Result) -> Standing:
    """The standing again, from the store."""
    payload, frames = result.payload, result.frames
    known = payload["certificate"]
    return Standing(
        dates=frames.get("dates"),
        agreement=frames.get("agreement"),
        certificate=None if known is None else Certificate(**{**known, "top": tuple(known["top"])}),
        checks=frames.get("checks"),
        comparison=_comparison(payload.get("comparison"), frames),
        earned_value=payload["earned_value"],
        earned_value_series=frames.get("earned_value_series"),
        finish=None if payload["finish"] is None else datetime.fromisoformat(payload["finish"]),
        board=board_figures.figures_from_kept(payload.get("board")),
        board_changes=changes_from_kept(payload.get("board_changes"), frames),
        refusals=payload["refusals"],
    )


def _verdict(found: Comparison) -> dict[str, Any]:
    """What of a comparison is no frame."""
    ends = {name: at.isoformat() if (at := getattr(found, name)) else None for name in ("older_finish", "newer_finish")}
    return {"verdict": found.verdict, "share": found.share, "reason": found.reason, **ends}


def _comparison(kept: dict[str, Any] | None, frames: Mapping[str, pl.DataFrame]) -> Comparison | None:
    if kept is None:
        return None
    ends = {name: datetime.fromisoformat(at) if (at := kept[name]) else None for name in ("older_finish", "newer_finish")}
    return Comparison(**{**kept, **ends, **{name: frames.get(name) for name in COMPARED}})
