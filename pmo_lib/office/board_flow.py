"""All that is known of a board's flow at one snapshot: what the Flow page and the flow report show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import __version__, flow
from pmo_lib.errors import NotAvailable
from pmo_lib.office import forecasting, standing
from pmo_lib.office.attempts import Attempts
from pmo_lib.office.board_figures import whole_weeks
from pmo_lib.office.board_rules import board_rules
from pmo_lib.office.board_weeks import weeks
from pmo_lib.office.boards import is_board, met, target_of
from pmo_lib.office.certifying import standard_of
from pmo_lib.office.targets import listing_row
from pmo_lib.plots import words
from pmo_lib.portfolio.health import Status, status
from pmo_lib.project import Project, ProjectInfo

if TYPE_CHECKING:
    from pmo_lib.flow import Balance, FlowRules, History
    from pmo_lib.office.board_weeks import Weeks
    from pmo_lib.standards import Standards
    from pmo_lib.store import Workspace

FURTHEST = 104  # weeks ahead that the fan shows
CONFIDENCE = (0.5, 0.8, 0.85, 0.95)
FAN = {"p95": 0.95, "p85": 0.85, "p50": 0.5, "p15": 0.15, "p05": 0.05}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFlow:
    """Each part that could not be made is None, and `refusals` says why in a sentence, under the part's name.

    Frames are declared in `tables.flow_results`, `tables.flow_forecasts` and `tables.flow_scope`.
    """

    info: ProjectInfo
    listing: dict[str, Any] | None  # this project's row of the project list
    snapshot: str | None  # hash; None: straight from a file
    rules: FlowRules  # with the level that is counted
    at: datetime  # naive UTC: when the board was looked at
    columns: tuple[str, ...]  # the board's, from the left
    started: str  # the column in which work begins
    done: str  # the column in which it is done
    items: int  # counted items, those that were cancelled left out
    left: int  # of them not finished
    waiting: int  # of those left not begun
    levels: pl.DataFrame  # Levels: what is counted, and what is not
    cycles: pl.DataFrame  # CycleTimes
    service: pl.DataFrame | None  # columns confidence, days, items
    state: pl.DataFrame  # columns day and one a column of the board
    weeks: pl.DataFrame  # Arrivals, whole weeks
    ages: pl.DataFrame  # Ageing
    pace: pl.DataFrame  # Pace
    efficiency: pl.DataFrame | None  # Efficiency of all items together
    balance: Balance | None  # of the window
    when: pl.DataFrame | None  # WhenDone of the items that are left
    past: pl.DataFrame  # columns date, done: cumulative, a row a whole week, and today
    fan: pl.DataFrame | None  # columns date, p95, p85, p50, p15, p05: items done by then
    checks: pl.DataFrame | None  # Checks of the board's quality
    sprints: pl.DataFrame | None  # SprintResults
    findings: pl.DataFrame
    provenance: dict[str, str]
    groups: dict[str, pl.DataFrame] = field(default_factory=dict)  # what items can be grouped by: GroupFigures, with the name of each group
    target: dict[str, Any] | None = None  # what the rest is held against: kind, date, chance
    status: Status | None = None  # what that makes of the board
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def working(self) -> list[str]:
        """The columns in which work is in progress, from the left."""
        names = list(self.columns)
        return names[names.index(self.started) : names.index(self.done)]


def board_names(ws: Workspace, as_of: datetime | None = None) -> dict[str, str]:
    """Key and name of every project that has a board, by name."""
    held = {one.key for one in ws.results(standing.KIND, as_of) if one.snapshot.counts.get("items") and one.snapshot.counts.get("transitions")}
    names = {row["key"]: row["name"] for row in ws.portfolio(as_of).iter_rows(named=True) if row["key"] in held}
    return dict(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def board_flow(ws: Workspace, key: str, as_of: datetime | None = None) -> BoardFlow:
    """The flow of a project's board at the snapshot that `as_of` means (None: the latest).

    Raises `NotFound` where there is no such project, `NotAvailable` where it has no board.
    """
    latest = ws.snapshot(key, as_of)
    board, told = ws.project(key, snapshot=latest), board_rules(key, ws.folder)
    listing, kept = listing_row(ws, key, latest.data_date), ws.result(latest, forecasting.KIND)
    given = kept.parameters.get("target") if kept is not None else None
    aim = target_of(board, listing, datetime.fromisoformat(given) if given else None)
    return board_flow_of(board, told.rules, window=told.window, target=aim, snapshot=latest.hash, listing=listing, standard=standard_of(ws))


def board_flow_of(
    board: Project,
    rules: FlowRules | None = None,
    *,
    window: int | None = None,
    target: tuple[str, datetime] | None = None,
    snapshot: str | None = None,
    listing: dict[str, Any] | None = None,
    standard: Standards | None = None,
) -> BoardFlow:
    """The same of a board without a workspace. `window` is the weeks that a forecast draws from; None: those that lost least. `target` is what the rest
    is held against: its kind and its instant.

    Raises `NotAvailable` for a project that has no items, or none that ever moved.
    """
    if not is_board(board) or board.tables["items"].is_empty():
        raise NotAvailable(f"{board.info.key} has no board: its source is a plan with activities, not items that move through statuses")
    attempt = Attempts()
    h = flow.history(board, rules, at=board.info.data_date)
    cycles, whole = flow.cycle_times(h), weeks(h, window)
    open_ = cycles.filter(~pl.col("cancelled") & pl.col("finished").is_null())
    ahead = _ahead(attempt, whole, cycles, open_.height, target)
    chance = ahead["target"]["chance"] if ahead["target"] else None
    return BoardFlow(
        info=board.info,
        listing=listing,
        snapshot=snapshot,
        rules=h.rules,
        at=h.at,
        columns=h.columns,
        started=h.columns[h.started],
        done=h.columns[h.done],
        items=int(cycles.height - cycles["cancelled"].sum()),
        left=open_.height,
        waiting=open_["started"].null_count(),
        levels=flow.levels(board, rules),
        cycles=cycles,
        service=attempt("service", lambda: flow.service_level(cycles)),
        state=flow.cumulative_flow(h),
        weeks=whole_weeks(h),
        ages=flow.ageing(h),
        pace=flow.pace(h),
        efficiency=attempt("efficiency", lambda: flow.efficiency(h)),
        balance=attempt("balance", lambda: whole.balance(cycles)),
        **ahead,
        checks=attempt("checks", lambda: flow.checks(h, standard=standard)),
        sprints=attempt("sprints", lambda: flow.sprint_results(h)),
        groups={by: _called(board, flow.group_figures(h, by=by, cycles=cycles)) for by in flow.groupings(h)},
        status=status(chance=chance, declared=(listing or {}).get("declared"), standard=standard),
        findings=board.findings,
        provenance=_provenance(board.info, h, snapshot, whole.drawn.height),
        refusals=attempt.refusals,
    )


def _ahead(attempt: Attempts, whole: Weeks, cycles: pl.DataFrame, left: int, target: tuple[str, datetime] | None) -> dict[str, Any]:
    """The parts that look ahead: when what is left is done, what was done so far, the fan of both, and the chance of the target."""
    when = attempt("forecast", lambda: whole.when_done(left, CONFIDENCE)) if left else None
    past = done_so_far(whole, int((~cycles["cancelled"] & cycles["finished"].is_not_null()).sum()))
    return {
        "when": when,
        "past": past,
        "fan": None if when is None else fan(whole, past, when),
        "target": None if target is None or when is None else {"kind": target[0], "date": target[1], "chance": met(whole, left, target[1])},
    }


def done_so_far(whole: Weeks, done: int) -> pl.DataFrame:
    """Items done by the end of each whole week, and today."""
    ends = whole.past.select(date=pl.col("period") + timedelta(days=6), done=pl.col("finished").cum_sum())
    return pl.concat([ends, pl.DataFrame([(whole.seen_on, done)], schema=ends.schema, orient="row")])


def _called(board: Project, groups: pl.DataFrame) -> pl.DataFrame:
    """The groups with what each is called: an epic or a parent by its own name, whatever else as it is."""
    names = board.tables["items"].select(group="item", name="name").unique("group")
    return groups.join(names, on="group", how="left", maintain_order="left").with_columns(name=pl.coalesce("name", "group"))


def fan(whole: Weeks, past: pl.DataFrame, when: pl.DataFrame) -> pl.DataFrame:
    """Items done by the end of each week ahead with at least each chance; the first row is today.

    It reaches two weeks beyond the day on which 95 of 100 forecasts have all done, and 104 weeks at most.
    """
    today, done = past.row(-1)
    ahead = min(int(when["periods"].max()) + 2, FURTHEST)  # type: ignore[arg-type]
    rows = [(today, *[done] * len(FAN))]
    for week in range(1, ahead + 1):
        found = flow.how_many(whole.drawn, periods=week, confidence=list(FAN.values()), calibration=whole.known)
        rows.append((today + timedelta(days=7 * week), *(done + items for items in found["items"])))
    return pl.DataFrame(rows, schema=["date", *FAN], orient="row")


def _provenance(info: ProjectInfo, h: History, snapshot: str | None, weeks: int) -> dict[str, str]:
    told = {"source": info.file or info.source, "reader": info.reader, "data date": words.day(h.at), "version": __version__}
    if snapshot:
        told["snapshot"] = snapshot[:12]
    return {**told, "window": words.count(weeks, "week"), "level": str(h.rules.level), "days": f"{h.rules.days}, {h.rules.zone}"}
