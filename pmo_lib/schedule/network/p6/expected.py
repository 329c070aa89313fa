"""P6's expected finish: the remaining duration is what lies between the start that logic gives and the finish that somebody expects."""

from __future__ import annotations

import numpy as np

from pmo_lib.calendar import round_minutes
from pmo_lib.schedule.kernel import FAR, forward
from pmo_lib.schedule.network.record import Network

ENDLESS = FAR >> 6  # longer than any plan, and short enough to add up


def expected_durations(net: Network) -> tuple[np.ndarray, frozenset[str]]:
    """The network's durations, with those of activities that have an expected finish as their predecessors leave them, and which those are.

    Where logic leaves no working time until the expected finish, nothing remains to be done; an activity with an assignment keeps what it has instead,
    and is none of them.

    References: Oracle, P6 help, "Use expected finish dates": the remaining duration is worked out from the expected finish when scheduling.
    cpp-cpm-engine, 2.9.52 and 2.9.53: 145 activities scheduled by P6 Professional 23.12.1 with an expected finish that leaves no time.
    """
    duration, set_by = net.duration.copy(), set[str]()
    es, ef = np.empty((len(duration), 1), np.int32), np.empty((len(duration), 1), np.int32)
    for i, activity in enumerate(net.activities):  # in topological order: what comes before is settled
        task = net.tasks.made.get(activity)
        if task is None or task.expected is None or not net.shown[i]:
            continue
        duration[i] = ENDLESS  # so that no relationship to its finish moves its start
        forward(net.arrays, duration[:, None], es, ef)
        line = net.timelines[net.arrays.calendar[i]]
        starts = int(es[i, 0]) if net.single else int(line.working(es[i, 0]))
        left = int(line.working(round_minutes(task.expected - net.origin))) - starts
        duration[i] = left if left > 0 else task.planned
        if left > 0 or not task.planned:
            set_by.add(activity)
    return duration, frozenset(set_by)
