"""Plans that wait for boards: a milestone takes the finish of an epic, and both are simulated as one.

[waits.AIRPORT]                # in pmo.toml, by the project's key
A1000 = "WEB:WEB-7"            # the activity waits for the epic WEB-7 of the board WEB; "WEB" alone: for all that is left
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib import flow, risk
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.office.board_outlook import simulate_board
from pmo_lib.office.board_rules import BoardRules, board_rules
from pmo_lib.office.boards import is_board
from pmo_lib.office.risk_inputs import RiskInputs
from pmo_lib.project import Project
from pmo_lib.settings import sections
from pmo_lib.standards import Standards, standards

if TYPE_CHECKING:
    from pmo_lib.flow.work import Work
    from pmo_lib.risk import Wait
    from pmo_lib.store import Workspace

EXAMPLE = "A1000=WEB:WEB-7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One line of what is waited for: the activity, the board, the epic (None: all that is left)."""

    activity: str
    board: str
    epic: str | None

    @property
    def on(self) -> str:
        """The id under which the plan has it."""
        return f"{self.board}:{self.epic}" if self.epic else self.board


def waited(told: Sequence[str], key: str | None = None, folder: Path | None = None) -> list[Waited]:
    """What a project waits for: [waits.KEY] of pmo.toml, then what is told, as in "A1000=WEB:WEB-7". Raises `InvalidInput`."""
    found = []
    for place, section in [] if key is None else sections("waits", folder):
        own = section.get(str(key), {})
        if not isinstance(own, Mapping) or not all(isinstance(value, str) for value in own.values()):
            raise InvalidInput(f'{place}: [waits.{key}] holds a line an activity, as in A1000 = "WEB:WEB-7"')
        found += [_waited(activity, on) for activity, on in own.items()]
    for one in told:
        activity, sign, on = one.partition("=")
        if not sign or not activity.strip() or not on.strip():
            raise InvalidInput(f"{one!r} does not say what waits for what; write it as {EXAMPLE}")
        found.append(_waited(activity.strip(), on.strip()))
    return found


def _waited(activity: str, on: str) -> Waited:
    board, _, epic = on.rpartition(":") if ":" in on else (on, "", "")
    return Waited(activity=activity, board=board, epic=epic or None)


def waits(listed: Sequence[Waited], ws: Workspace | None, standard: Standards, *, iterations: int, seed: int) -> tuple[list[Wait], list[str]]:
    """The drawn finishes of what is waited for, a simulation a board, and a sentence about each.

    Raises `InvalidInput` for an epic that the board lacks, `NotAvailable` for a project that is no board, or whose past tells nothing.
    """
    made: dict[tuple[str, str | None], tuple[np.ndarray, str, str]] = {}
    for board in dict.fromkeys(one.board for one in listed):
        project, rules = _board(board, ws)
        epics = [one.epic for one in listed if one.board == board]
        made |= {(board, epic): found for epic, found in _finishes(project, rules, epics, iterations, seed, standard).items()}
    found, said = [], []
    for one in listed:
        finish, name, sentence = made[one.board, one.epic]
        found.append(risk.Wait(activity=one.activity, on=one.on, name=name, finish=finish, source=one.board))
        said.append(f"{one.activity} waits for {one.on}{sentence}")
    return found, said


def _board(board: str, ws: Workspace | None) -> tuple[Project, BoardRules]:
    from pmo_lib.readers import read

    if Path(board).exists():
        project = read(board)
    elif ws is None:
        raise NotAvailable(f"{board} is no file, and no workspace is open that could hold a board of that key; name its folder with --workspace")
    else:
        project = ws.project(board)
    if not is_board(project):
        raise NotAvailable(f"{board} is no board: it has no items with statuses that could be waited for; link two plans in one file instead")
    return project, board_rules(project.info.key, None if ws is None else ws.folder)


def _finishes(
    board: Project, rules: BoardRules, epics: Sequence[str | None], iterations: int, seed: int, standard: Standards
) -> dict[str | None, tuple[np.ndarray, str, str]]:
    """For each epic its drawn finishes [iterations], its name, and what is to be said."""
    from pmo_lib.plots import words

    h = flow.history(board, rules.rules, at=board.info.data_date)
    left = flow.remaining(h)
    work = flow.work_left(left, split=rules.split, growth=rules.growth)
    names = dict(left.select("epic", "name").iter_rows())
    simulated = simulate_board(h, rules, work, False, iterations, seed, standard) if work else None
    found: dict[str | None, tuple[np.ndarray, str, str]] = {}
    for epic in dict.fromkeys(epics):
        name = f"{names.get(epic) or epic} ({board.info.name})" if epic else f"all that {board.info.name} has left"
        own = _own(work, epic)
        if simulated is None or own is None:
            done = None if epic is None else flow.finished_on(h, epic)
            at = done or h.at
            found[epic] = np.full(iterations, np.datetime64(at, "us")), name, f": it is done since {words.day(at)}"
            continue
        finish = simulated.calibrated.finish(epic)
        ends = np.sort(finish)[[(iterations - 1) // 2, -(-iterations * 85 // 100) - 1]] - np.timedelta64(1, "us")
        told = simulated.calibrated.window
        window = f"{words.count(told.counts.size, 'week')} ({words.day(told.first)} to {words.day(told.last)})"
        p50, p85 = (words.day(one.astype("datetime64[us]").item()) for one in ends)
        counted = words.count(int(told.counts.sum()), "item was", "items were")
        found[epic] = finish, name, f": {words.count(own, 'item')} left, P50 {p50}, P85 {p85}, drawn from {window} in which {counted} finished"
    return found


def _own(work: Sequence[Work], epic: str | None) -> int | None:
    """Open items of the epic, or of all work; None: there are none."""
    items = [one.items for one in work if epic is None or one.name == epic]
    return sum(one for one in items if isinstance(one, int)) or None


def joined(
    plan: Project,
    inputs: RiskInputs,
    told: Sequence[str] = (),
    *,
    key: str | None = None,
    ws: Workspace | None = None,
    iterations: int | None = None,
    seed: int | None = None,
    as_of: datetime | None = None,
    standard: Standards | None = None,
) -> tuple[Project, RiskInputs]:
    """The plan with what it waits for, by pmo.toml (where it has a key) and by `told`, and the inputs that its simulation takes; both unchanged for none."""
    listed = waited(told, key, None if ws is None else ws.folder)
    if not listed:
        return plan, inputs
    standard = standard or standards()
    draws = iterations or standard.forecast.iterations
    found, said = waits(listed, ws, standard, iterations=draws, seed=standard.forecast.seed if seed is None else seed)
    longer, waiting = risk.waiting(plan, found, as_of=as_of)
    return longer, replace(inputs, waited=waiting.drawn, waits=tuple(said))
