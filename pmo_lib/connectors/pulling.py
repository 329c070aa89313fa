"""One project's pull, from the first question to a finished folder: complete, or an error and nothing finished; what was answered is kept for the next try."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pmo_lib.connectors import asana, finished, jira
from pmo_lib.connectors.finished import Filling, Finished
from pmo_lib.connectors.orders import ASANA, Order
from pmo_lib.connectors.polite import Contradiction, Limits, Service
from pmo_lib.connectors.staging import Staging
from pmo_lib.connectors.tokens import token
from pmo_lib.errors import ServiceFault

SCHEMA = 1
WHOLE = timedelta(days=7)  # after which everything is fetched again: a renamed user or field changes no item's date
Tell = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """A finished pull of one project."""

    folder: Path
    manifest: dict[str, Any]
    resumed: bool
    incremental: bool


def service(order: Order, *, limits: Limits | None = None) -> Service:
    """The service of an order, with its token. Raises `InvalidInput` where there is no token."""
    name = "asana" if order.source == ASANA else "jira"
    key = token(name, order.host, user=order.user)
    return Service(order.site, key, private=order.private, authority=order.certificates, limits=limits)


def projects(order: Order, asked: Service) -> tuple[tuple[str | None, str], ...]:
    """The projects of an order with those of its portfolios, each once."""
    found = dict.fromkeys(order.projects)
    named = {there for _, there in found}
    for gid in order.portfolios:
        found |= dict.fromkeys((None, there) for there in asana.portfolio(order, gid, asked) if there not in named)
    return tuple(found)


def pull(order: Order, project: str, asked: Service, home: Path, *, full: bool = False, tell: Tell | None = None) -> Pulled:
    """Pulls one project into a folder of its own under `home`; `full` fetches also what did not change. `tell` hears how many answers came, and what is asked.

    Raises `ServiceFault` in one sentence; nothing is finished then, and the same call goes on from there.
    """
    folder = home / order.source / re.sub(r"[^\w.-]", "-", project)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        finished.clear(folder)
        before = None if full else _before(order, project, finished.latest(folder))
        try:
            return _pulled(order, project, asked, folder, before, tell)
        except _Stale:
            return _pulled(order, project, asked, folder, before, tell)


class _Stale(Exception):
    """A pull that went on refers to pages that the service has forgotten."""


def _pulled(order: Order, project: str, asked: Service, folder: Path, before: Finished | None, tell: Tell | None) -> Pulled:
    said, count = "", 0

    def counted(answers: int) -> None:
        nonlocal count
        count = answers
        if tell:
            tell(count, said)

    def now(what: str) -> None:
        nonlocal said
        said = what
        counted(count)

    staging = Staging(folder / "staging", asked, _head(order, project, before), counted)
    filling = Filling(folder / _after(folder.name, finished.latest(folder)))
    fetch = asana.fetch if order.source == ASANA else jira.fetch
    try:
        manifest = {**_head(order, project, before), **fetch(order, project, staging, filling, before, now)}
    except Contradiction:
        filling.abandon()
        staging.discard()
        raise
    except ServiceFault as fault:
        filling.abandon()
        if fault.status == 400 and staging.resumed:
            staging.discard()
            raise _Stale from None
        raise
    del manifest["since"]
    done = filling.finish(manifest)
    staging.discard()
    return Pulled(done.folder, done.manifest, bool(staging.resumed), manifest["incremental"])


def _after(project: str, last: Finished | None) -> str:
    """A name that sorts after the last pull's, also where our clock was put back."""
    now = f"{project}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    return now if last is None or now > last.folder.name else f"{last.folder.name}1"


def _head(order: Order, project: str, before: Finished | None) -> dict[str, Any]:
    """What is pulled; a staging of anything else is of no use to it."""
    chosen = {"jql": order.jql, "boards": list(order.boards), "fields": dict(order.fields)}
    return {
        "schema": SCHEMA,
        "source": order.source,
        "site": order.site,
        "project": project,
        **{name: value for name, value in chosen.items() if value},
        "since": before.folder.name if before else None,
    }


def _before(order: Order, project: str, last: Finished | None) -> Finished | None:
    """The last pull, where the next can build on it: of the same things, and whole within the week."""
    if last is None or not last.whole():
        return None
    alike = {**_head(order, project, None), "since": None} == {
        **{name: last.manifest[name] for name in ("schema", "source", "site", "project", "jql", "boards", "fields") if name in last.manifest},
        "since": None,
    }
    try:
        whole = datetime.fromisoformat(last.manifest["full"])
        return last if alike and datetime.fromisoformat(last.manifest["begun"]) - whole < WHOLE else None
    except (KeyError, ValueError, TypeError):
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the project's folder; the system lets go of it with the process, however that ends. Raises `ServiceFault` where another pull has it."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(handle)
        except OSError:
            raise ServiceFault(f"another pull of {folder.name} is under way; wait until it has ended") from None
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
