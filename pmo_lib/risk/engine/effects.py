"""What risks and branches do to a block of drawn durations, step by step as in `block`, and its forward pass with them.

Every number is addressed by the name of what draws it, so a further risk or activity leaves the others' draws as they were. Factors, per cents and days are
combined in a fixed order in double precision and rounded once, so that the result does not depend on threads or blocks.

An activity's duration is

    drawn (or planned) work x product of its series drivers x the largest of its parallel ones x (1 + sum of its events' per cents) + sum of their days + rest
    + what it loses to weather

where a driver that does not occur counts as 1 and an event as 0, and the rest between the parts of a split task is not work. Activities that the same draws
touch in the same way form a group, for which all this is computed once a block. Then the branches not taken lose their durations.

References: Hulett, Integrated Cost-Schedule Risk Analysis (2011), risk drivers; AACE International 57R-09.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.risk.engine.block import Scratch, dated
from pmo_lib.risk.engine.drawing import Variables, general
from pmo_lib.risk.engine.lost_days import LostDays, LostScratch, draw_days, lost_scratch, stretch, unstretch
from pmo_lib.sampling import LANES, places_of, spread
from pmo_lib.schedule.kernel import Arrays

SERIES, PARALLEL, PERCENT, DAYS = 0, 1, 2, 3
DURATION, START, FINISH = 0, 1, 2
BELOW, UP_TO, ABOVE, FROM = 0, 1, 2, 3
NOT_KEPT = -1  # the slot of a draw that a single group uses: drawn there, and not kept


class Effects(NamedTuple):
    """Risks and branches as the block sees them. d draws, r risks, g groups of t touches, c choices of b branches."""

    draws: Variables  # [d] occurrences are uniform on 0..1
    slot: np.ndarray  # [d] int32: where a shared draw is kept for the block; NOT_KEPT
    on: np.ndarray  # [r] uint8: 0: as if it never occurred
    chance: np.ndarray  # [r] float64
    shared: np.ndarray  # [r] int32: the draw of its occurrence where that is shared; -1
    group_from: np.ndarray  # [g + 1] int64: group i changes the rows row[group_from[i] : group_from[i + 1]]
    row: np.ndarray  # int32 rows of the network
    rest: np.ndarray  # int32: the rest in each of those rows' durations, which risks leave as it is
    touch_from: np.ndarray  # [g + 1] int64: by the touches touch_from[i] : touch_from[i + 1]
    risk: np.ndarray  # [t] int32: which risk
    how: np.ndarray  # [t] int8: SERIES, PARALLEL, PERCENT, DAYS
    scale: np.ndarray  # [t] float64: what a unit of the impact is, 1 for factors, 0.01 for per cents, a day's minutes for days
    occurs: np.ndarray  # [t] int32: the draw of its occurrence
    impact: np.ndarray  # [t] int32: the draw of its impact
    still: np.ndarray  # rows that change but are not drawn, int32: restored for each block
    planned: np.ndarray  # int32, their durations
    choice_from: np.ndarray  # [c + 1] int64: the branches of each choice
    level: np.ndarray  # [c] int32: 0: by chance; else the forward pass after which the test is made
    choice: np.ndarray  # [c] int32: the draw that chooses; -1: by tests
    upto: np.ndarray  # [b] float64: by chance: the branch is taken below this, and not below that of the one before
    tested: np.ndarray  # [b] int32: row that is tested; -1: taken where no test held
    measure: np.ndarray  # [b] int8: DURATION, START, FINISH
    test: np.ndarray  # [b] int8: BELOW, UP_TO, ABOVE, FROM
    limit: np.ndarray  # [b] int32 [minutes, of the axis for dates]
    member_from: np.ndarray  # [b + 1] int64: a branch not taken puts off member[member_from[i] : member_from[i + 1]]
    member: np.ndarray  # int32 places in `loose`
    loose: np.ndarray  # [o] int32 rows that may be put off
    lost: LostDays  # to weather


class EffectScratch(NamedTuple):
    """What one thread needs besides, and what it counts."""

    kept: np.ndarray  # float64 [slots, lanes]
    occurs: np.ndarray  # float64 [lanes], as are impact, factor, largest, percent and days
    impact: np.ndarray
    factor: np.ndarray
    largest: np.ndarray
    percent: np.ndarray
    days: np.ndarray
    off: np.ndarray  # uint8 [o, lanes]: 1: not done in that iteration
    open: np.ndarray  # uint8 [lanes]: no branch of the choice is taken yet
    occurred: np.ndarray  # int64 [r]: occurrences, over iterations and occurrence draws
    taken: np.ndarray  # int64 [b]: iterations in which the branch was taken
    lost: LostScratch


def effect_scratch(effects: Effects, lanes: int = LANES) -> EffectScratch:
    """Fresh scratch for blocks of so many lanes, its counts at 0."""
    occurs, impact, factor, largest, percent, days = (np.empty(lanes) for _ in range(6))
    off, branches = np.zeros((effects.loose.size, lanes), np.uint8), effects.upto.size
    kept = np.empty((int(effects.slot.max(initial=-1)) + 1, lanes))
    counts = np.zeros(effects.on.size, np.int64), np.zeros(branches, np.int64)
    return EffectScratch(kept, occurs, impact, factor, largest, percent, days, off, np.empty(lanes, np.uint8), *counts, lost_scratch(effects.lost, lanes))


def without_room(counted: EffectScratch) -> EffectScratch:
    """What was counted, without the memory that it took."""
    lost = counted.lost._replace(lost=counted.lost.lost[:0], base=counted.lost.base[:0])
    return counted._replace(kept=counted.kept[:0], off=counted.off[:0], lost=lost)


@kernel
def restore(still, planned, duration):
    """The planned durations of the rows that change but are not drawn."""
    for i in range(still.size):
        for k in range(duration.shape[1]):
            duration[still[i], k] = planned[i]


@inner
def drawn(draws, v, block, s, into):
    """into = the values of draw v at the block's positions."""
    places = places_of(draws.seed, draws.address[v], draws.keys[v], draws.latin, block[0], block[1], block[3], s.words, s.strata)
    spread(s.words, 1.0 / places, s.u)
    general(draws, v, s)
    for k in range(into.size):
        into[k] = s.value[k]


@kernel
def prepare(effects, block, s, e):
    """The shared draws of a block, and how often each risk occurred by them."""
    for v in range(effects.slot.size):
        if effects.slot[v] >= 0:
            drawn(effects.draws, v, block, s, e.kept[effects.slot[v]])
    for r in range(effects.on.size):
        if effects.shared[r] >= 0 and effects.on[r]:
            _count(e.kept[effects.slot[effects.shared[r]]], effects.chance[r], block[2], e.occurred, r)
    if effects.lost.row.size:
        draw_days(effects.lost, block, s, e.lost)


@inner
def _count(u, chance, used, occurred, r):
    for k in range(used):
        occurred[r] += u[k] < chance


@inner
def value_of(effects, v, block, s, e, into):
    """The values of draw v: those kept, or else drawn into `into`."""
    if effects.slot[v] >= 0:
        return e.kept[effects.slot[v]]
    drawn(effects.draws, v, block, s, into)
    return into


@inner
def terms(effects, g, block, s, e):
    """e.factor and e.days = what a group's durations are multiplied by, and what is then added, in minutes."""
    factor, days = e.factor, e.days
    factor[:] = 1.0
    days[:] = 0.0
    e.percent[:] = 0.0
    largest = False
    for t in range(effects.touch_from[g], effects.touch_from[g + 1]):
        risk, how, scale, chance = effects.risk[t], effects.how[t], effects.scale[t], effects.chance[effects.risk[t]]
        if not effects.on[risk]:
            continue
        u = value_of(effects, effects.occurs[t], block, s, e, e.occurs)
        if effects.shared[risk] < 0:
            _count(u, chance, block[2], e.occurred, risk)
        value = value_of(effects, effects.impact[t], block, s, e, e.impact)
        if how == SERIES:
            for k in range(factor.size):
                factor[k] *= value[k] if u[k] < chance else 1.0
        elif how == PARALLEL:
            for k in range(factor.size):
                one = value[k] if u[k] < chance else 1.0
                e.largest[k] = max(e.largest[k], one) if largest else one
            largest = True
        else:
            total = e.percent if how == PERCENT else days
            for k in range(factor.size):
                total[k] += value[k] * scale if u[k] < chance else 0.0
    if largest:
        for k in range(factor.size):
            factor[k] *= e.largest[k]
    for k in range(factor.size):
        factor[k] *= 1.0 + e.percent[k]


def apply(effects: Effects, block: np.ndarray, s: Scratch, e: EffectScratch) -> None:
    """Changes s.duration as the block's risks and the choices made by chance have it."""
    restore(effects.still, effects.planned, s.duration)
    prepare(effects, block, s, e)
    combine(effects, block, s, e)


@kernel
def combine(effects, block, s, e):
    """Every group's factor and days, then the choices by chance; s.duration holds what was drawn or planned."""
    for g in range(effects.group_from.size - 1):
        terms(effects, g, block, s, e)
        for i in range(effects.group_from[g], effects.group_from[g + 1]):
            change(e, s.duration[effects.row[i]], effects.rest[i])
    e.off[:] = 0
    choose(effects, 0, block, s, e)


@inner
def change(e, row, rest):
    """row = its durations but for the rest times the factor plus the days, rounded, and the rest."""
    for k in range(row.size):
        row[k] = np.int32((row[k] - rest) * e.factor[k] + e.days[k] + rest + 0.5)


@kernel
def choose(effects, level, block, s, e):
    """Makes the choices of one level; what belongs to a branch not taken lasts no time."""
    for c in range(effects.level.size):
        if effects.level[c] != level:
            continue
        e.open[:] = 1
        for b in range(effects.choice_from[c], effects.choice_from[c + 1]):
            _take(effects, c, b, s, e)  # e.occurs = 1 where branch b is taken
            for k in range(block[2]):
                e.taken[b] += e.occurs[k] > 0
            for m in range(effects.member_from[b], effects.member_from[b + 1]):
                off, row = e.off[effects.member[m]], s.duration[effects.loose[effects.member[m]]]
                for k in range(row.size):
                    if e.occurs[k] == 0:
                        off[k] = 1
                        row[k] = 0


@inner
def _take(effects, c, b, s, e):
    """e.occurs = 1 where the branch is taken; e.open loses those iterations."""
    took, row = e.occurs, effects.tested[b]
    if effects.choice[c] >= 0:
        u = e.kept[effects.slot[effects.choice[c]]]
        for k in range(took.size):
            took[k] = e.open[k] if u[k] < effects.upto[b] else 0
    elif row < 0:
        for k in range(took.size):
            took[k] = e.open[k]
    else:
        for k in range(took.size):
            took[k] = e.open[k] if _holds(effects, b, _measured(effects.measure[b], row, k, s)) else 0
    for k in range(took.size):
        e.open[k] -= np.uint8(took[k])


@inner
def _measured(measure, row, k, s):
    if measure == DURATION:
        return s.duration[row, k]
    if measure == FINISH:
        return s.ef[row, k]
    return s.es[row, k] if s.es.shape[0] else np.int32(s.ef[row, k] - s.duration[row, k])


@inner
def _holds(effects, b, value):
    test, limit = effects.test[b], effects.limit[b]
    if test == BELOW:
        return value < limit
    if test == UP_TO:
        return value <= limit
    return value > limit if test == ABOVE else value >= limit


def _forward(net: Arrays, effects: Effects, s: Scratch, e: EffectScratch) -> None:
    """Early dates with what is lost to weather: a pass for each level of activities that wait for one another."""
    dated(net, s)
    for level in range(effects.lost.levels):
        stretch(net, effects.lost, level, s, e.lost)
        dated(net, s)


def passed(net: Arrays, effects: Effects, block: np.ndarray, s: Scratch, e: EffectScratch) -> None:
    """The forward pass of a block whose durations are drawn, with the choices that wait for it."""
    for level in range(1, int(effects.level.max(initial=0)) + 1):
        _forward(net, effects, s, e)
        unstretch(effects.lost.row, e.lost.stretched, e.lost.base, s.duration)
        choose(effects, level, block, s, e)
    _forward(net, effects, s, e)


@kernel
def leave_out(effects, by_float, used, s, e, critical):
    """Takes from `critical` [n] the iterations in which a row belongs to a branch not taken: what is not done is not critical."""
    for o in range(effects.loose.size):
        i = effects.loose[o]
        if not by_float and not s.live[i]:
            continue
        for k in range(used):
            if e.off[o, k]:
                critical[i] -= s.lf[i, k] <= s.ef[i, k] if by_float else s.marked[i, k]
