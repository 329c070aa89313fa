"""The iterations of one block from step to step: what is drawn, what risks make of it, when it is done, and what was critical.

Each step is compiled by itself and called from Python, which takes some 5 microseconds beside a block's hundreds. A compiled function is compiled together
with all that it calls: one for each combination of steps would make the first run of a new installation a minute longer.
"""

from __future__ import annotations

import numpy as np

from pmo_lib.risk.engine.block import Output, Scratch, add_marks, add_without_float, dated, keep, marked
from pmo_lib.risk.engine.drawing import Variables, sample
from pmo_lib.risk.engine.effects import Effects, EffectScratch, apply, leave_out, passed
from pmo_lib.risk.engine.passes import float_single
from pmo_lib.risk.engine.run import Run
from pmo_lib.schedule.kernel import backward


def durations(variables: Variables, effects: Effects | None, row: np.ndarray, s: Scratch, e: EffectScratch | None) -> None:
    """s.duration = what the iterations of this block draw, as risks and choices by chance have it."""
    sample(variables, row[0], row[1], row[3], s)
    if effects is not None and e is not None:
        apply(effects, row, s, e)


def dates(run: Run, row: np.ndarray, s: Scratch, e: EffectScratch | None) -> None:
    """Durations, early dates and finishes of the iterations of this block."""
    durations(run.variables, run.effects, row, s, e)
    if run.effects is not None and e is not None:
        passed(run.arrays, run.effects, row, s, e)
    else:
        dated(run.arrays, s)


def iterate(run: Run, row: np.ndarray, by_float: bool, s: Scratch, e: EffectScratch | None, critical: np.ndarray, out: Output) -> None:
    """The iterations of this block into `out`; what is critical to their own finish, by float or by longest path, is counted unless `critical` is empty."""
    dates(run, row, s, e)
    keep(row, s, out)
    if by_float and s.lf.shape[0] == 0:
        float_single(run.arrays, row[2], s, critical)
        return
    if not critical.size:
        return
    if by_float:
        backward(run.arrays, s.duration, s.ef, s.finish, s.ls, s.lf)
        add_without_float(row[2], s, critical)
    else:
        marked(run.arrays, s)
        add_marks(row[2], s, critical)
    if run.effects is not None and run.effects.loose.size:
        leave_out(run.effects, by_float, row[2], s, e, critical)
