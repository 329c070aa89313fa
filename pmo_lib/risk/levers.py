"""What-if on a finished simulation: risks taken out and ranges made narrower, on the same random numbers, without lowering the plan again.

The plan, its network and every address stay as they are, so a change costs one more run of the passes, and its difference has its own small error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.distributions.by_name import Distribution
from pmo_lib.risk.distributions.lists import Cumulative, Discrete
from pmo_lib.risk.distributions.normal import Normal
from pmo_lib.risk.distributions.shapes import Lognormal, Pert, Triangular, Uniform

if TYPE_CHECKING:
    from pmo_lib.risk.engine.drawing import Variables
    from pmo_lib.risk.engine.run import Run
    from pmo_lib.risk.record import Simulation


def what_if(sim: Simulation, *, without: Collection[str] = (), spread: float | Mapping[str, float] = 1.0) -> Simulation:
    """The simulation with the risks in `without` taken out, and ranges narrowed about their middle to `spread` (0..1) of their width: all, or by activity.

    The middle is the most likely duration where the shape has one, else the median or the mean. The result is compared with `sim`, for `risk.difference`.
    Ranges are never widened: a wider one needs `simulate(…, compare=sim)`, which proves that it fits.

    Raises `InvalidInput` for a risk or activity that the simulation lacks, or a spread outside 0..1.
    """
    from pmo_lib.risk.engine.running import output, run_into
    from pmo_lib.risk.results.happened import occurrences, ways
    from pmo_lib.risk.simulation import activities_of

    shares = _shares(sim, spread)
    run = _changed(sim, without, shares)
    out, tally = output(sim.iterations, _watched(sim)), []
    critical = run_into(run, out, sim.criticality, tally=tally)
    own = {activity: narrowed(one, shares.get(activity, 1.0)) for activity, one in sim.ranges.own.items()}
    return replace(
        sim,
        ranges=replace(sim.ranges, own=own),
        finish_minutes=out.finish,
        finish=sim.network.instants(out.finish),
        milestone_minutes=dict(zip(sim.milestone_minutes, out.latest, strict=True)),
        activities=activities_of(sim.plan, sim.network, critical, sim.iterations),
        occurrences=occurrences(sim.risks, tally, sim.iterations),
        ways=ways(sim.choices, tally, sim.iterations),
        compared=sim,
        run=run,
    )


def _watched(sim: Simulation) -> list[tuple[list[int], int]]:
    """What each milestone watches."""
    from pmo_lib.risk.iterated import rows_of

    found = [rows_of(sim.plan, sim.network, activity) for activity in sim.milestone_minutes]
    return [one for one in found if one is not None]


def _shares(sim: Simulation, spread: float | Mapping[str, float]) -> dict[str, float]:
    """The share of its width that each changed range keeps."""
    given = dict(spread) if isinstance(spread, Mapping) else dict.fromkeys(sim.ranges.own, float(spread))
    strange = [activity for activity in given if activity not in sim.ranges.own]
    if strange:
        raise InvalidInput(f"what_if: {strange[0]} is no uncertain activity of the simulation; correct the id")
    for activity, share in given.items():
        if not 0 <= share <= 1:
            raise InvalidInput(f"what_if: a range keeps 0 to 1 of its width, and {activity} is to keep {share:g}; widen it by simulate(…, compare=…)")
    return {activity: share for activity, share in given.items() if share != 1}


def _changed(sim: Simulation, without: Collection[str], shares: Mapping[str, float]) -> Run:
    known = [risk.risk for risk in sim.risks]
    strange = [risk for risk in without if risk not in known]
    if strange:
        raise InvalidInput(f"what_if: the simulation has no risk {strange[0]}; it has {', '.join(known) or 'none'}")
    run = sim.run
    if run.effects is not None and without:
        run = replace(run, effects=run.effects._replace(on=np.array([risk not in set(without) for risk in known], np.uint8)))
    if shares:
        run = replace(run, variables=_narrower(sim, run.variables, shares))
    return replace(run, spare={True: [], False: []})


def _narrower(sim: Simulation, variables: Variables, shares: Mapping[str, float]) -> Variables:
    """The variables with some shapes narrowed; addresses, keys and correlation stay."""
    from pmo_lib.risk.lowering.variables import POINTS, Made, lowered

    made, systemic = Made(), sim.ranges.systemic
    names = [sim.network.activities[row] if row >= 0 else "" for row in variables.row.tolist()]
    kept: Sequence[Distribution] = [narrowed(sim.ranges.own[name], shares.get(name, 1.0)) if name else systemic for name in names]  # type: ignore[misc]
    found = [lowered(one, made) for one in kept]
    return variables._replace(
        shape=np.array([shape for shape, _, _ in found], np.int8),
        points=np.array([points for _, points, _ in found], np.float64).reshape(len(found), POINTS),
        table=np.array([table for _, _, table in found], np.int32),
        **made.arrays(),
    )


def narrowed(one: Distribution, share: float) -> Distribution:
    """A range with `share` of its width left about its middle."""
    if share == 1:
        return one
    if isinstance(one, Triangular):
        return Triangular(*_towards(one.likely, share, (one.low, one.likely, one.high)))
    if isinstance(one, Pert):
        return Pert(*_towards(one.likely, share, (one.low, one.likely, one.high)), lam=one.lam)
    if isinstance(one, Uniform):
        return Uniform(*_towards((one.low + one.high) / 2, share, (one.low, one.high)))
    if isinstance(one, Discrete | Cumulative):
        return _narrowed_list(one, share)
    if not isinstance(one, Normal | Lognormal):
        return one  # drawn elsewhere: as it was
    middle = one.mu if isinstance(one, Normal) else one.ppf(0.5)
    return _narrowed_bell(one, share, middle)


def _towards(middle: float, share: float, points: Sequence[float]) -> list[float]:
    return [middle + share * (point - middle) for point in points]


def _narrowed_list(one: Discrete | Cumulative, share: float) -> Distribution:
    values = _towards(one.mean, share, one.values)
    return Uniform(one.mean, one.mean) if share == 0 else type(one)(tuple(values), one.weights)


def _narrowed_bell(one: Normal | Lognormal, share: float, middle: float) -> Distribution:
    if share == 0:
        return Uniform(middle, middle)
    if isinstance(one, Normal):
        low, high = _towards(middle, share, (one.low, one.high))
        return Normal(one.mu, one.sigma * share, low, high)
    shift = middle + share * (one.shift - middle)
    return replace(one, mean=shift + share * (one.mean - one.shift), sd=one.sd * share, shift=shift)
