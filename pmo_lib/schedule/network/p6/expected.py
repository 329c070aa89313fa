"""P6's expected finish: the remaining duration is what lies between the start that logic gives and the finish that somebody expects."""

from __future__ import annotations

import numpy as np

from pmo_lib.calendar import round_minutes
from pmo_lib.schedule.kernel import FAR, forward
from pmo_lib.schedule.network.record import Network

ENDLESS = FAR >> 6  # longer than any plan, and short enough to add up


def expected_durations(net: Network) -> np.ndarray:
    """The network's durations, with those of activities that have an expected finish as their predecessors leave them; none is less than nothing.

    References: Oracle, P6 help, "Use expected finish dates": the remaining duration is worked out from the expected finish when scheduling.
    """
    duration = net.duration.copy()
    es, ef = np.empty((len(duration), 1), np.int32), np.empty((len(duration), 1), np.int32)
    for i, activity in enumerate(net.activities):  # in topological order: what comes before is settled
        task = net.tasks.made.get(activity)
        if task is None or task.expected is None or not net.shown[i]:
            continue
        duration[i] = ENDLESS  # so that no relationship to its finish moves its start
        forward(net.arrays, duration[:, None], es, ef)
        line = net.timelines[net.arrays.calendar[i]]
        starts = int(es[i, 0]) if net.single else int(line.working(es[i, 0]))
        duration[i] = max(int(line.working(round_minutes(task.expected - net.origin))) - starts, 0)
    return duration
