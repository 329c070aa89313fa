"""Commands that open a surface: demo, serve, lab."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from pmo_lib.cli.arguments import WorkspaceFolder, setting, workspace
from pmo_lib.cli.output import console, progress
from pmo_lib.durable import whole
from pmo_lib.errors import InvalidInput

Port = Annotated[int | None, typer.Option(help="Port to serve on; default 5006, or the setting serve.port.")]


def register(app: typer.Typer) -> None:
    """Put this room's commands into the app."""
    for command in (demo, serve, lab):
        app.command(rich_help_panel="Look")(command)


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the reports.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where to make the workspace; an earlier demo there is made anew.")] = Path("demo-workspace"),
    port: Port = None,
) -> None:
    """Build the demo portfolio, forecast it, write its reports and serve it.

    pmo demo
    """
    from pmo_lib.office.demonstrating import demonstrate
    from pmo_lib.reports import report_all

    with progress("Demo") as tell:
        ws = demonstrate(folder, progress=tell)
    with progress("Reports") as tell:
        keys = ws.projects()["key"].to_list()
        report_all(ws, keys, jobs=2, progress=tell)
    out = console()
    out.print(f"[bold]{len(keys)} projects[/bold] over six months in {folder}, a report for each in {folder / 'reports'}")
    out.print(f"See them in a terminal: pmo projects --workspace {folder}", markup=False)
    if no_serve:
        out.print(f"Serve them: pmo serve --workspace {folder}", markup=False)
    else:
        serve(folder, port=port)


def serve(
    folder: WorkspaceFolder = None,
    port: Port = None,
    address: Annotated[str | None, typer.Option(help="Address to bind; only this machine's own can be had without a TLS proxy.")] = None,
    show: Annotated[bool, typer.Option(help="Open a browser.")] = False,
) -> None:
    """Serve the dashboards: Portfolio, Project and Flow.

    pmo serve --port 5006
    """
    from pmo_dashboards.serve import free, guard
    from pmo_dashboards.serve import serve as run

    from pmo_lib.cli.garbage import as_usual

    ws = workspace(folder)
    at, on = setting("serve.port", port, ws.folder), setting("serve.address", address, ws.folder)
    guard(on)
    free(on, at)
    console().print(f"Portfolio at http://{on}:{at}/ (stop with Ctrl-C)", markup=False)
    as_usual()
    run(ws, port=at, address=on, show=show)


def lab(folder: Annotated[Path, typer.Option(help="Folder for your notebooks; tutorials that it lacks are copied into it.")] = Path("notebooks")) -> None:
    """Open JupyterLab on the notebooks.

    pmo lab
    """
    from pmo_lib.shipped import shipped

    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is not a folder; name another with --folder")
    _bring(shipped("notebooks"), folder)
    found = subprocess.run([sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"], check=False)  # noqa: S603 - our own interpreter
    raise typer.Exit(found.returncode)


def _bring(source: Path, folder: Path) -> None:
    """Every notebook that the folder does not have yet: a later version brings more of them, and what somebody worked in stays as it is."""
    for notebook in sorted(source.glob("*/*.ipynb")):
        kept = folder / notebook.relative_to(source)
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with whole(kept, sync=False) as out:
                out.write(notebook.read_bytes())
