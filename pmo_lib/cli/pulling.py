"""The command that fetches boards: pull."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_lib.cli.arguments import Json, WorkspaceFolder, there, workspace
from pmo_lib.cli.output import console, emit, print_table

if TYPE_CHECKING:
    from pmo_lib.office import Pull


class Source(StrEnum):
    """What can be pulled from."""

    jira = "jira"
    asana = "asana"


def register(app: typer.Typer) -> None:
    """Put this room's command into the app."""
    app.command(rich_help_panel="Workspace")(pull)


def pull(
    source: Annotated[Source, typer.Argument(help="The service.")],
    project: Annotated[str | None, typer.Option("--project", "-p", metavar="KEY", help="Only this project of pmo.toml; default: all of them.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Fetch every item again, also those that did not change. Once a week this is done anyway.")] = False,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """Fetch boards of Jira or Asana, each into a snapshot of the workspace: complete, or nothing.

    The workspace's pmo.toml says which:

      \\[jira]
      site = "https://acme.atlassian.net"
      user = "ana@acme.example"   # the token's owner; Jira Cloud only
      projects = ["WEB", "OPS"]

      \\[asana]
      projects = { CRM = "1200123456789012" }   # key = number in its address

    The token is never in a file: set it as PMO_JIRA_TOKEN or PMO_ASANA_TOKEN, or keep it in the keyring with: keyring set pmo-workbench acme.atlassian.net

    The first pull fetches everything, later ones what changed; what was deleted, moved or hidden leaves. A pull that breaks off goes on where it stopped.

    pmo pull jira
    pmo pull jira --project WEB
    """
    from pmo_lib import office

    ws = workspace(folder)
    with _counting(quiet=json) as tell:
        pulls = office.pull(ws, source.value, project=project, full=full, tell=tell)
    if json:
        emit({"pulls": [one.row() for one in pulls]})
    else:
        _print(pulls, there(folder))
    if any(one.outcome == "refused" for one in pulls):
        raise typer.Exit(2)


def _print(pulls: list[Pull], where: str) -> None:
    done = [one for one in pulls if one.outcome == "pulled"]
    lines = [(one.project, f"{one.items:,}", _how(one), one.message) for one in done]
    if lines:
        print_table("Pulled", ["project", "items", "fetched", "snapshot"], lines, right=(1,))
    for one in pulls:
        for note in one.notes:
            console().print(f"{one.project}: {note}.", markup=False)
        if one.outcome == "refused":
            sys.stderr.write(f"pmo: {one.project}: {one.message}\n")
    if done:
        console().print(f"See them: pmo projects{where}, pmo serve{where}", markup=False)


def _how(one: Pull) -> str:
    words = f"{one.fetched:,} that changed{f'; {one.gone:,} gone' if one.gone else ''}" if one.incremental else "all"
    return f"{words}, went on from before" if one.resumed else words


@contextmanager
def _counting(*, quiet: bool) -> Iterator[Callable[[str, int, str], None] | None]:
    """A bar on stderr: a service does not say how much there is, so it counts answers. Silent where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} answers"), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Pulling", total=None)
        yield lambda name, count, what: bar.update(task, completed=count, description=f"{name}: {what}")
