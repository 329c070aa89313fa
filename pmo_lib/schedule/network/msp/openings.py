"""A summary task starts where the first of what belongs to it does: a link from its start hangs on that activity alone, not on the latest of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pmo_lib.calendar import round_minutes
from pmo_lib.project import Project
from pmo_lib.schedule.kernel import forward
from pmo_lib.schedule.network.record import Network

ROUNDS = 5  # of looking again, since such a link may delay what opens another summary
Opens = Mapping[str, str | None]  # the activity with which each summary begins; None: not known yet, the link waits


def followed_from_start(plan: Project) -> list[str]:
    """Summary tasks whose start something follows."""
    if "relationships" not in plan.tables:
        return []
    activities, links = plan.tables["activities"], plan.tables["relationships"]
    summaries = activities["activity"].filter(activities["kind"] == "summary")
    if summaries.is_empty():
        return []
    followed = set(links["predecessor"].filter(links["type"].is_in(["SS", "SF"])))
    return [summary for summary in summaries if summary in followed]


def opened(lowered: Callable[[Opens], Network], summaries: list[str]) -> Network:
    """The network in which each of these summaries begins with the activity that starts first."""
    opens: Opens = dict.fromkeys(summaries)
    for _ in range(ROUNDS):
        net = lowered(opens)
        found = _first(net, summaries)
        if found == opens:
            break
        opens = found
    return net


def _first(net: Network, summaries: list[str]) -> Opens:
    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef = np.empty_like(duration), np.empty_like(duration)
    forward(net.arrays, duration, es, ef)
    starts = dict(zip(net.activities, net.instants(es[:, 0], finish=False).tolist(), strict=True))
    starts |= {name: task.started for name, task in net.tasks.own.items() if task.started is not None}
    below = {summary: [a for a in net.tasks.followed.get(summary, ()) if a in starts] for summary in summaries}
    return {summary: min(members, key=lambda a: round_minutes(starts[a] - net.origin)) if members else None for summary, members in below.items()}
