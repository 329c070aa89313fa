"""Monte Carlo on the schedule: the same passes as `schedule.dates`, with drawn durations.

The result depends on the plan, the ranges, the seed and the number of iterations alone; threads and blocks change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from queue import SimpleQueue
from typing import Any, Literal

import numpy as np
import polars as pl

from pmo_lib import __version__
from pmo_lib.errors import InvalidInput, NotAvailable, NotSchedulable, PMOError
from pmo_lib.project import Project
from pmo_lib.risk import block as blocks_
from pmo_lib.risk.branching import Choice, choices
from pmo_lib.risk.cluster import runner
from pmo_lib.risk.convergence import Convergence
from pmo_lib.risk.correlation import among
from pmo_lib.risk.difference import alike
from pmo_lib.risk.effects import Effects, EffectScratch, effect_scratch, run_with_effects
from pmo_lib.risk.execution import cut, run_enough
from pmo_lib.risk.happened import occurrences, ways
from pmo_lib.risk.prepared import prepare
from pmo_lib.risk.ranges import FieldUse, Ranges, ranges
from pmo_lib.risk.reach import reached
from pmo_lib.risk.register import Risk, register
from pmo_lib.risk.touches import effects, longest
from pmo_lib.risk.variables import variables
from pmo_lib.sampling import blocks, replicate_bounds
from pmo_lib.schedule.kernel import FAR, FF, FS, Arrays
from pmo_lib.schedule.network import Network, lower
from pmo_lib.standards import RangeRule

Sampling = Literal["latin_hypercube", "plain"]
Criticality = Literal["longest_path", "float"]
Progress = Callable[[int, int, str], None]  # done, total, what
Cancel = Callable[[], bool]  # asked now and then, from the calling thread
SPARED = 5_000  # activities up to which scratch is kept: 20 MB a thread
TASK = 8  # blocks that one task runs before it reports
CRITICALITY = {"longest_path": blocks_.run_longest_path, "float": blocks_.run_float}


class Cancelled(PMOError):
    """The simulation was called off before its last iteration; nothing of it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is needed to run the same iterations again."""

    arrays: Arrays
    variables: blocks_.Variables
    effects: Effects | None  # None: neither risks nor branches
    fixed: np.ndarray  # [n] int32, working minutes: what is planned
    blocks: np.ndarray  # as `sampling.blocks`
    threads: int
    spare: dict[bool, list[blocks_.Scratch]] = field(
        default_factory=lambda: {True: [], False: []}, repr=False, compare=False
    )  # see `run_into`; by float or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A finished simulation. Times are minutes of the network's axis, `finish` and `milestones` also as instants."""

    plan: Project
    network: Network
    ranges: Ranges
    finish_minutes: np.ndarray  # [iterations] int32
    finish: np.ndarray  # [iterations] datetime64[us]
    milestone_minutes: dict[str, np.ndarray]  # by activity: [iterations] int32
    activities: pl.DataFrame  # activity, name, uncertain, planned [working minutes of remaining duration], criticality
    risks: tuple[Risk, ...]
    choices: tuple[Choice, ...]  # branches and tasks that may not exist
    occurrences: pl.DataFrame  # tables.results.Occurrences
    ways: pl.DataFrame  # tables.results.Ways
    deterministic_finish: datetime
    steps: pl.DataFrame  # tables.results.Steps
    status_date: datetime | None
    indicative: str | None  # what to print beside every figure; None: every range was estimated
    iterations: int
    seed: int
    bounds: np.ndarray  # [replicates + 1]: where each independent replicate begins
    sampling: str  # as in "Latin hypercube, 10 replicates of 1,000"
    criticality: str
    version: str = __version__
    compared: Simulation | None = field(default=None, repr=False)  # what it was compared with, on the same random numbers
    run: Run = field(repr=False)

    def __repr__(self) -> str:
        p50, p80 = np.sort(self.finish_minutes)[[(self.iterations - 1) // 2, -(-self.iterations * 8 // 10) - 1]]
        at = self.network.instants(np.array([p50, p80])).astype("datetime64[D]")
        told = f"{self.iterations:,} iterations, seed {self.seed}; {self.indicative or 'ranges estimated'}"
        return f"<Simulation {self.plan.info.key}: P50 {at[0]}, P80 {at[1]}; {told}>"


def simulate(
    plan: Project,
    estimates: Any = None,
    risks: Any = None,
    correlation: Any = None,
    iterations: int = 10_000,
    seed: int = 2026,
    *,
    rule: RangeRule | str | None = None,
    rules: Any = None,
    fields: FieldUse = "remaining",
    field_names: Sequence[str] | None = None,
    as_of: datetime | None = None,
    constraints: Literal["soften", "keep"] = "soften",
    criticality: Criticality = "longest_path",
    sampling: Sampling = "latin_hypercube",
    replicates: int = 10,
    threads: int | None = None,
    milestones: Sequence[str] = (),
    branches: Any = None,
    existence: Any = None,
    until: Convergence | None = None,
    compare: Simulation | None = None,
    scheduler: Any = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Simulation:
    """The plan's finish and its drivers, over `iterations` draws of the remaining durations.

    Only incomplete activities with work of their own are drawn. Each takes its range from the first that has one: `estimates`; the file's own (three
    points, or custom `fields` titled so or named in `field_names`, that hold what is left, or the whole duration); the first of `rules`
    (`tables.rules.Rules`) that meets it; the standard's `rule`, and the result is then marked indicative. Open work is first moved to the status date
    (the file's, else `as_of`), and hard constraints are softened unless `constraints` is "keep". `correlation` binds durations (`correlated` says which
    frames): Spearman's coefficient where a frame alone is given. `milestones` are activity ids whose finish is kept too; a summary stands for the latest
    below it. `risks` (drivers and events), `branches` and `existence` are frames of `tables.risks`; without them the plan's own tables count.

    `until` adds replicates until a percentile is known well enough. `compare` takes its random numbers from an earlier simulation, for `risk.difference`.
    `scheduler` runs the blocks on Dask: "local", the address of a scheduler, or a client; the result is the same, bit by bit.

    Raises `NotAvailable` for a started plan without status date, or one with nothing left to do; `InvalidInput` for a range or parameter that breaks
    its rule; `NotSchedulable` for a loop.
    """
    if "weather" in plan.tables and not plan.tables["weather"].is_empty():
        raise NotAvailable(f"simulate: {plan.info.key} has weather, which is not simulated yet; take the table out, or give the lost days as risk events")
    _check(iterations, constraints, criticality, threads)
    if compare is not None:
        given = {"iterations": iterations, "seed": seed, "sampling": sampling, "replicates": replicates}
        iterations, seed, sampling, replicates = alike(compare, given, until).values()
        milestones = tuple(dict.fromkeys([*milestones, *compare.milestone_minutes]))
    bounds = replicate_bounds(iterations, replicates, sampling) if until is None else until.bounds(iterations, replicates, sampling)
    prepared = prepare(plan, as_of, constraints)
    net = lower(plan, move_to=prepared.status_date, soften=prepared.soften)
    drawn = ranges(plan, net, estimates, rule, rules=rules, fields=fields, field_names=field_names)
    listed = register(plan, net, risks)
    latin = sampling == "latin_hypercube"
    most = longest(net, listed, drawn)
    try:
        net = lower(plan, move_to=prepared.status_date, soften=prepared.soften, longest=most)
    except NotSchedulable:  # with every risk at its greatest at once; what occurs together in these iterations is less
        most = reached(net, listed, drawn, seed, blocks(bounds), latin=latin)
        net = lower(plan, move_to=prepared.status_date, soften=prepared.soften, longest=most)
    made = choices(plan, net, branches, existence)
    bound = among(plan, net, drawn.own, correlation) if correlation is not None else None
    run = Run(
        arrays=for_iterations(net.arrays),
        variables=variables(net.activities, drawn, seed, bounds.size - 1, latin=latin, correlation=bound),
        effects=effects(net, listed, made, drawn, seed, bounds.size - 1, latin=latin),
        fixed=net.duration,
        blocks=blocks(bounds),
        threads=threads or available(),
    )
    groups = {activity: rows_of(plan, net, activity) for activity in milestones}
    watched = {activity: rows for activity, rows in groups.items() if rows is not None}
    out = output(int(bounds[-1]), list(watched.values()))
    tally: list[EffectScratch] = []
    with runner(scheduler, run_into) as go:
        critical, bounds = run_enough(until, replicates, plan, net, run, out, bounds, go, criticality, progress, cancel, tally)
    iterations = int(bounds[-1])
    out, run = cut(out, iterations), replace(run, blocks=blocks(bounds))
    return Simulation(
        plan=plan,
        network=net,
        ranges=drawn,
        finish_minutes=out.finish,
        finish=net.instants(out.finish),
        milestone_minutes=dict(zip(watched, out.latest, strict=True)),
        activities=_activities(plan, net, critical, iterations),
        risks=tuple(listed),
        choices=tuple(made),
        occurrences=occurrences(listed, tally, iterations),
        ways=ways(made, tally, iterations),
        deterministic_finish=prepared.steps["finish"][-1] if prepared.steps.height else planned_finish(net),
        steps=prepared.steps,
        status_date=prepared.status_date,
        indicative=drawn.indicative,
        iterations=iterations,
        seed=seed,
        bounds=bounds,
        sampling=described(sampling, bounds),
        criticality=criticality,
        compared=compare,
        run=run,
    )


def _check(iterations: int, constraints: str, criticality: str, threads: int | None) -> None:
    if not isinstance(iterations, int) or iterations < 1:
        raise InvalidInput(f"iterations is a whole number of 1 or more, and is {iterations!r}")
    if constraints not in ("soften", "keep"):
        raise InvalidInput(f"constraints is 'soften' or 'keep', and is {constraints!r}")
    if criticality not in CRITICALITY:
        raise InvalidInput(f"criticality is 'longest_path' or 'float', and is {criticality!r}")
    if threads is not None and threads < 1:
        raise InvalidInput(f"threads is 1 or more, and is {threads}")


def available() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def described(sampling: str, bounds: np.ndarray) -> str:
    """The sampling in words."""
    if sampling == "plain":
        return f"plain sampling, {bounds[-1]:,} draws"
    return f"Latin hypercube, {bounds.size - 1} replicates of {bounds[-1] // (bounds.size - 1):,}"


def for_iterations(arrays: Arrays) -> Arrays:
    """The network as iterations run it.

    Late dates come from each iteration's own finish alone, so that float means what that iteration means. The finish is sought only where it can be:
    an activity whose finish a successor never precedes need not be looked at.
    """
    n = arrays.calendar.size
    high, low = np.full(n, FAR, np.int32), np.full(n, -FAR, np.int32)
    free = (arrays.es_high[arrays.succ] >= FAR) & (arrays.ef_high[arrays.succ] >= FAR)
    followed = free & np.isin(arrays.succ_type, (FS, FF)) & (arrays.succ_lag >= 0) & (arrays.drives[arrays.succ] == 1)
    before = np.repeat(np.arange(n), np.diff(arrays.succ_from))
    drives = arrays.drives.copy()
    if not len(arrays.grid):
        drives[before[followed]] = 0
    return arrays._replace(ls_low=low, lf_low=low, ls_high=high, lf_high=high, loose=np.zeros(n, np.int32), drives=drives)


def planned_finish(net: Network) -> datetime:
    """The project's finish with the planned durations."""
    from pmo_lib.schedule import kernel

    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, finish = np.empty_like(duration), np.empty_like(duration), np.empty(1, np.int32)
    kernel.forward(net.arrays, duration, es, ef)
    kernel.latest(net.arrays, ef, finish)
    return net.instants(finish)[0].item()


def rows_of(plan: Project, net: Network, activity: str) -> tuple[list[int], int] | None:
    """The network's rows whose latest finish is the activity's, and the earliest that it can be; None for what drives nothing.

    Raises `InvalidInput` for an activity that the plan lacks.
    """
    from pmo_lib.schedule.links import leaves

    if activity not in set(plan.tables["activities"]["activity"]):
        raise InvalidInput(f"milestone {activity!r} is not an activity of {plan.info.key}; correct the id")
    below = [activity] if activity in net.tasks else leaves(plan, net.tasks).get(activity, [])
    place = {name: i for i, name in enumerate(net.activities)}
    done = [net.tasks[one].finished for one in below if net.tasks[one].finished]
    rows = [place[one] for one in below if one in place]
    if not rows and not done:
        return None
    return rows, max((net.axis(when) for when in done if when is not None), default=-FAR)


def output(iterations: int, groups: Sequence[tuple[list[int], int]] = (), *, rows: range = range(0), durations: bool = False) -> blocks_.Output:
    """Room for the project's finish, the latest finish of each group (its rows, and the earliest that it can be), and of `rows` their durations or finishes."""
    latest = [np.full(iterations, floor, np.int32) for _, floor in groups]
    return blocks_.Output(
        finish=np.empty(iterations, np.int32),
        watched_from=np.cumsum([0, *(len(watched) for watched, _ in groups)]).astype(np.int64),
        watched=np.array([row for watched, _ in groups for row in watched], np.int32),
        latest=np.array(latest, np.int32).reshape(len(groups), iterations),
        durations=durations,
        begin=rows.start,
        kept=np.empty((len(rows), iterations), np.int32),
    )


def run_into(
    run: Run,
    out: blocks_.Output,
    criticality: str = "longest_path",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    tally: list[EffectScratch] | None = None,
    *,
    marks: bool = True,
) -> np.ndarray:
    """Every iteration into `out`; back comes in how many each row was critical [n]. `tally` receives what each thread counted of risks and branches.

    Without `marks` nothing is counted where that can be spared.

    The scratch of a small network is kept for the next time: fresh memory costs a tenth of such a run.
    """
    by_float = criticality == "float"
    compiled, spare, latents = CRITICALITY[criticality], run.spare[by_float], run.variables.latent.size
    single = not len(run.arrays.grid) and not (by_float and run.effects is not None and run.effects.loose.size)
    counts: list[np.ndarray] = []
    taken: list[blocks_.Scratch] = []

    def one(rows: np.ndarray, own: tuple[blocks_.Scratch, EffectScratch | None, np.ndarray]) -> int:
        if own[1] is None:
            compiled(run.arrays, run.variables, rows, own[0], own[2], out)
        else:
            run_with_effects(run.arrays, run.variables, run.effects, by_float, rows, *own, out)
        return int(rows[:, 2].sum())

    def fresh() -> tuple[blocks_.Scratch, EffectScratch | None, np.ndarray]:
        counts.append(np.zeros(run.fixed.size if marks or run.effects is not None or by_float else 0, np.int64))
        taken.append(spare.pop() if spare else blocks_.scratch(run.fixed, single=single, by_float=by_float, latents=latents))
        more = None if run.effects is None else effect_scratch(run.effects)
        if more is not None and tally is not None:
            tally.append(more)
        return taken[-1], more, counts[-1]

    _in_tasks(run, one, fresh, out.finish.size, progress, cancel)
    if run.fixed.size <= SPARED:
        spare.extend(taken)
    return np.sum(counts, axis=0)


def _in_tasks(
    run: Run, one: Callable[[np.ndarray, Any], int], fresh: Callable[[], Any], iterations: int, progress: Progress | None = None, cancel: Cancel | None = None
) -> None:
    """Runs `one` over the blocks, a few at a time, on `run.threads` threads, each with its own scratch from `fresh`."""
    size = min(TASK, max(1, len(run.blocks) // (4 * run.threads)))  # some tasks for each thread, so that none ends long before another
    tasks = [run.blocks[first : first + size] for first in range(0, len(run.blocks), size)]
    workers = min(run.threads, len(tasks))
    free: SimpleQueue[Any] = SimpleQueue()
    for _ in range(workers):
        free.put(fresh())
    called_off = False

    def work(rows: np.ndarray) -> int:
        if called_off:
            return 0
        scratch = free.get()
        try:
            return one(rows, scratch)
        finally:
            free.put(scratch)

    with ThreadPoolExecutor(workers, thread_name_prefix="pmo-risk") as pool:
        left, done = {pool.submit(work, rows) for rows in tasks}, 0
        while left:
            ended, left = wait(left, timeout=0.2 if cancel else None, return_when=FIRST_COMPLETED)
            done += sum(task.result() for task in ended)
            if progress is not None and ended and not called_off:
                progress(done, iterations, "iterations")
            called_off = called_off or (cancel is not None and cancel())
    if called_off and done < iterations:
        raise Cancelled(f"the simulation was called off after {done:,} of {iterations:,} iterations")


def _activities(plan: Project, net: Network, critical: np.ndarray, iterations: int) -> pl.DataFrame:
    """Per open activity, in the plan's order: what is planned, whether it was drawn, and how often it was critical."""
    names = dict(plan.tables["activities"].select("activity", "name").iter_rows())
    place = {activity: i for i, activity in enumerate(net.activities)}
    order = [place[activity] for activity in net.tasks if activity in place]
    return pl.DataFrame(
        {
            "activity": [net.activities[i] for i in order],
            "name": [names[net.activities[i]] for i in order],
            "uncertain": net.uncertain[order],
            "planned": net.duration[order].astype(np.int64),
            "criticality": critical[order] / iterations,
        }
    )
