"""A plan's network as iterations run it: where open work begins and ends as planned, and the rows that stand for a milestone."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project
from pmo_lib.schedule.kernel import FAR, FF, FS, Arrays
from pmo_lib.schedule.network import Network


def for_iterations(arrays: Arrays) -> Arrays:
    """The network as iterations run it.

    Late dates come from each iteration's own finish alone, so that float means what that iteration means. The finish is sought only where it can be:
    an activity whose finish a successor never precedes need not be looked at.
    """
    n = arrays.calendar.size
    high, low = np.full(n, FAR, np.int32), np.full(n, -FAR, np.int32)
    free = (arrays.es_high[arrays.succ] >= FAR) & (arrays.ef_high[arrays.succ] >= FAR)
    followed = free & np.isin(arrays.succ_type, (FS, FF)) & (arrays.succ_lag >= 0) & (arrays.drives[arrays.succ] == 1)
    before = np.repeat(np.arange(n), np.diff(arrays.succ_from))
    drives = arrays.drives.copy()
    if not len(arrays.grid):
        drives[before[followed]] = 0
    return arrays._replace(ls_low=low, lf_low=low, ls_high=high, lf_high=high, loose=np.zeros(n, np.int32), drives=drives)


def planned_finish(net: Network) -> datetime:
    """The project's finish with the planned durations."""
    from pmo_lib.schedule import kernel

    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, finish = np.empty_like(duration), np.empty_like(duration), np.empty(1, np.int32)
    kernel.forward(net.arrays, duration, es, ef)
    kernel.latest(net.arrays, ef, finish)
    return net.instants(finish)[0].item()


def begin(net: Network) -> int:
    """When the first open work can be done [minutes of the network's axis]."""
    from pmo_lib.schedule import kernel

    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef = np.empty_like(duration), np.empty_like(duration)
    kernel.forward(net.arrays, duration, es, ef)
    return int(es.min())


def rows_of(plan: Project, net: Network, activity: str) -> tuple[list[int], int] | None:
    """The network's rows whose latest finish is the activity's, and the earliest that it can be; None for what drives nothing.

    Raises `InvalidInput` for an activity that the plan lacks.
    """
    from pmo_lib.schedule.network.outline import leaves

    if activity not in set(plan.tables["activities"]["activity"]):
        raise InvalidInput(f"milestone {activity!r} is not an activity of {plan.info.key}; correct the id")
    below = [activity] if activity in net.tasks else leaves(plan, net.tasks).get(activity, [])
    place = {name: i for i, name in enumerate(net.activities)}
    done = [net.tasks[one].finished for one in below if net.tasks[one].finished]
    rows = [place[one] for one in below if one in place]
    if not rows and not done:
        return None
    return rows, max((net.axis(when) for when in done if when is not None), default=-FAR)
