"""`pmo export`: a plan goes back to the tool it came from, or to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_lib.cli.arguments import Json, KeyOrFile, WorkspaceFolder, is_file, plan_of
from pmo_lib.cli.output import console, emit, print_table, rows
from pmo_lib.errors import InvalidInput


def register(app: typer.Typer) -> None:
    """Put this room's command into the app."""
    app.command(rich_help_panel="One plan")(export)


def export(
    what: KeyOrFile,
    kind: Annotated[str, typer.Option("--format", help="mspdi: Microsoft Project XML, which MS Project opens.")] = "mspdi",
    out: Annotated[Path | None, typer.Option(help="File to write; default: the plan's own name with .xml, here.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Write a plan as a file of another tool, and say what that tool has no place for.

    pmo export plan.xer --format mspdi --out plan.xml
    pmo export NORTHGATE --out northgate.xml
    """
    from pmo_lib.writers import write, writer

    writer(kind)  # an unknown one is refused before a large plan is read
    plan = plan_of(what, folder)
    path = out or Path(f"{Path(plan.info.file or plan.info.key).stem}.xml")
    if is_file(what) and path.exists() and path.samefile(what):
        raise InvalidInput(f"{path} is the plan itself; name another file with --out")
    if path.exists() and not force:
        raise InvalidInput(f"{path} is there already; name another file with --out, or write over it with --force")
    lost = write(plan, path, kind=kind)
    if json:
        emit({"file": str(path), "format": kind, "findings": rows(lost)})
        return
    console().print(f"Wrote {path}: {plan.tables['activities'].height:,} activities. MS Project opens it with File, Open, as XML.", markup=False)
    if lost.height:
        print_table("What MS Project has no place for", ["", "where", "what"], [(row["severity"], row["place"], row["message"]) for row in rows(lost)])
