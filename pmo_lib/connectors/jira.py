"""What is fetched of a Jira project, Cloud or Data Center: its frame, then its items with their histories, then a sweep by ids alone.

An incremental pull asks for what changed since the last one, from well before its beginning on, and takes the rest from that pull. The sweep at the end lists
every item that the query finds now: what it does not list was deleted, moved away or hidden and leaves; what it lists and nobody sent is fetched. Both kinds
of pull end in the same files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pmo_lib.connectors import jira_cloud, jira_data_center
from pmo_lib.connectors.answers import moment
from pmo_lib.connectors.finished import Filling, Finished
from pmo_lib.connectors.orders import CLOUD, DATA_CENTER, Order
from pmo_lib.connectors.paging import Page, Source, by_position, mapping
from pmo_lib.connectors.polite import Contradiction, Refused
from pmo_lib.connectors.refusals import ITSELF, refused, said_of
from pmo_lib.connectors.staging import Live, Staging
from pmo_lib.errors import ServiceFault

AGILE = "rest/agile/1.0"
# texts and pictures are nobody's business here, and make most of an issue's bytes
FIELDS = "*all,-description,-comment,-attachment,-environment,-thumbnail"
OVERLAP = timedelta(hours=2)  # before the last pull's beginning: changes become searchable late, and clocks change twice a year
ROUNDS = 5  # sweeps until the list stands still
NAMED = 100  # items asked for by id in one query
Thing = TypeVar("Thing")


class Dialect(Protocol):
    """What Cloud and Data Center offer in ways of their own."""

    API: str
    PAGE: int
    IDS: int
    TOGETHER: int

    def search(self, source: Source, jql: str, fields: str, size: int) -> Iterator[Page]:
        """The issues that a query finds."""
        ...

    def histories(self, staging: Staging, issues: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Histories that the issues do not carry themselves."""
        ...

    def versions(self, staging: Staging, project: str) -> Page:
        """The project's versions."""
        ...


DIALECTS: dict[str, Any] = {CLOUD: jira_cloud, DATA_CENTER: jira_data_center}


@dataclass(frozen=True, slots=True)
class Fetching:
    """One project's pull: what is asked of whom."""

    staging: Staging
    order: Order
    project: str
    dialect: Dialect

    def jql(self, more: str = "") -> str:
        """The query for the project's items, narrowed by pmo.toml's and `more`; in an order that changes do not disturb."""
        parts = [f'project = "{self.project}"', f"({self.order.jql})" if self.order.jql else "", more]
        return " AND ".join(part for part in parts if part) + " ORDER BY created ASC, key ASC"


def fetch(order: Order, project: str, staging: Staging, filling: Filling, before: Finished | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Fetches the project and writes its files; gives the manifest. `before` is the last pull, of which unchanged items are taken; None: all are fetched."""
    work = Fetching(staging, order, project, DIALECTS[order.source])
    tell("the project")
    zone, begun = _identity(work)
    notes: list[str] = []
    changed = _frame(work, filling, before)
    _boards(work, filling, notes)
    if before is not None and changed:
        notes.append(f"{', '.join(changed)} changed since the last pull, so that every item was fetched again")
        before = None
    tell("items")
    new = _Latest(lambda: _changed(work, zone, before))
    swept, pulled = _swept(work, new, before, tell)
    tell("histories")
    gone = _write(work, filling, new, swept, before)
    _still_allowed(work)
    full = before.manifest["full"] if before else moment(begun or datetime.now(UTC))
    moments = {"begun": moment(begun or datetime.now(UTC)), "full": full, "pulled": moment(pulled or datetime.now(UTC))}
    counts = {"items": len(swept), "fetched": len(new.where), "gone": gone}
    return {"query": work.jql(), **moments, **counts, "incremental": before is not None, "notes": notes}


def _identity(work: Fetching) -> tuple[str, datetime | None]:
    """The zone in which the service understands dates in a query, and its clock."""
    with refused(work.order, ITSELF):
        answer = work.staging.get(f"{work.dialect.API}/myself")
        zone = mapping(answer.said, work.staging.address).get("timeZone")
        return (zone if isinstance(zone, str) else "UTC"), answer.at


def _frame(work: Fetching, filling: Filling, before: Finished | None) -> list[str]:
    """Writes what stands around the items; gives what of it changed since, where unchanged items would carry it in their old form."""
    api, staging, changed = work.dialect.API, work.staging, []
    with refused(work.order, f"the project {work.project}"):
        filling.one("project", staging.get(f"{api}/project/{work.project}").said)
        kinds = staging.get(f"{api}/project/{work.project}/statuses").said
        found: dict[str, Any] = {name: staging.get(f"{api}/{path}").said for name, path in (("statuses", "status"), ("fields", "field"))}
        versions = work.dialect.versions(staging, work.project)
    found["project-statuses"] = kinds
    for name, said in found.items():
        filling.one(name, said)
        if before is not None and before.one(name) != said:
            changed.append(name)
    filling.pages("versions", "values", versions, _id)
    if before is not None and list(before.objects("versions", "values")) != versions:
        changed.append("versions")
    return changed


def _boards(work: Fetching, filling: Filling, notes: list[str]) -> None:
    """Boards with their columns and sprints; a site without Jira Software has none, and a token may not see them."""
    staging = work.staging
    try:
        pages = by_position(staging, f"{AGILE}/board", {"projectKeyOrId": work.project}, "values", size=50)
        boards = [board for page in pages for board in page if not work.order.boards or board.get("id") in work.order.boards]
    except Refused as fault:
        if fault.status not in (403, 404):
            raise said_of(fault, work.order, "the boards") from None
        notes.append(f"its boards cannot be seen (HTTP {fault.status}), so that there are no columns and no sprints")
        return
    if absent := set(work.order.boards) - {board.get("id") for board in boards}:
        raise ServiceFault(f"{staging.address} shows no board {', '.join(map(str, sorted(absent)))} of {work.project}; correct boards in pmo.toml")
    filling.pages("boards", "values", boards, _id)
    for board in boards:
        with refused(work.order, f"the board {board.get('id')}"):
            filling.one(f"board-{_number_of(board)}-configuration", staging.get(f"{AGILE}/board/{_number_of(board)}/configuration").said)
    filling.pages("sprints", "values", chain.from_iterable(_sprints(work, board) for board in boards), _id)


def _sprints(work: Fetching, board: dict[str, Any]) -> Page:
    if board.get("type") == "kanban":
        return []
    try:
        pages = by_position(work.staging, f"{AGILE}/board/{_number_of(board)}/sprint", {}, "values", size=50)
        return [sprint for page in pages for sprint in page]
    except Refused as fault:
        if fault.status == 400:  # a team-managed board without sprints
            return []
        raise said_of(fault, work.order, f"the sprints of board {board['id']}") from None


def _changed(work: Fetching, zone: str, before: Finished | None) -> Iterator[Page]:
    """Pages of issues: all, or those changed since well before the last pull began."""
    since = f'updated >= "{_since(before, zone)}"' if before else ""
    with refused(work.order, work.jql(since)):
        yield from work.dialect.search(work.staging, work.jql(since), FIELDS, work.dialect.PAGE)


def _since(before: Finished, zone: str) -> str:
    """A moment as a query of this user writes it: on the clock of the user's own zone."""
    begun = datetime.fromisoformat(before.manifest["begun"])
    try:
        local = (begun - OVERLAP).astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # a zone that this machine does not know: as far back as any zone could mean
        local = begun - OVERLAP - timedelta(hours=26)
    return f"{local:%Y-%m-%d %H:%M}"


class _Latest:
    """Issues as they were sent last: a listing is walked once for the network and again, from the staging, to write it."""

    def __init__(self, *listings: Callable[[], Iterator[Page]]) -> None:
        self._listings = list(listings)
        self.where: dict[str, int] = {}
        self._pages = 0
        for listing in listings:
            self._note(listing)

    def also(self, listing: Callable[[], Iterator[Page]]) -> None:
        """One more listing."""
        self._listings.append(listing)
        self._note(listing)

    def _note(self, listing: Callable[[], Iterator[Page]]) -> None:
        for page in listing():
            self._pages += 1
            self.where.update((_id(issue), self._pages) for issue in page)

    def issues(self) -> Iterator[dict[str, Any]]:
        """Each once, from the last page that held it."""
        for number, page in enumerate(chain.from_iterable(listing() for listing in self._listings), start=1):
            yield from (issue for issue in page if self.where.get(_id(issue)) == number)


def _swept(work: Fetching, new: _Latest, before: Finished | None, tell: Callable[[str], None]) -> tuple[set[str], datetime | None]:
    """Ids of every item that the query finds now, all of which are there; and the service's clock."""
    known = set(map(_id, before.objects("issues", "issues"))) if before else set()
    missing: set[str] = set()
    for _ in range(ROUNDS):
        tell("a last look at what is there")
        live = Live(work.staging)
        with refused(work.order, work.jql()):
            swept = {_id(issue) for page in work.dialect.search(live, work.jql(), "id", work.dialect.IDS) for issue in page}
        missing = swept - known - new.where.keys()
        if not missing:
            return swept, live.at
        for some in chunks(sorted(missing, key=_number), NAMED):
            new.also(lambda some=some: _named(work, some))
    some = ", ".join(sorted(missing, key=_number)[:3])
    raise Contradiction(f"{work.staging.address} lists items of {work.project} that it does not give ({len(missing):,}, first {some}); ask who administers it")


def _named(work: Fetching, ids: Sequence[str]) -> Iterator[Page]:
    with refused(work.order, "items by their ids"):
        yield from work.dialect.search(work.staging, work.jql(f"id in ({', '.join(ids)})"), FIELDS, work.dialect.PAGE)


def _write(work: Fetching, filling: Filling, new: _Latest, swept: set[str], before: Finished | None) -> int:
    """The items that the sweep listed, as sent now or carried over, with their histories and worklogs; gives how many of the last pull it no longer lists."""
    gone: set[str] = set()

    def kept(name: str) -> bool:
        if name not in swept:
            gone.add(name)
        return name in swept and name not in new.where

    def carried(kind: str, under: str, name: Callable[[dict[str, Any]], str]) -> Iterator[dict[str, Any]]:
        past = before.objects(kind, under) if before else iter(())
        return (one for one in past if kept(name(one)))

    def fresh() -> Iterator[dict[str, Any]]:
        return (issue for issue in new.issues() if _id(issue) in swept)

    filling.pages("issues", "issues", chain(fresh(), carried("issues", "issues", _id)), _id)
    with refused(work.order, "the history of items"):
        found = chain.from_iterable(work.dialect.histories(work.staging, some) for some in chunks(fresh(), work.dialect.TOGETHER))
        filling.pages("changelogs", "issueChangeLogs", chain(found, carried("changelogs", "issueChangeLogs", _issue)), _issue)
    with refused(work.order, "the work logged on items"):
        logged = chain.from_iterable(_logged(work, issue) for issue in fresh())
        filling.pages("worklogs", "worklogs", chain(logged, carried("worklogs", "worklogs", _issue)), _id)
    return len(gone)


def _logged(work: Fetching, issue: dict[str, Any]) -> Page:
    """The whole log of an issue whose own field breaks off."""
    fields = issue.get("fields")
    own = fields.get("worklog") if isinstance(fields, dict) else None
    if not isinstance(own, dict) or not isinstance(own.get("total"), int) or own["total"] <= len(own.get("worklogs") or ()):
        return []
    pages = by_position(work.staging, f"{work.dialect.API}/issue/{_id(issue)}/worklog", {}, "worklogs", size=1000)
    return [{**one, "issueId": _id(issue)} for page in pages for one in page]


def _still_allowed(work: Fetching) -> None:
    """A token that ended on the way makes Jira answer as to a stranger, with fewer items and no error; so it is shown once more at the end."""
    with refused(work.order, f"the project {work.project}"):
        for path in ("myself", f"project/{work.project}"):
            work.staging.service.get(f"{work.dialect.API}/{path}")


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Lists of at most `size` things."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def _id(one: dict[str, Any]) -> str:
    name = one.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise Contradiction("the service sent an item without an id, so that nothing of the pull is kept; run the same command again later")
    return str(name)


def _number_of(board: dict[str, Any]) -> int:
    if not (name := _id(board)).isdecimal():
        raise Contradiction("the service sent a board without a number, so that nothing of the pull is kept; run the same command again later")
    return int(name)


def _issue(one: dict[str, Any]) -> str:
    return str(one.get("issueId"))


def _number(name: str) -> tuple[int, str]:
    return int(name) if name.isdecimal() else 0, name
