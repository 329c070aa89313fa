"""Williams' significance index: how much of the way to the finish an activity is, over all iterations.

For each iteration the share of its duration in duration plus total float, weighted by how long that iteration's project is against the mean. What a block
adds up is rounded to a whole number of parts of a minute, so that the order in which blocks end changes nothing.

Reference: Williams, Criticality in stochastic networks, Journal of the Operational Research Society 43 (1992).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.compiled import inner, kernel
from pmo_lib.risk.engine.block import Scratch, scratch
from pmo_lib.risk.engine.effects import EffectScratch, effect_scratch
from pmo_lib.risk.engine.passes import late_row
from pmo_lib.risk.engine.steps import dates
from pmo_lib.schedule.kernel import FINISH_FLOAT, backward, total_float

if TYPE_CHECKING:
    from pmo_lib.risk.engine.run import Run
    from pmo_lib.risk.record import Simulation

SCALE = 256.0  # parts of a minute
FLOAT = FINISH_FLOAT


def significance(sim: Simulation) -> np.ndarray:
    """The index of each row of the network, 0 to 1 and seldom more [n]; NaN where the project takes no time."""
    from pmo_lib.risk.engine.running import in_tasks
    from pmo_lib.risk.iterated import begin

    run, start = sim.run, begin(sim.network)
    single = not len(run.arrays.grid) and run.effects is None
    sums: list[np.ndarray] = []

    def fresh() -> tuple[Scratch, EffectScratch | None, np.ndarray]:
        sums.append(np.zeros(run.fixed.size, np.int64))
        s = scratch(run.fixed, single=single, by_float=True, latents=run.variables.latent.size, lanes=run.lanes)
        return s, None if run.effects is None else effect_scratch(run.effects, run.lanes), sums[-1]

    def one(rows: np.ndarray, own: tuple[Scratch, EffectScratch | None, np.ndarray]) -> int:
        for row in rows:
            _add_shares(run, row, *own[:2], start, own[2])
        return int(rows[:, 2].sum())

    in_tasks(run, one, fresh, sim.iterations)
    lasts = float((sim.finish_minutes.astype(np.int64) - start).sum())
    return np.sum(sums, axis=0) / (SCALE * lasts) if lasts > 0 else np.full(run.fixed.size, np.nan)


def _add_shares(run: Run, row: np.ndarray, s: Scratch, e: EffectScratch | None, begin: int, sums: np.ndarray) -> None:
    """Adds to `sums` [n] each row's share of its way in the iterations of this block, times how long the project is [parts of a minute]."""
    dates(run, row, s, e)
    if s.es.shape[0] == 0:
        _single(run.arrays, row[2], s, begin, sums)
    else:
        backward(run.arrays, s.duration, s.ef, s.finish, s.ls, s.lf)
        total_float(run.arrays, FLOAT, s.es, s.ef, s.ls, s.lf, s.ls)
        _several(row[2], s, begin, sums)


@kernel
def _several(used, s, begin, sums):
    for i in range(sums.size):
        sums[i] += _share(used, s.duration[i], s.ls[i], s.finish, begin)


@kernel
def _single(net, used, s, begin, sums):
    last_row = s.duration.shape[0] - 1
    for at in range(last_row + 1):
        i = last_row - at
        own, row, late = s.duration[i], s.ef[i], s.late
        late_row(net, i, s.duration, s.ef, s.finish, late, late.size)
        for k in range(late.size):
            row[k], late[k] = late[k] - own[k], late[k] - row[k]  # the late start, and the float
        sums[i] += _share(used, own, late, s.finish, begin)


@inner
def _share(used, own, slack, finish, begin):
    total = 0.0
    for k in range(used):
        length = own[k] + slack[k]
        if length > 0:
            total += np.float64(own[k]) / length * (finish[k] - begin)
    return np.int64(total * SCALE + 0.5)
