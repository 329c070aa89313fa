"""Forward pass, float and longest path of a block of a network with one calendar, compiled.

They keep one array besides the durations (a start is a finish less a duration), so that a block stays in the processor's nearest caches; tests hold them to
the same result as `schedule.kernel`. Sums are cast to int32 at once: numba makes int64 of them otherwise, and vectors of half the lanes.
"""

from __future__ import annotations

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.schedule.kernel import FAR, FF, FS, SS


@kernel
def forward_single(net, duration, ef):
    """Early finishes: each row is first the start, then the finish."""
    for i in range(duration.shape[0]):
        own, row, low, low_finish = duration[i], ef[i], net.es_low[i], net.ef_low[i]
        link = net.pred_from[i]
        if link < net.pred_from[i + 1] and net.pred_type[link] == FS:
            first, lag = ef[net.pred[link]], net.pred_lag[link]
            for k in range(row.size):
                row[k] = max(low, np.int32(first[k] + lag))
            link += 1
        else:
            for k in range(row.size):
                row[k] = low
        if low_finish > -FAR:
            for k in range(row.size):
                row[k] = max(row[k], np.int32(low_finish - own[k]))
        for p in range(link, net.pred_from[i + 1]):
            kind, lag, j = net.pred_type[p], net.pred_lag[p], net.pred[p]
            other, length = ef[j], duration[j]
            if kind == FS:
                for k in range(row.size):
                    row[k] = max(row[k], np.int32(other[k] + lag))
            elif kind == FF:
                for k in range(row.size):
                    row[k] = max(row[k], np.int32(other[k] + lag - own[k]))
            elif kind == SS:
                for k in range(row.size):
                    row[k] = max(row[k], np.int32(other[k] - length[k] + lag))
            else:
                for k in range(row.size):
                    row[k] = max(row[k], np.int32(other[k] - length[k] + lag - own[k]))
        high, high_finish = net.es_high[i], net.ef_high[i]
        if high < FAR or high_finish < FAR:
            for k in range(row.size):
                row[k] = min(row[k], min(high, np.int32(high_finish - own[k])))
        for k in range(row.size):
            row[k] = np.int32(row[k] + own[k])


@kernel
def late_row(net, i, s):
    """s.late = the late finishes of row i; the rows after it hold late starts in the place of early finishes."""
    own, late, last = s.duration[i], s.late, s.finish
    for k in range(late.size):
        late[k] = last[k]
    for link in range(net.succ_from[i], net.succ_from[i + 1]):
        kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
        other, length = s.ef[j], s.duration[j]
        if kind == FS:
            for k in range(late.size):
                late[k] = min(late[k], np.int32(other[k] - lag))
        elif kind == FF:
            for k in range(late.size):
                late[k] = min(late[k], np.int32(other[k] + length[k] - lag))
        elif kind == SS:
            for k in range(late.size):
                late[k] = min(late[k], np.int32(other[k] - lag + own[k]))
        else:
            for k in range(late.size):
                late[k] = min(late[k], np.int32(other[k] + length[k] - lag + own[k]))


@kernel
def float_single(net, used, s, critical):
    """Counts where an activity has no float to the iteration's own finish. Late starts take the place of the early finishes."""
    for k in range(used, s.finish.size):
        s.finish[k] = FAR  # what is not used has float without end
    last_row = s.duration.shape[0] - 1
    for at in range(last_row + 1):
        i = last_row - at  # a loop that counts down keeps the loops inside it from vectors
        own, row, late = s.duration[i], s.ef[i], s.late
        late_row(net, i, s)
        without = np.int32(0)
        for k in range(late.size):
            without = np.int32(without + np.int32(late[k] <= row[k]))
        for k in range(late.size):
            row[k] = np.int32(late[k] - own[k])
        critical[i] += without


@kernel
def longest_single(net, s):
    """`schedule.kernel.longest_path` for a network with one calendar, without branches inside the block."""
    last_row = s.duration.shape[0] - 1
    for at in range(last_row + 1):
        i = last_row - at  # a loop that counts down keeps the loops inside it from vectors
        row, end, own, last = s.marked[i], s.ef[i], s.duration[i], s.finish
        drives = np.uint8(net.drives[i])
        for k in range(row.size):
            row[k] = drives & np.uint8(end[k] == last[k])
        for link in range(net.succ_from[i], net.succ_from[i + 1]):
            kind, lag, j = net.succ_type[link], net.succ_lag[link], net.succ[link]
            other, length, then = s.ef[j], s.duration[j], s.marked[j]
            if kind == FS:
                for k in range(row.size):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] + lag) >= np.int32(other[k] - length[k]))
            elif kind == FF:
                for k in range(row.size):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] + lag) >= other[k])
            elif kind == SS:
                for k in range(row.size):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] - own[k] + lag) >= np.int32(other[k] - length[k]))
            else:
                for k in range(row.size):
                    row[k] |= then[k] & np.uint8(np.int32(end[k] - own[k] + lag) >= other[k])
