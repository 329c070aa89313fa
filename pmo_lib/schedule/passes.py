"""Both passes over a network, with what P6 and MS Project do between and after them: as late as possible, from the finish, slack.

A caller that simulates goes to the kernel itself; this is the one iteration with planned durations that dates, the certificate and the checks look at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from pmo_lib.calendar import round_minutes
from pmo_lib.schedule import kernel
from pmo_lib.schedule.network import Network
from pmo_lib.schedule.network.msp.delays import less_delays
from pmo_lib.schedule.network.msp.slack import count_by_hand, count_free, count_held, count_slack
from pmo_lib.schedule.network.p6.closed import ends_of_work


@dataclass(frozen=True, slots=True)
class Passes:
    """One iteration's passes over a network: everything `[activities]`, on the network's time axis, in its order."""

    es: np.ndarray
    ef: np.ndarray
    ls: np.ndarray
    lf: np.ndarray
    total_float: np.ndarray  # [working minutes]
    free_float: np.ndarray  # [working minutes]
    longest_path: np.ndarray  # bool
    first_es: np.ndarray  # where what is as late as possible could begin, if it and all such before it had not been moved
    finish: int  # the project's


def passes(net: Network) -> Passes:
    """Both passes with the planned durations: a simulation with one iteration."""
    n = len(net.activities)
    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, ls, lf, total, free = (np.zeros((n, 1), np.int32) for _ in range(6))
    finish, marked, first = np.zeros(1, np.int32), np.zeros((n, 1), np.uint8), es
    if n:
        kernel.forward(net.arrays, duration, es, ef)
        kernel.latest(net.arrays, ef, finish)
        until = np.maximum(finish, -kernel.FAR if net.ended is None else net.ended).astype(np.int32)
        if net.must_finish is not None:
            until = np.array([net.must_finish], np.int32)
        kernel.backward(net.arrays, duration, ef, until, ls, lf)
        np.minimum.at(ls[:, 0], net.parts[:, 0], ls[net.parts[:, 1], 0])
        if net.floor is not None:
            net = _begun_by_the_latest(net, net.floor, ls)
            kernel.forward(net.arrays, duration, es, ef)
        first = es.copy()
        if net.late.any():
            _as_late(net, duration, es, ef, ls, finish)
            first = _unmoved(net, duration, es) if net.late_by_total_float else first
        _floats(net, es, ef, ls, lf, total)
        if net.late_by_total_float:
            _begun_holds(net, duration, until, (es, ef, ls, lf, total))
        begun, ended = less_delays(net, es, ef)
        kernel.free_float(net.arrays, begun, ended, np.maximum(finish, -kernel.FAR if net.ended is None else net.ended).astype(np.int32), free)
        if net.slack:
            count_free(net, begun[:, 0], ended[:, 0], free[:, 0])
        if net.late_by_total_float:
            count_by_hand(net, begun[:, 0], ended[:, 0], free[:, 0])
        kernel.longest_path(net.arrays, es, *ends_of_work(net, ef, finish), marked)
    return Passes(es[:, 0], ef[:, 0], ls[:, 0], lf[:, 0], total[:, 0], free[:, 0], marked[:, 0].astype(bool), first[:, 0], int(finish[0]))


def _floats(net: Network, es: np.ndarray, ef: np.ndarray, ls: np.ndarray, lf: np.ndarray, total: np.ndarray) -> None:
    """Total float into `total`, as the source counts it."""
    kernel.total_float(net.arrays, net.total_float, es, ef, ls, lf, total)
    if net.slack:
        count_slack(net, {"es": es[:, 0], "ef": ef[:, 0], "ls": ls[:, 0], "lf": lf[:, 0]}, total[:, 0])
    if net.late_by_total_float:
        count_held(net, es[:, 0], ef[:, 0], total[:, 0])


def _begun_holds(net: Network, duration: np.ndarray, until: np.ndarray, dates: tuple[np.ndarray, ...]) -> None:
    """MS Project: what has begun has no late finish before its early one, whatever its slack, and holds what leads to it by that.

    So a predecessor that is not done need not end before the remaining work begins (files of the public domain: 217 of 222 predecessors of begun work).
    """
    es, ef, ls, lf, total = dates
    late = np.flatnonzero(net.started & (lf[:, 0] < ef[:, 0]))
    if not len(late):
        return
    own, ends = total[late].copy(), np.empty_like(ef)
    kernel.worked(net.arrays, ef, ends)
    low = net.arrays.lf_low.copy()
    low[late] = np.maximum(low[late], ends[late, 0])
    kernel.backward(net.arrays._replace(lf_low=low), duration, ef, until, ls, lf)
    np.minimum.at(ls[:, 0], net.parts[:, 0], ls[net.parts[:, 1], 0])
    _floats(net, es, ef, ls, lf, total)
    total[late] = own


def _begun_by_the_latest(net: Network, floor: datetime, ls: np.ndarray) -> Network:
    """MS Project, scheduled from the finish: the project starts at the earliest late start, and nothing else is bound by the start that the file has."""
    at = ls[net.shown].min() if net.shown.any() else 0
    low = net.arrays.es_low.copy()
    for number, line in enumerate(net.timelines):
        of_line = (net.arrays.calendar == number) & (low == line.working(round_minutes(floor - net.origin)))
        low[of_line] = at if net.single else line.working(at)
    return replace(net, arrays=net.arrays._replace(es_low=low))


def _as_late(net: Network, duration: np.ndarray, es: np.ndarray, ef: np.ndarray, ls: np.ndarray, finish: np.ndarray) -> None:
    """As late as possible. P6 takes the free float, so that no successor moves; MS Project all of the total float, and successors follow."""
    if not net.late_by_total_float:
        kernel.as_late_as_free(net.arrays, net.late, es, ef, finish)
        return
    begins = np.empty_like(ls)
    kernel.worked(net.arrays, ls, begins)
    later = np.where(net.late, np.maximum(net.arrays.es_low, begins[:, 0]), net.arrays.es_low).astype(np.int32)
    kernel.forward(net.arrays._replace(es_low=later), duration, es, ef)


def _unmoved(net: Network, duration: np.ndarray, es: np.ndarray) -> np.ndarray:
    """Early starts in which what is as late as possible stays where it could begin, and the rest where that has moved it."""
    begins, first = np.empty_like(es), np.empty_like(es)
    kernel.worked(net.arrays, es, begins)
    held = np.where(net.late, net.arrays.es_low, np.maximum(net.arrays.es_low, begins[:, 0])).astype(np.int32)
    kernel.forward(net.arrays._replace(es_low=held), duration, first, np.empty_like(es))
    return first
