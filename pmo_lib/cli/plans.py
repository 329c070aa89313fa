"""Commands on one plan: check and report. Each takes a KEY of the workspace or a FILE."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.cli.arguments import AsOf, Json, KeyOrFile, WorkspaceFolder, instant, is_file, plan_of, workspace
from pmo_lib.cli.output import NO_PROJECT, console, emit, print_table, rows
from pmo_lib.cli.quality import print_checks
from pmo_lib.errors import InvalidInput, NotAvailable

if TYPE_CHECKING:
    from pmo_lib.office import Assessment, Certificate
    from pmo_lib.project import Project


def register(app: typer.Typer) -> None:
    """Put this room's commands into the app."""
    for command in (check, report):
        app.command(rich_help_panel="One plan")(command)


def check(
    what: KeyOrFile,
    explain: Annotated[
        str | None, typer.Option(metavar="CHECK", help="One check alone, by name or number (lags, 3): what it counts, what to do, every offender.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="FILE|KEY", help="Measure a file against this plan: another file, or KEY@2026-06-30. P6's files seldom hold a baseline."),
    ] = None,
    as_of: AsOf = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Certificate (do we reproduce the tool's own dates?), schedule quality and findings of a plan.

    Quality is the DCMA's 14 points, further checks and GAO's ten practices, each against the threshold of standards.toml.

    pmo check plan.mpp
    pmo check plan.xer --baseline approved.xer
    pmo check NORTHGATE --explain "high float"
    pmo check plan.xer --explain 3 --json
    """
    from dataclasses import asdict

    assessment = _assess(what, folder, as_of, baseline)
    if explain is not None:
        _explain(assessment, explain, json)
        return
    if json:
        emit(
            {
                "project": _project(assessment),
                "certificate": _certificate(assessment.certificate),
                "activities": rows(assessment.agreement),
                "checks": rows(assessment.checks),
                "findings": rows(assessment.findings),
                "refusals": assessment.refusals,
                "board": None if assessment.board is None else asdict(assessment.board),
            }
        )
        return
    _print_heading(assessment)
    if assessment.board is not None:
        from pmo_lib.cli.boards import print_figures

        print_figures(assessment.board)
    _print_certificate(assessment)
    if assessment.checks is not None:
        print_checks(assessment.checks, what)
    _print_findings(assessment)


def _explain(assessment: Assessment, asked: str, json: bool) -> None:
    from pmo_lib.cli.explaining import chosen, print_explained
    from pmo_lib.office.offenders import offenders

    if assessment.checks is None:
        raise NotAvailable(f"no check could be made: {assessment.refusals.get('checks', 'the plan has no network')}")
    row = chosen(assessment.checks, asked)
    if json:
        emit({"check": row, "offenders": offenders(assessment, row)})
    else:
        print_explained(assessment, row)


def report(
    what: Annotated[list[str] | None, typer.Argument(metavar="KEY|FILE", help="Projects of the workspace, or plan files.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every project of the workspace.")] = False,
    name: Annotated[str | None, typer.Option("--report", metavar="status|flow", help="Which report; default: each project's own.")] = None,
    formats: Annotated[str, typer.Option("--format", metavar="html,pdf", help="html, pdf or both, separated by commas.")] = "html,pdf",
    out: Annotated[Path | None, typer.Option(help="Folder for the reports; default: reports/ in the workspace, or here for a file.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many reports to run side by side.")] = 1,
    as_of: AsOf = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Write the report of projects, of a plan its status and of a board its flow: executed notebook, HTML that works offline, PDF.

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


def _assess(what: str, folder: Path | None, as_of: str | None, baseline: str | None) -> Assessment:
    from pmo_lib import office
    from pmo_lib.office.boards import is_board

    if is_file(what):
        plan = plan_of(what, folder)
        if baseline is not None:
            plan = _measured(plan, baseline, folder)
        rules = office.board_rules(plan.info.key, folder) if is_board(plan) else None
        return office.assess_plan(plan, as_of=instant(as_of), forecast=False, rules=rules)
    if baseline is not None:
        raise InvalidInput(f"--baseline is for a file; what {what} is measured against in the workspace, pmo baseline {what} FILE sets")
    return office.assess(workspace(folder), what, as_of=instant(as_of))


def _measured(plan: Project, baseline: str, folder: Path | None) -> Project:
    from pmo_lib.office.boards import is_board
    from pmo_lib.plots import words
    from pmo_lib.store.measured import measured_against

    measure = plan_of(baseline, folder)
    for one in (plan, measure):
        if is_board(one):
            raise NotAvailable(f"{one.info.file or one.info.key} is a board: a plan is measured against a plan")
    dated = f", {words.day(measure.info.data_date)}" if measure.info.data_date else ""
    return measured_against(plan, measure, f"{measure.info.file or measure.info.key}{dated}")


def _project(assessment: Assessment) -> dict[str, Any]:
    return {**assessment.info.record(), "tables": {name: frame.height for name, frame in assessment.plan.tables.items()}}


def _certificate(certificate: Certificate | None) -> dict[str, Any] | None:
    from dataclasses import asdict

    return None if certificate is None else asdict(certificate)


def _print_heading(assessment: Assessment) -> None:
    from pmo_lib.plots import words
    from pmo_lib.project import counted

    info = assessment.info
    dated = f", data date {words.day(info.data_date)}" if info.data_date else ""
    counts = [counted(name, frame.height) for name, frame in assessment.plan.tables.items() if frame.height]
    console().print(f"[bold]{_escaped(info.name)}[/bold]  {_escaped(info.file or info.source)}{dated}")
    console().print(", ".join(counts) + "\n")


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
        console().print(f"  {_escaped(words.capitalised(certificate.note))}.")
    console().print()


def _print_findings(assessment: Assessment) -> None:
    if assessment.findings.is_empty():
        console().print("No findings.")
        return
    shown = assessment.findings.head(20)
    lines = [(row["severity"], row["place"], row["message"], row["remedy"] or "") for row in shown.iter_rows(named=True)]
    more = f", the first {shown.height} of {assessment.findings.height:,}" if assessment.findings.height > shown.height else ""
    print_table(f"Findings{more}", ["", "where", "what", "what to do"], lines)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
