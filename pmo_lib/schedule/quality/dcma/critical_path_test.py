"""DCMA 12: does a delay on the critical path reach the project's finish?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pmo_lib.calendar import DAY, between
from pmo_lib.errors import NotSchedulable
from pmo_lib.schedule.network import Network, horizon
from pmo_lib.schedule.network.horizon import LONGEST
from pmo_lib.schedule.passes import Passes, passes
from pmo_lib.schedule.quality.check import Check, Measured, Missing
from pmo_lib.schedule.quality.facts import Facts

ROOM = 1000  # days more than twice those of the plan, at first


def _critical_path_test(facts: Facts) -> Measured | Missing:
    """The plan is scheduled anew with the first critical activity made longer; the value is how much of that delay the end of the path takes over.

    The end of the path, not the latest of all finishes: the delayed activity itself would pass by a finish that a constraint holds.
    """
    if isinstance(facts.run, str):
        return Missing(facts.run)
    net, before = facts.run.net, facts.run.passes
    critical = np.flatnonzero(before.longest_path & net.uncertain)
    if not net.uncertain.any():
        return Missing(facts.nothing)
    if not len(critical):  # work is left, and the finish does not hang on it
        return Measured(0.0, 0.0, facts.limits.critical_path_test_days, [net.activities[i] for i in np.flatnonzero(before.longest_path & net.shown)])
    first = int(critical[np.argmin(before.es[critical])])
    calendar = facts.calendar(net.activities[first])
    added = round(facts.limits.critical_path_test_days * calendar.minutes_per_day)
    try:
        net, after = _delayed(net, first, added)
    except NotSchedulable as error:
        return Missing(str(error))
    path = _downstream(net, before.longest_path, first)
    was, now = net.instants(before.ef[path]).tolist(), net.instants(after.ef[path]).tolist()
    slips = [between(calendar, a, b) for a, b in zip(was, now, strict=True)]
    reached = max(slip for i, slip in zip(path, slips, strict=True) if before.ef[i] == before.finish)
    limit = facts.limits.critical_path_test
    short = [net.activities[i].split("\n")[0] for i, slip in zip(path, slips, strict=True) if slip / added < limit]
    days = calendar.minutes_per_day
    return Measured(reached / added, reached / days, added / days, short if reached / added < limit else [])


def _delayed(net: Network, first: int, minutes: int) -> tuple[Network, Passes]:
    """Both passes with one activity longer, over as many more days as they need: the kernel stops at the end of its time axis."""
    duration = net.duration.copy()
    duration[first] += minutes
    start, days = net.origin.date(), int(net.timelines[0].ends[-1]) // DAY
    while days < LONGEST:
        days = 2 * days + ROOM
        lines, tables = horizon.tables(net.calendars, start, horizon.padded(start, days))
        longer = replace(net, duration=duration, timelines=tuple(lines), arrays=net.arrays if net.single else net.arrays._replace(**tables))
        made = passes(longer)
        end = min(int(line.before[-1]) for line in lines) if net.single else min(int(line.ends[-1]) for line in lines) - ROOM * DAY // 4
        if int(made.ef.max()) < end:
            return longer, made
    raise NotSchedulable(f"{net.activities[first]} made longer by {minutes:,} working minutes ends beyond every time axis")


def _downstream(net: Network, marked: np.ndarray, first: int) -> list[int]:
    """The marked activities that `first` leads to, itself too, in topological order."""
    reached = np.zeros(len(marked), bool)
    reached[first] = True
    for i in range(first, len(marked)):
        if reached[i]:
            following = net.arrays.succ[net.arrays.succ_from[i] : net.arrays.succ_from[i + 1]]
            reached[following[marked[following]]] = True
    return np.flatnonzero(reached).tolist()


CHECK = Check(
    name="critical_path_test",
    title="Critical path test",
    group="dcma",
    reference="DCMA 12",
    rule="at_least",
    definition="The first critical activity is made {critical_path_test_days:g} working days longer and the plan "
    "scheduled anew: share of that delay which the end of the path takes over; offenders are the activities of the path that it does not reach",
    remedy="Follow the path from the delayed activity: where the delay stops, a relationship is missing or a constraint holds the date",
    measure=_critical_path_test,
)
