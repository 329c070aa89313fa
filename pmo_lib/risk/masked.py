"""One set of drawn numbers, many finishes: the same iterations with some risks, or one activity's own range, left out. Compiled."""

from __future__ import annotations

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.drawing import sample
from pmo_lib.risk.effects import combine, passed, prepare
from pmo_lib.risk.lost_days import unstretch

NONE = -1  # no activity's range is left out


@kernel
def run_masked(net, variables, effects, masks, without, fixed, changed, blocks, s, e, base, out):
    """out[m] = the finishes with the risks of masks[m] alone, and with the duration of row without[m] as planned. `effects.on` is this thread's own.

    `changed` are the rows that risks or choices change, `fixed` the planned durations [n], `base` scratch as large as s.duration.
    """
    for b in range(blocks.shape[0]):
        block = blocks[b]
        sample(variables, block[0], block[1], block[3], s)
        for i in range(effects.still.size):
            s.duration[effects.still[i]] = effects.planned[i]
        prepare(effects, block, s, e)
        base[:] = s.duration
        for m in range(masks.shape[0]):
            effects.on[:] = masks[m]
            for i in range(changed.size):
                s.duration[changed[i]] = base[changed[i]]
            if without[m] != NONE:
                s.duration[without[m]] = fixed[without[m]]
            combine(effects, block, s, e)
            passed(net, effects, block, s, e)
            unstretch(effects.lost, s, e.lost)
            if without[m] != NONE:
                s.duration[without[m]] = base[without[m]]
            row = out[m]
            for k in range(block[2]):
                row[block[4] + k] = s.finish[k]


def changed_rows(effects: object) -> np.ndarray:
    """The rows of the network that risks or choices change."""
    return np.union1d(effects.row, effects.loose).astype(np.int32)  # type: ignore[attr-defined]
