"""Commands on one plan: check, forecast, report. Each takes a KEY of the workspace or a FILE."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.cli.arguments import AsOf, Json, KeyOrFile, WorkspaceFolder, instant, is_file, setting, workspace
from pmo_lib.cli.output import NO_PROJECT, console, emit, print_table, progress, rows
from pmo_lib.cli.quality import print_checks
from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    from pmo_lib.office import Assessment, Certificate, Forecast

Iterations = Annotated[int | None, typer.Option("--iterations", "-n", min=100, help="Iterations of the simulation; default: the standard's.")]
Seed = Annotated[int | None, typer.Option(help="Seed; the same seed gives the same result on any number of threads.")]


def register(app: typer.Typer) -> None:
    """Put this room's commands into the app."""
    for command in (check, forecast, report):
        app.command(rich_help_panel="One plan")(command)


def check(what: KeyOrFile, as_of: AsOf = None, folder: WorkspaceFolder = None, json: Json = False) -> None:
    """Certificate (do we reproduce the tool's own dates?), schedule quality and findings of a plan.

    pmo check plan.mpp
    """
    assessment = _assess(what, folder, as_of)
    if json:
        emit(
            {
                "project": _project(assessment),
                "certificate": _certificate(assessment.certificate),
                "activities": rows(assessment.agreement),
                "checks": rows(assessment.checks),
                "findings": rows(assessment.findings),
                "refusals": assessment.refusals,
            }
        )
        return
    _print_heading(assessment)
    _print_certificate(assessment)
    if assessment.checks is not None:
        print_checks(assessment.checks)
    _print_findings(assessment)


def forecast(
    what: Annotated[str | None, typer.Argument(metavar="KEY|FILE", help="A project's key in the workspace, or a plan file of any format.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every project of the workspace.")] = False,
    iterations: Iterations = None,
    seed: Seed = None,
    target: Annotated[str | None, typer.Option(metavar="DATE", help="A target date to give the chance of.")] = None,
    estimates: Annotated[Path | None, typer.Option(help="Three-point estimates (CSV or Excel: activity, shape, low, likely, high, meaning).")] = None,
    as_of: AsOf = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; default: one a core. The result does not depend on it.")] = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """When will it finish, how sure is that, and what drives it: a Monte Carlo forecast.

    pmo forecast plan.xer --iterations 10000 --seed 1
    """
    options: dict[str, Any] = {
        "iterations": iterations,
        "seed": seed,
        "target": instant(target),
        "as_of": instant(as_of),
        "estimates": estimates,
        "threads": threads,
    }
    if everything:
        _forecast_all(folder, options, json)
    elif what is None:
        raise InvalidInput("which plan? give a key or a file, or --all; pmo projects lists the keys")
    else:
        _forecast_one(what, folder, options, json)


def _forecast_one(what: str, folder: Path | None, options: dict[str, Any], json: bool) -> None:
    from pmo_lib import office

    with progress("Simulating", quiet=json) as tell:
        if is_file(what):
            plan = _read(what)
            result, info = office.forecast_plan(plan, progress=tell, **_with_settings(options)), plan.info
            certificate = office.assess_plan(plan, forecast=False).certificate
        else:
            ws = workspace(folder)
            result, info = office.forecast(ws, what, progress=tell, **_with_settings(options, ws.folder)), ws.project(what).info
            certificate = office.certificate_of(ws, what)
    if json:
        emit(
            {
                "project": {"key": info.key, "name": info.name, "data_date": info.data_date},
                "certificate": _certificate(certificate),
                "forecast": _forecast(result),
            }
        )
        return
    console().print(f"[bold]{_escaped(info.name)}[/bold]")
    _print_disagreement(certificate)
    _print_forecast(result)


def _print_disagreement(certificate: Certificate | None, key: str = "") -> None:
    """That the dates behind a forecast are not the source's own, where they are not."""
    if certificate is not None and certificate.met is False:
        from pmo_lib.plots import words

        said = words.capitalised(f"{certificate.note}.")
        console().print(f"[yellow]{_escaped(f'{key}: {said}' if key else said)}[/yellow]")


def _with_settings(options: dict[str, Any], folder: Path | None = None) -> dict[str, Any]:
    return options | {name: setting(f"forecast.{name}", options[name], folder) for name in ("iterations", "seed")}


def _forecast_all(folder: Path | None, options: dict[str, Any], json: bool) -> None:
    from pmo_lib import office
    from pmo_lib.errors import PMOError
    from pmo_lib.plots import words

    ws = workspace(folder)
    options = _with_settings(options, ws.folder)
    keys = ws.projects()["key"].to_list()
    made: dict[str, Forecast] = {}
    refused: dict[str, str] = {}
    with progress("Simulating", quiet=json) as tell:
        for done, key in enumerate(keys):
            tell(done, len(keys), key)
            try:
                made[key] = office.forecast(ws, key, **options)
            except PMOError as error:
                refused[key] = str(error)
    if json:
        emit({"forecasts": {key: _forecast(result) for key, result in made.items()}, "refused": refused})
        return
    if not keys:
        console().print(NO_PROJECT)
        return
    lines = [(key, *(words.day(_finish(result, p)) for p in (10, 50, 80, 90)), "indicative" if result.indicative else "") for key, result in made.items()]
    print_table("Finish", ["project", "P10", "P50", "P80", "P90", ""], lines, right=(1, 2, 3, 4))
    for key in made:
        _print_disagreement(office.certificate_of(ws, key), key)
    for key, reason in refused.items():
        console().print(f"{key}: no forecast, because {reason}", markup=False)


def _finish(result: Forecast, p: int) -> datetime:
    import polars as pl

    return result.percentiles.filter(pl.col("p") == p)["finish"][0]


def report(
    what: Annotated[list[str] | None, typer.Argument(metavar="[KEY|FILE]...", help="Projects of the workspace, or plan files.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every project of the workspace.")] = False,
    name: Annotated[str, typer.Option("--report", help="Which report.")] = "status",
    formats: Annotated[str, typer.Option("--format", help="html, pdf or both, separated by commas.")] = "html,pdf",
    out: Annotated[Path | None, typer.Option(help="Folder for the reports; default: reports/ in the workspace, or here for a file.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many reports to run side by side.")] = 1,
    as_of: AsOf = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Write the status report of projects: executed notebook, HTML that works offline, PDF.

    pmo report NORTHGATE --format pdf
    """
    from pmo_lib.cli.reporting import write_reports

    written = write_reports(what or [], everything=everything, name=name, formats=formats, out=out, jobs=jobs, as_of=instant(as_of), folder=folder, quiet=json)
    if json:
        emit({"reports": {key: [str(path) for path in paths] for key, paths in written.items()}})
        return
    if not written:
        console().print(NO_PROJECT)
    for key, paths in written.items():
        console().print(f"{key}: " + ", ".join(str(path) for path in paths), markup=False)


def _read(file: str) -> Any:
    from pmo_lib.readers import read

    return read(Path(file))


def _assess(what: str, folder: Path | None, as_of: str | None) -> Assessment:
    from pmo_lib import office

    if is_file(what):
        return office.assess_plan(_read(what), as_of=instant(as_of), forecast=False)
    return office.assess(workspace(folder), what, as_of=instant(as_of))


def _project(assessment: Assessment) -> dict[str, Any]:
    return {**assessment.info.record(), "tables": {name: frame.height for name, frame in assessment.plan.tables.items()}}


def _certificate(certificate: Certificate | None) -> dict[str, Any] | None:
    from dataclasses import asdict

    return None if certificate is None else asdict(certificate)


def _forecast(result: Forecast) -> dict[str, Any]:
    from dataclasses import fields

    import polars as pl

    values = {field.name: getattr(result, field.name) for field in fields(result)}
    return {name: rows(value) if isinstance(value, pl.DataFrame) else value for name, value in values.items()}


def _print_heading(assessment: Assessment) -> None:
    from pmo_lib.plots import words

    info = assessment.info
    dated = f", data date {words.day(info.data_date)}" if info.data_date else ""
    counts = [_counted(name, frame.height) for name, frame in assessment.plan.tables.items() if frame.height]
    console().print(f"[bold]{_escaped(info.name)}[/bold]  {_escaped(info.file or info.source)}{dated}")
    console().print(", ".join(counts) + "\n")


def _counted(table: str, rows: int) -> str:
    from pmo_lib.plots import words

    many = table.replace("_", " ")
    one = "activity" if table == "activities" else many if table == "wbs" else many.removesuffix("s")
    return words.count(rows, one, many)


def _print_certificate(assessment: Assessment) -> None:
    from pmo_lib.plots import words

    certificate = assessment.certificate
    if certificate is None:
        console().print("No dates: " + _escaped(words.reason(assessment.refusals.get("dates", "the plan was not scheduled"))) + "\n")
        return
    if certificate.rate is None:
        console().print(f"Agreement: not available, because {_escaped(certificate.note or '')}\n")
        return
    line = f"Agreement {words.share(certificate.rate)}: {certificate.agreeing:,} of {certificate.compared:,} activities have the source's own dates"
    console().print(f"[bold]{line}[/bold]")
    for activity in certificate.top:
        console().print(f"  differs: {_escaped(activity)}")
    if certificate.note:
        console().print(f"  {_escaped(certificate.note)}")
    console().print()


def _print_findings(assessment: Assessment) -> None:
    if assessment.findings.is_empty():
        console().print("No findings.")
        return
    shown = assessment.findings.head(20)
    lines = [(row["severity"], row["place"], row["message"], row["remedy"] or "") for row in shown.iter_rows(named=True)]
    more = f", the first {shown.height} of {assessment.findings.height:,}" if assessment.findings.height > shown.height else ""
    print_table(f"Findings{more}", ["", "where", "what", "what to do"], lines)


def _print_forecast(result: Forecast) -> None:
    import polars as pl

    from pmo_lib.plots import words

    if result.indicative:
        console().print(f"[yellow]{_escaped(result.indicative)}[/yellow]")
    chosen = result.percentiles.filter(pl.col("p").is_in([10.0, 50.0, 80.0, 90.0]))
    lines = [
        (f"P{row['p']:.0f}", words.day(row["finish"]), f"{words.day(row['finish_low'])} to {words.day(row['finish_high'])}")
        for row in chosen.iter_rows(named=True)
    ]
    print_table("Finish", ["", "date", "95 % sampling interval"], lines, right=(1,))
    console().print(f"The plan's own finish, {words.day(result.deterministic_finish)}, has a chance of {words.chance(result.chance_of_deterministic)}.\n")
    if result.targets.height:
        lines = [
            (row["target"], words.day(row["date"]), words.chance(row["chance"]), words.day(row["p50"]), words.day(row["p80"]))
            for row in result.targets.iter_rows(named=True)
        ]
        print_table("Targets", ["", "date", "chance", "P50", "P80"], lines, right=(1, 2, 3, 4))
    moved = result.steps.filter((pl.col("count") > 0) | (pl.col("days") != 0))
    if moved.height:
        lines = [(row["step"], f"{row['count']:,}", words.change(row["days"]), words.day(row["finish"])) for row in moved.iter_rows(named=True)]
        print_table("What preparing the plan moved", ["step", "touched", "moved", "finish after it"], lines, right=(1, 2, 3))
    drivers = result.sensitivity.head(8)
    lines = [
        (row["activity"], row["name"], words.share(row["criticality"]), words.index(row["cruciality"]), words.index(row["ssi"]))
        for row in drivers.iter_rows(named=True)
    ]
    if drivers.height:
        print_table("Drivers", ["activity", "name", "criticality", "cruciality", "SSI"], lines, right=(2, 3, 4))
    console().print(f"{result.iterations:,} iterations, seed {result.seed}, {result.sampling}")


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
