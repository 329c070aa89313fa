"""Forecast: simulate a plan against its targets, and keep the result with the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import __version__, risk
from pmo_lib.errors import NotAvailable, PMOError
from pmo_lib.office import boards
from pmo_lib.office.assessment import Forecast
from pmo_lib.office.certifying import standard_of
from pmo_lib.office.hybrid import joined
from pmo_lib.office.risk_inputs import RiskInputs
from pmo_lib.office.risks_kept import as_frames, carried
from pmo_lib.office.targets import Target, listing_row, measured, targets_of
from pmo_lib.project import Project
from pmo_lib.standards import Standards, standards

if TYPE_CHECKING:
    from pmo_lib.risk.influence.contributions import Method
    from pmo_lib.store import Result, Snapshot, Workspace

KIND = "forecast"  # the name under which the store keeps it
LATER = ("sources", "occurrences", "ways", "contributions", "trace")  # frames that older results lack
FRAMES = ("percentiles", "histogram", "targets", "sensitivity", "activities", "steps", *LATER)
LEADING = 12  # activities whose contribution to the P80 is computed
QUANTILES = (10, 25, 50, 75, 80, 90)
Progress = Callable[[int, int, str], None]


def forecast(
    ws: Workspace,
    key: str,
    *,
    iterations: int | None = None,
    seed: int | None = None,
    target: datetime | None = None,
    as_of: datetime | None = None,
    estimates: Path | pl.DataFrame | None = None,
    inputs: RiskInputs | None = None,
    waits: Sequence[str] = (),
    contributions: Method = "remove_one",
    until: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """The Monte Carlo forecast of a project's snapshot at or before `as_of`, kept in the workspace with the tables that it took.

    `waits` says which activity waits for which epic of a board ("A1000=WEB:WEB-7"), besides those of [waits.KEY] in pmo.toml.

    Tables of `inputs` stay with the project: later forecasts take those that they are not given anew (estimates for the same snapshot alone: they are of
    what was left then). `RiskInputs(carry=False)` takes what is given and nothing else, and so forgets the rest.
    A refusal is kept too, so that pages can say why there is no forecast, and raised again.
    """
    # a snapshot that is dated by its import alone has no status date: `as_of` then gives one, and does not choose among snapshots
    undated = ws.snapshot(key).dated_by == "import"
    snapshot = ws.snapshot(key, None if undated else as_of)
    plan = ws.project(key, snapshot=snapshot)
    parameters = as_told(iterations=iterations, seed=seed, target=target, as_of=as_of, until=until)
    inputs = inputs or RiskInputs()
    taken = carried(ws, key, snapshot, inputs if estimates is None else replace(inputs, estimates=estimates))
    parameters |= {"choices": taken.choices(), "contributions": contributions, "waits": list(waits)}
    tables = as_frames(taken)
    with refusal_kept(ws, snapshot, parameters, tables):
        standard = standard_of(ws)
        drawn = {"iterations": iterations, "seed": seed, "as_of": as_of if undated else None, "standard": standard}
        plan, joint = joined(plan, taken, waits, key=key, ws=ws, **drawn)
        made = forecast_plan(
            plan,
            iterations=iterations,
            seed=seed,
            target=target,
            as_of=as_of if undated else None,
            inputs=joint,
            contributions=contributions,
            until=until,
            threads=threads,
            listing=listing_row(ws, key, snapshot.data_date),
            standard=standard,
            progress=progress,
        )
    payload, frames = kept(made)
    ws.keep(snapshot, KIND, payload, frames | tables, parameters=parameters, version=__version__)
    return replace(made, register=taken.read().get("risks"))


def as_told(**given: Any) -> dict[str, Any]:
    """Parameters as the store keeps them."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}


@contextmanager
def refusal_kept(ws: Workspace, snapshot: Snapshot, parameters: Mapping[str, Any], tables: Mapping[str, pl.DataFrame] | None = None) -> Iterator[None]:
    """Keeps a refusal within in the forecast's place, and raises it again."""
    try:
        yield
    except PMOError as error:
        ws.keep(snapshot, KIND, {"refusal": str(error)}, tables, parameters=parameters, version=__version__)
        raise


def forecast_plan(
    plan: Project,
    *,
    iterations: int | None = None,
    seed: int | None = None,
    target: datetime | None = None,
    as_of: datetime | None = None,
    estimates: Path | pl.DataFrame | None = None,
    inputs: RiskInputs | None = None,
    contributions: Method = "remove_one",
    until: float | None = None,
    threads: int | None = None,
    listing: Mapping[str, Any] | None = None,
    standard: Standards | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """The Monte Carlo forecast of a plan, without a workspace. Iterations, seed and the range rule are the standard's where not given.

    A board is refused: `forecast_board_plan` forecasts it from its throughput.
    `estimates` is short for the same in `inputs`. `contributions` says how each risk's share of the P80 is measured.
    `until` adds iterations until half the P80's 95 % interval is so many working days, or fewer.
    """
    if boards.is_board(plan):
        raise NotAvailable(f"{plan.info.key} is a board: its forecast is that of its throughput (office.forecast_board); risk.simulate runs on its links")
    standard = standard or standards()
    aims = targets_of(plan, listing, given=target)
    given = inputs or RiskInputs(estimates=estimates)
    if inputs is not None and estimates is not None:
        given = replace(inputs, estimates=estimates)
    draws = iterations or standard.forecast.iterations
    sim = simulated(plan, aims, given, standard, iterations=draws, until=until, seed=seed, as_of=as_of, threads=threads, progress=progress)
    if progress is not None:
        progress(sim.iterations, sim.iterations, "what drives it")
    return replace(reduced(sim, aims, contributions), register=given.read().get("risks"), waits=given.waits)


def simulated(plan: Project, aims: list[Target], given: RiskInputs, standard: Standards, *, until: float | None, seed: int | None, **options: Any) -> Any:
    """The simulation behind a forecast (`risk.Simulation`)."""
    draws = options["iterations"]
    return risk.simulate(
        plan,
        **given.tables(plan),
        **given.choices(),
        until=None if until is None else risk.Convergence(half_width=until, at_most=max(risk.Convergence(half_width=until).at_most, draws)),
        seed=standard.forecast.seed if seed is None else seed,
        rule=standard.forecast.rules[standard.forecast.rule],
        milestones=tuple(dict.fromkeys(activity for _, _, activity, _ in aims if activity)),
        **options,
    )


def reduced(sim: risk.Simulation, aims: list[Target], method: Method = "remove_one") -> Forecast:
    """What surfaces show of a simulation."""
    warned, said = _certainty(sim)
    return Forecast(
        percentiles=risk.percentiles(sim, tuple(range(1, 100))),
        histogram=risk.histogram(sim),
        targets=risk.targets(sim, aims),
        sensitivity=risk.sensitivity(sim, contributions=LEADING),
        activities=risk.activity_forecast(sim),
        steps=sim.steps,
        sources=sim.ranges.sources,
        deterministic_finish=sim.deterministic_finish,
        chance_of_deterministic=risk.chance(sim, sim.deterministic_finish)[0],
        indicative=sim.indicative,
        iterations=sim.iterations,
        seed=sim.seed,
        sampling=sim.sampling,
        occurrences=sim.occurrences,
        ways=sim.ways,
        contributions=risk.contributions(sim, 80, method) if sim.risks else None,
        trace=risk.convergence(sim, 80),
        certainty=said,
        falsely_certain=warned,
    )


def _certainty(sim: risk.Simulation) -> tuple[bool, tuple[str, ...]]:
    """Whether the finish looks surer than it is, and what is to be said; a check that the plan's dates cannot bear does not take the forecast with it."""
    try:
        found = risk.false_certainty(sim)
    except PMOError as error:
        return False, (f"Whether the finish looks surer than it is could not be checked: {error}",)
    return found.warned, found.sentences


def forecast_if_possible(ws: Workspace, key: str, **options: Any) -> Forecast | None:
    """As `forecast`; None where the plan refuses one, with the reason kept in the workspace."""
    try:
        return forecast(ws, key, **options)
    except PMOError:
        return None


def kept(made: Forecast) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Payload and frames for the store. The payload alone is enough for a row of the portfolio."""
    finish = {int(row["p"]): row for row in made.percentiles.iter_rows(named=True)}
    target = measured(made.targets)
    payload = {
        "deterministic_finish": made.deterministic_finish.isoformat(),
        "chance_of_deterministic": made.chance_of_deterministic,
        "indicative": made.indicative,
        "iterations": made.iterations,
        "seed": made.seed,
        "sampling": made.sampling,
        "certainty": list(made.certainty),
        "falsely_certain": made.falsely_certain,
        "waits": list(made.waits),
        "finish": {f"p{p}": finish[p]["finish"].isoformat() for p in QUANTILES},
        "p80_low": finish[80]["finish_low"].isoformat(),
        "p80_high": finish[80]["finish_high"].isoformat(),
        "target": target and {"kind": target["kind"], "date": target["date"].isoformat(), "chance": target["chance"]},
    }
    return payload, {name: frame for name in FRAMES if (frame := getattr(made, name)) is not None}


def from_kept(result: Result) -> Forecast | None:
    """The forecast again, from the store; None where a refusal was kept, or that of a board (`boards.forecast_from_kept`)."""
    payload = result.payload
    if "refusal" in payload or "board" in payload:
        return None
    return Forecast(
        percentiles=result.frames["percentiles"],
        histogram=result.frames["histogram"],
        targets=result.frames["targets"],
        sensitivity=result.frames["sensitivity"],
        activities=result.frames["activities"],
        steps=result.frames["steps"],
        **{name: result.frames.get(name) for name in LATER},
        register=result.frames.get("given_risks"),
        certainty=tuple(payload.get("certainty", ())),
        falsely_certain=payload.get("falsely_certain", False),
        waits=tuple(payload.get("waits", ())),
        deterministic_finish=datetime.fromisoformat(payload["deterministic_finish"]),
        chance_of_deterministic=payload["chance_of_deterministic"],
        indicative=payload["indicative"],
        iterations=payload["iterations"],
        seed=payload["seed"],
        sampling=payload["sampling"],
    )
