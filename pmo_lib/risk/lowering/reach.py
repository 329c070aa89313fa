"""How long risks can make durations in the very iterations that will run.

The product of every driver's greatest factor soon reaches centuries. Draws are addressed, so what occurs can be looked at beforehand: the greatest product of
each group of activities over all iterations, of the risks that lengthen alone, bounds the run and every run with some of its risks left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.risk.engine import block
from pmo_lib.risk.engine.effects import PARALLEL, PERCENT, SERIES, effect_scratch, prepare, value_of
from pmo_lib.risk.inputs.ranges import Ranges
from pmo_lib.risk.inputs.register import Risk
from pmo_lib.risk.lowering.touches import lowered

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network


def reached(net: Network, risks: Sequence[Risk], drawn: Ranges, seed: int, blocks: np.ndarray, *, latin: bool) -> Mapping[str, int]:
    """The longest duration that draws can give with the risks as they occur, by activity [working minutes]."""
    effects = lowered(net, risks, (), drawn, seed, int(blocks[:, 0].max()) + 1, latin=latin)
    factor, days = np.ones(effects.group_from.size - 1), np.zeros(effects.group_from.size - 1)
    longest_terms(effects, blocks, block.scratch(np.zeros(0, np.int32), single=True, by_float=False), effect_scratch(effects), factor, days)
    found, before = dict(drawn.longest()), drawn.longest()
    for g in range(factor.size):
        for row in effects.row[effects.group_from[g] : effects.group_from[g + 1]].tolist():
            activity = net.activities[row]
            found[activity] = int(before.get(activity, int(net.duration[row])) * factor[g] + days[g]) + 2
    return found


@kernel
def longest_terms(effects, blocks, s, e, factor, days):
    """Raises `factor` and `days` [groups] to the greatest of any iteration."""
    for b in range(blocks.shape[0]):
        prepare(effects, blocks[b], s, e)
        for g in range(factor.size):
            _lengthened(effects, g, blocks[b], s, e)
            for k in range(blocks[b, 2]):
                factor[g] = max(factor[g], e.factor[k] * e.largest[k] * (1.0 + e.percent[k]))
                days[g] = max(days[g], e.days[k])


@inner
def _lengthened(effects, g, block, s, e):
    """A group's terms from what lengthens alone."""
    e.factor[:] = 1.0
    e.largest[:] = 1.0
    e.percent[:] = 0.0
    e.days[:] = 0.0
    for t in range(effects.touch_from[g], effects.touch_from[g + 1]):
        how, scale, chance = effects.how[t], effects.scale[t], effects.chance[effects.risk[t]]
        u = value_of(effects, effects.occurs[t], block, s, e, e.occurs)
        value = value_of(effects, effects.impact[t], block, s, e, e.impact)
        for k in range(u.size):
            if u[k] >= chance:
                continue
            if how == SERIES:
                e.factor[k] *= max(value[k], 1.0)
            elif how == PARALLEL:
                e.largest[k] = max(e.largest[k], value[k])
            elif how == PERCENT:
                e.percent[k] += max(value[k] * scale, 0.0)
            else:
                e.days[k] += max(value[k] * scale, 0.0)
