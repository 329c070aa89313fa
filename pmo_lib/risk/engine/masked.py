"""One set of drawn numbers, many finishes: the same iterations with some risks, or one activity's own range, left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.risk.engine.block import Scratch, dated
from pmo_lib.risk.engine.drawing import sample
from pmo_lib.risk.engine.effects import Effects, EffectScratch, combine, passed, prepare, restore
from pmo_lib.risk.engine.lost_days import unstretch

if TYPE_CHECKING:
    from pmo_lib.risk.engine.run import Run

NONE = -1  # no activity's range is left out


def run_masked(
    run: Run,
    effects: Effects | None,
    masks: np.ndarray,
    without: np.ndarray,
    changed: np.ndarray,
    row: np.ndarray,
    s: Scratch,
    e: EffectScratch | None,
    out: np.ndarray,
) -> None:
    """out[m] receives the finishes of a block's iterations with the risks of masks[m] alone, and with the duration of row without[m] as planned.

    `effects` are the run's, their `on` this thread's own; `changed` is what `changed_rows` says of them.
    """
    sample(run.variables, row[0], row[1], row[3], s)
    if effects is not None and e is not None:
        restore(effects.still, effects.planned, s.duration)
        prepare(effects, row, s, e)
    base = s.duration.copy()
    for m in range(len(masks)):
        _again(base, changed, without[m], run.fixed, s.duration)
        if effects is None or e is None:
            dated(run.arrays, s)
        else:
            effects.on[:] = masks[m]
            combine(effects, row, s, e)
            passed(run.arrays, effects, row, s, e)
            unstretch(effects.lost.row, e.lost.stretched, e.lost.base, s.duration)
        if without[m] != NONE:
            s.duration[without[m]] = base[without[m]]
        out[m, row[4] : row[4] + row[2]] = s.finish[: row[2]]


def changed_rows(effects: Effects | None) -> np.ndarray:
    """The rows of the network that risks or choices change."""
    return np.empty(0, np.int32) if effects is None else np.union1d(effects.row, effects.loose).astype(np.int32)


@kernel
def _again(base, changed, without, fixed, duration):
    """The drawn durations anew in the rows that risks change; the planned one in row `without`."""
    for i in range(changed.size):
        duration[changed[i]] = base[changed[i]]
    if without != NONE:
        duration[without] = fixed[without]
