"""The `pmo` command: parse, call, print. Each command has `--json` for scripts; bad input is one sentence and exit code 2."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from pmo_lib.cli import comparing, exporting, flowing, forecasting, plans, pulling, serving, workspaces
from pmo_lib.cli.quiet_help import QuietCommand, QuietGroup

app = typer.Typer(
    name="pmo",
    cls=QuietGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Begin with [bold]pmo demo[/bold], or with a file of your own: [bold]pmo check plan.mpp[/bold], [bold]pmo forecast plan.xer[/bold].",
)
for room in (serving, workspaces, pulling, plans, forecasting, flowing, comparing, exporting):
    room.register(app)
for command in app.registered_commands:
    command.cls = QuietCommand
STOPPED = 130  # what a command that was interrupted leaves behind


def _version(asked: bool) -> None:
    if asked:
        from pmo_lib import __version__

        sys.stdout.write(f"pmo {__version__}\n")
        raise typer.Exit


@app.callback()
def pmo(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")] = False) -> None:
    """PMO Workbench: read plans of Microsoft Project, Primavera P6 and spreadsheets, and boards of Jira and Asana; check, forecast, report, serve."""


def main() -> None:
    """Run the command; every error that a user can put right is one sentence on stderr."""
    from pmo_lib.cli.garbage import as_usual, seldom
    from pmo_lib.errors import PMOError

    seldom()
    try:
        code = app(sys.argv[1:] or ["--help"], prog_name="pmo", standalone_mode=False)
        if code == STOPPED:
            sys.stderr.write("pmo: stopped before it was done; what was finished is kept, and nothing is half-written\n")
        sys.exit(code)
    except PMOError as error:
        sys.stderr.write(f"pmo: {error}\n")
        sys.exit(2)
    except typer.TyperException as error:
        sys.stderr.write(f"pmo: {misused(error)}\n")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("PMO_DEBUG"):
            raise
        sys.stderr.write(f"pmo: a fault of PMO Workbench itself, {type(error).__name__}: {error}; PMO_DEBUG=1 shows where, please report it\n")
        sys.exit(1)
    finally:
        as_usual()


def misused(error: typer.TyperException) -> str:
    """What is wrong with the words that were typed, and where to read what can be."""
    said = " ".join(error.format_message().split()).rstrip(".").replace(". Did you", "; did you")
    context = getattr(error, "ctx", None)
    return f"{said[:1].lower()}{said[1:]}{'' if said.endswith('?') else ';'} {context.command_path if context else 'pmo'} --help says what can be typed"
