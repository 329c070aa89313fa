"""A network as the compiled passes see it, and its time axis: how working minutes of a calendar and clock minutes become each other.

A calendar is cut into cells that work throughout or not at all (`horizon`). A lookup finds the cell of a minute and reads one number of a table. Those of
a row find the cells, read and add up in a loop each: all but the reading become vector instructions. A calendar that works always needs no lookup: its
minutes are the clock's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inlined, kernel

FS, SS, FF, SF = 0, 1, 2, 3
FAR = 1 << 30  # no bound: beyond every minute of a network, whose range `network.lower` proves
FINISH_FLOAT, START_FLOAT, SMALLEST_FLOAT = 0, 1, 2


class Arrays(NamedTuple):
    """A network as the kernel sees it. n activities in topological order, m links, c calendars. All int32, but for `inverse`.

    Bounds are working minutes on the activity's own calendar since the origin; -FAR and FAR where there is none.
    """

    calendar: np.ndarray  # [n] the activity's calendar
    point: np.ndarray  # [n] 1: without duration it stands early at the next working moment (start milestone); 0: at the previous one
    dated: np.ndarray  # [n] where its own date holds its late dates and it lasts no time: 1 at the end of work before the date, 2 behind that; 0: as links say
    stays: np.ndarray  # [n] 1: its early finish is no earlier on the clock than what holds it (P6); 0: work ends with the working time
    loose: np.ndarray  # [n] 1: its late finish starts from its own early finish (open ends made critical)
    drives: np.ndarray  # [n] 1: it counts for the project's finish
    es_low: np.ndarray  # [n] earliest early start: start constraints, data date, project start
    es_high: np.ndarray  # [n] latest early start: mandatory and honoured constraints
    ef_low: np.ndarray  # [n] earliest early finish
    ef_high: np.ndarray  # [n]
    ls_low: np.ndarray  # [n] mandatory: the late start against logic
    ls_high: np.ndarray  # [n] latest late start
    lf_low: np.ndarray  # [n]
    lf_high: np.ndarray  # [n] latest late finish: deadline, finish constraints
    pred_from: np.ndarray  # [n + 1] activity i's incoming links are pred_from[i] : pred_from[i + 1]
    pred: np.ndarray  # [m] the predecessor
    pred_type: np.ndarray  # [m] FS, SS, FF, SF
    pred_lag: np.ndarray  # [m] minutes on the link's calendar
    pred_calendar: np.ndarray  # [m]
    succ_from: np.ndarray  # [n + 1] the same links by their predecessor
    succ: np.ndarray  # [m]
    succ_type: np.ndarray  # [m]
    succ_lag: np.ndarray  # [m]
    succ_calendar: np.ndarray  # [m]
    grid: np.ndarray  # [c] minutes of a cell: every cell of the calendar works throughout or not at all; empty: one calendar
    inverse: np.ndarray  # [c] float64, 1 / grid
    always: np.ndarray  # [c] 1: the calendar works throughout
    work_from: np.ndarray  # [c + 1] calendar k's table of cells begins here
    work: np.ndarray  # [cells] working minutes at clock minute t: (work[cell] >> 1) + (t & -(work[cell] & 1)); the last bit is 1 in a working cell
    cell_from: np.ndarray  # [c + 1] calendar k's table of working cells begins here
    cell: np.ndarray  # [working cells] what to add to a working minute of that cell for its clock minute; the last entry stands for the horizon's end


@kernel
def working(net, calendar, clock):
    """Working minutes of the calendar before a clock minute."""
    first = net.work_from[calendar]
    last = net.work_from[calendar + 1] - first - 1
    kept = net.work[first + min(max(np.int32((clock + 0.5) * net.inverse[calendar]), np.int32(0)), last)]
    return np.int32((kept >> 1) + (clock & -(kept & 1)))


@kernel
def start_clock(net, calendar, worked):
    """The clock minute at which the working minute after `worked` begins."""
    first = net.cell_from[calendar]
    last = net.cell_from[calendar + 1] - first - 1
    at = min(max(np.int32((worked + 0.5) * net.inverse[calendar]), np.int32(0)), last)
    return np.int32(net.cell[first + at] + worked)


@kernel
def finish_clock(net, calendar, worked):
    """The clock minute at which `worked` minutes are done."""
    return np.int32(start_clock(net, calendar, worked - 1) + 1)


@kernel
def later(net, calendar, clock, lag):
    """`lag` after a clock minute, counted on the calendar."""
    if lag == 0:
        return np.int32(clock)
    done = np.int32(working(net, calendar, clock) + lag)
    return finish_clock(net, calendar, done) if lag > 0 else start_clock(net, calendar, done)


@kernel
def earlier(net, calendar, clock, lag):
    """The latest clock minute from which `lag` leads to no later than `clock`."""
    if lag == 0:
        return np.int32(clock)
    return start_clock(net, calendar, np.int32(working(net, calendar, clock) - lag))


@inlined
def to_working(net, calendar, clock, at, out):
    """out = `working` of a row of clock minutes; `at` is scratch. numba makes int64 of sums of int32, with half the lanes: hence the casts."""
    if net.always[calendar]:
        for k in range(at.size):
            out[k] = clock[k]
        return
    inverse, first = net.inverse[calendar], net.work_from[calendar]
    last = np.int32(net.work_from[calendar + 1] - first - 1)
    for k in range(at.size):
        at[k] = np.int32(first + min(max(np.int32((np.float64(clock[k]) + 0.5) * inverse), np.int32(0)), last))
    for k in range(at.size):
        at[k] = net.work[np.uint32(at[k])]
    for k in range(at.size):
        out[k] = np.int32(np.int32(at[k] >> 1) + np.int32(clock[k] & np.int32(-np.int32(at[k] & 1))))


@inlined
def to_clock(net, calendar, worked, of_start, at, out):
    """out = `start_clock` of each of a row of working minutes, or else `finish_clock`; `at` is scratch."""
    if net.always[calendar]:
        for k in range(at.size):
            out[k] = worked[k]
        return
    inverse, first = net.inverse[calendar], net.cell_from[calendar]
    last = np.int32(net.cell_from[calendar + 1] - first - 1)
    half = 0.5 if of_start else -0.5
    for k in range(at.size):
        at[k] = np.int32(first + min(max(np.int32((np.float64(worked[k]) + half) * inverse), np.int32(0)), last))
    for k in range(at.size):
        at[k] = net.cell[np.uint32(at[k])]
    for k in range(at.size):
        out[k] = np.int32(at[k] + worked[k])
