"""False certainty: where many ranges vary independently, their errors cancel, and the finish looks surer than anybody is.

The spread of a sum of n equal independent durations, over its mean, falls like 1/sqrt(n); with anything that all share it does not. How it falls here is the
exponent e of n^-e, from the variance of the sum of all drawn durations over the sum of their variances: 0.5 is independence, 0 one common cause.

Reference: Hulett, Practical Schedule Risk Analysis (2009), on correlation; Book, Estimating probable system cost (1999).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pmo_lib.risk.engine.effects import Effects
    from pmo_lib.risk.inputs.ranges import Ranges
    from pmo_lib.risk.record import Simulation
    from pmo_lib.schedule.network import Network

INDEPENDENT = 0.4  # exponent from which a warning is given
FEW = 8  # fewer activities in effect cannot cancel much
TOGETHER = 0.05  # mean correlation below which a wider finish is the risks' doing, not that of shared causes
ITERATIONS = 2_000  # of each side run
ROOM = 12_000_000  # durations held at a time
SPACE = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """What the check found. Spreads are from P10 to P90 of the finish [working days]."""

    warned: bool
    activities: int  # that vary
    effective: float  # how many equal ones would spread as they do: (sum of deviations)² / sum of variances
    exponent: float | None  # 0.5: independent; 0: one common cause; None: fewer than two vary
    correlation: float | None  # mean correlation of two durations
    variation: float  # coefficient of variation of the time left to the finish
    spread: float
    spread_independent: float  # had nothing been shared
    spread_shared: float  # with the proposed driver besides
    p80: datetime  # as simulated, by the side runs' iterations
    p80_shared: datetime
    driver: pl.DataFrame  # tables.risks.Risks: one row, ready for simulate(risks=…)
    sentences: tuple[str, ...]


def false_certainty(sim: Simulation) -> Certainty:
    """Whether the finish is surer than its ranges warrant, with the spread without and with a factor that all work shares."""
    from pmo_lib.risk.distributions.by_name import Triangular
    from pmo_lib.risk.inputs.ranges import named_rule
    from pmo_lib.risk.results.percentiles import quantile

    rule = named_rule(None)[1]
    factor = Triangular(rule.systemic_low, rule.systemic_likely, rule.systemic_high)
    deviation, of_sum = _deviations(sim)
    total, squares = float(deviation.sum()), float((deviation**2).sum())
    effective = total**2 / squares if squares else 0.0
    ratio = of_sum**2 / squares if squares else 1.0
    exponent = 0.5 * (1 - math.log(max(ratio, 1e-9)) / math.log(effective)) if effective > 1.5 else None
    correlation = (of_sum**2 - squares) / (total**2 - squares) if effective > 1.5 else None
    variants = {
        "spread": sim.ranges,
        "independent": replace(sim.ranges, systemic=None, assumed=frozenset()),
        "shared": replace(sim.ranges, systemic=factor, assumed=frozenset(sim.ranges.own)),
    }
    finish = {name: np.sort(_finish(sim, ranges, bare=name == "independent")) for name, ranges in variants.items() if name != "spread"}
    finish["spread"] = np.sort(sim.finish_minutes)
    days = {name: _days(sim, values) for name, values in finish.items()}
    p80, shared = sim.network.instants(np.array([quantile(finish[name], 0.8) for name in ("spread", "shared")])).astype("datetime64[us]").tolist()
    count = int((deviation > 0).sum())
    warned = exponent is not None and exponent > INDEPENDENT and effective >= FEW
    return Certainty(
        warned=warned,
        activities=count,
        effective=effective,
        exponent=exponent,
        correlation=correlation,
        variation=_variation(sim),
        spread=days["spread"],
        spread_independent=days["independent"],
        spread_shared=days["shared"],
        p80=p80,
        p80_shared=shared,
        driver=proposed(rule.systemic_low, rule.systemic_likely, rule.systemic_high),
        sentences=_sentences(warned, count, correlation, days, (rule.systemic_low, rule.systemic_high), (p80, shared)),
    )


def proposed(low: float, likely: float, high: float) -> pl.DataFrame:
    """A driver on all open work (`tables.risks.Risks`), always there."""
    row = {"risk": "SHARED", "name": "Conditions that all work shares", "kind": "driver", "probability": 1.0, "unit": "factor", "shape": "triangular"}
    return pl.DataFrame([{**row, "low": low, "likely": likely, "high": high, "meaning": "minmax", "activities": ["*"]}])


def _deviations(sim: Simulation) -> tuple[np.ndarray, float]:
    """Standard deviation of each duration [n], and of the sum of all of them [minutes], over the first iterations."""
    from pmo_lib.risk.engine.running import output, run_into

    n, at = len(sim.network.activities), sim.run.blocks
    upto = min(ITERATIONS, max(ROOM // n, 256))
    rows = at[: max(int(np.searchsorted(at[:, 4] + at[:, 2], upto)), 1)]
    out = output(int(rows[:, 2].sum()), rows=range(n), durations=True)
    run_into(replace(sim.run, blocks=rows), out)
    return out.kept.std(axis=1), float(out.kept.sum(axis=0, dtype=np.int64).std())


def _finish(sim: Simulation, ranges: Ranges, *, bare: bool) -> np.ndarray:
    """The finish with these ranges, `bare` of risks and correlation [iterations], on the axis of the simulation's network."""
    from pmo_lib.risk.engine.block import lanes_of
    from pmo_lib.risk.engine.running import output, run_into
    from pmo_lib.risk.inputs.weather import roomy
    from pmo_lib.risk.iterated import for_iterations
    from pmo_lib.risk.lowering.touches import longest
    from pmo_lib.risk.lowering.variables import variables
    from pmo_lib.risk.prepared import SOFTENED
    from pmo_lib.sampling import blocks, replicate_bounds
    from pmo_lib.schedule.network import lower

    most = roomy(sim.network, sim.weather, longest(sim.network, sim.risks, ranges), 3.0)
    net = lower(sim.plan, move_to=sim.status_date, soften=SOFTENED in sim.steps["step"].to_list(), longest=most)
    bounds = replicate_bounds(ITERATIONS, 2, "latin_hypercube")
    drawn = variables(net.activities, ranges, sim.seed, 2, latin=True)
    out = output(ITERATIONS)
    fresh = replace(
        sim.run,
        arrays=for_iterations(net.arrays),
        variables=drawn,
        effects=None if bare else _effects(sim, net, ranges),
        blocks=blocks(bounds, lanes_of(net.duration.size)),
    )
    run_into(replace(fresh, spare={True: [], False: []}), out)
    shift = int((np.datetime64(net.origin, "m") - np.datetime64(sim.network.origin, "m")).astype(np.int64))
    if not net.single:
        return out.finish + shift
    return sim.network.timelines[0].working(net.timelines[0].finish_clock(out.finish) + shift)


def _effects(sim: Simulation, net: Network, ranges: Ranges) -> Effects | None:
    from pmo_lib.risk.lowering.touches import effects

    return effects(net, list(sim.risks), list(sim.choices), ranges, sim.seed, 2, latin=True, weather=sim.weather)


def _days(sim: Simulation, ordered: np.ndarray) -> float:
    from pmo_lib.risk.results.percentiles import quantile, worked

    ends, per_day = worked(sim.plan, sim.network, np.array([quantile(ordered, 0.1), quantile(ordered, 0.9)]))
    return float(ends[1] - ends[0]) / per_day


def _variation(sim: Simulation) -> float:
    from pmo_lib.risk.iterated import begin
    from pmo_lib.risk.results.percentiles import worked

    left = worked(sim.plan, sim.network, sim.finish_minutes)[0] - worked(sim.plan, sim.network, np.array([begin(sim.network)]))[0]
    return float(left.std() / left.mean()) if left.mean() > 0 else 0.0


def _sentences(
    warned: bool, count: int, correlation: float | None, days: dict[str, float], factor: tuple[float, float], p80: tuple[datetime, datetime]
) -> tuple[str, ...]:
    """The finding, and what to do about it."""
    wide = {name: _worded(value) for name, value in days.items()}
    between = f"{factor[0] * 100:.0f} to {factor[1] * 100:.0f}{SPACE}%"
    if count < 2:
        return ("Fewer than two durations vary, so nothing can cancel.",)
    if warned:
        return (
            f"False certainty: {count:,} ranges vary independently, so their errors cancel, and the finish spreads over only {wide['spread']} (P10 to P90).",
            f"With one factor of {between} shared by all work it would spread over {wide['shared']}, and the P80 would be {_day(p80[1])}, not {_day(p80[0])}.",
            "Add such a driver to the risks, or correlate the estimates that share a cause.",
        )
    wider = days["spread"] > 1.2 * days["independent"]
    if wider and (correlation is None or correlation < TOGETHER):
        return (f"Risks widen the finish: it spreads over {wide['spread']} (P10 to P90), and the ranges alone would make it seem {wide['independent']}.",)
    if wider:
        told = f"The ranges share causes (mean correlation {correlation:.2f}): the finish spreads over {wide['spread']} (P10 to P90)"
        return (f"{told}, and independent ranges would make it seem {wide['independent']}.",)
    return (f"Few activities decide the spread of {wide['spread']} (P10 to P90), so independent ranges make no false certainty here.",)


def _worded(days: float) -> str:
    return f"{days:,.0f} working days" if round(days) != 1 else "1 working day"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.year}"
