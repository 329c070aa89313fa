"""How a simulation's iterations are run: all at once, replicate by replicate until they suffice, or on other processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.risk.results.convergence import Convergence, narrow

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.risk.engine.block import Output
    from pmo_lib.risk.engine.effects import EffectScratch
    from pmo_lib.risk.engine.run import Run
    from pmo_lib.risk.engine.running import Cancel, Progress
    from pmo_lib.schedule.network import Network

Runner = Callable[..., np.ndarray]  # `running.run_into`, or what does the same elsewhere


@dataclass(frozen=True, slots=True)
class Results:
    """What was run, of what was prepared."""

    out: Output
    critical: np.ndarray  # [n] in how many iterations each row was critical
    bounds: np.ndarray  # of the replicates that were run
    tally: list[EffectScratch]  # what each thread counted of risks and branches


def run_enough(
    until: Convergence | None,
    first: int,
    plan: Project,
    net: Network,
    run: Run,
    out: Output,
    bounds: np.ndarray,
    go: Runner,
    criticality: str,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Results:
    """Every replicate; or `first` of them, then one after another until they suffice."""
    tally: list[EffectScratch] = []
    if until is None:
        return Results(out, go(run, out, criticality, progress, cancel, tally), bounds, tally)
    owner, told = run.blocks[:, 0], counting(progress, int(bounds[-1]))
    critical, done, count, enough = np.zeros(run.fixed.size, np.int64), 0, min(first, bounds.size - 1), 0
    while True:
        critical += go(replace(run, blocks=run.blocks[(owner >= done) & (owner < count)]), out, criticality, told, cancel, tally)
        enough = enough + 1 if narrow(until, plan, net, out.finish, bounds[: count + 1]) else 0
        if enough >= until.in_a_row or count == bounds.size - 1:
            return Results(out, critical, bounds[: count + 1], tally)
        done, count = count, count + 1


def cut(out: Output, iterations: int) -> Output:
    """The first iterations of an output."""
    return out._replace(finish=out.finish[:iterations].copy(), latest=out.latest[:, :iterations].copy())


def counting(progress: Progress | None, whole: int) -> Progress | None:
    """Progress over several runs of blocks: what earlier ones did is added, and the whole is what may be needed."""
    if progress is None:
        return None
    before, last = 0, 0

    def told(done: int, total: int, what: str) -> None:
        nonlocal before, last
        if done <= last:
            before += last
        last = done
        progress(min(before + done, whole), whole, what)

    return told
