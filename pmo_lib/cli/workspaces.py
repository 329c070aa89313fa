"""Commands on the workspace: init, import, baseline, projects, doctor, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_lib.cli.arguments import AsOf, Json, WorkspaceFolder, instant, there, workspace
from pmo_lib.cli.output import NO_PROJECT, console, emit, print_table, progress, rows

if TYPE_CHECKING:
    from pmo_lib.office import Submission


def register(app: typer.Typer) -> None:
    """Put this room's commands into the app."""
    app.command("init", rich_help_panel="Workspace")(init)
    app.command("import", rich_help_panel="Workspace")(import_)
    for command in (projects, baseline, doctor, backup, restore):
        app.command(rich_help_panel="Workspace")(command)


def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")] = Path("pmo-workspace"), json: Json = False) -> None:
    """Make an empty workspace.

    pmo init pmo-workspace
    """
    from pmo_lib.store import init_workspace

    init_workspace(folder)
    if json:
        emit({"workspace": str(folder)})
    else:
        console().print(f"Workspace {folder} is ready. Next: pmo import FILE --workspace {folder}", markup=False)


def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER", help="Plan files, boards, project lists, or folders of them.")],
    project: Annotated[str | None, typer.Option("--project", "-p", metavar="KEY", help="The key to file the plan under; for one file.")] = None,
    no_forecast: Annotated[bool, typer.Option("--no-forecast", help="Only read and certify; forecast later with pmo forecast --all.")] = False,
    as_of: AsOf = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Read plans into the workspace, certify and forecast each, and name what is missing.

    pmo import plan.mpp --project NORTHGATE
    pmo import inbox/2026-11/
    """
    from pmo_lib import office

    ws = workspace(folder)
    with progress("Importing", quiet=json) as report_progress:
        submissions, missing = office.bring_in(ws, *paths, project=project, as_of=instant(as_of), forecast=not no_forecast, progress=report_progress)
    if json:
        emit({"submissions": [submission.row() for submission in submissions], "missing": missing})
    else:
        _print_submissions(submissions, missing, there(folder))
    if submissions and all(submission.outcome == "refused" for submission in submissions):
        raise typer.Exit(2)


def _print_submissions(submissions: list[Submission], missing: list[str], where: str) -> None:
    lines = [
        (submission.file, submission.key or "", submission.outcome, _status_date(submission), submission.message.removeprefix(f"{submission.file}: "))
        for submission in submissions
    ]
    print_table("Imported", ["file", "project", "", "status date", ""], lines, right=(3,), spare=(3,))
    if keys := [submission.key for submission in submissions if submission.outcome == "new" and submission.key]:
        console().print(f"See them: pmo projects{where}, pmo serve{where}; report: pmo report {keys[0]}{where}", markup=False)
    if missing:
        console().print("No submission from: " + ", ".join(missing), markup=False)


def _status_date(submission: Submission) -> str:
    """The file's own or the one given; the moment of import is no status date."""
    from pmo_lib.plots import words

    if submission.data_date is None:
        return ""
    return "none" if submission.dated_by == "import" else words.day(submission.data_date)


def projects(folder: WorkspaceFolder = None, json: Json = False) -> None:
    """List the projects: status, finish, forecast, agreement.

    pmo projects
    """
    import polars as pl

    from pmo_lib import office
    from pmo_lib.plots import words

    ws = workspace(folder)
    health = office.portfolio(ws)
    if json:
        emit({"projects": rows(health)})
        return
    if health.is_empty():
        console().print(NO_PROJECT)
        return
    lines = [
        (
            row["key"],
            row["name"],
            words.status(row["declared"]),
            words.status(row["computed"]) + (" (watermelon)" if row["watermelon"] else "") + (" *" if row["indicative"] else ""),
            words.day(row["data_date"]),
            words.day(row["finish"]),
            words.day(row["p80"]),
            words.chance(row["chance"]),
            words.share(row["agreement"]),
        )
        for row in health.iter_rows(named=True)
    ]
    columns = ["key", "name", "declared", "computed", "status date", "finish", "P80", "chance", "agreement"]
    print_table("Projects, worst first", columns, lines, right=(4, 5, 6, 7, 8), spare=(4, 8, 5, 2))
    for row in health.filter(pl.col("left").is_not_null()).iter_rows(named=True):
        from pmo_lib.cli.boards import sentence

        console().print(f"{row['key']} is a board: {sentence(row)}", markup=False)
    if health["indicative"].any():
        console().print("* indicative: ranges are assumed, nobody estimated them")
    threshold = office.standard_of(ws).schedule.agreement
    for key in health.filter(pl.col("agreement") < threshold)["key"]:
        certificate = office.certificate_of(ws, key)
        if certificate is not None and certificate.note:
            console().print(f"{key}: {words.capitalised(certificate.note)}.", markup=False)


def baseline(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The project's key.")],
    source: Annotated[str, typer.Argument(metavar="FILE|SNAPSHOT", help="A plan file, or the (beginning of the) hash of a snapshot.")],
    project: Annotated[
        str | None, typer.Option("--project", "-p", metavar="NAME", help="Which project of the file is the baseline; default: the largest.")
    ] = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Set the baseline that a project is measured against.

    pmo baseline NORTHGATE northgate-approved.xer
    """
    from pmo_lib import office

    snapshot = office.set_baseline(workspace(folder), key, source, project=project)
    if json:
        emit({"project": key, "baseline": snapshot})
    else:
        console().print(f"{key} is now measured against snapshot {snapshot[:12]}. Next: pmo forecast {key}{there(folder)}", markup=False)


def doctor(
    folder: WorkspaceFolder = None, fix: Annotated[bool, typer.Option(help="Remove orphan files, under the writer's lock.")] = False, json: Json = False
) -> None:
    """Verify the workspace and this machine: hashes, counts, schema, Java, limits, settings.

    pmo doctor
    """
    from pmo_lib import office

    checks = office.examine(workspace(folder), fix=fix)
    if json:
        emit({"checks": [check.row() for check in checks]})
    else:
        print_table(
            "Doctor", ["", "check", "detail", "what to do"], [("ok" if check.ok else "FAULT", check.name, check.detail, check.remedy or "") for check in checks]
        )
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write, as in pmo-2026-11-30.tar.")], folder: WorkspaceFolder = None, json: Json = False
) -> None:
    """Write the whole workspace into one file, while it is in use.

    pmo backup pmo-2026-11-30.tar
    """
    from pmo_lib.store import backup as save

    save(workspace(folder), file)
    if json:
        emit({"backup": str(file)})
    else:
        console().print(f"Saved to {file}. Restore with: pmo restore {file} NEW-FOLDER", markup=False)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that pmo backup wrote.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty or new folder.")],
    json: Json = False,
) -> None:
    """Make a workspace from a backup, and verify it.

    pmo restore pmo-2026-11-30.tar pmo-workspace
    """
    from pmo_lib.store import restore as unpack

    unpack(file, folder)
    if json:
        emit({"workspace": str(folder)})
    else:
        console().print(f"Restored into {folder}, and verified.", markup=False)
