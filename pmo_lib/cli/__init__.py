"""The `pmo` command: parse, call, print. Each command has `--json` for scripts; bad input is one sentence and exit code 2."""

from __future__ import annotations

import os
import sys

import typer

from pmo_lib.cli import comparing, exporting, flowing, forecasting, plans, pulling, serving, workspaces

app = typer.Typer(
    name="pmo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="PMO Workbench: read plans of MS Project, Primavera P6 and spreadsheets; check, forecast, report, serve.",
    epilog="Begin with [bold]pmo demo[/bold], or with a file of your own: [bold]pmo check plan.mpp[/bold], [bold]pmo forecast plan.xer[/bold].",
)
for room in (serving, workspaces, pulling, plans, forecasting, flowing, comparing, exporting):
    room.register(app)


def main() -> None:
    """Run the command; every error that a user can put right is one sentence on stderr."""
    from pmo_lib.errors import PMOError

    try:
        app()
    except PMOError as error:
        sys.stderr.write(f"pmo: {error}\n")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("PMO_DEBUG"):
            raise
        sys.stderr.write(f"pmo: a fault of PMO Workbench itself, {type(error).__name__}: {error}; PMO_DEBUG=1 shows where, please report it\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("pmo: stopped\n")
        sys.exit(130)
