"""The forecast command: one plan, or every project of the workspace; and the workbook in which a planner writes ranges and risks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.cli.arguments import AsOf, Json, WorkspaceFolder, choice, instant, is_file, setting, workspace
from pmo_lib.cli.output import NO_PROJECT, Progress, console, emit, print_table, progress, rows
from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.office import BoardForecast, Forecast
    from pmo_lib.project import Project

What = Annotated[str | None, typer.Argument(metavar="KEY|FILE", help="A project's key in the workspace, or a plan file of any format.")]
Everything = Annotated[bool, typer.Option("--all", help="Every project of the workspace.")]
Iterations = Annotated[int | None, typer.Option("--iterations", "-n", min=100, help="Iterations of the simulation; default: the standard's.")]
Seed = Annotated[int | None, typer.Option(help="Seed; the same seed gives the same result on any number of threads.")]
Target = Annotated[str | None, typer.Option(metavar="DATE", help="A target date to give the chance of.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads; default: one a core. The result does not depend on it.")]
TABLE = "Excel or CSV; a workbook brings every sheet that it has."
INPUTS = "Inputs"
Estimates = Annotated[Path | None, typer.Option(help=f"Estimates by activity: activity, shape, low, likely, high, meaning. {TABLE}", rich_help_panel=INPUTS)]
Rules = Annotated[
    Path | None, typer.Option(help=f"Estimates by rule, first that meets: where, unit, shape, low, likely, high. {TABLE}", rich_help_panel=INPUTS)
]
Risks = Annotated[Path | None, typer.Option(help=f"Risks: risk, kind, probability, low, likely, high, activities or where. {TABLE}", rich_help_panel=INPUTS)]
Correlation = Annotated[Path | None, typer.Option(help=f"Matrix, pairs (a, b, rho) or groups (group, activity, rho). {TABLE}", rich_help_panel=INPUTS)]
Branches = Annotated[Path | None, typer.Option(help=f"Branches: node, branch, activities, probability or a test. {TABLE}", rich_help_panel=INPUTS)]
Existence = Annotated[Path | None, typer.Option(help=f"Tasks that may not exist: activity, probability. {TABLE}", rich_help_panel=INPUTS)]
Waits = Annotated[
    list[str] | None,
    typer.Option(metavar="A1000=BOARD:EPIC", help="An activity waits for an epic of a board (its key or folder), simulated with it.", rich_help_panel=INPUTS),
]
Weather = Annotated[Path | None, typer.Option(help=f"Days lost by season: weather, months, probability, calendars. {TABLE}", rich_help_panel=INPUTS)]
Forget = Annotated[bool, typer.Option("--forget", help="Take only the tables given now; those kept with the project are dropped.", rich_help_panel=INPUTS)]
Contributions = Annotated[str, choice("remove_one", "shapley", help="How each risk's share of the P80 is measured.", panel="Method")]
Template = Annotated[Path | None, typer.Option(metavar="OUT.xlsx", help="Write a workbook of the open work to fill in, and stop.", rich_help_panel=INPUTS)]
Fields = Annotated[str, choice("remaining", "whole", "off", help="What the file's own three points mean; off: not read.", panel=INPUTS)]
Points = Annotated[
    str | None, typer.Option(metavar="LOW,LIKELY,HIGH", help="Custom fields of the three points: Duration1,Duration2,Duration3.", rich_help_panel=INPUTS)
]
Constraints = Annotated[str, choice("soften", "keep", help="Hard constraints: softened, or kept.", panel="Method")]
Criticality = Annotated[str, choice("longest_path", "float", help="When an activity counts as critical.", panel="Method")]
Sampling = Annotated[str, choice("latin_hypercube", "plain", help="How the draws are spread.", panel="Method")]
Until = Annotated[
    float | None, typer.Option(metavar="DAYS", help="Go on until the P80 is known to ± so many working days (at most 100,000).", rich_help_panel="Method")
]


def register(app: typer.Typer) -> None:
    """Put this room's command into the app."""
    app.command(rich_help_panel="One plan")(forecast)


def forecast(
    what: What = None,
    everything: Everything = False,
    iterations: Iterations = None,
    seed: Seed = None,
    target: Target = None,
    estimates: Estimates = None,
    rules: Rules = None,
    risks: Risks = None,
    correlation: Correlation = None,
    branches: Branches = None,
    existence: Existence = None,
    waits: Waits = None,
    weather: Weather = None,
    forget: Forget = False,
    template: Template = None,
    fields: Fields = "remaining",
    points: Points = None,
    constraints: Constraints = "soften",
    criticality: Criticality = "longest_path",
    sampling: Sampling = "latin_hypercube",
    contributions: Contributions = "remove_one",
    until: Until = None,
    as_of: AsOf = None,
    threads: Threads = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """When will it finish, how sure is that, and what drives it: a Monte Carlo forecast.

    pmo forecast plan.xer --iterations 10000 --seed 1
    pmo forecast AIRPORT --waits "A1000=WEB:WEB-7"
    pmo forecast plan.xer --template ranges.xlsx, fill it in, then pmo forecast plan.xer --estimates ranges.xlsx
    """
    if template is not None:
        _write_template(what, folder, instant(as_of), template)
        return
    tables = {"estimates": estimates, "rules": rules, "risks": risks, "correlation": correlation}
    tables |= {"branches": branches, "existence": existence, "weather": weather}
    choices = {"fields": fields, "constraints": constraints, "criticality": criticality, "sampling": sampling}
    names = tuple(name.strip() for name in points.split(",")) if points else None
    options: dict[str, Any] = {
        "iterations": iterations,
        "seed": seed,
        "target": _end_of_day(target),
        "as_of": instant(as_of),
        "until": until,
        "threads": threads,
        "contributions": contributions,
    }
    options["inputs"] = {**tables, **choices, "field_names": names, "carry": not forget}
    options["waits"] = waits or ()
    if everything:
        _forecast_all(folder, options, json)
    else:
        _forecast_one(_which(what), folder, options, json)


def _end_of_day(target: str | None) -> datetime | None:
    """A target without time of day is met by the end of that day."""
    at = instant(target)
    return at.replace(hour=23, minute=59) if target is not None and at is not None and len(target) == len("2026-11-30") else at


def _which(what: str | None) -> str:
    if what is None:
        raise InvalidInput("which plan? give a key or a file, or --all; pmo projects lists the keys")
    return what


def _forecast_one(what: str, folder: Path | None, options: dict[str, Any], json: bool) -> None:
    from pmo_lib import office
    from pmo_lib.cli.boards import forecast_if_board
    from pmo_lib.cli.forecast_text import escaped, print_disagreement, print_forecast, print_settled
    from pmo_lib.readers import read

    plan = read(Path(what), as_of=options["as_of"]) if is_file(what) else None
    if forecast_if_board(plan, what, folder, target=options["target"], as_of=options["as_of"], json=json):
        return
    with progress("Simulating", quiet=json) as tell:
        if plan is not None:
            result, info = _forecast_file(plan, _settled(options), folder, tell), plan.info
            certificate = office.certificate_of_plan(plan)
        else:
            ws = workspace(folder)
            result, info = office.forecast(ws, what, progress=tell, **_settled(options, ws.folder)), ws.project(what).info
            certificate = office.certificate_of(ws, what)
    if json:
        project = {"key": info.key, "name": info.name, "data_date": info.data_date}
        emit({"project": project, "certificate": certificate and asdict(certificate), "forecast": as_json(result)})
        return
    console().print(f"[bold]{escaped(info.name)}[/bold]")
    print_disagreement(certificate)
    print_forecast(result)
    print_settled(result, options["until"])
    if plan is None:
        _print_kept(workspace(folder), what)


def _print_kept(ws: Any, key: str) -> None:
    """Which tables stay with the project."""
    from pmo_lib.office.risks_kept import OF_A_DATE, of_result

    last = ws.latest_result(key, "forecast")
    kept = {name: frame.height for name, frame in of_result(last[1]).items() if name not in OF_A_DATE} if last else {}
    if kept:
        told = ", ".join(f"{name} ({rows:,} row{'s' if rows != 1 else ''})" for name, rows in kept.items())
        console().print(f"Kept with {key} for its next forecasts: {told}; --forget drops them.", markup=False)


def _forecast_file(plan: Project, options: dict[str, Any], folder: Path | None, tell: Progress) -> Forecast:
    """The forecast of a plan straight from its file, with the boards that it waits for."""
    from pmo_lib import office

    waits = options.pop("waits")
    keyed = [one for one in waits if not Path(one.partition("=")[2].rpartition(":")[0] or one.partition("=")[2]).exists()]
    drawn = {name: options[name] for name in ("iterations", "seed", "as_of")}
    longer, inputs = office.joined(plan, options.pop("inputs"), waits, ws=workspace(folder) if keyed else None, **drawn)
    return office.forecast_plan(longer, inputs=inputs, progress=tell, **options)


def _settled(options: dict[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """The options as the office takes them; iterations and seed from the settings where no flag gives them."""
    from pmo_lib.office import RiskInputs

    kept = {name: setting(f"forecast.{name}", options[name], folder) for name in ("iterations", "seed")}
    return {**options, **kept, "inputs": RiskInputs(**options["inputs"])}


def _forecast_all(folder: Path | None, options: dict[str, Any], json: bool) -> None:
    from pmo_lib import office
    from pmo_lib.cli.forecast_text import print_disagreement
    from pmo_lib.errors import PMOError
    from pmo_lib.plots import words

    ws = workspace(folder)
    options = _settled(options, ws.folder)
    keys = ws.projects()["key"].to_list()
    made: dict[str, Forecast | BoardForecast] = {}
    refused: dict[str, str] = {}
    with progress("Simulating", quiet=json) as tell:
        for done, key in enumerate(keys):
            tell(done, len(keys), key)
            try:
                board = office.holds_board(ws, key, options["as_of"])
                given = {name: options[name] for name in ("target", "as_of")}
                made[key] = office.forecast_board(ws, key, **given) if board else office.forecast(ws, key, **options)
            except PMOError as error:
                refused[key] = str(error)
    if json:
        emit({"forecasts": {key: as_json(result) for key, result in made.items()}, "refused": refused})
        return
    if not keys:
        console().print(NO_PROJECT)
        return
    lines = [(key, *(words.day(_finish(result, p)) for p in (10, 50, 80, 90)), "indicative" if result.indicative else "") for key, result in made.items()]
    print_table("Finish", ["project", "P10", "P50", "P80", "P90", ""], lines, right=(1, 2, 3, 4))
    for key in made:
        print_disagreement(office.certificate_of(ws, key), key)
    for key, reason in refused.items():
        console().print(f"{key}: no forecast, because {reason}", markup=False)


def _finish(result: Forecast | BoardForecast, p: int) -> datetime:
    import polars as pl

    return result.percentiles.filter(pl.col("p") == p)["finish"][0]


def as_json(result: Forecast | BoardForecast) -> dict[str, Any]:
    """A forecast's fields as JSON values."""
    from dataclasses import fields

    import polars as pl

    values = {field.name: getattr(result, field.name) for field in fields(result)}
    return {name: rows(value) if isinstance(value, pl.DataFrame) else value for name, value in values.items()}


def _write_template(what: str | None, folder: Path | None, as_of: datetime | None, out: Path) -> None:
    from pmo_lib.readers import read
    from pmo_lib.writers.risk_template import write_risk_template

    named = _which(what)
    plan = read(Path(named), as_of=as_of) if is_file(named) else workspace(folder).project(named, as_of=as_of)
    count = write_risk_template(plan, out)
    console().print(f"{out}: {count:,} open activities to estimate; then pmo forecast {named} --estimates {out}", markup=False)
