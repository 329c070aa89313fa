"""Options that several commands share, and how KEY or FILE is told apart."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.store import Workspace

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts instead of text for people.")]
WorkspaceFolder = Annotated[Path | None, typer.Option("--workspace", "-w", help="Workspace folder; default: PMO_WORKSPACE, or pmo-workspace here.")]
KeyOrFile = Annotated[str, typer.Argument(metavar="KEY|FILE", help="A project's key in the workspace, or a plan file of any format.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Status date (2026-11-30) for a plan that carries none.")]


def is_file(key_or_file: str) -> bool:
    """Whether the argument means a file: it exists, or looks like a path.

    A folder here that merely bears a project's key, as reports are written into one, is none; one that holds a board's answers is.
    """
    path = Path(key_or_file)
    if "/" in key_or_file or "\\" in key_or_file or path.suffix.lower() in SUFFIXES:
        return True
    return _holds_board(path) if path.is_dir() else path.exists()


def _holds_board(folder: Path) -> bool:
    from pmo_lib.readers import door

    return door.reads_as_one(folder)


SUFFIXES = {".mpp", ".mpx", ".mpd", ".xer", ".xml", ".pmxml", ".xlsx", ".xls", ".csv", ".mspdi", ".json", ".jsonl", ".zip"}


def instant(text: str | None) -> datetime | None:
    """A date or instant that somebody typed, in ISO form."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is not a date; write it as 2026-11-30 or 2026-11-30T17:00") from None


def workspace(folder: Path | None) -> Workspace:
    """The workspace that a command works on; its settings hold from here on."""
    from pmo_lib.store import open_workspace

    try:
        ws = open_workspace(folder)
    except NotFound as error:
        raise NotFound(f"{error}, or look at the demo with pmo demo") from None
    java = setting("java", None, ws.folder)
    if java:
        os.environ["PMO_JAVA"] = str(java)  # where the readers' child processes look
    return ws


def there(folder: Path | None) -> str:
    """What a command shown to people needs to find the same workspace again."""
    return f" --workspace {folder}" if folder else ""


def choice(*known: str, help: str, panel: str) -> Any:
    """A flag that takes one of a few words; any other is refused before anything is done."""

    def word(given: str) -> str:
        if given not in known:
            raise typer.BadParameter(f"{given!r} is none of {', '.join(known)}")
        return given

    return typer.Option(metavar="|".join(known), parser=word, help=help, rich_help_panel=panel)


def setting(key: str, flag: Any = None, folder: Path | None = None) -> Any:
    """A setting's value: the flag, else PMO_*, the workspace's pmo.toml, the user's file, the default."""
    from pmo_lib.settings import settings

    return settings(folder, flags={key: flag})[key]


def plan_of(what: str, folder: Path | None) -> Project:
    """The plan that a file holds, or that KEY, KEY@2026-10-31 or KEY@HASH means in the workspace."""
    if is_file(what):
        from pmo_lib.readers import read

        return read(Path(what))
    from pmo_lib.office.comparing import named

    return named(workspace(folder), what)
