"""Forward pass, float and longest path of a block of a network with one calendar, compiled.

They keep one array besides the durations (a start is a finish less a duration), so that a block stays in the processor's nearest caches; tests hold them to
the same result as `schedule.kernel`. What costs time here: a number of lanes that is not known when the loop is compiled, views of rows (whose references
numba counts), functions that take the whole scratch for each row, sums that are not cast to int32 at once (numba makes int64 of them, and vectors of half
the lanes).
"""

from __future__ import annotations

import numpy as np

from pmo_lib.compiled import inlined, kernel
from pmo_lib.sampling import LANES
from pmo_lib.schedule.kernel import FAR, FF, FS, SS


@kernel
def forward_single(net, s):
    """Early finishes, the latest of each row, and the project's finish."""
    if s.finish.size == LANES:
        _forward(net, s.duration, s.ef, s.finish, s.top, LANES)
    else:
        _forward(net, s.duration, s.ef, s.finish, s.top, s.finish.size)


@kernel
def float_single(net, used, s, critical):
    """Counts where an activity has no float to the iteration's own finish. Late starts take the place of the early finishes."""
    s.finish[used:] = FAR  # what is not used has float without end
    if s.finish.size == LANES:
        _float(net, s.duration, s.ef, s.finish, s.late, critical, LANES)
    else:
        _float(net, s.duration, s.ef, s.finish, s.late, critical, s.finish.size)


@kernel
def longest_single(net, s):
    """`schedule.kernel.longest_path` for a network with one calendar. Rows that no iteration has on it are told by `s.live`, and not written."""
    if s.finish.size == LANES:
        _longest(net, s.duration, s.ef, s.finish, s.top, s.live, s.marked, LANES)
    else:
        _longest(net, s.duration, s.ef, s.finish, s.top, s.live, s.marked, s.finish.size)


@inlined
def _forward(net, duration, ef, finish, top, lanes):
    """Each row is first the start, then the finish."""
    for k in range(lanes):
        finish[k] = -FAR
    for i in range(duration.shape[0]):
        low, low_finish = net.es_low[i], net.ef_low[i]
        link = net.pred_from[i]
        if link < net.pred_from[i + 1] and net.pred_type[link] == FS:
            j, lag = net.pred[link], net.pred_lag[link]
            for k in range(lanes):
                ef[i, k] = max(low, np.int32(ef[j, k] + lag))
            link += 1
        else:
            for k in range(lanes):
                ef[i, k] = low
        if low_finish > -FAR:
            for k in range(lanes):
                ef[i, k] = max(ef[i, k], np.int32(low_finish - duration[i, k]))
        for p in range(link, net.pred_from[i + 1]):
            kind, lag, j = net.pred_type[p], net.pred_lag[p], net.pred[p]
            if kind == FS:
                for k in range(lanes):
                    ef[i, k] = max(ef[i, k], np.int32(ef[j, k] + lag))
            elif kind == FF:
                for k in range(lanes):
                    ef[i, k] = max(ef[i, k], np.int32(ef[j, k] + lag - duration[i, k]))
            elif kind == SS:
                for k in range(lanes):
                    ef[i, k] = max(ef[i, k], np.int32(ef[j, k] - duration[j, k] + lag))
            else:
                for k in range(lanes):
                    ef[i, k] = max(ef[i, k], np.int32(ef[j, k] - duration[j, k] + lag - duration[i, k]))
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(lanes):
                ef[i, k] = min(ef[i, k], min(high, np.int32(high_finish - duration[i, k])))
        for k in range(lanes):
            ef[i, k] = np.int32(ef[i, k] + duration[i, k])
        most = np.int32(-FAR)
        for k in range(lanes):
            most = max(most, ef[i, k])
        top[i] = most
        if net.drives[i]:
            for k in range(lanes):
                finish[k] = max(finish[k], ef[i, k])


@inlined
def late_row(net, i, duration, ef, finish, late, lanes):
    """late = the late finishes of row i; the rows of `ef` after it hold late starts in the place of early finishes."""
    for k in range(lanes):
        late[k] = finish[k]
    for link in range(net.succ_from[i], net.succ_from[i + 1]):
        kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
        if kind == FS:
            for k in range(lanes):
                late[k] = min(late[k], np.int32(ef[j, k] - lag))
        elif kind == FF:
            for k in range(lanes):
                late[k] = min(late[k], np.int32(ef[j, k] + duration[j, k] - lag))
        elif kind == SS:
            for k in range(lanes):
                late[k] = min(late[k], np.int32(ef[j, k] - lag + duration[i, k]))
        else:
            for k in range(lanes):
                late[k] = min(late[k], np.int32(ef[j, k] + duration[j, k] - lag + duration[i, k]))


@inlined
def _float(net, duration, ef, finish, late, critical, lanes):
    last = duration.shape[0] - 1
    for at in range(last + 1):
        i = last - at  # a loop that counts down keeps the loops inside it from vectors
        late_row(net, i, duration, ef, finish, late, lanes)
        without = np.int32(0)
        for k in range(lanes):
            without = np.int32(without + np.int32(late[k] <= ef[i, k]))
        for k in range(lanes):
            ef[i, k] = np.int32(late[k] - duration[i, k])
        critical[i] += without


@inlined
def _longest(net, duration, ef, finish, top, live, marked, lanes):
    """A row whose latest finish lies before every iteration's, and none of whose successors is marked, needs no look at its iterations."""
    least = np.int32(FAR)
    for k in range(lanes):
        least = min(least, finish[k])
    last = duration.shape[0] - 1
    for at in range(last + 1):
        i = last - at  # a loop that counts down keeps the loops inside it from vectors
        begun = net.drives[i] != 0 and top[i] >= least
        if begun:
            for k in range(lanes):
                marked[i, k] = np.uint8(ef[i, k] == finish[k])
        for link in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
            if not live[j]:
                continue
            if not begun:
                begun = True
                for k in range(lanes):
                    marked[i, k] = 0
            if kind == FS:
                for k in range(lanes):
                    marked[i, k] |= marked[j, k] & np.uint8(np.int32(ef[i, k] + lag) >= np.int32(ef[j, k] - duration[j, k]))
            elif kind == FF:
                for k in range(lanes):
                    marked[i, k] |= marked[j, k] & np.uint8(np.int32(ef[i, k] + lag) >= ef[j, k])
            elif kind == SS:
                for k in range(lanes):
                    marked[i, k] |= marked[j, k] & np.uint8(np.int32(ef[i, k] - duration[i, k] + lag) >= np.int32(ef[j, k] - duration[j, k]))
            else:
                for k in range(lanes):
                    marked[i, k] |= marked[j, k] & np.uint8(np.int32(ef[i, k] - duration[i, k] + lag) >= ef[j, k])
        some = np.uint8(0)
        if begun:
            for k in range(lanes):
                some |= marked[i, k]
        live[i] = some
