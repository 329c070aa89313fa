"""Pull: boards of Jira and Asana become snapshots, each project complete or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pmo_lib.connectors import pulling
from pmo_lib.connectors.orders import Order, order
from pmo_lib.errors import PMOError, ServiceFault
from pmo_lib.office.bringing_in import Submission, bring_in

if TYPE_CHECKING:
    from pmo_lib.connectors.polite import Service
    from pmo_lib.store import Workspace

PULLS = "pulls"  # folder of the workspace: what was pulled, so that the next pull fetches changes alone; it can be deleted at any time
Tell = Callable[[str, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """What became of one project of a service. `submission` is null where nothing was brought in; `message` says why."""

    project: str
    outcome: Literal["pulled", "refused"]
    items: int = 0
    fetched: int = 0
    gone: int = 0  # that the last pull had, and the service no longer shows
    incremental: bool = False
    resumed: bool = False
    notes: tuple[str, ...] = ()
    submission: Submission | None = None
    message: str = ""

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def pull(ws: Workspace, source: Literal["jira", "asana"], *, project: str | None = None, full: bool = False, tell: Tell | None = None) -> list[Pull]:
    """Pull the projects that the workspace's pmo.toml names for `source` (or the one asked for) and bring each in.

    A project that is refused leaves no snapshot, and the others go on; a refused token ends it. `tell` hears the project, how many answers came, what is asked.
    Raises `InvalidInput` for a fault of pmo.toml or a missing token, `ServiceFault` for a token that is not accepted.
    """
    wanted = order(Path(ws.folder) / "pmo.toml", source)
    with pulling.service(wanted) as asked:
        chosen = wanted.only(project) if project is not None else pulling.projects(wanted, asked)
        return [_one(ws, wanted, asked, key, there, full, tell) for key, there in chosen]


def _one(ws: Workspace, wanted: Order, asked: Service, key: str | None, there: str, full: bool, tell: Tell | None) -> Pull:
    name = key or there
    try:
        done = pulling.pull(wanted, there, asked, Path(ws.folder) / PULLS, full=full, tell=(lambda count, what: tell(name, count, what)) if tell else None)
    except ServiceFault as fault:
        if fault.status == 401:
            raise
        return Pull(project=name, outcome="refused", message=str(fault))
    told: dict[str, Any] = {name: done.manifest[name] for name in ("items", "fetched", "gone", "incremental")}
    notes = tuple(done.manifest["notes"])
    try:
        submissions, _ = bring_in(ws, done.folder, project=key)
    except PMOError as fault:
        return Pull(project=name, outcome="refused", message=str(fault), resumed=done.resumed, notes=notes, **told)
    brought = submissions[0]
    outcome = "refused" if brought.outcome == "refused" else "pulled"
    return Pull(project=brought.key or name, outcome=outcome, submission=brought, message=brought.message, resumed=done.resumed, notes=notes, **told)
