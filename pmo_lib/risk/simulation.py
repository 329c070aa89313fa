"""Monte Carlo on the schedule: the same passes as `schedule.dates`, with drawn durations.

The result depends on the plan, the ranges, the seed and the number of iterations alone; threads and blocks change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput, NotSchedulable
from pmo_lib.project import Project
from pmo_lib.risk.cluster import runner
from pmo_lib.risk.engine.block import lanes_of
from pmo_lib.risk.engine.running import CRITICALITY, Cancel, Progress, output, run_into
from pmo_lib.risk.execution import Results, cut, run_enough
from pmo_lib.risk.inputs.ranges import FieldUse
from pmo_lib.risk.iterated import planned_finish, rows_of
from pmo_lib.risk.record import Simulation
from pmo_lib.risk.results.convergence import Convergence
from pmo_lib.risk.results.difference import alike
from pmo_lib.risk.results.happened import occurrences, ways
from pmo_lib.risk.setting import Draws, Inputs, Setting, set_up
from pmo_lib.sampling import blocks, replicate_bounds
from pmo_lib.schedule.network import Network
from pmo_lib.standards import RangeRule

Sampling = Literal["latin_hypercube", "plain"]
Criticality = Literal["longest_path", "float"]
Groups = dict[str, tuple[list[int], int]]  # by milestone: the rows whose latest finish is its own, and the earliest that it can be
ROOM = (1.0, 3.0, 9.0)  # times the room that lost days are expected to need; more where it was not enough


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
    weather: Any = None,
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
    below it. `risks` (drivers and events), `branches`, `existence` and `weather` (days lost by season) are frames of
    `tables.risks`; without them the plan's own tables count.

    `until` adds replicates until a percentile is known well enough. `compare` takes its random numbers from an earlier simulation, for `risk.difference`.
    `scheduler` runs the blocks on Dask: "local", the address of a scheduler, or a client; the result is the same, bit by bit.

    Raises `NotAvailable` for a started plan without status date, or one with nothing left to do; `InvalidInput` for a range or parameter that breaks
    its rule; `NotSchedulable` for a loop.
    """
    _check(iterations, constraints, criticality, threads)
    if compare is not None:
        given = {"iterations": iterations, "seed": seed, "sampling": sampling, "replicates": replicates}
        iterations, seed, sampling, replicates = alike(compare, given, until).values()
        milestones = tuple(dict.fromkeys([*milestones, *compare.milestone_minutes]))
    bounds = replicate_bounds(iterations, replicates, sampling) if until is None else until.bounds(iterations, replicates, sampling)
    inputs = Inputs(
        estimates=estimates,
        risks=risks,
        correlation=correlation,
        rule=rule,
        rules=rules,
        fields=fields,
        field_names=field_names,
        branches=branches,
        existence=existence,
        weather=weather,
    )
    draws = Draws(seed=seed, bounds=bounds, latin=sampling == "latin_hypercube")
    with runner(scheduler, run_into) as go:

        def run(setting: Setting, groups: Groups) -> Results:
            out = output(int(bounds[-1]), list(groups.values()))
            return run_enough(until, replicates, plan, setting.network, setting.run, out, bounds, go, criticality, progress, cancel)

        setting, groups, found = _with_room(plan, milestones, partial(set_up, plan, inputs, draws, as_of, constraints, threads), run)
    return _gathered(plan, setting, found, list(groups), sampling=sampling, seed=seed, criticality=criticality, compared=compare)


def _with_room(
    plan: Project, milestones: Sequence[str], ready: Callable[[float], Setting], run: Callable[[Setting, Groups], Results]
) -> tuple[Setting, Groups, Results]:
    """What was made ready, the rows behind each milestone, and what was run; anew with more room where weather cost more days than were expected."""
    for room in ROOM:
        setting = ready(room)
        groups = {activity: rows for activity in milestones if (rows := rows_of(plan, setting.network, activity)) is not None}
        found = run(setting, groups)
        if not any(each.lost.beyond[0] for each in found.tally):
            return setting, groups, found
    raise NotSchedulable(f"the weather of {plan.info.key} stops its work for longer than any plan can last; lower the chance of a lost day")


def _check(iterations: int, constraints: str, criticality: str, threads: int | None) -> None:
    if not isinstance(iterations, int) or iterations < 1:
        raise InvalidInput(f"iterations is a whole number of 1 or more, and is {iterations!r}")
    if constraints not in ("soften", "keep"):
        raise InvalidInput(f"constraints is 'soften' or 'keep', and is {constraints!r}")
    if criticality not in CRITICALITY:
        raise InvalidInput(f"criticality is 'longest_path' or 'float', and is {criticality!r}")
    if threads is not None and threads < 1:
        raise InvalidInput(f"threads is 1 or more, and is {threads}")


def described(sampling: str, bounds: np.ndarray) -> str:
    """The sampling in words."""
    if sampling == "plain":
        return f"plain sampling, {bounds[-1]:,} draws"
    return f"Latin hypercube, {bounds.size - 1} replicates of {bounds[-1] // (bounds.size - 1):,}"


def _gathered(plan: Project, setting: Setting, found: Results, milestones: Sequence[str], *, sampling: str, **told: Any) -> Simulation:
    """What was run, as a simulation; `told` are fields that it takes as they are."""
    iterations, net = int(found.bounds[-1]), setting.network
    out = cut(found.out, iterations)
    return Simulation(
        plan=plan,
        network=net,
        ranges=setting.ranges,
        finish_minutes=out.finish,
        finish=net.instants(out.finish),
        milestone_minutes=dict(zip(milestones, out.latest, strict=True)),
        activities=activities_of(plan, net, found.critical, iterations),
        risks=tuple(setting.risks),
        choices=tuple(setting.choices),
        weather=tuple(setting.weather),
        occurrences=occurrences(setting.risks, found.tally, iterations),
        ways=ways(setting.choices, found.tally, iterations),
        deterministic_finish=setting.steps["finish"][-1] if setting.steps.height else planned_finish(net),
        steps=setting.steps,
        status_date=setting.status_date,
        indicative=setting.ranges.indicative,
        iterations=iterations,
        bounds=found.bounds,
        sampling=described(sampling, found.bounds),
        run=replace(setting.run, blocks=blocks(found.bounds, lanes_of(net.duration.size))),
        **told,
    )


def activities_of(plan: Project, net: Network, critical: np.ndarray, iterations: int) -> pl.DataFrame:
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
