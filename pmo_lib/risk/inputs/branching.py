"""Branches and tasks that may not exist, as choices: of each choice exactly one branch is taken in an iteration, and the others' work is not done.

A branch holds the activities with which it begins, and every activity that can only be reached through it. Its logic remains where it is not taken: an
activity without duration passes on when its predecessors end. A task that may not exist is the choice between doing it and doing nothing.

Reference: Intaver, RiskyProject, probabilistic and conditional branching.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.engine.effects import ABOVE, BELOW, DURATION, FINISH, FROM, START, UP_TO
from pmo_lib.risk.inputs.accepted import accepted
from pmo_lib.risk.inputs.register import chance, filled

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.schedule.network import Network

MEASURES = {"duration": DURATION, "start": START, "finish": FINISH}
COMPARISONS = {"<": BELOW, "<=": UP_TO, ">": ABOVE, ">=": FROM}
CERTAIN = 1e-9  # how far the chances of a node's branches may add up beside 1


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on what the forward pass gives."""

    row: int  # of the network
    measure: int
    comparison: int
    limit: int  # minutes; of the axis for a start or finish


@dataclass(frozen=True, slots=True)
class Branch:
    """One way that a choice can go."""

    name: str
    probability: float | None  # None: by tests
    test: Test | None  # None where the choice is by chance, or the branch is taken where no test holds
    rows: tuple[int, ...]  # of the network: what belongs to it


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches of which exactly one is taken."""

    node: str  # activity id
    variable: str | None  # what draws it; None: by tests
    branches: tuple[Branch, ...]
    level: int = 0  # the forward pass after which the tests are made; 0: by chance


def choices(plan: Project, net: Network, branches: Any = None, existence: Any = None) -> list[Choice]:
    """The choices that these frames (Polars or pandas), else the plan's own tables, hold: existence first, then branches by chance, then by tests.

    Raises `InvalidInput` for a row that breaks a rule.
    """
    forks = checked_branches(branches) if branches is not None else plan.tables.get("branches")
    tasks = checked_existence(existence) if existence is not None else plan.tables.get("existence")
    found = [] if tasks is None else [_existing(plan, net, row) for row in tasks.iter_rows(named=True)]
    found += [] if forks is None else [_fork(plan, net, rows) for rows in forks.partition_by("node", maintain_order=True)]
    return _levelled(net, found)


def checked_branches(branches: Any) -> pl.DataFrame:
    """The branches as their table; the first row or node that breaks a rule is named."""
    from pmo_lib.tables import Branches

    text, number = pl.lit(None, pl.String), pl.lit(None, pl.Float64)
    usual = {"probability": number, "tested": text, "measure": text, "comparison": text, "days": number, "date": pl.lit(None, pl.Datetime("us"))}
    frame = filled(branches, "branches", ("node", "branch", "activities"), usual)
    for row in frame.iter_rows(named=True):
        if row["probability"] is not None:
            chance(row["probability"], f"branch {row['branch']} of {row['node']}")
    return accepted(Branches, frame, "branches")


def checked_existence(existence: Any) -> pl.DataFrame:
    """The tasks that may not exist as their table; the first row that breaks a rule is named."""
    from pmo_lib.tables import Existence

    frame = filled(existence, "existence", ("activity", "probability"), {"coupled": pl.lit(None, pl.String)})
    for row in frame.iter_rows(named=True):
        chance(row["probability"], f"existence of {row['activity']}")
    return accepted(Existence, frame, "existence")


def _existing(plan: Project, net: Network, row: Mapping[str, Any]) -> Choice:
    activity, probability = row["activity"], row["probability"]
    rows = _rows(plan, net, [activity], f"existence of {activity}")
    begun = [net.activities[i] for i in rows if net.started[i]]
    if begun:
        raise InvalidInput(f"existence of {activity}: {begun[0]} has begun, so it exists; take the row out")
    variable = f"existence\n{row['coupled'] or activity}\n{'together' if row['coupled'] else 'alone'}"
    return Choice(activity, variable, (Branch("exists", probability, None, rows), Branch("does not exist", 1 - probability, None, ())))


def _fork(plan: Project, net: Network, frame: pl.DataFrame) -> Choice:
    """The choice at one node."""
    rows = frame.to_dicts()
    node = rows[0]["node"]
    if node not in net.tasks:
        known = node in set(plan.tables["activities"]["activity"])
        told = "is a summary or inactive; name the activity at whose end the plan branches" if known else f"is no activity of {plan.info.key}; correct the id"
        raise InvalidInput(f"branches of {node}: {node} {told}")
    by_chance = [row["probability"] is not None for row in rows]
    if any(by_chance) != all(by_chance):
        raise InvalidInput(f"branches of {node}: some rows have a probability and some have none; give every branch one, or a test")
    if all(by_chance):
        total = sum(row["probability"] for row in rows)
        if abs(total - 1) > CERTAIN:
            raise InvalidInput(f"branches of {node}: their probabilities add up to {total:g}, and exactly one branch is taken; make them add up to 1")
    else:
        _last_without_test(node, rows)
    place = {activity: i for i, activity in enumerate(net.activities)}
    begins = [_begins(plan, net, place, row) for row in rows]
    for (i, one), (j, other) in combinations(enumerate(begins), 2):
        twice = sorted(set(one) & set(other))
        if twice:
            raise InvalidInput(
                f"branches of {node}: {net.activities[twice[0]]} begins both {rows[i]['branch']} and {rows[j]['branch']}; name it in one of them"
            )
    members = _members(net, begins)
    made = [Branch(row["branch"], row["probability"], _test(net, place, row), own) for row, own in zip(rows, members, strict=True)]
    return Choice(node, f"branch\n{node}" if all(by_chance) else None, tuple(made))


def _last_without_test(node: str, rows: Sequence[Mapping[str, Any]]) -> None:
    open_ = [row["branch"] for row in rows if row["measure"] is None]
    if len(open_) != 1 or rows[-1]["measure"] is not None:
        raise InvalidInput(f"branches of {node}: the last row, and it alone, has no test and is taken where no test holds; {len(open_)} rows have none")


def _begins(plan: Project, net: Network, place: Mapping[str, int], row: Mapping[str, Any]) -> tuple[int, ...]:
    """The network's rows with which a branch begins."""
    whose = f"branch {row['branch']} of {row['node']}"
    rows = _rows(plan, net, row["activities"], whose)
    started = [one for one in row["activities"] if one in net.tasks and net.tasks[one].state != "open"]
    if started:
        raise InvalidInput(f"{whose}: {started[0]} has begun, so the choice is made; take the node's rows out")
    if row["node"] in place:
        after = _reached(net, [place[row["node"]]])
        strays = [net.activities[i] for i in rows if i not in after]
        if strays:
            raise InvalidInput(f"{whose}: {strays[0]} does not follow {row['node']}; name activities that come after the node")
    return rows


def _rows(plan: Project, net: Network, ids: Sequence[str], whose: str) -> tuple[int, ...]:
    """The network's rows of some ids, those below a summary for it."""
    from pmo_lib.schedule.network.outline import leaves

    known, place = set(plan.tables["activities"]["activity"]), {activity: i for i, activity in enumerate(net.activities)}
    below = leaves(plan, net.tasks)
    for one in ids:
        if one not in known:
            raise InvalidInput(f"{whose} names the activity {one}, which {plan.info.key} lacks; correct the id")
    every = [leaf for one in ids for leaf in ([one] if one in net.tasks else below.get(one, ()))]
    return tuple(dict.fromkeys(place[one] for one in every if one in place))


def _test(net: Network, place: Mapping[str, int], row: Mapping[str, Any]) -> Test | None:
    if row["measure"] is None:
        return None
    whose, tested = f"branch {row['branch']} of {row['node']}", row["tested"] or row["node"]
    if tested not in place:
        raise InvalidInput(f"{whose} tests {tested}, which is not an open activity of the plan; test one that is still to be done")
    wanted = "days" if row["measure"] == "duration" else "date"
    if row["comparison"] is None or row[wanted] is None:
        raise InvalidInput(f"{whose} tests a {row['measure']}, which needs a comparison and {wanted}; give both")
    i = place[tested]
    limit = round(row["days"] * int(net.minutes_per_day[i])) if wanted == "days" else net.axis(row["date"])
    return Test(i, MEASURES[row["measure"]], COMPARISONS[row["comparison"]], limit)


def _members(net: Network, begins: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """What belongs to each branch: its beginnings, and whatever has all its predecessors in it."""
    of = dict.fromkeys(range(len(net.activities)), -1)
    for number, rows in enumerate(begins):
        of.update(dict.fromkeys(rows, number))
    pred_from, pred = net.arrays.pred_from, net.arrays.pred
    for i in range(len(net.activities)):
        before = {of[j] for j in pred[pred_from[i] : pred_from[i + 1]].tolist()}
        if of[i] < 0 and len(before) == 1:
            of[i] = before.pop()
    return [tuple(i for i, number in of.items() if number == one) for one in range(len(begins))]


def _reached(net: Network, rows: Sequence[int]) -> set[int]:
    """What follows from these rows, themselves too."""
    found, left = set(rows), list(rows)
    while left:
        i = left.pop()
        for j in net.arrays.succ[net.arrays.succ_from[i] : net.arrays.succ_from[i + 1]].tolist():
            if j not in found:
                found.add(j)
                left.append(j)
    return found


def _levelled(net: Network, found: Sequence[Choice]) -> list[Choice]:
    """Choices by chance first; those by tests after every choice that decides about what they test."""
    done = [choice for choice in found if choice.variable is not None]
    left = [choice for choice in found if choice.variable is None]
    reach = {choice.node: _reached(net, [i for branch in choice.branches for i in branch.rows]) for choice in left}
    level = 0
    while left:
        level += 1
        ready = [one for one in left if not any(row in reach[other.node] for row in _tested(one) for other in left)]
        if not ready:
            raise InvalidInput(f"branches of {left[0].node}: what is tested depends on the branch itself; test an activity before it")
        done += [replace(choice, level=level) for choice in ready]
        left = [choice for choice in left if choice not in ready]
    return done


def _tested(choice: Choice) -> Iterator[int]:
    return (branch.test.row for branch in choice.branches if branch.test is not None)
