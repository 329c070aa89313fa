"""Why dates differ from the stored ones: where a difference begins, and what only follows from it.

The activities at which differences begin are found by holding: those that differ though nothing before them does are held at their stored dates,
and the plan is scheduled again, until every early date agrees; then the same for the late dates, from the end. What differed and agrees once
others are held has *inherited* its difference. What had to be held gets a name where the file alone shows why, and is *unknown* otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

import numpy as np

from pmo_lib.calendar import round_minutes
from pmo_lib.project import Project
from pmo_lib.schedule.certificate.naming import Differ, Evidence, Stored, end_of_day, named
from pmo_lib.schedule.dates import Run
from pmo_lib.schedule.kernel import FAR, Arrays
from pmo_lib.schedule.network import Network
from pmo_lib.schedule.passes import passes

ROUNDS = 3, 40  # of holding, at least and at most; a plan whose differences begin in a longer chain keeps the rest as unknown
WORK = 30_000  # activities times rounds, a second or so
EARLY = ("early_start", "early_finish")
LATE = ("late_start", "late_finish")
BOUNDS = ("es_low", "es_high", "ef_low", "ef_high", "ls_low", "ls_high", "lf_low", "lf_high")


def causes(plan: Project, run: Run, differing: Sequence[str], stored: Stored, differ: Differ) -> dict[str, str]:
    """The cause of each differing activity's difference, as `naming` has them; `stored` has the activities that are compared."""
    evidence = Evidence(plan, run, stored, differ)
    wrong = _Wrong(run, stored, differ)
    early = _beginnings(plan, run.net, stored, wrong, EARLY, frozenset())
    late = _beginnings(plan, run.net, stored, wrong, LATE, early)
    follow = set(differing) - early - late - wrong(_held(plan, run.net, stored, early, late), (*EARLY, *LATE))
    return {a: "inherited" if a in follow else named(evidence, a) for a in differing}


def _beginnings(plan: Project, net: Network, stored: Stored, wrong: _Wrong, columns: tuple[str, str], early: frozenset[str]) -> frozenset[str]:
    """The activities that must be held at their stored dates for all these columns to agree; `early` are held already, for the early dates."""
    forward = columns == EARLY
    arrays = net.arrays
    first, other = (arrays.pred_from, arrays.pred) if forward else (arrays.succ_from, arrays.succ)
    owner = np.repeat(np.arange(len(net.activities)), np.diff(first))
    begin, known = frozenset[str](), set[str]()
    for _ in range(min(max(WORK // max(len(net.activities), 1), ROUNDS[0]), ROUNDS[1])):
        trial = _held(plan, net, stored, begin if forward else early, frozenset() if forward else begin)
        known = wrong(trial, columns) - begin
        if not known:
            return begin
        differs = np.array([a in known for a in net.activities], bool)
        led = np.bincount(owner, weights=differs[other], minlength=len(differs)) > 0
        begin |= {net.activities[i] for i in np.flatnonzero(differs & ~led)}
    return begin | known


class _Wrong:
    """Called with a network: the activities of which any of these dates differs from the stored one, asked only where the instant is another."""

    def __init__(self, run: Run, stored: Stored, differ: Differ) -> None:
        self.plan, self.differ, tasks = run.plan, differ, run.net.tasks
        known, activities = np.array([a in stored for a in tasks.names], bool), run.plan.tables["activities"]
        dated = {column: activities[f"stored_{column}"].to_numpy()[tasks.row] for column in (*EARLY, *LATE)}
        self.theirs = {column: np.where(known, values, np.datetime64("NaT", "us")) for column, values in dated.items()}

    def __call__(self, net: Network, columns: Sequence[str]) -> set[str]:
        ours = dict(Run(self.plan, net, passes(net)).columns[0])
        ours["early_start"] = np.where(np.isnat(ours["remaining_start"]), ours["early_start"], ours["remaining_start"])
        known = [(ours[column], self.theirs[column]) for column in columns]
        other = np.any([(one != two) & ~np.isnat(one) & ~np.isnat(two) for one, two in known], axis=0)
        shown = {net.tasks.names[i]: {column: ours[column][i].item() for column in self.theirs} for i in np.flatnonzero(other)}
        return {activity for activity, row in shown.items() if self.differ(row, activity, columns)}


def _held(plan: Project, net: Network, stored: Stored, early: frozenset[str], late: frozenset[str]) -> Network:
    """The network with these activities held at their stored early, and those at their stored late dates."""
    arrays = net.arrays._replace(**{name: getattr(net.arrays, name).copy() for name in BOUNDS})
    duration, ends_by = net.duration.copy(), end_of_day(plan)

    def held(i: int, columns: tuple[str, str]) -> tuple[int | None, int | None]:
        start, finish = (stored[net.activities[i]][f"stored_{column}"] for column in columns)
        return _minutes(net, i, start), _minutes(net, i, finish + ends_by if finish is not None and net.duration[i] else finish)

    for i, activity in enumerate(net.activities):
        if activity in early:
            start, finish = held(i, EARLY)
            if start is not None and finish is not None and not net.started[i]:
                duration[i] = max(finish - start, 0)
            _pin(arrays, i, "e", None if net.started[i] and finish is not None else start, finish, int(duration[i]))
        if activity in late:
            start, finish = held(i, LATE)
            _pin(arrays, i, "l", None if finish is not None else start, finish, int(duration[i]))
    return replace(net, arrays=arrays, duration=duration)


def _pin(arrays: Arrays, i: int, end: Literal["e", "l"], start: int | None, finish: int | None, duration: int) -> None:
    """Both bounds of the start where it is known, else of the finish; all others fall."""
    at = start if start is not None else finish - duration if finish is not None else None
    if at is None:
        return
    for what in ("s", "f"):
        held = at if what == "s" else at + duration
        getattr(arrays, f"{end}{what}_low")[i] = held if (what == "s") == (end == "e") else -FAR
        getattr(arrays, f"{end}{what}_high")[i] = held if (what == "s") == (end == "e") else FAR


def _minutes(net: Network, i: int, when: datetime | None) -> int | None:
    """An instant on the activity's own calendar."""
    return None if when is None else net.timelines[net.arrays.calendar[i]].worked(round_minutes(when - net.origin))
