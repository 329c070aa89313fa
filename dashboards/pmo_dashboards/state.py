"""What a session looks at: the selection, held in the URL, and the desk that answers for its user."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, parse_qsl, urlencode

import panel as pn
import param
import polars as pl

from pmo_lib.errors import PMOError
from pmo_lib.office import Assessment, BoardFlow, WhatIf

NARROWED = ("activity", "show", "wbs")  # what the list of a project's activities is narrowed to: of that project alone
FIELDS = ("page", "key", "programme", "portfolio", "status", "find", "by", *NARROWED, "as_of", "theme", "scale")
PATHS = {"Portfolio": "./", "Project": "project", "Flow": "flow"}  # page to path, relative to each other; dashboards/app.py has one for all
SIMULATED = 6  # simulations kept for levers
REMEMBERED = 24  # status dates whose portfolio is kept
BOARDS = 4  # boards whose flow is kept
LONGEST = 200  # characters of a field: a URL is written by anybody


class Desk(Protocol):
    """What the pages ask. `Office` answers from a workspace."""

    def portfolio(self, as_of: datetime | None = None) -> pl.DataFrame: ...
    def assess(self, key: str, as_of: datetime | None = None) -> Assessment: ...
    def status_dates(self) -> Sequence[date]: ...
    def boards(self, as_of: datetime | None = None) -> dict[str, str]: ...
    def flow(self, key: str, as_of: datetime | None = None) -> BoardFlow: ...
    def what_if(self, key: str, as_of: datetime | None, without: tuple[str, ...], spread: float) -> WhatIf: ...


class Office:
    """A workspace, bound to its user, as the pages see it."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self._known: dict[datetime | None, tuple[tuple[int, float], pl.DataFrame]] = {}
        self._flows: dict[tuple[str, datetime | None], tuple[tuple[int, float], BoardFlow]] = {}
        self._measuring = threading.Lock()
        self._simulated: dict[tuple[Any, ...], Any] = {}  # simulations by project, status date and edition

    def portfolio(self, as_of: datetime | None = None) -> pl.DataFrame:
        """The portfolio, put together anew only after somebody wrote to the workspace."""
        from pmo_lib import office

        edition = office.edition(self.workspace)
        if as_of not in self._known or self._known[as_of][0] != edition:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[as_of] = edition, office.portfolio(self.workspace, as_of=as_of)
        return self._known[as_of][1]

    def assess(self, key: str, as_of: datetime | None = None) -> Assessment:
        from pmo_lib import office

        return office.assess(self.workspace, key, as_of=as_of)  # type: ignore[attr-defined]

    def status_dates(self) -> Sequence[date]:
        return self.workspace.status_dates()

    def boards(self, as_of: datetime | None = None) -> dict[str, str]:
        from pmo_lib import office

        return office.board_names(self.workspace, as_of)

    def flow(self, key: str, as_of: datetime | None = None) -> BoardFlow:
        """The board's flow, measured anew only after somebody wrote to the workspace."""
        from pmo_lib import office

        with self._measuring:  # who asks while it is being measured waits for that
            edition = office.edition(self.workspace)
            if (key, as_of) not in self._flows or self._flows[key, as_of][0] != edition:
                while len(self._flows) >= BOARDS:
                    self._flows.pop(next(iter(self._flows)))
                self._flows[key, as_of] = edition, office.board_flow(self.workspace, key, as_of)
            return self._flows[key, as_of][1]

    def prepare(self) -> None:
        """Does what the first visitor of the Flow page would wait for: measures the board that it shows first, and loads what draws many points."""
        from pmo_lib.plots import flow_times

        with suppress(PMOError):  # who opens the page is told
            key = next(iter(self.boards()), None)
            if key is not None and flow_times.finished(self.flow(key).cycles).height > flow_times.MANY:
                flow_times.ready()

    def what_if(self, key: str, as_of: datetime | None, without: tuple[str, ...], spread: float) -> WhatIf:
        """The forecast with a change. The simulation behind it is run once and kept: a change then costs one run of the passes."""
        from pmo_lib import office

        at = (key, as_of, office.edition(self.workspace))
        if at not in self._simulated:
            while len(self._simulated) >= SIMULATED:
                del self._simulated[next(iter(self._simulated))]
            self._simulated[at] = office.simulation_of(self.workspace, key, as_of)
        return office.what_if(*self._simulated[at], without=without, spread=spread)


class Selection(param.Parameterized):
    """The selection, field for field what the URL holds; an empty text chooses nothing."""

    page = param.String("")  # only where one address serves several pages
    key = param.String("")
    programme = param.String("")
    portfolio = param.String("")
    status = param.String("")
    find = param.String("")
    by = param.String("")  # what a board's items are grouped by
    activity = param.String("")  # a part of an activity's id or name
    show = param.String("")  # one of office.every_activity.SHOWN
    wbs = param.String("")  # key of a WBS element
    as_of = param.String("")  # YYYY-MM-DD
    theme = param.String("")  # dark, or light
    scale = param.String("")  # 1.25: projector

    def __init__(self, **chosen: Any) -> None:
        super().__init__(**chosen)
        self.waiting: deque[Callable[[], None]] = deque()  # what the session's page has yet to draw

    def read(self, search: str) -> None:
        """Take the selection from a URL's query; what it does not name is empty again."""
        query = parse_qs(search.lstrip("?"))
        self.param.update(**{name: query.get(name, [""])[0][:LONGEST] for name in FIELDS})

    def query(self, **changes: str) -> str:
        """The URL's query for this selection with changes, "?" included; empty where nothing is chosen."""
        held = {name: changes.get(name, getattr(self, name)) for name in FIELDS}
        chosen = {name: value for name, value in held.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def link(self, page: str, **changes: str) -> str:
        """The address of a page with this selection and changes."""
        path, _, fixed = PATHS[page].partition("?")
        elsewhere = dict.fromkeys(NARROWED, "") if page != "Project" or "key" in changes else {}
        return path + self.query(**{"page": "", **elsewhere, **dict(parse_qsl(fixed)), **changes})

    @property
    def instant(self) -> datetime | None:
        """The status date chosen: the end of that day; None: the latest."""
        try:
            return datetime.fromisoformat(self.as_of).replace(hour=23, minute=59) if self.as_of else None
        except ValueError:
            return None

    @property
    def dark(self) -> bool:
        return self.theme == "dark"


def selection() -> Selection:
    """This session's selection, kept in step with its URL in both directions."""
    chosen = Selection()
    location = pn.state.location
    if location is None:
        return chosen
    chosen.read(location.search or "")

    def to_url(*events: Any) -> None:
        if location.search != chosen.query():
            location.search = chosen.query()

    def from_url(event: Any) -> None:
        if event.new != chosen.query():
            chosen.read(event.new or "")

    chosen.param.watch(to_url, list(FIELDS))
    location.param.watch(from_url, "search")
    return chosen
